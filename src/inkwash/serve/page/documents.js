/** Opening sketches, and finding the last one again after a reload. */

import * as api from "./api.js";
import { run } from "./changes.js";
import { inTurn, patiently } from "./connection.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { finish, follow, shareOf, wasCancelled, words } from "./jobs.js";
import { fault, forgetActions, note, wentWell } from "./messages.js";
import { noted } from "./names.js";
import { during, Work } from "./progress.js";
import { reasonOf, refusal } from "./reasons.js";
import { update } from "./state.js";
import { store, stored } from "./storage.js";

const KEPT = "inkwash.sketch";
const GONE = 404; // closed since

/** Told of a file that is being opened, to show it while the server works. @type {(file: File|null) => void} */
let preview = () => {};

/** @param {(file: File|null) => void} shows */
export function onOpening(shows) {
  preview = shows;
}

/** Open a picture or a project and show it, or say why not. @param {File} file */
export async function open(file) {
  try {
    await openNow(file);
  } catch (error) {
    if (error instanceof api.Problem) fault(refusal(file, error), "open");
    else if (!wasCancelled(error)) throw error;
  }
}

/** Open a picture or a project and show it; its id. Throws Problem, and where it was cancelled. @param {File} file */
export async function openNow(file) {
  const stop = new AbortController();
  const work = new Work(t("step.upload"), () => stop.abort());
  preview(file);
  try {
    const id = await bring(file, stop.signal, (job) => work.tell(words(job), shareOf(job)));
    work.end();
    await show(id);
    return id;
  } finally {
    work.end();
    preview(null);
  }
}

/**
 * Have the server read and paint a file; the new sketch's id. Throws Problem, and where it was cancelled.
 * @param {File} file
 * @param {AbortSignal} stop
 * @param {(job: import("./types.js").Job) => void} tell how far it is
 */
export async function bring(file, stop, tell) {
  const upload = () => expectReadable(file).then(() => api.open(file, stop));
  const { id, job } = await inTurn(upload, stop);
  await finish(job, tell, stop);
  return id;
}

/** One that was moved or changed since would look like a server that cannot be reached. @param {File} file */
async function expectReadable(file) {
  const start = file.size ? file.slice(0, 1) : file; // the size of one that is gone is 0
  await start.arrayBuffer().catch(() => {
    throw new api.Problem(0, { detail: t("why.unreadable") });
  });
}

/** Open one of the example sketches. @param {import("./types.js").Example} example */
export async function openExample(example) {
  const { blob } = await patiently(() => api.download(example.url));
  await open(new File([blob], `${example.name}.png`, { type: blob.type }));
}

/** Show a sketch that the server keeps. @param {string} id */
export async function show(id) {
  const sketch = await during(t("step.load"), patiently(() => ready(id)));
  store(KEPT, id);
  history.replaceState(null, "", `#${id}`);
  update({ sketch, overview: false, compare: null });
  wentWell("open", "change", "palette");
  forgetActions();
  byId("canvas").focus();
  for (const one of sketch.noted) note(noted(one));
  if (sketch.job) void run(sketch.job, id);
}

/** Go on with a sketch of the list, or say why it cannot be read. @param {import("./types.js").Entry} entry */
export async function goOn({ id, name }) {
  try {
    await show(id);
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    fault(t("refused", { name, why: reasonOf(error) }), "open");
  }
}

/** Go back to where sketches are opened. */
export function close() {
  history.replaceState(null, "", location.pathname);
  store(KEPT, null);
  update({ sketch: null, overview: false, compare: null });
}

/** The sketch of this tab, or the last one that was open; whether there was one. */
export async function reopen() {
  const id = location.hash.slice(1) || stored(KEPT);
  if (!id) return false;
  try {
    await show(id);
    return true;
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    if (error.status !== GONE) fault(reasonOf(error), "open");
    close();
    return false;
  }
}

/** The state of a sketch, after its first job if that is still at work. @param {string} id */
async function ready(id) {
  try {
    return await api.sketch(id);
  } catch (error) {
    if (!(error instanceof api.Problem) || !error.details.job) throw error;
    await follow(error.details.job);
    return await api.sketch(id);
  }
}
