/** The library of palettes. */

import * as api from "../api.js";
import { patiently } from "../connection.js";
import { chip, make } from "../dom.js";
import { t } from "../i18n.js";
import { nameOf } from "../names.js";
import { during } from "../progress.js";
import { openDialog } from "./dialog.js";

/** @typedef {import("../types.js").Palette} Palette */

/** @param {(palette: Palette) => void} use */
export async function openLibrary(use) {
  const palettes = await during(t("working"), patiently(api.palettes));
  const search = make("input", { type: "search", placeholder: t("search"), "aria-label": t("search"), autofocus: true });
  const list = make("div", { class: "library-list" });
  const dialog = openDialog(t("palette.library.title"), "library", search, list);
  const show = () => {
    const words = search.value.trim().toLowerCase();
    const found = palettes.filter((palette) => `${nameOf(palette)} ${palette.name}`.toLowerCase().includes(words));
    list.replaceChildren(...found.map((palette) => row(palette, nameOf(palette), () => (dialog.close(), use(palette)))));
    if (!found.length) list.append(make("p", {}, t("search.none", { words: search.value })));
  };
  search.addEventListener("input", show);
  show();
}

/** @param {Palette} palette @param {string} name @param {() => void} act */
function row(palette, name, act) {
  const strip = make("span", { class: "strip" }, ...palette.swatches.map(({ hex }) => chip(hex)));
  return make("button", { onclick: act }, make("span", {}, name), strip);
}
