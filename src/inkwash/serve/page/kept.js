/** Palettes that the artist keeps under a name in this browser, for other pages and other days. */

import { store, storedList } from "./storage.js";

/** @typedef {import("./types.js").Palette} Palette */

const KEPT = "inkwash.palettes";

/** @returns {Palette[]} the newest first */
export function keptPalettes() {
  return storedList(KEPT).filter(isPalette);
}

/** Keep a palette; one of the same name makes way. Whether the browser has kept it. @param {Palette} palette */
export function keep(palette) {
  return write([palette, ...keptPalettes().filter(({ name }) => name !== palette.name)]);
}

/** Keep it no longer. @param {string} name */
export function drop(name) {
  write(keptPalettes().filter((palette) => palette.name !== name));
}

/** @param {Palette[]} palettes */
function write(palettes) {
  return store(KEPT, JSON.stringify(palettes));
}

/** @param {any} found */
function isPalette(found) {
  return typeof found?.name === "string" && Array.isArray(found.swatches) && found.swatches.length > 0;
}
