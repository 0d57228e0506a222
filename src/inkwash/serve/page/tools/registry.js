/** The tools, in the order of the rail, each with its key. */

/** @typedef {"take"|"hand"|"dot"|"brush"|"fill"|"eyedropper"|"lock"|"clear"|"eraser"} ToolName */
/** @typedef {{x: number, y: number, pressure: number}} Point a point of the sketch */

/**
 * What a tool does with a press, a drag and a release; all points lie on the sketch or beside it.
 * @typedef {object} Tool
 * @property {ToolName} name also of its icon and its strings
 * @property {string} key
 * @property {boolean} [paints] whether it uses the colour
 * @property {boolean} [sized] whether it has a width
 * @property {boolean} [ends] whether a line comes after it in the rail
 * @property {(at: Point) => void} [press]
 * @property {(points: Point[]) => void} [drag]
 * @property {(at: Point) => void} [release]
 * @property {() => void} [abandon]
 */

import { brush, dot, fill } from "./paint.js";
import { clear, eraser, eyedropper, lock, take } from "./region.js";

/** @type {Tool} */
const hand = { name: "hand", key: "H", ends: true };

/** @type {Tool[]} */
export const TOOLS = [take, hand, dot, brush, fill, eyedropper, lock, clear, eraser];

/** @param {ToolName} name */
export function toolNamed(name) {
  return TOOLS.find((tool) => tool.name === name) ?? take;
}
