/** What palettes and colours are called, and what is noted, in the reader's language. */

import { knows, t } from "./i18n.js";

/** @typedef {import("./types.js").Palette} Palette */

/** A palette's name: translated where it comes with inkwash, as it is where the artist gave it. @param {Palette} palette */
export function nameOf({ name }) {
  if (!name) return t("palette.proposed");
  if (knows(`library.${name}`)) return t(`library.${name}`);
  const words = name.split(", ").map(colourName).join(t("colours.between"));
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the artist calls characters. @param {Palette[]} characters */
export function namesOf(characters) {
  return characters.map(({ name }) => name).join(t("colours.between"));
}

/** What the server notes about a sketch. @param {import("./types.js").Sketch["noted"][number]} note */
export function noted({ kind, count, text }) {
  return knows(`note.${kind}`) ? t(`note.${kind}`, { count: count ?? 0 }) : text;
}

/** What a swatch is for, its name and its colour. @param {import("./types.js").Swatch} entry */
export function described({ hex, name, role }) {
  const part = role && (knows(`role.${role}`) ? t(`role.${role}`) : role);
  return [part, colourName(name), hex].filter(Boolean).join(" · ");
}

/** A colour as the server names it, such as "dark blue"; other words stay. @param {string} name */
function colourName(name) {
  if (knows(`colour.is.${name}`)) return t(`colour.is.${name}`);
  const [shade, hue] = name.split(" ");
  if (!knows(`colour.is.${hue}`) || !knows(`colour.shade.${shade}`)) return name;
  return t("colour.shaded", { shade: t(`colour.shade.${shade}`), hue: t(`colour.is.${hue}`) });
}
