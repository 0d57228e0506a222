/** What happens when the server cannot be reached: the page says so, and tries until it can. */

import { Problem, Unreachable, call } from "./api.js";
import { state, update } from "./state.js";

const FIRST = 300; // milliseconds until the first try
const LONGEST = 3000;
const HEARTBEAT = 4000; // milliseconds
const FULL = [429, 503]; // too many jobs wait
const TURN = 2; // seconds until a full server is asked again, where it names none
const LONGEST_TURN = 30;

/** @type {Promise<void>|null} */
let waiting = null;

/** Resolves as soon as the server answers again. */
export function reconnected() {
  waiting ??= tryAgain().finally(() => (waiting = null));
  return waiting;
}

async function tryAgain() {
  update({ online: false });
  for (let pause = FIRST; !state.online; pause = Math.min(LONGEST, pause * 1.5)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    await call("/healthz").then(() => update({ online: true }), () => {});
  }
}

/**
 * Do something; while the server cannot be reached, wait and do it again.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function patiently(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await reconnected();
    }
  }
}

/**
 * Do something patiently; while the server has no room for it, wait as long as it says and do it again.
 * @template T
 * @param {() => Promise<T>} work
 * @param {AbortSignal} stop ends the waiting with an AbortError
 * @returns {Promise<T>}
 */
export async function inTurn(work, stop) {
  for (;;) {
    try {
      return await patiently(work);
    } catch (error) {
      if (!(error instanceof Problem) || !FULL.includes(error.status)) throw error;
      await pause(1000 * Math.min(LONGEST_TURN, error.after ?? TURN), stop);
    }
  }
}

/** @param {number} time milliseconds @param {AbortSignal} stop @returns {Promise<void>} */
function pause(time, stop) {
  return new Promise((resolve, reject) => {
    const end = () => (clearTimeout(timer), reject(stop.reason));
    const timer = setTimeout(() => (stop.removeEventListener("abort", end), resolve()), time);
    if (stop.aborted) end();
    else stop.addEventListener("abort", end, { once: true });
  });
}

/** Look now and then whether the server is there, so that the artist learns of it before working on. */
export function watchServer() {
  setInterval(() => {
    if (!document.hidden && state.online) call("/healthz").catch(notice);
  }, HEARTBEAT);
}

/** @param {unknown} error */
function notice(error) {
  if (error instanceof Unreachable) void reconnected();
}
