/** The dialogs that save a painting or a palette. */

import * as api from "../api.js";
import { make } from "../dom.js";
import { t } from "../i18n.js";
import { save } from "../saving.js";
import { state } from "../state.js";
import { askOne } from "./dialog.js";

const PAINTINGS = ["psd", "png", "ora", "project", "all"];
const PALETTES = ["gpl", "ase", "aco", "json"];

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

/** @param {import("../types.js").Palette} palette */
export async function savePalette(palette) {
  const format = await askOne(t("palette.save.title"), options(PALETTES, "palette"), t("palette.save"));
  if (format) await save(() => api.paletteFile(palette, format));
}

/** @param {string[]} values @param {string} prefix */
function options(values, prefix) {
  return values.map((value) => ({ value, words: t(`${prefix}.${value}`), more: t(`${prefix}.${value}.more`) }));
}
