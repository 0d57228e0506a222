/** The dialog that brings a palette, or characters, to other pages: which ones, how far it is, and back again. */

import * as api from "../api.js";
import { unlessLeft } from "../changes.js";
import { patiently } from "../connection.js";
import { chip, make } from "../dom.js";
import { byName } from "../folders.js";
import { t } from "../i18n.js";
import { fault, note } from "../messages.js";
import { nameOf, namesOf } from "../names.js";
import { during, Work } from "../progress.js";
import { state } from "../state.js";
import { openedWith } from "../together.js";
import { openDialog } from "./dialog.js";
import { Page } from "./page.js";

/** @typedef {import("../types.js").Given} Given */
/** @typedef {ReturnType<typeof openList>} List */

/** Ask which pages get a palette, or characters, and see to it. @param {Given} given */
export async function openPages(given) {
  const entries = await during(t("working"), patiently(api.sketches));
  const here = state.sketch?.id ?? "";
  const others = entries.filter(({ id }) => id !== here);
  if (!others.length) return note(t("pages.none"));
  const together = others.filter(({ id }) => openedWith(here).includes(id)).sort(byName);
  const apart = others.filter((entry) => !together.includes(entry));
  const pages = [
    ...together.map((entry) => new Page(entry, true)),
    ...apart.map((entry) => new Page(entry, !together.length)),
  ];
  const list = openList(pages, given, together.length > 0 && apart.length > 0);
  list.go.onclick = () => {
    for (const box of list.boxes) box.disabled = true;
    void unlessLeft(recolour(pages.filter(({ box }) => box.checked), given, list));
  };
}

/** @param {Page[]} pages @param {Given} given @param {boolean} some whether only those opened together are ticked */
function openList(pages, given, some) {
  const all = make("input", { type: "checkbox" });
  const go = make("button", { class: "primary" });
  const said = make("p", { class: "soft", role: "status" });
  const dialog = openDialog(t("characters" in given ? "pages.title.characters" : "pages.title"), "pages",
    strip(given),
    make("p", { class: "soft" }, t("pages.more")),
    make("p", { class: "soft", hidden: !some }, t("pages.together")),
    make("label", {}, all, t("pages.all")),
    make("div", { class: "pages-list" }, ...pages.map(({ element }) => element)),
    make("footer", {}, said, go));
  const boxes = pages.map(({ box }) => box);
  const count = () => {
    const chosen = boxes.filter(({ checked }) => checked).length;
    go.textContent = t(chosen === 1 ? "pages.go.one" : "pages.go", { count: chosen });
    go.disabled = !chosen;
    all.checked = chosen === boxes.length;
    all.indeterminate = !all.checked && chosen > 0;
  };
  all.addEventListener("change", () => (boxes.forEach((box) => (box.checked = all.checked)), count()));
  for (const box of boxes) box.addEventListener("change", count);
  count();
  go.focus();
  return { dialog, said, go, boxes: [all, ...boxes] };
}

/** What the pages get: colours and names. @param {Given} given */
function strip(given) {
  const palettes = "characters" in given ? given.characters : given.palettes;
  const name = "characters" in given ? namesOf(palettes) : nameOf(palettes[0]);
  const chips = palettes.flatMap(({ swatches }) => swatches.map(({ hex }) => chip(hex)));
  return make("p", { class: "strip" }, ...chips, make("span", {}, name));
}

/**
 * Colour pages one after the other. When the dialog is closed, it goes on.
 * @param {Page[]} pages
 * @param {Given} given
 * @param {List} list
 */
async function recolour(pages, given, { dialog, said, go }) {
  const stop = new AbortController();
  const work = new Work(t("working"), () => stop.abort());
  const coloured = () => pages.filter(({ isColoured }) => isColoured).length;
  const count = () => (said.textContent = t("pages.progress", { coloured: coloured(), count: pages.length }));
  const cancel = make("button", { onclick: () => stop.abort() }, t("cancel")); // not where a second click would fall
  go.before(cancel);
  go.disabled = true;
  cancel.focus();
  try {
    for (const [before, page] of pages.entries()) {
      page.changed = count;
      await page.recolour(given, (share) => work.tell(count(), (before + share) / pages.length), stop.signal);
    }
  } finally {
    work.end();
  }
  const undo = { words: t("pages.undo.all"), act: () => void takeBack(pages, dialog) };
  if (!dialog.open) note(count(), coloured() ? undo : undefined);
  else if (coloured() > 1) go.before(make("button", { onclick: undo.act }, undo.words));
  [go.textContent, go.onclick, go.disabled] = [t("close"), () => dialog.close(), false];
  if (cancel.matches(":focus")) go.focus();
  cancel.remove();
  complain(pages, dialog);
}

/** @param {Page[]} pages @param {HTMLDialogElement} dialog */
async function takeBack(pages, dialog) {
  for (const page of pages) await page.takeBack();
  complain(pages, dialog);
}

/** What went wrong is said on the page where the dialog cannot say it. @param {Page[]} pages @param {HTMLDialogElement} dialog */
function complain(pages, dialog) {
  if (dialog.open) return;
  for (const { entry, why } of pages) if (why) fault(t("refused", { name: entry.name, why }), "palette");
}
