/** Dialogs: modal, closed by Escape, by their button or by a click beside them. */

import { icon, make } from "../dom.js";
import { t } from "../i18n.js";

/**
 * Open a dialog; it is gone when closed.
 * @param {string} title
 * @param {string} name a class
 * @param {...Node} content
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, name, ...content) {
  const close = make("button", { class: "icon", "aria-label": t("close") }, icon("close"));
  const head = make("header", {}, make("h2", { id: "dialog-title" }, title), close);
  const dialog = make("dialog", { class: name, "aria-labelledby": "dialog-title" }, head, ...content);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask for one of several things. Resolves with null when the dialog is closed without an answer.
 * @param {string} title
 * @param {{value: string, words: string, more?: string}[]} options
 * @param {string} go the words on the button
 * @param {Node[]} [more]
 * @returns {Promise<string|null>}
 */
export function askOne(title, options, go, more = []) {
  const list = make("div", { class: "options-list" });
  options.forEach(({ value, words, more: detail }, at) => {
    const radio = make("input", { type: "radio", name: "answer", value, checked: at === 0, autofocus: at === 0 });
    const text = make("span", {}, make("strong", {}, words), detail ? make("small", {}, detail) : null);
    list.append(make("label", {}, radio, text));
  });
  const form = make("form", { method: "dialog" }, list, ...more,
    make("footer", {}, make("button", { class: "primary", value: "go" }, go)));
  const dialog = openDialog(title, "ask", form);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const chosen = new FormData(form).get("answer");
      resolve(dialog.returnValue === "go" ? String(chosen) : null);
    });
  });
}
