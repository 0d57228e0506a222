/** A line of the dialog of pages: the page, whether it is chosen, and what became of it. */

import * as api from "../api.js";
import { make } from "../dom.js";
import { t } from "../i18n.js";
import { words } from "../jobs.js";
import { recolour, takeBack } from "../pages.js";

export class Page {
  /** @type {import("../types.js").Sketch|null} as it was coloured, while that can be undone here */
  #coloured = null;
  #picture = make("img", { alt: "", loading: "lazy" });
  #said = make("small");
  #undo = make("button", { hidden: true, onclick: () => void this.takeBack() });

  /** Why it was not done; empty where it was. */
  why = "";
  /** Told when it was coloured or taken back. */
  changed = () => {};

  /** @param {import("../types.js").Entry} entry @param {boolean} checked */
  constructor(entry, checked) {
    this.entry = entry;
    this.box = make("input", { type: "checkbox", checked });
    const name = make("span", {}, make("strong", {}, entry.name), this.#said);
    this.element = make("div", { class: "page" }, make("label", {}, this.box, this.#picture, name), this.#undo);
    this.#undo.textContent = t("undo");
    this.#undo.setAttribute("aria-label", t("pages.undo", { name: entry.name }));
    this.#picture.src = api.thumbnailUrl(entry);
  }

  /** Whether it was coloured here and is still so. */
  get isColoured() {
    return this.#coloured !== null;
  }

  /**
   * @param {import("../types.js").Given} given
   * @param {(share: number) => void} tell how far it is, 0…1
   * @param {AbortSignal} stop
   */
  async recolour(given, tell, stop) {
    this.element.scrollIntoView({ block: "nearest" });
    const follow = (/** @type {import("../types.js").Job} */ job) => {
      this.#said.textContent = words(job);
      tell(job.share);
    };
    const outcome = stop.aborted ? {} : await recolour(this.entry.id, given, follow, stop);
    this.#coloured = outcome.sketch ?? null;
    this.#show(outcome, outcome.sketch ? "pages.coloured" : "pages.stopped");
  }

  async takeBack() {
    if (!this.#coloured) return;
    const before = this.#coloured;
    this.#coloured = null;
    this.#show(await takeBack(before), "pages.undone");
  }

  /** @param {import("../pages.js").Outcome} outcome @param {string} key of what is said where nothing went wrong */
  #show({ sketch, why = "" }, key) {
    this.why = why;
    this.#said.textContent = why || t(key);
    this.#undo.hidden = !this.#coloured;
    if (sketch) this.#picture.src = api.thumbnailUrl(this.entry, sketch.revision);
    this.changed();
  }
}
