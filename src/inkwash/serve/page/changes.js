/** What the artist does to the open sketch: one call after the other, each on the newest state. */

import * as api from "./api.js";
import { patiently } from "./connection.js";
import { t } from "./i18n.js";
import { Cancelled, follow } from "./jobs.js";
import { fault, note, wentWell } from "./messages.js";
import { during } from "./progress.js";
import { reasonOf } from "./reasons.js";
import { state, update } from "./state.js";

/** @typedef {import("./types.js").Sketch} Sketch */

/** The last call that was asked for; the next one waits for it. @type {Promise<unknown>} */
let last = Promise.resolve();

/** How much was asked for and is not done; who leaves the page now would lose them. */
let waiting = 0;

/** Jobs of this page that are at work, or whose result is not shown yet. */
let jobs = 0;

/**
 * Do something to the sketch. Resolves when its new state is shown, with whether it was done.
 * @param {string} what the end of the address: hints, choices, pick, …
 * @param {unknown} [body]
 * @param {string} [method]
 * @returns {Promise<boolean>}
 */
export function change(what, body, method) {
  const done = unlessLeft(last.then(() => attempt(what, body, method)));
  last = done.catch(() => {});
  return done;
}

/**
 * Who leaves the page while this is under way is asked first.
 * @template T
 * @param {Promise<T>} work
 */
export function unlessLeft(work) {
  waiting += 1;
  return work.finally(() => (waiting -= 1));
}

/** Ask before the page is left while something has not reached the server. */
export function guardLeaving() {
  window.addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });
}

/** @param {string} what @param {unknown} body @param {string} [method] @returns {Promise<boolean>} */
async function attempt(what, body, method) {
  const before = state.sketch;
  if (!before) return false;
  let tries = 0;
  const send = async () => {
    tries += 1;
    if (tries > 1 && (await wasDone(before))) return null;
    return api.change(state.sketch ?? before, what, body, method);
  };
  try {
    const answer = await during(t("working"), patiently(send));
    if (answer?.job) void run(answer.job, before.id);
    else if (answer) adopt(answer);
    wentWell("change");
    return true;
  } catch (error) {
    if (isOurs(error)) return attempt(what, body, method);
    refused(error);
    return false;
  }
}

/**
 * Whether a call came too late only because a job of this page has just ended: then its result is
 * shown, and the call can be made again.
 * @param {unknown} error
 */
function isOurs(error) {
  if (!(error instanceof api.Problem) || error.status !== 412 || !error.details.state || !jobs) return false;
  adopt({ ...error.details.state, changed: whole(error.details.state) });
  return true;
}

/**
 * After the connection was lost: whether the server had done it before, and only its answer was
 * lost. The server may have been started again since, with another revision of the same work.
 * @param {Sketch} before
 */
async function wasDone(before) {
  const newer = await api.sketch(before.id);
  adopt({ ...newer, changed: whole(newer) });
  return gist(newer) !== gist(before);
}

/** What an artist has done, without the revision. @param {Sketch} sketch */
function gist({ hints, pick, style, paper, round, chosen, locked }) {
  return JSON.stringify([hints, pick, style, paper, round, chosen, locked]);
}

/** The server said no; when something else has changed the sketch, show that. @param {unknown} error */
function refused(error) {
  if (!(error instanceof api.Problem)) throw error;
  const newer = error.details.state;
  if (error.status !== 412 || !newer) return fault(reasonOf(error), "change");
  adopt({ ...newer, changed: whole(newer) });
  note(t("stale"));
}

/** Run the network; the artist goes on meanwhile. @param {string} job @param {string} id of the sketch */
export async function run(job, id) {
  try {
    await shownAfter(id, follow(job));
  } catch (error) {
    if (error instanceof api.Problem) fault(reasonOf(error), "change");
    else if (!(error instanceof Cancelled)) throw error;
  }
}

/**
 * The state of a sketch after a job of this page, which is shown where the sketch is.
 * @param {string} id
 * @param {Promise<unknown>} ended
 */
export async function shownAfter(id, ended) {
  jobs += 1;
  try {
    await ended;
    return await refresh(id);
  } finally {
    jobs -= 1;
  }
}

/** Ask for the state of a sketch, and draw all of it anew where it is shown. @param {string} id */
export async function refresh(id) {
  const newer = await patiently(() => api.sketch(id));
  if (state.sketch?.id === id) adopt({ ...newer, changed: whole(newer) });
  return newer;
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
  update({ sketch });
}

/** @param {Sketch} sketch @returns {import("./types.js").Box} */
function whole({ width, height }) {
  return { left: 0, top: 0, width, height };
}

/** What is at a point of the sketch; waits for the server. @param {{x: number, y: number}} point */
export async function placeAt({ x, y }) {
  const { sketch } = state;
  if (!sketch) return null;
  try {
    return await patiently(() => api.at(sketch.id, x, y));
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    fault(reasonOf(error), "change");
    return null;
  }
}
