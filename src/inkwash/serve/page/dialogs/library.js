/** The library of palettes. */

import * as api from "../api.js";
import { patiently } from "../connection.js";
import { chip, icon, make } from "../dom.js";
import { t } from "../i18n.js";
import { drop, keptPalettes } from "../kept.js";
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
    const own = keptPalettes().filter(({ name }) => name.toLowerCase().includes(words));
    const found = palettes.filter((palette) => `${nameOf(palette)} ${palette.name}`.toLowerCase().includes(words));
    const pick = (/** @type {Palette} */ palette) => () => (dialog.close(), use(palette));
    list.replaceChildren(
      ...own.map((palette) => ownRow(palette, pick(palette), () => (drop(palette.name), show(), search.focus()))),
      ...found.map((palette) => row(palette, nameOf(palette), pick(palette))),
    );
    if (!own.length && !found.length) list.append(make("p", {}, t("search.none", { words: search.value })));
  };
  search.addEventListener("input", show);
  show();
}

/** One that the artist keeps. @param {Palette} palette @param {() => void} act @param {() => void} remove */
function ownRow(palette, act, remove) {
  const words = t("palette.drop", { name: palette.name });
  const away = make("button", { class: "icon", "aria-label": words, title: words, onclick: remove }, icon("close"));
  return make("div", { class: "own" }, row(palette, palette.name, act), away);
}

/** @param {Palette} palette @param {string} name @param {() => void} act */
function row(palette, name, act) {
  const strip = make("span", { class: "strip" }, ...palette.swatches.map(({ hex }) => chip(hex)));
  return make("button", { onclick: act }, make("span", {}, name), strip);
}
