/** How a pen's pressure becomes width. */

import { state } from "../state.js";

const LIGHTEST = 0.25; // share of its width that a pen's lightest touch has

/**
 * How wide the brush is at a point, pixels of the sketch: wider when a pen presses harder.
 * @param {import("./registry.js").Point} at
 */
export function widthAt(at) {
  return state.brush * (LIGHTEST + (1 - LIGHTEST) * Math.min(1, at.pressure * 1.5));
}
