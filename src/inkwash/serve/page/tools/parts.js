/** A stroke over several regions becomes one hint for each that a good part of it lies on. */

import { widthAt } from "./pressure.js";

/** @typedef {import("./registry.js").Point} Point */

const ENOUGH = 0.12; // of the stroke's length; less is a slip over the line
const STEP = 2; // pixels of the sketch between the points that are looked at

/** Which region is at a point; null where that is not known. @type {(at: Point) => number|null} */
let regionAt = () => null;

/** @param {(at: Point) => number|null} look */
export function knowRegions(look) {
  regionAt = look;
}

/** The region at a point, as far as the page knows it. @param {Point} at */
export function regionUnder(at) {
  return regionAt(at);
}

/**
 * The stroke's points by region, of each region its longest piece; the whole stroke where the
 * regions are not known.
 * @param {Point[]} stroke
 * @returns {Point[][]}
 */
export function parts(stroke) {
  const points = dense(stroke);
  const regions = points.map(regionAt);
  if (regions.includes(null)) return [stroke];
  /** @type {Map<number, Point[][]>} */
  const pieces = new Map();
  points.forEach((point, at) => {
    const region = /** @type {number} */ (regions[at]);
    const found = pieces.get(region) ?? [];
    pieces.set(region, found);
    if (regions[at - 1] === region) found[found.length - 1].push(point);
    else found.push([point]);
  });
  const length = (/** @type {Point[][]} */ found) => found.reduce((sum, piece) => sum + piece.length, 0);
  const large = [...pieces.values()].filter((found) => length(found) >= ENOUGH * points.length);
  return large.map((found) => found.reduce((one, two) => (two.length > one.length ? two : one)));
}

/** Points at even distances along a stroke. @param {Point[]} stroke */
function dense(stroke) {
  return stroke.flatMap((to, at) => {
    const from = stroke[Math.max(0, at - 1)];
    const count = Math.max(1, Math.round(Math.hypot(to.x - from.x, to.y - from.y) / STEP));
    return Array.from({ length: count }, (_, step) => between(from, to, (step + 1) / count));
  });
}

/** @param {Point} from @param {Point} to @param {number} share @returns {Point} */
function between(from, to, share) {
  const mix = (/** @type {number} */ one, /** @type {number} */ two) => one + (two - one) * share;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), pressure: mix(from.pressure, to.pressure) };
}

/** How wide a piece is on the whole, pixels of the sketch. @param {Point[]} piece */
export function meanWidth(piece) {
  return piece.reduce((sum, point) => sum + widthAt(point), 0) / piece.length;
}
