/** Words in the language of the reader: one file of strings each, the same keys in all. */

import { store, stored } from "./storage.js";

const LANGUAGES = ["en", "ja"];
const KEPT = "inkwash.language";

/** @type {Record<string, string>} */
let strings = {};
let language = "en";
/** @type {(() => void)[]} */
const listeners = [];

/** The language that is shown. */
export function current() {
  return language;
}

/** The one that the language button leads to. */
export function other() {
  return LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length];
}

/** Load the language that was chosen last, or else that of the browser. */
export async function start() {
  const wanted = [stored(KEPT), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  await load(wanted.find((tag) => tag && LANGUAGES.includes(tag)) ?? "en");
}

/** Show another language, and keep it. @param {string} tag */
export async function use(tag) {
  store(KEPT, tag);
  await load(tag);
}

/** @param {string} tag */
async function load(tag) {
  const answer = await fetch(`/page/strings/${tag}.json`);
  strings = await answer.json();
  language = tag;
  document.documentElement.lang = tag;
  translate(document.body);
  for (const listener of listeners) listener();
}

/** Call now and after each change of language. @param {() => void} listener */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

/**
 * The words for a key, `{name}` replaced.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 */
export function t(key, values = {}) {
  const words = strings[key];
  if (words === undefined) throw new Error(`strings/${language}.json has no ${key}`);
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Whether there are words for a key. @param {string} key */
export function knows(key) {
  return key in strings;
}

/** Fill in all that is marked with data-t, data-t-label, data-t-title. @param {ParentNode} root */
export function translate(root) {
  for (const element of marked(root, "t")) element.textContent = t(element.dataset.t ?? "");
  for (const element of marked(root, "t-label")) {
    const words = t(element.dataset.tLabel ?? "");
    element.setAttribute("aria-label", words);
    element.title = element.dataset.key ? `${words} (${element.dataset.key})` : words;
    if (element.matches("canvas, section, aside, [role=dialog], [role=group], [role=radiogroup], nav"))
      element.removeAttribute("title");
  }
  for (const element of marked(root, "t-title")) element.title = t(element.dataset.tTitle ?? "");
}

/** @param {ParentNode} root @param {string} name @returns {NodeListOf<HTMLElement>} */
function marked(root, name) {
  return root.querySelectorAll(`[data-${name}]`);
}
