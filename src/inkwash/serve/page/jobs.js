/** Follow a job of the server until it ends. */

import * as api from "./api.js";
import { patiently } from "./connection.js";
import { knows, t } from "./i18n.js";
import { Work } from "./progress.js";

/** @typedef {import("./types.js").Job} Job */

/** The job was cancelled. */
export class Cancelled extends Error {}

/** Whether something ended only because it was not wanted any more. @param {unknown} error */
export function wasCancelled(error) {
  return error instanceof Cancelled || /** @type {Error} */ (error).name === "AbortError";
}

/**
 * Show a job's progress. Resolves when it is done; throws Cancelled, or Problem when it failed.
 * @param {string} id
 */
export async function follow(id) {
  const stop = new AbortController();
  const work = new Work(t("step.queued"), () => stop.abort());
  try {
    await finish(id, (job) => work.tell(words(job), shareOf(job)), stop.signal);
  } finally {
    work.end();
  }
}

/**
 * Resolves when a job is done; throws Cancelled, or Problem when it failed.
 * @param {string} id
 * @param {(job: Job) => void} tell
 * @param {AbortSignal} stop cancels it
 */
export async function finish(id, tell, stop) {
  const cancel = () => void api.cancel(id).catch(() => {});
  stop.addEventListener("abort", cancel);
  if (stop.aborted) cancel();
  const job = await ended(id, tell).finally(() => stop.removeEventListener("abort", cancel));
  if (job.state === "cancelled") throw new Cancelled();
  if (job.state === "failed") throw new api.Problem(500, job.problem ?? {});
}

/** What is said of a job. @param {Job} job */
export function words(job) {
  if (job.state === "queued" && job.position > 0) return t("step.waiting", { count: job.position });
  return knows(`step.${job.step}`) ? t(`step.${job.step}`) : t("step.queued");
}

/** How far a job is, 0…1; null where that is not known. @param {Job} job */
export function shareOf(job) {
  return job.state === "queued" ? null : job.share;
}

/** @param {string} id @param {(job: Job) => void} tell @returns {Promise<Job>} */
async function ended(id, tell) {
  for (;;) {
    const last = await listen(id, tell);
    if (last && over(last)) return last;
    const job = await patiently(() => api.job(id));
    if (over(job)) return job;
  }
}

/** Resolves with the last event when the stream ends. @param {string} id @param {(job: Job) => void} tell @returns {Promise<Job|null>} */
function listen(id, tell) {
  return new Promise((resolve) => {
    const source = new EventSource(`/v1/jobs/${id}/events`);
    /** @type {Job|null} */
    let last = null;
    const end = () => (source.close(), resolve(last));
    source.onerror = end;
    const heard = (/** @type {MessageEvent} */ event) => {
      last = JSON.parse(event.data);
      if (last) tell(last);
      if (last && over(last)) end();
    };
    for (const name of ["message", "job", "state", "progress"]) source.addEventListener(name, heard);
  });
}

/** @param {Job} job */
function over(job) {
  return ["done", "failed", "cancelled"].includes(job.state);
}
