/** The stage follows the state: which sketch, which layers, what has changed. */

import { thumbnail } from "./panels/proposals.js";
import { watch } from "./state.js";

/** @typedef {import("./types.js").Sketch} Sketch */

/** @param {import("./viewer/stage.js").Stage} stage */
export function follow(stage) {
  watch(["sketch"], ({ sketch }, before) => {
    const earlier = before.sketch;
    stage.show(sketch);
    if (!sketch || !earlier || sketch.id !== earlier.id || sketch === earlier) return;
    if (sketch.pick !== earlier.pick) stage.forget(thumbnail(sketch.pick));
    else if (sketch.changed) stage.tiles.outdate(sketch.changed, sketch.tile);
  });
  watch(["layers"], ({ layers }) => {
    const shown = /** @type {const} */ (["flats", "shade", "line"]).filter((layer) => layers[layer]);
    stage.layers = shown.length === 3 ? ["picture"] : shown;
    stage.redraw();
  });
}
