/** The colour in hand: a field, a hue slider, hex, recent ones. */

import { choose, readHex, toHex, toHsv } from "../colours.js";
import { byId, icon, make } from "../dom.js";
import { onLanguage, t } from "../i18n.js";
import { state, update, watch } from "../state.js";

/** Kept apart from the colour: black and grey have a hue, too, while the artist looks for one. */
let hsv = toHsv(state.colour);

const field = make("div", { class: "field", role: "slider", tabIndex: 0, "aria-valuemin": "0", "aria-valuemax": "100" }, make("span", { class: "spot" }));
const hue = make("input", { type: "range", min: "0", max: "359", step: "1" });
/** The browser's slider is there to be used and the spot to be seen: browsers agree on no look of a slider's thumb. */
const hues = make("div", { class: "hue" }, hue, make("span", { class: "spot" }));
const hex = make("input", { type: "text", class: "hex", maxLength: 7, spellcheck: false, autocomplete: "off" });
const large = make("span", { class: "chip large" });
const dropper = make("button", { class: "icon" }, icon("eyedropper"));
const recent = make("div", { class: "swatches", role: "group" });

export function setUpColour() {
  byId("colour").append(make("div", { class: "row" }, large, hex, dropper), field, hues, recent);
  field.addEventListener("pointerdown", (event) => (field.setPointerCapture(event.pointerId), point(event)));
  field.addEventListener("pointermove", (event) => field.hasPointerCapture(event.pointerId) && point(event));
  field.addEventListener("keydown", nudge);
  hue.addEventListener("input", () => set({ ...hsv, hue: Number(hue.value) }));
  hex.addEventListener("input", () => type());
  hex.addEventListener("change", () => (hex.value = state.colour, type()));
  dropper.addEventListener("click", () => update({ tool: "eyedropper" }));
  watch(["colour"], show);
  watch(["recent"], ({ recent: colours }) => recent.replaceChildren(...colours.map((colour) => swatch(colour))));
  onLanguage(name);
}

/** A button that takes a colour in hand. @param {string} colour @param {string} [words] */
export function swatch(colour, words = colour) {
  const button = make("button", { class: "swatch", "aria-label": words, title: words, onclick: () => choose(colour) });
  button.style.backgroundColor = colour;
  return button;
}

function name() {
  field.setAttribute("aria-label", t("colour.field"));
  hue.setAttribute("aria-label", t("colour.hue"));
  hex.setAttribute("aria-label", t("colour.hex"));
  dropper.setAttribute("aria-label", t("eyedropper"));
  dropper.title = `${t("eyedropper")} (I)`;
  recent.setAttribute("aria-label", t("colour.recent"));
}

function show() {
  if (toHex(hsv) !== state.colour) {
    const { hue: kept } = hsv;
    hsv = toHsv(state.colour);
    if (!hsv.saturation) hsv.hue = kept;
  }
  large.style.backgroundColor = state.colour;
  if (document.activeElement !== hex) hex.value = state.colour;
  hue.value = String(Math.round(hsv.hue));
  hues.style.setProperty("--x", `calc(8px + (100% - 16px) * ${hsv.hue / 359})`); // where the thumb is
  field.style.setProperty("--hue", toHex({ hue: hsv.hue, saturation: 1, value: 1 }));
  field.style.setProperty("--x", `${hsv.saturation * 100}%`);
  field.style.setProperty("--y", `${(1 - hsv.value) * 100}%`);
  field.setAttribute("aria-valuenow", String(Math.round(hsv.value * 100)));
  field.setAttribute("aria-valuetext", state.colour);
}

/** @param {import("../colours.js").Hsv} to */
function set(to) {
  hsv = to;
  choose(toHex(to));
}

/** @param {PointerEvent} event */
function point(event) {
  const { left, top, width, height } = field.getBoundingClientRect();
  set({ ...hsv, saturation: held((event.clientX - left) / width), value: held(1 - (event.clientY - top) / height) });
}

/** @param {KeyboardEvent} event */
function nudge(event) {
  const step = event.shiftKey ? 0.1 : 0.01;
  const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key] ?? [0, 0];
  if (!dx && !dy) return;
  event.preventDefault();
  event.stopPropagation();
  set({ ...hsv, saturation: held(hsv.saturation + dx), value: held(hsv.value + dy) });
}

/** @param {number} share */
function held(share) {
  return Math.min(1, Math.max(0, share));
}

function type() {
  const read = readHex(hex.value);
  hex.setAttribute("aria-invalid", String(!read));
  if (read) choose(read);
}
