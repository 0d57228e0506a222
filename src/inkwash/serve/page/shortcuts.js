/** Keys, and what they do; the help sheet is made from the same list. */

import { compare, redo, restyle, undo } from "./actions.js";
import { cardIsOpen, closeCard, takeFrom } from "./card.js";
import { change } from "./changes.js";
import { exportPainting } from "./dialogs/export.js";
import { openHelp } from "./dialogs/help.js";
import { pick } from "./panels/proposals.js";
import { state, update } from "./state.js";
import { store, stored } from "./storage.js";
import { TOOLS } from "./tools/registry.js";
import { askAndOpen } from "./welcome.js";

const KEPT = "inkwash.letters";

/**
 * @typedef {object} Shortcut
 * @property {"file"|"view"|"colours"|"canvas"} group of the help sheet
 * @property {string} shown
 * @property {string} name a key of the strings
 * @property {string[]} [keys] as event.key has them, small, `ctrl+` and `shift+` before them; none: handled elsewhere
 * @property {(event: KeyboardEvent) => void} [act]
 */

/** @type {import("./viewer/stage.js").Stage} */
let stage;

/** @type {Shortcut[]} */
const SHORTCUTS = [
  { group: "file", shown: "Ctrl+O", name: "keys.open", keys: ["ctrl+o"], act: () => askAndOpen() },
  { group: "file", shown: "Ctrl+V", name: "keys.paste" },
  { group: "file", shown: "Ctrl+E", name: "export", keys: ["ctrl+e"], act: () => exportPainting() },
  { group: "file", shown: "Ctrl+Z", name: "undo", keys: ["ctrl+z"], act: () => undo() },
  { group: "file", shown: "Ctrl+Shift+Z / Ctrl+Y", name: "redo", keys: ["ctrl+shift+z", "ctrl+y"], act: () => redo() },
  { group: "file", shown: "?", name: "help", keys: ["?"], act: () => help() },
  { group: "view", shown: "+ / −", name: "keys.zoom", keys: ["+", "=", "-"], act: ({ key }) => stage.zoom(key === "-" ? 0.8 : 1.25) },
  { group: "view", shown: "0", name: "zoom.fit", keys: ["0"], act: () => stage.fit() },
  { group: "view", shown: "Space", name: "keys.space" },
  { group: "view", shown: "C", name: "compare", keys: ["c"], act: () => compare() },
  { group: "view", shown: "G", name: "overview", keys: ["g"], act: () => update({ overview: !state.overview }) },
  { group: "view", shown: "S", name: "keys.style", keys: ["s"], act: () => restyle() },
  { group: "colours", shown: "1 / … / 9", name: "keys.pick", keys: [..."123456789"], act: ({ key }) => show(Number(key)) },
  { group: "colours", shown: "P", name: "propose", keys: ["p"], act: () => change("propose") },
  { group: "colours", shown: "N", name: "reroll", keys: ["n"], act: () => change("reroll") },
  { group: "colours", shown: "[ / ]", name: "keys.size", keys: ["[", "]"], act: ({ key }) => resize(key === "[" ? 0.8 : 1.25) },
  { group: "canvas", shown: "← / ↑ / → / ↓", name: "keys.arrows" },
  { group: "canvas", shown: "Shift+→", name: "keys.far" },
  { group: "canvas", shown: "Alt+→", name: "keys.near" },
  { group: "canvas", shown: "Ctrl+→", name: "keys.pan" },
  { group: "canvas", shown: "Enter", name: "keys.enter" },
  { group: "canvas", shown: "Esc", name: "keys.escape", keys: ["escape"], act: () => escape() },
];

/** Show the help sheet. */
export function help() {
  openHelp(SHORTCUTS, { on: lettersAreKeys(), use: useLetters });
}

/** Whether letters and digits alone are keys. Who dictates to the computer may not want that. */
function lettersAreKeys() {
  return stored(KEPT) !== "off";
}

/** @param {boolean} on */
function useLetters(on) {
  store(KEPT, on ? "on" : "off");
}

/** @param {import("./viewer/stage.js").Stage} on */
export function setUpShortcuts(on) {
  stage = on;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const control = event.ctrlKey || event.metaKey;
    if (!control && (typing(event.target) || (event.key.length === 1 && !lettersAreKeys()))) return;
    const key = `${control ? "ctrl+" : ""}${control && event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}`;
    const found = SHORTCUTS.find(({ keys }) => keys?.includes(key));
    const tool = TOOLS.find((one) => one.key.toLowerCase() === key);
    if (!found?.act && !tool) return;
    event.preventDefault();
    if (found?.act) found.act(event);
    else if (tool) update({ tool: tool.name });
  });
}

/** @param {EventTarget|null} target */
function typing(target) {
  return target instanceof Element && target.matches("input:not([type=checkbox], [type=range]), select, textarea");
}

/** @param {number} factor */
function resize(factor) {
  update({ brush: Math.min(200, Math.max(2, Math.round(state.brush * factor + Math.sign(factor - 1)))) });
}

/** For the region whose card is open, or else for all. @param {number} number of a proposal, from 1 */
function show(number) {
  if (cardIsOpen()) takeFrom(number);
  else pick(number);
}

function escape() {
  const open = cardIsOpen();
  closeCard(true); // also one that is still on its way
  if (open) return;
  if (state.overview) update({ overview: false });
  else if (state.compare !== null) update({ compare: null });
}
