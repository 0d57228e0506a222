/** Opening sketches, and finding the last one again after a reload. */

import * as api from "./api.js";
import { run } from "./changes.js";
import { patiently } from "./connection.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { Cancelled, follow } from "./jobs.js";
import { fault, forgetActions, note, wentWell } from "./messages.js";
import { noted } from "./names.js";
import { during } from "./progress.js";
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

/** Open a picture or a project. @param {File} file */
export async function open(file) {
  preview(file);
  const stop = new AbortController();
  try {
    const upload = patiently(() => api.open(file, stop.signal));
    const { id, job } = await during(t("step.upload"), upload, () => stop.abort());
    await follow(job);
    await show(id);
  } catch (error) {
    if (error instanceof api.Problem) fault(refusal(file, error), "open");
    else if (!(error instanceof Cancelled) && /** @type {Error} */ (error).name !== "AbortError") throw error;
  } finally {
    preview(null);
  }
}

/** Why a file was refused, in the server's words. @param {File} file @param {Error} error */
export function refusal(file, error) {
  const stem = file.name.replace(/\.[^.]*$/, "");
  return t("refused", { name: file.name, why: error.message.replace(`${stem}: `, "") });
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
  for (const words of sketch.notes) note(noted(words));
  if (sketch.job) void run(sketch.job, id);
}

/** Go on with a sketch of the list, or say why it cannot be read. @param {import("./types.js").Entry} entry */
export async function goOn({ id, name }) {
  try {
    await show(id);
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    fault(t("refused", { name, why: error.message }), "open");
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
    if (error.status !== GONE) fault(error.message, "open");
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
