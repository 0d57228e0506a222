/** The colour in hand: choosing it, reading it from text, and in terms of hue. */

import { state, update } from "./state.js";
import { store, stored } from "./storage.js";

const RECENT = 9;
const KEPT = "inkwash.colours";

/** @typedef {{hue: number, saturation: number, value: number}} Hsv hue 0…360, the others 0…1 */

/** Take a colour in hand. @param {string} hex */
export function choose(hex) {
  update({ colour: hex });
}

/** A colour was used. @param {string} hex */
export function remember(hex) {
  if (state.recent[0] === hex) return;
  update({ recent: [hex, ...state.recent.filter((kept) => kept !== hex)].slice(0, RECENT) });
  store(KEPT, state.recent.join(" "));
}

/** Take the colours of the last visit in hand. */
export function recall() {
  const recent = (stored(KEPT) ?? "").split(" ").filter((hex) => readHex(hex) === hex);
  if (recent.length) update({ recent, colour: recent[0] });
}

/** `#rrggbb` of what was typed, or null. @param {string} text */
export function readHex(text) {
  const digits = text.trim().replace(/^#/, "").toLowerCase();
  if (/^[0-9a-f]{6}$/.test(digits)) return `#${digits}`;
  if (/^[0-9a-f]{3}$/.test(digits)) return `#${[...digits].map((digit) => digit + digit).join("")}`;
  return null;
}

/** @param {string} hex @returns {Hsv} */
export function toHsv(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const value = Math.max(red, green, blue);
  const range = value - Math.min(red, green, blue);
  return { hue: hueOf(red, green, blue, value, range), saturation: value ? range / value : 0, value };
}

/** @param {number} red @param {number} green @param {number} blue @param {number} value @param {number} range */
function hueOf(red, green, blue, value, range) {
  if (!range) return 0;
  if (value === red) return 60 * (((green - blue) / range + 6) % 6);
  if (value === green) return 60 * ((blue - red) / range + 2);
  return 60 * ((red - green) / range + 4);
}

/** @param {Hsv} hsv */
export function toHex({ hue, saturation, value }) {
  const part = (/** @type {number} */ offset) => {
    const turn = (offset + hue / 60) % 6;
    return value - value * saturation * Math.max(0, Math.min(turn, 4 - turn, 1));
  };
  return `#${[5, 3, 1].map((offset) => byte(part(offset))).join("")}`;
}

/** @param {number} share 0…1 */
function byte(share) {
  return Math.round(share * 255).toString(16).padStart(2, "0");
}

/** Whether black rather than white is legible on it. @param {string} hex */
export function isLight(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140;
}
