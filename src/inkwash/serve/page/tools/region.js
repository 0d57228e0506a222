/** Tools that do something with the one region under the pointer. */

import { openCard } from "../card.js";
import { change, placeAt } from "../changes.js";
import { choose } from "../colours.js";
import { state } from "../state.js";
import { give } from "./paint.js";

/** @typedef {import("./registry.js").Point} Point */
/** @typedef {import("./registry.js").Tool} Tool */

/** A press that does something where the pointer is on the sketch. @param {(at: Point) => unknown} act */
function on(act) {
  return (/** @type {Point} */ at) => {
    const { sketch } = state;
    if (!sketch || at.x < 0 || at.y < 0 || at.x >= sketch.width || at.y >= sketch.height) return;
    void act(at);
  };
}

/** Take up the colour of a region. @param {Point} at */
async function takeUp(at) {
  const place = await placeAt(at);
  if (place) choose(place.colour ?? "#ffffff");
}

/** @type {Tool} */
export const take = { name: "take", key: "V", press: on(({ x, y }) => openCard({ x, y })) };

/** @type {Tool} */
export const eyedropper = { name: "eyedropper", key: "I", press: on(takeUp), ends: true };

/** @type {Tool} */
export const lock = {
  name: "lock",
  key: "L",
  press: on(({ x, y }) => give({ kind: "lock", shape: "dot", x, y })),
};

/** @type {Tool} */
export const clear = {
  name: "clear",
  key: "X",
  press: on(({ x, y }) => give({ kind: "clear", shape: "dot", x, y })),
};

/** @type {Tool} */
export const eraser = {
  name: "eraser",
  key: "E",
  press: on(({ x, y }) => change("erase", { x, y })),
};
