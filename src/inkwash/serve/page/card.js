/** The card of a region: its colour in each of the nine proposals, and what can be done with it. */

import { change, placeAt } from "./changes.js";
import { choose, isLight } from "./colours.js";
import { byId, icon, make, walkByArrows } from "./dom.js";
import { t } from "./i18n.js";
import { state, update, watch } from "./state.js";
import { give } from "./tools/paint.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {{x: number, y: number}} Spot of the sketch */

const BESIDE = 18; // CSS pixels between the region's point and the card

/** @type {import("./viewer/stage.js").Stage|null} */
let stage = null;
/** @type {{spot: Spot, place: Place}|null} */
let shown = null;

/** @param {import("./viewer/stage.js").Stage} on */
export function setUpCard(on) {
  stage = on;
  stage.drawn.push(() => shown && lay(shown.spot));
  stage.overlays.push((context, view) => shown && drawTarget(context, view, shown.spot));
  byId("card").addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeCard(true);
    event.stopPropagation();
  });
  watch(["tool"], () => closeCard());
  watch(["sketch"], ({ sketch }, before) => {
    if (sketch?.id !== before.sketch?.id) closeCard();
    else if (shown && sketch?.revision !== before.sketch?.revision) void openCard(shown.spot, false);
  });
}

/** Show the card of the region at a point. @param {Spot} spot @param {boolean} [focus] */
export async function openCard(spot, focus = true) {
  const place = await placeAt(spot);
  if (!place) return;
  const held = byId("card").querySelector(":focus")?.getAttribute("data-at");
  shown = { spot, place };
  stage?.point(spot);
  byId("card").replaceChildren(...content(spot, place));
  byId("card").hidden = false;
  stage?.redraw();
  for (const wanted of focus ? ["[aria-checked=true]", "[data-at]"] : [`[data-at="${held}"]`]) {
    /** @type {HTMLElement|null} */
    const found = byId("card").querySelector(wanted);
    if (found) return found.focus({ preventScroll: true });
  }
}

/** @param {boolean} [back] whether the keyboard goes back to the stage */
export function closeCard(back = false) {
  if (!shown) return;
  shown = null;
  byId("card").hidden = true;
  stage?.point(null);
  stage?.redraw();
  if (back) stage?.canvas.focus();
}

/** Whether a card is open. */
export function cardIsOpen() {
  return shown !== null;
}

/** @param {Spot} spot @param {Place} place */
function content(spot, place) {
  const words = t(place.locked ? "card.locked" : place.hinted ? "card.hinted" : "card.title");
  const close = make("button", { class: "icon", "aria-label": t("close"), onclick: () => closeCard(true) }, icon("close"));
  const title = make("div", { class: "row" }, make("p", { class: "card-title" }, words), close);
  const said = place.locked || place.hinted;
  return [title, ...(said ? [takingBack(spot)] : [chips(spot, place), spreading()]), actions(spot, place)];
}

/** What was said about a region comes before its proposals. @param {Spot} spot */
function takingBack(spot) {
  return make("button", { "data-at": "back", onclick: () => void change("erase", spot) }, icon("eraser"), t("card.back"));
}

/** @param {Spot} spot @param {Place} place */
function chips(spot, place) {
  const root = make("div", { class: "chips", role: "radiogroup", "aria-label": t("card.title") });
  walkByArrows(root);
  place.colours.forEach((colour, at) => root.append(option(spot, place, colour, at + 1)));
  return root;
}

/** @param {Spot} spot @param {Place} place @param {string|null} colour @param {number} number */
function option(spot, place, colour, number) {
  const words = t("card.take", { number, colour: colour ?? t("transparent") });
  const chosen = place.chosen || number === state.sketch?.pick;
  const button = make("button", {
    class: colour ? "swatch" : "swatch transparent",
    role: "radio",
    "aria-checked": String(chosen && colour === place.colour),
    "aria-label": words,
    "data-at": String(number),
    title: words,
    onclick: () => void change("choices", { ...spot, proposal: number, spread: state.spread }),
  }, String(number));
  if (colour) button.style.backgroundColor = colour;
  button.classList.toggle("on-light", !colour || isLight(colour));
  return button;
}

function spreading() {
  const box = make("input", {
    type: "checkbox",
    checked: state.spread,
    "data-at": "spread",
    onchange: () => update({ spread: box.checked }),
  });
  return make("label", { title: t("tip.spread") }, box, t("spread"));
}

/** @param {Spot} spot @param {Place} place */
function actions(spot, place) {
  const act = (/** @type {string} */ name, /** @type {string} */ picture, /** @type {() => unknown} */ doing) =>
    make("button", { class: "icon", "aria-label": t(name), title: t(name), "data-at": name, onclick: doing }, icon(picture));
  const paint = act("card.fill", "fill", () =>
    give({ kind: "colour", rgb: state.colour, shape: "dot", ...spot, radius: 3 }));
  const swatch = make("span", { class: "chip" });
  swatch.style.backgroundColor = state.colour;
  paint.append(swatch);
  paint.classList.add("wide");
  return make("div", { class: "row actions" },
    paint,
    act("card.takeUp", "eyedropper", () => choose(place.colour ?? "#ffffff")),
    act("lock", "lock", () => give({ kind: "lock", shape: "dot", ...spot })),
    act("clear", "clear", () => give({ kind: "clear", shape: "dot", ...spot })),
    act("eraser", "eraser", () => change("erase", spot)),
  );
}

/** Beside the point, where there is room. @param {Spot} spot */
function lay(spot) {
  if (!stage) return;
  const card = byId("card");
  const [x, y] = stage.view.toStage(spot.x, spot.y);
  const { width, height } = stage.size;
  const right = x + BESIDE + card.offsetWidth < width - 8;
  const left = right ? x + BESIDE : Math.max(8, x - BESIDE - card.offsetWidth);
  const top = Math.min(height - card.offsetHeight - 8, Math.max(8, y - card.offsetHeight / 2));
  card.style.left = `${Math.round(left)}px`;
  card.style.top = `${Math.round(top)}px`;
}

/** @param {CanvasRenderingContext2D} context @param {import("./viewer/view.js").View} view @param {Spot} spot */
function drawTarget(context, view, spot) {
  const [x, y] = view.toStage(spot.x, spot.y);
  for (const [width, colour] of /** @type {const} */ ([[4, "#000"], [2, "#fff"]])) {
    context.beginPath();
    context.arc(x, y, 6, 0, 7);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}
