/** Short messages at the edge of the page: notes go by themselves, errors stay until closed. */

import { byId, icon, make } from "./dom.js";
import { t } from "./i18n.js";

const STAYS = 6000; // milliseconds

/** @typedef {{words: string, act: () => void}} Action */

/** Say something that may be missed. @param {string} words @param {Action} [action] */
export function note(words, action) {
  const element = show(words, "note", action);
  setTimeout(() => element.remove(), STAYS);
}

/** Say that something went wrong. @param {string} words */
export function fault(words) {
  for (const shown of byId("messages").children)
    if (shown.firstElementChild?.textContent === words) shown.remove();
  show(words, "fault");
}

/** @param {string} words @param {"note"|"fault"} kind @param {Action} [action] */
function show(words, kind, action) {
  const element = make("div", { class: `message ${kind}` }, make("p", {}, words));
  if (action) {
    const act = () => (element.remove(), action.act());
    element.append(make("button", { onclick: act }, action.words));
  }
  const close = make("button", { class: "icon", "aria-label": t("close") }, icon("close"));
  close.addEventListener("click", () => element.remove());
  element.append(close);
  byId("messages").append(element);
  return element;
}
