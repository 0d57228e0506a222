/** What the artist does to the open sketch: one call after the other, each on the newest state. */

import * as api from "./api.js";
import { patiently } from "./connection.js";
import { t } from "./i18n.js";
import { Cancelled, follow } from "./jobs.js";
import { fault, note } from "./messages.js";
import { during } from "./progress.js";
import { state, update } from "./state.js";

/** @typedef {import("./types.js").Sketch} Sketch */

/** The last call that was asked for; the next one waits for it. @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * Do something to the sketch. Resolves when its new state is shown, with whether it was done.
 * @param {string} what the end of the address: hints, choices, pick, …
 * @param {unknown} [body]
 * @param {string} [method]
 * @returns {Promise<boolean>}
 */
export function change(what, body, method) {
  const done = last.then(() => attempt(what, body, method));
  last = done;
  return done;
}

/** @param {string} what @param {unknown} body @param {string} [method] */
async function attempt(what, body, method) {
  const { sketch } = state;
  if (!sketch) return false;
  let tries = 0;
  const send = () => ((tries += 1), api.change(sketch, what, body, method));
  try {
    const answer = await during(t("working"), patiently(send));
    if (answer.job) void run(answer.job, sketch.id);
    else adopt(answer);
    return true;
  } catch (error) {
    return refused(error, sketch, tries > 1);
  }
}

/**
 * The server said no. Returns whether the thing was done all the same: when the answer to the first
 * try was lost, the second finds the sketch changed by the first.
 * @param {unknown} error @param {Sketch} before @param {boolean} again
 */
function refused(error, before, again) {
  if (!(error instanceof api.Problem)) throw error;
  const newer = error.details.state;
  if (error.status !== 412 || !newer) {
    fault(error.message);
    return false;
  }
  adopt({ ...newer, changed: whole(newer) });
  if (!again) note(t("stale"));
  return again && newer.revision > before.revision;
}

/** Run the network; the artist goes on meanwhile. @param {string} job @param {string} id of the sketch */
export async function run(job, id) {
  try {
    await follow(job);
    await refresh(id);
  } catch (error) {
    if (error instanceof api.Problem) fault(error.message);
    else if (!(error instanceof Cancelled)) throw error;
  }
}

/** Ask for the state, and draw all of it anew. @param {string} id */
export async function refresh(id) {
  const newer = await patiently(() => api.sketch(id));
  if (state.sketch?.id === id) adopt({ ...newer, changed: whole(newer) });
}

/** In a tab that was hidden, show what another tab did meanwhile. */
export async function catchUp() {
  const { sketch } = state;
  if (!sketch || !state.online) return;
  const newer = await api.sketch(sketch.id).catch(() => null);
  const now = state.sketch;
  if (newer && now?.id === newer.id && now.revision < newer.revision)
    adopt({ ...newer, changed: whole(newer) });
}

/** @param {Sketch} sketch */
function adopt(sketch) {
  if (state.sketch && state.sketch.id !== sketch.id) return;
  for (const words of sketch.notes) if (!state.sketch?.notes.includes(words)) note(words);
  update({ sketch });
}

/** @param {Sketch} sketch @returns {import("./types.js").Box} */
function whole({ width, height }) {
  return { left: 0, top: 0, width, height };
}
