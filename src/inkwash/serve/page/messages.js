/**
 * Short messages at the edge of the page. Notes go by themselves; what went wrong stays until it is
 * closed, or until the same has come off.
 */

import { byId, icon, make } from "./dom.js";
import { t } from "./i18n.js";

const STAYS = 6000; // milliseconds
const STAYS_TO_ACT = 12_000;

/** @typedef {{words: string, act: () => void}} Action */
/** @typedef {"open"|"pages"|"change"|"save"|"palette"} About what was tried */

/** Say something that may be missed. @param {string} words @param {Action} [action] */
export function note(words, action) {
  const element = show(words, "note", action);
  const go = () => (element.matches(":hover, :focus-within") ? wait() : element.remove());
  const wait = () => setTimeout(go, action ? STAYS_TO_ACT : STAYS);
  wait();
}

/** Say that something went wrong. @param {string} words @param {About} about */
export function fault(words, about) {
  for (const shown of [...byId("messages").children])
    if (shown.firstElementChild?.textContent === words) shown.remove();
  show(words, "fault").dataset.about = about;
}

/** It has come off: what went wrong with it before is of no matter now. @param {...About} about */
export function wentWell(...about) {
  for (const one of about) byId("messages").querySelectorAll(`[data-about=${one}]`).forEach((shown) => shown.remove());
}

/** Another place of the page is shown: what could be taken back there no longer can. */
export function forgetActions() {
  byId("messages").querySelectorAll(".note:has(.act)").forEach((shown) => shown.remove());
}

/** Do what the newest message offers, as if its button had been pressed. */
export function actOnNewest() {
  /** @type {HTMLElement|undefined} */
  const button = [.../** @type {NodeListOf<HTMLElement>} */ (byId("messages").querySelectorAll(".act"))].at(-1);
  button?.click();
}

/** @param {string} words @param {"note"|"fault"} kind @param {Action} [action] */
function show(words, kind, action) {
  const element = make("div", { class: `message ${kind}` }, make("p", {}, words));
  if (action) {
    const act = () => (element.remove(), action.act());
    element.append(make("button", { class: "act", onclick: act }, action.words));
  }
  const close = make("button", { class: "icon", "aria-label": t("close") }, icon("close"));
  close.addEventListener("click", () => element.remove());
  element.append(close);
  byId("messages").append(element);
  return element;
}
