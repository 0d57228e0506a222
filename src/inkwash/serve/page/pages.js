/** A palette, or characters, for sketches that are not shown: each is coloured by itself, and undone by itself. */

import * as api from "./api.js";
import { refresh, shownAfter } from "./changes.js";
import { inTurn, patiently } from "./connection.js";
import { finish, wasCancelled } from "./jobs.js";
import { reasonOf } from "./reasons.js";

/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("./types.js").Sketch} Sketch */

/**
 * What came of it: the sketch's state, or why it was not done; neither where it was cancelled.
 * @typedef {{sketch?: Sketch, why?: string}} Outcome
 */

/**
 * Colour a sketch anew.
 * @param {string} id
 * @param {import("./types.js").Given} given
 * @param {(job: Job) => void} tell how far it is
 * @param {AbortSignal} stop cancels it
 */
export function recolour(id, given, tell, stop) {
  return outcome(async () => {
    const { job } = await inTurn(() => api.recolour(id, given), stop);
    return await shownAfter(id, finish(job, tell, stop));
  });
}

/** Take the last step back, if nothing was done to the sketch since. @param {Sketch} sketch */
export function takeBack(sketch) {
  return outcome(async () => {
    await patiently(() => api.change(sketch, "undo"));
    return await refresh(sketch.id);
  });
}

/** @param {() => Promise<Sketch>} work @returns {Promise<Outcome>} */
async function outcome(work) {
  try {
    return { sketch: await work() };
  } catch (error) {
    if (wasCancelled(error)) return {};
    if (!(error instanceof api.Problem)) throw error;
    return { why: reasonOf(error) };
  }
}
