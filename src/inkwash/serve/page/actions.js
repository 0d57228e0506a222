/** Small things that a button and a key both do. */

import { change } from "./changes.js";
import { actOnNewest } from "./messages.js";
import { state, update } from "./state.js";

export function undo() {
  if (!state.sketch) actOnNewest();
  else if (state.sketch.can_undo) void change("undo");
}

export function redo() {
  if (state.sketch?.can_redo) void change("redo");
}

/** Show or hide the comparing slider. */
export function compare() {
  if (state.sketch) update({ compare: state.compare === null ? 0.5 : null });
}

/** Flat to shaded, shaded to flat. */
export function restyle() {
  if (state.sketch) void change("style", { style: state.sketch.style === "flat" ? "shaded" : "flat" });
}
