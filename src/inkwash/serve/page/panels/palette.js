/** The palette of the shown proposal: its swatches, and where other palettes and characters come from. */

import * as api from "../api.js";
import { change } from "../changes.js";
import { patiently } from "../connection.js";
import { savePalette } from "../dialogs/export.js";
import { openLibrary } from "../dialogs/library.js";
import { openPages } from "../dialogs/pages.js";
import { askFor } from "../files.js";
import { byId, icon, make } from "../dom.js";
import { onLanguage, t } from "../i18n.js";
import { fault, note, wentWell } from "../messages.js";
import { described, nameOf, namesOf } from "../names.js";
import { during } from "../progress.js";
import { refusal } from "../reasons.js";
import { state, watch } from "../state.js";
import { swatch } from "./colour.js";

/** @typedef {import("../types.js").Palette} Palette */

const FILES = ".gpl,.ase,.aco,.json";

const swatches = make("div", { class: "swatches", role: "group" });
const buttons = make("div", { class: "row wrap" });
const paper = make("input", { type: "checkbox" });
const paperWords = make("span");

export function setUpPalette() {
  byId("palette").append(swatches, buttons, make("label", { class: "paper" }, paper, paperWords));
  paper.addEventListener("change", () => void change("style", { paper: paper.checked ? "paint" : "white" }));
  watch(["sketch"], show);
  onLanguage(() => {
    buttons.replaceChildren(...makeButtons());
    swatches.setAttribute("aria-label", t("palette"));
    paperWords.textContent = t("paper");
    show();
  });
}

/** Colour the sketch anew with one palette. @param {Palette} palette */
function apply(palette) {
  void change("palettes", { palettes: [plain(palette)] });
}

/** Colour the sketch anew with the colours of characters. @param {Palette[]} characters */
async function cast(characters) {
  if (!(await change("palettes", { characters: characters.map(plain) }))) return;
  note(t(characters.length > 1 ? "characters.several" : "characters.given", { names: namesOf(characters) }));
}

/** Only what a palette is sent with: one that was kept may be of another version. @param {Palette} palette @returns {Palette} */
function plain({ name, swatches: colours }) {
  return { name, swatches: colours.map(({ hex, name: word, role, share }) => ({ hex, name: word, role, share })) };
}

/** The palette of the shown proposal. */
function present() {
  return state.sketch?.palettes[state.sketch.pick - 1] ?? null;
}

/** Whose colours the page has; empty for none. */
function characters() {
  return state.sketch?.characters ?? [];
}

function show() {
  const palette = present();
  byId("palette-name").textContent = characters().length ? namesOf(characters()) : palette ? nameOf(palette) : "";
  swatches.replaceChildren(...(palette?.swatches ?? []).map((entry) => swatch(entry.hex, described(entry))));
  paper.checked = state.sketch?.paper === "paint";
}

function makeButtons() {
  const button = (/** @type {string} */ key, /** @type {string} */ picture, /** @type {() => unknown} */ act) =>
    make("button", { class: "small", title: t(`tip.${key}`), onclick: act }, icon(picture), t(key));
  return [
    button("palette.library", "library", () => openLibrary(apply)),
    button("palette.load", "load", () => fromFile(FILES)),
    button("palette.save", "export", saveAs),
    button("palette.picture", "picture", () => fromFile("image/*")),
    button("palette.pages", "pages", forPages),
  ];
}

/** @param {string} accept */
async function fromFile(accept) {
  const file = await askFor(accept);
  if (!file) return;
  try {
    const found = await during(t("working"), patiently(() => api.paletteFrom(file)));
    if ("characters" in found) await cast(found.characters);
    else apply(found);
    wentWell("palette");
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    fault(refusal(file, error), "palette");
  }
}

async function saveAs() {
  const palette = present();
  if (palette) await savePalette(palette);
}

async function forPages() {
  const palette = present();
  if (characters().length) await openPages({ characters: characters().map(plain) });
  else if (palette) await openPages({ palettes: [plain(palette)] });
}
