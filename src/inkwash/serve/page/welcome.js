/** The first page: open a sketch, try an example, go on with an earlier one. */

import * as api from "./api.js";
import { openAll } from "./arrivals.js";
import { patiently } from "./connection.js";
import { goOn, openExample } from "./documents.js";
import { byId, icon, make } from "./dom.js";
import { askForSome } from "./files.js";
import { onLanguage, t } from "./i18n.js";
import { fault, note, wentWell } from "./messages.js";
import { reasonOf } from "./reasons.js";
import { state, watch } from "./state.js";

const OPENS = "image/*,.inkwash";

/** @type {import("./types.js").Example[]} */
let examples = [];
/** @type {import("./types.js").Entry[]} */
let entries = [];

/** Ask for files and open them. */
export async function askAndOpen() {
  await openAll(await askForSome(OPENS));
}

export function setUpWelcome() {
  watch(["sketch"], ({ sketch }, before) => {
    byId("welcome").hidden = !!sketch;
    if (!sketch || sketch === before.sketch) void load(!sketch);
  });
  watch(["arriving"], ({ arriving }, before) => {
    const opened = before.arriving.some((arrival) => !arriving.includes(arrival));
    if (opened) void load(!state.sketch);
    else draw();
  });
  onLanguage(draw);
}

/** @param {boolean} needed */
async function load(needed) {
  if (!needed) return;
  [examples, entries] = await patiently(() => Promise.all([api.examples(), api.sketches()]));
  draw();
}

function draw() {
  if (state.sketch) return;
  const button = make("button", { class: "primary large", onclick: askAndOpen }, icon("open"), t("welcome.open"));
  const start = make("div", { class: "start" }, icon("picture"), make("h2", {}, t("welcome.title")),
    make("p", {}, t("welcome.how")), button);
  byId("welcome").replaceChildren(start,
    shelf(t("welcome.examples"), examples.map(exampleCard)),
    shelf(t("welcome.recent"), [...state.arriving.map(arrivalCard), ...entries.map(entryCard)]));
}

/** @param {string} title @param {HTMLElement[]} cards */
function shelf(title, cards) {
  return make("section", { class: "shelf", hidden: !cards.length }, make("h2", {}, title), make("div", { class: "cards" }, ...cards));
}

/** @param {import("./types.js").Example} example */
function exampleCard(example) {
  return make("button", { class: "picture", onclick: () => void openExample(example) },
    make("img", { src: example.url, alt: "", loading: "lazy" }), make("span", {}, example.name));
}

/** @param {import("./arrivals.js").Arrival} arrival */
function arrivalCard(arrival) {
  const words = t(arrival.why ? "welcome.forget" : "arrivals.cancel", { name: arrival.name });
  const said = make("small");
  const bar = make("progress", { max: 1, "aria-label": arrival.name });
  arrival.changed = () => {
    said.textContent = arrival.said;
    bar.value = arrival.share ?? 0;
    bar.hidden = !!arrival.why;
  };
  arrival.changed();
  return make("div", { class: "entry" },
    make("div", { class: "picture arriving" }, make("div", {}, said, bar), make("span", {}, arrival.name)),
    make("button", { class: "icon forget", "aria-label": words, title: words, onclick: () => arrival.cancel() }, icon("close")));
}

/** @param {import("./types.js").Entry} entry */
function entryCard(entry) {
  const words = t("welcome.forget", { name: entry.name });
  return make("div", { class: "entry" },
    make("button", { class: "picture", onclick: () => void goOn(entry) },
      make("img", { src: api.thumbnailUrl(entry), alt: "", loading: "lazy" }),
      make("span", {}, entry.name)),
    make("button", { class: "icon forget", "aria-label": words, title: words, onclick: () => void forget(entry) }, icon("close")));
}

/** Take a sketch off the list. @param {import("./types.js").Entry} entry */
async function forget(entry) {
  if (!(await changeList(entry, api.forget))) return;
  const takeBack = { words: t("undo"), act: () => void changeList(entry, api.bringBack) };
  note(t("welcome.forgotten", { name: entry.name }), takeBack);
}

/**
 * Do something with a sketch of the list, and show the list as it is then; whether it was done.
 * @param {import("./types.js").Entry} entry
 * @param {(id: string) => Promise<unknown>} act
 */
async function changeList({ id, name }, act) {
  try {
    await patiently(() => act(id));
    wentWell("open");
    return true;
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    fault(t("refused", { name, why: reasonOf(error) }), "open");
    return false;
  } finally {
    await load(!state.sketch);
  }
}
