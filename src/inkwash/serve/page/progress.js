/** What takes longer than half a second shows how far it is, and can be cancelled. */

import { byId, make } from "./dom.js";
import { t } from "./i18n.js";
import { state, update, watch } from "./state.js";

const PATIENCE = 400; // milliseconds until something is shown

/** What takes long enough to be shown; the newest is. @type {Work[]} */
let running = [];

function show() {
  update({ progress: running.at(-1)?.progress ?? null });
}

/** Something that is under way. */
export class Work {
  #timer;

  /** @param {string} label @param {() => void} [cancel] */
  constructor(label, cancel) {
    /** @type {import("./types.js").Progress} */
    this.progress = { label, share: null, cancel };
    this.#timer = setTimeout(() => (running.push(this), show()), PATIENCE);
  }

  /** @param {string} label @param {number|null} share 0…1 */
  tell(label, share) {
    this.progress = { ...this.progress, label, share };
    if (running.includes(this)) show();
  }

  end() {
    clearTimeout(this.#timer);
    running = running.filter((work) => work !== this);
    show();
  }
}

/**
 * Await something under a label.
 * @template T
 * @param {string} label
 * @param {Promise<T>} promise
 * @param {() => void} [cancel]
 * @returns {Promise<T>}
 */
export async function during(label, promise, cancel) {
  const work = new Work(label, cancel);
  try {
    return await promise;
  } finally {
    work.end();
  }
}

/** Show the state's progress on the stage. */
export function showProgress() {
  const words = make("span");
  const bar = make("progress", { max: 1, "aria-label": "" });
  const cancel = make("button", { onclick: () => state.progress?.cancel?.() });
  byId("progress").append(words, bar, cancel);
  watch(["progress"], ({ progress }) => {
    byId("progress").hidden = !progress;
    if (!progress) return;
    words.textContent = progress.label;
    bar.setAttribute("aria-label", progress.label);
    if (progress.share === null) bar.removeAttribute("value");
    else bar.value = progress.share;
    cancel.hidden = !progress.cancel;
    cancel.textContent = t("cancel");
  });
}
