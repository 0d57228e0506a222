/** The card of a region: its colour in each of the nine proposals, and what can be done with it. */

import { beside } from "./beside.js";
import { change, placeAt } from "./changes.js";
import { choose, isLight } from "./colours.js";
import { byId, icon, make, walkByArrows } from "./dom.js";
import { t } from "./i18n.js";
import { state, update, watch } from "./state.js";
import { give } from "./tools/paint.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {{x: number, y: number}} Spot of the sketch */

const EDGE = 8; // CSS pixels between the card and the stage's border
const ABOVE = 66; // that the tool's options take where there is height enough

/** @type {import("./viewer/stage.js").Stage|null} */
let stage = null;
/** @type {{spot: Spot, place: Place}|null} */
let shown = null;
/** How often a card was asked for or closed: an answer that comes later than the next of these is too late. */
let turn = 0;

/** @param {import("./viewer/stage.js").Stage} on */
export function setUpCard(on) {
  stage = on;
  stage.drawn.push(() => shown && lay(shown));
  stage.overlays.push((context, view) => shown && drawTarget(context, view, shown.spot));
  byId("card").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeCard(true);
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
  const mine = (turn += 1);
  const place = await placeAt(spot);
  if (!place || mine !== turn) return;
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
  turn += 1;
  if (!shown) return;
  const held = back || byId("card").contains(document.activeElement);
  shown = null;
  byId("card").hidden = true;
  stage?.point(null);
  stage?.redraw();
  if (held) stage?.canvas.focus();
}

/** Whether a card is open. */
export function cardIsOpen() {
  return shown !== null;
}

/** Take the region of the open card from a proposal. @param {number} number from 1 */
export function takeFrom(number) {
  if (!shown) return;
  const { spot, place } = shown;
  if (place.locked || place.hinted) return focusOn("back"); // that comes first
  if (number <= place.colours.length) void change("choices", { ...spot, proposal: number, spread: state.spread });
}

/** @param {string} name */
function focusOn(name) {
  /** @type {HTMLElement|null} */ (byId("card").querySelector(`[data-at="${name}"]`))?.focus();
}

/** @param {Spot} spot @param {Place} place */
function content(spot, place) {
  const words = t(place.locked ? "card.locked" : place.hinted ? "card.hinted" : "card.title");
  const close = make("button", { class: "icon", "aria-label": t("close"), onclick: () => closeCard(true) }, icon("close"));
  const title = make("div", { class: "row" }, make("p", { class: "card-title" }, words), close);
  const said = place.locked || place.hinted;
  return [title, ...(said ? [takingBack(spot)] : [chips(place), spreading()]), actions(spot, place)];
}

/** What was said about a region comes before its proposals. @param {Spot} spot */
function takingBack(spot) {
  return make("button", { "data-at": "back", onclick: () => void change("erase", spot) }, icon("eraser"), t("card.back"));
}

/** @param {Place} place */
function chips(place) {
  const root = make("div", { class: "chips", role: "radiogroup", "aria-label": t("card.title") });
  walkByArrows(root);
  place.colours.forEach((colour, at) => root.append(option(place, colour, at + 1)));
  return root;
}

/** @param {Place} place @param {string|null} colour @param {number} number */
function option(place, colour, number) {
  const words = t("card.take", { number, colour: colour ?? t("transparent") });
  const chosen = place.chosen || number === state.sketch?.pick;
  const button = make("button", {
    class: colour ? "swatch" : "swatch transparent",
    role: "radio",
    "aria-checked": String(chosen && colour === place.colour),
    "aria-label": words,
    "data-at": String(number),
    title: words,
    onclick: () => takeFrom(number),
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

/** Beside the region, where there is room. @param {{spot: Spot, place: Place}} what */
function lay({ spot, place }) {
  if (!stage) return;
  const card = byId("card");
  const { width, height } = stage.size;
  const [x, y] = stage.view.toStage(spot.x, spot.y);
  const { box } = place;
  const [left, top] = stage.view.toStage(box.left, box.top);
  const [right, bottom] = stage.view.toStage(box.left + box.width, box.top + box.height);
  const size = { width: card.offsetWidth, height: card.offsetHeight };
  const above = size.height + 2 * ABOVE < height ? ABOVE : EDGE;
  const room = { left: EDGE, top: above, right: width - EDGE, bottom: height - EDGE };
  const at = beside({ x, y }, { left, top, right, bottom }, size, room);
  [card.style.left, card.style.top] = at.map((value) => `${Math.round(value)}px`);
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
