/** The rail of tools, and what the tool in hand offers. */

import { byId, icon, make, walkByArrows } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { state, update, watch } from "./state.js";
import { TOOLS, toolNamed } from "./tools/registry.js";

export function setUpTools() {
  const rail = byId("tools");
  for (const tool of TOOLS) {
    const button = make("button", { "data-tool": tool.name, onclick: () => update({ tool: tool.name }) }, icon(tool.name));
    rail.append(button);
    if (tool.ends) rail.append(make("hr"));
  }
  walkByArrows(rail);
  walkByArrows(promise);
  onLanguage(() => (name(), offer()));
  watch(["tool"], () => (press(), offer()));
  watch(["promise", "spread", "colour", "brush"], offer);
}

/** @returns {HTMLButtonElement[]} */
function buttons() {
  return [...byId("tools").querySelectorAll("button")];
}

function name() {
  for (const button of buttons()) {
    const tool = toolNamed(/** @type {any} */ (button.dataset.tool));
    button.setAttribute("aria-label", t(`tool.${tool.name}`));
    button.title = `${t(`tool.${tool.name}`)} (${tool.key})`;
  }
}

function press() {
  for (const button of buttons()) {
    const held = button.dataset.tool === state.tool;
    button.setAttribute("aria-pressed", String(held));
    button.tabIndex = held ? 0 : -1;
  }
  byId("canvas").dataset.tool = state.tool;
}

/** What is offered depends on the tool; kept are the elements, so that the keyboard stays on them. */
const swatch = make("button", { class: "chip large", onclick: () => byId("colour").querySelector("input")?.focus() });
const exact = make("button", { role: "radio", onclick: () => update({ promise: "colour" }) });
const suggest = make("button", { role: "radio", onclick: () => update({ promise: "suggest" }) });
const promise = make("div", { class: "segments", role: "radiogroup" }, exact, suggest);
const size = make("input", { type: "range", min: "2", max: "100", oninput: () => update({ brush: Number(size.value) }) });
const sizeWords = make("span");
const sized = make("label", {}, sizeWords, size);
const spread = make("input", { type: "checkbox", onchange: () => update({ spread: spread.checked }) });
const spreadWords = make("span");
const spreading = make("label", {}, spread, spreadWords);
const hint = make("span", { class: "soft" });

function offer() {
  const tool = toolNamed(state.tool);
  const options = byId("options");
  if (!options.childElementCount) options.append(swatch, promise, sized, hint, spreading);
  for (const element of [swatch, promise]) element.hidden = !tool.paints;
  sized.hidden = !tool.sized;
  spreading.hidden = tool.name !== "take";
  hint.hidden = tool.paints === true;
  fillIn();
  hint.textContent = t(`tool.${tool.name}.short`);
}

function fillIn() {
  swatch.style.backgroundColor = state.colour;
  swatch.setAttribute("aria-label", `${t("colour")} ${state.colour}`);
  promise.setAttribute("aria-label", t("promise"));
  [exact.textContent, suggest.textContent] = [t("exact"), t("suggest")];
  [exact.title, suggest.title] = [t("tip.exact"), t("tip.suggest")];
  exact.setAttribute("aria-checked", String(state.promise === "colour"));
  suggest.setAttribute("aria-checked", String(state.promise === "suggest"));
  sizeWords.textContent = t("size", { pixels: state.brush });
  size.value = String(state.brush);
  spread.checked = state.spread;
  spreadWords.textContent = t("spread");
}
