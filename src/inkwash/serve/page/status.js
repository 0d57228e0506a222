/** The line at the bottom: where the pointer is, and what is known about the region there. */

import * as api from "./api.js";
import { announce, byId, chip, make } from "./dom.js";
import { t } from "./i18n.js";
import { state, watch } from "./state.js";

/** @typedef {import("./types.js").Place} Place */

const PAUSE = 60; // milliseconds that the pointer rests before the server is asked

let timer = 0;
let asked = 0;

export function setUpStatus() {
  watch(["sketch"], ({ sketch }, before) => {
    if (sketch?.revision !== before.sketch?.revision) tell(null, null);
  });
}

/**
 * The pointer or the keyboard's cursor is at a place of the sketch.
 * @param {{x: number, y: number}|null} at
 * @param {boolean} [aloud] whether a screen reader is told, too
 */
export function look(at, aloud = false) {
  clearTimeout(timer);
  const { sketch } = state;
  const on = sketch && at && at.x >= 0 && at.y >= 0 && at.x < sketch.width && at.y < sketch.height;
  if (!on) return tell(null, null);
  timer = window.setTimeout(async () => {
    const number = (asked += 1);
    const place = await api.at(sketch.id, at.x, at.y).catch(() => null);
    if (number !== asked || !place) return;
    tell(at, place);
    if (aloud) announce(words(at, place));
  }, PAUSE);
}

/** @param {{x: number, y: number}|null} at @param {Place|null} place */
function tell(at, place) {
  const { sketch } = state;
  if (!sketch) return byId("status").replaceChildren();
  if (!at || !place) {
    const size = t("page.size", { width: sketch.width, height: sketch.height });
    return byId("status").replaceChildren(make("span", {}, size));
  }
  byId("status").replaceChildren(
    make("span", {}, `${Math.floor(at.x)}, ${Math.floor(at.y)}`),
    chip(place.colour),
    make("span", {}, place.colour ?? t("transparent")),
    ...marks(place).map((mark) => make("span", { class: "mark" }, mark)),
  );
}

/** @param {Place} place */
function marks({ hinted, locked, chosen }) {
  return [hinted && t("is.hinted"), locked && t("is.locked"), chosen && t("is.chosen")].filter((mark) => typeof mark === "string");
}

/** @param {{x: number, y: number}} at @param {Place} place */
function words(at, place) {
  const what = [place.colour ?? t("transparent"), ...marks(place)].join(", ");
  return t("cursor", { x: Math.floor(at.x), y: Math.floor(at.y), what });
}
