/** The dialogs that save a painting or a palette. */

import * as api from "../api.js";
import { make } from "../dom.js";
import { t } from "../i18n.js";
import { keep } from "../kept.js";
import { fault, note, wentWell } from "../messages.js";
import { nameOf } from "../names.js";
import { save } from "../saving.js";
import { state } from "../state.js";
import { askOne } from "./dialog.js";

const PAINTINGS = ["psd", "png", "ora", "project", "all"];
const PALETTES = ["kept", "gpl", "ase", "aco", "json"];

export async function exportPainting() {
  const { sketch } = state;
  if (!sketch) return;
  const nine = make("input", { type: "checkbox" });
  const more = make("label", { class: "more" }, nine, t("export.nine"));
  const format = await askOne(t("export.title"), options(PAINTINGS, "export"), t("export"), [more]);
  if (!format) return;
  const picks = nine.checked ? "all" : "shown";
  await save((signal) => api.download(`/v1/sketches/${sketch.id}/export?format=${format}&pick=${picks}`, { signal }));
}

/** As a file, or under a name in the library. @param {import("../types.js").Palette} palette */
export async function savePalette(palette) {
  const name = make("input", { type: "text", value: nameOf(palette), maxLength: 80, required: true });
  const more = make("label", { class: "more" }, t("palette.name"), name);
  const format = await askOne(t("palette.save.title"), options(PALETTES, "palette"), t("palette.save"), [more]);
  const typed = name.value.trim() || nameOf(palette);
  if (format === "kept") {
    if (!keep({ ...palette, name: typed })) return fault(t("palette.not.kept", { name: typed }), "palette");
    note(t("palette.is.kept", { name: typed }));
    wentWell("palette");
  } else if (format) {
    const named = typed === nameOf(palette) ? palette : { ...palette, name: typed };
    await save(() => api.paletteFile(named, format));
  }
}

/** @param {string[]} values @param {string} prefix */
function options(values, prefix) {
  return values.map((value) => ({ value, words: t(`${prefix}.${value}`), more: t(`${prefix}.${value}.more`) }));
}
