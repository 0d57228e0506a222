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
    stage.layers = tileLayers(layers);
    stage.redraw();
  });
}

/**
 * Lines are the sketch on multiply, which is exact for coloured lines, too.
 * @param {import("./state.js").State["layers"]} layers
 * @returns {import("./types.js").TileLayer[]}
 */
function tileLayers({ flats, shade, line }) {
  /** @type {import("./types.js").TileLayer[]} */
  const shown = [];
  if (flats) shown.push("flats");
  if (shade) shown.push("shade");
  if (line) shown.push("sketch");
  return shown.length === 3 ? ["picture"] : shown;
}
