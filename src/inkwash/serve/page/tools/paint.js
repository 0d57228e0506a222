/** Tools that paint hints: a dot, a stroke, or region after region. */

import { change, placeAt } from "../changes.js";
import { remember } from "../colours.js";
import { pending } from "../pending.js";
import { state } from "../state.js";
import { meanWidth, parts, regionUnder } from "./parts.js";

/** @typedef {import("./registry.js").Point} Point */
/** @typedef {import("./registry.js").Tool} Tool */
/** @typedef {import("../types.js").Hint} Hint */

/**
 * Give hints: their marks show at once, the colours as soon as the server has settled them.
 * @param {...Hint} hints
 */
export async function give(...hints) {
  const shown = hints.map((hint) => pending.add(hint));
  for (const { rgb } of hints) if (rgb) remember(rgb);
  const done = await change("hints", { hints });
  for (const entry of shown) done ? pending.answered(entry) : pending.remove(entry);
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
  const points = stroke.filter(inside);
  pending.draw((stroke = []));
  if (points.length) void give(...parts(points).map(strokeOf));
}

/** @param {Point[]} points @returns {Hint} */
function strokeOf(points) {
  return {
    kind: state.promise,
    rgb: state.colour,
    shape: "stroke",
    points: points.map(({ x, y }) => [rounded(x), rounded(y)]),
    width: Math.max(1, rounded(meanWidth(points))),
  };
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
    if (!inside(point)) continue;
    const region = regionUnder(point) ?? (await placeAt(point))?.region;
    if (region === undefined || filled.has(region)) continue;
    filled.add(region);
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
