/** The nine proposals: thumbnails in the panel, and large over the stage. */

import * as api from "../api.js";
import { change } from "../changes.js";
import { byId, make, walkByArrows } from "../dom.js";
import { onLanguage, t } from "../i18n.js";
import { state, update, watch } from "../state.js";

/** @typedef {import("../types.js").Sketch} Sketch */

const SMALL = 256; // pixels along the long side
const LARGE = 768;
const PAUSE = 250; // milliseconds after a change until thumbnails follow

/** Show a proposal. @param {number} number from 1 */
export function pick(number) {
  if (!state.sketch || number > state.sketch.proposals || number === state.sketch.pick) return;
  void change("pick", { proposal: number });
}

/** The thumbnail of a proposal, as far as it is here. @param {number} number from 1 */
export function thumbnail(number) {
  const image = byId("thumbs").querySelectorAll("img")[number - 1];
  return image?.complete && image.naturalWidth ? image : null;
}

export function setUpProposals() {
  byId("propose").addEventListener("click", () => void change("propose"));
  byId("reroll").addEventListener("click", () => void change("reroll"));
  byId("overview").addEventListener("click", () => update({ overview: !state.overview }));
  grid(byId("thumbs"), SMALL, pick);
  grid(byId("nine"), LARGE, (number) => {
    pick(number);
    update({ overview: false });
  });
  watch(["overview", "sketch"], ({ overview, sketch }, before) => {
    byId("nine").hidden = !overview || !sketch;
    byId("overview").setAttribute("aria-pressed", String(overview));
    if (overview && !before.overview) focusOn(byId("nine"));
  });
}

/**
 * A grid of buttons that follows the sketch.
 * @param {HTMLElement} root
 * @param {number} size
 * @param {(number: number) => void} act
 */
function grid(root, size, act) {
  walkByArrows(root);
  let timer = 0;
  const follow = () => {
    const { sketch } = state;
    if (!sketch) return root.replaceChildren();
    if (root.childElementCount !== sketch.proposals) fill(root, sketch, act);
    for (const [at, button] of [...root.children].entries()) mark(button, sketch, at + 1);
    clearTimeout(timer);
    const first = !root.querySelector("img[src]");
    timer = window.setTimeout(() => load(root, size), first ? 0 : PAUSE);
  };
  watch(["sketch", "overview", "online"], follow);
  onLanguage(follow);
}

/** @param {HTMLElement} root @param {Sketch} sketch @param {(number: number) => void} act */
function fill(root, sketch, act) {
  const numbers = Array.from({ length: sketch.proposals }, (_, at) => at + 1);
  root.replaceChildren(...numbers.map((number) =>
    make("button", { class: "thumb", role: "radio", onclick: () => act(number) },
      make("img", { alt: "", draggable: false }), make("span", {}, String(number)))));
}

/** @param {Element} button @param {Sketch} sketch @param {number} number */
function mark(button, sketch, number) {
  const chosen = number === sketch.pick;
  button.setAttribute("aria-checked", String(chosen));
  button.setAttribute("aria-label", t("proposal", { number }));
  /** @type {HTMLElement} */ (button).tabIndex = chosen ? 0 : -1;
}

/** @param {HTMLElement} root @param {number} size */
function load(root, size) {
  const { sketch } = state;
  if (!sketch || root.hidden) return;
  root.querySelectorAll("img").forEach((image, at) => {
    const address = api.proposalUrl(sketch.id, at + 1, size, sketch.revision);
    const failed = image.complete && !image.naturalWidth;
    if (failed || image.getAttribute("src") !== address) image.src = address;
  });
}

/** @param {HTMLElement} root */
function focusOn(root) {
  /** @type {HTMLElement|null} */ (root.querySelector("[aria-checked=true]"))?.focus();
}
