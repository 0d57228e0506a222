/** Tools that paint hints: a dot, a stroke, or region after region. */

import { change, placeAt } from "../changes.js";
import { remember } from "../colours.js";
import { pending } from "../pending.js";
import { state } from "../state.js";
import { widthAt } from "./pressure.js";

/** @typedef {import("./registry.js").Point} Point */
/** @typedef {import("./registry.js").Tool} Tool */
/** @typedef {import("../types.js").Hint} Hint */

/**
 * Give a hint: its mark shows at once, the colour as soon as the server has settled it.
 * @param {Hint} hint
 */
export async function give(hint) {
  const shown = pending.add(hint);
  if (hint.rgb) remember(hint.rgb);
  if (await change("hints", { hints: [hint] })) pending.answered(shown);
  else pending.remove(shown);
}

/** @param {Point} at */
function inside(at) {
  const { sketch } = state;
  return !!sketch && at.x >= 0 && at.y >= 0 && at.x < sketch.width && at.y < sketch.height;
}

/** @param {Point} at @returns {Hint} */
function dotAt(at) {
  const radius = Math.max(1, state.brush / 2);
  return { kind: state.promise, rgb: state.colour, shape: "dot", x: at.x, y: at.y, radius };
}

/** @type {Tool} */
export const dot = {
  name: "dot",
  key: "D",
  paints: true,
  sized: true,
  press: (at) => void (inside(at) && give(dotAt(at))),
};

/** The stroke that is being drawn. @type {Point[]} */
let stroke = [];

function endStroke() {
  const points = stroke;
  stroke = [];
  pending.draw([]);
  if (!points.some(inside)) return;
  const width = points.reduce((sum, point) => sum + widthAt(point), 0) / points.length;
  void give({
    kind: state.promise,
    rgb: state.colour,
    shape: "stroke",
    points: points.map(({ x, y }) => [rounded(x), rounded(y)]),
    width: Math.max(1, rounded(width)),
  });
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 10) / 10;
}

/** @type {Tool} */
export const brush = {
  name: "brush",
  key: "B",
  paints: true,
  sized: true,
  press: (at) => pending.draw((stroke = [at])),
  drag: (points) => pending.draw((stroke = [...stroke, ...points])),
  release: endStroke,
  abandon: () => pending.draw((stroke = [])),
};

/** Regions that this drag has filled. @type {Set<number>} */
let filled = new Set();
/** @type {Point[]} points that are still to be looked at */
let ahead = [];
let looking = false;

/** Fill the regions under the points, each once. */
async function fillAhead() {
  if (looking || !state.sketch) return;
  looking = true;
  for (let point = ahead.shift(); point; point = ahead.shift()) {
    const place = inside(point) && (await placeAt(point));
    if (!place || filled.has(place.region)) continue;
    filled.add(place.region);
    void give(dotAt(point));
  }
  looking = false;
}

/** @type {Tool} */
export const fill = {
  name: "fill",
  key: "F",
  paints: true,
  press: (at) => {
    [filled, ahead] = [new Set(), [at]];
    void fillAhead();
  },
  drag: (points) => {
    ahead.push(...points);
    void fillAhead();
  },
};
