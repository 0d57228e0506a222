/** The bar at the top: undo, style, layers, language. */

import { compare, redo, undo } from "./actions.js";
import { change } from "./changes.js";
import { exportPainting } from "./dialogs/export.js";
import { close } from "./documents.js";
import { byId, walkByArrows } from "./dom.js";
import { onLanguage, other, t, use } from "./i18n.js";
import { help } from "./shortcuts.js";
import { state, update, watch } from "./state.js";

const NAMES = { en: "English", ja: "日本語" };

/** @typedef {import("./types.js").LayerName} LayerName */

/** @param {import("./viewer/stage.js").Stage} stage */
export function setUpTopBar(stage) {
  const actions = { home: close, undo, redo, compare, help, export: exportPainting };
  for (const [id, act] of Object.entries(actions)) byId(id).addEventListener("click", () => void act());
  byId("language").addEventListener("click", () => void use(other()));
  onLanguage(() => (byId("language").textContent = NAMES[/** @type {"en"|"ja"} */ (other())]));
  setUpStyle();
  setUpLayers();
  setUpZoom(stage);
  watch(["sketch"], ({ sketch }) => {
    document.body.toggleAttribute("data-empty", !sketch);
    document.title = sketch ? `${sketch.name} · inkwash` : "inkwash";
    byId("name").textContent = sketch?.name ?? "inkwash";
    byId("name").title = sketch?.name ?? "";
    byId("undo").toggleAttribute("disabled", !sketch?.can_undo);
    byId("redo").toggleAttribute("disabled", !sketch?.can_redo);
  });
  watch(["compare"], ({ compare: at }) => byId("compare").setAttribute("aria-pressed", String(at !== null)));
}

function setUpStyle() {
  walkByArrows(byId("style"));
  const buttons = byId("style").querySelectorAll("button");
  for (const button of buttons) button.addEventListener("click", () => void change("style", { style: button.dataset.value }));
  watch(["sketch"], ({ sketch }) => {
    for (const button of buttons) button.setAttribute("aria-checked", String(button.dataset.value === sketch?.style));
  });
}

function setUpLayers() {
  const buttons = byId("layers").querySelectorAll("button");
  for (const button of buttons) {
    const layer = /** @type {LayerName} */ (button.dataset.layer);
    button.addEventListener("click", () => update({ layers: { ...state.layers, [layer]: !state.layers[layer] } }));
  }
  const show = () => {
    for (const button of buttons) {
      const layer = /** @type {LayerName} */ (button.dataset.layer);
      button.setAttribute("aria-pressed", String(state.layers[layer]));
      button.title = t(state.layers[layer] ? "tip.hide" : "tip.show", { layer: t(`layer.${layer}`) });
    }
  };
  watch(["layers"], show);
  onLanguage(show);
}

/** @param {import("./viewer/stage.js").Stage} stage */
function setUpZoom(stage) {
  byId("zoom-out").addEventListener("click", () => stage.zoom(0.8));
  byId("zoom-in").addEventListener("click", () => stage.zoom(1.25));
  byId("zoom-fit").addEventListener("click", () => stage.fit());
  byId("zoom-actual").addEventListener("click", () => stage.zoom(1 / window.devicePixelRatio / stage.view.scale));
  stage.drawn.push(() => {
    const words = `${Math.round(stage.view.scale * window.devicePixelRatio * 100)} %`;
    if (byId("zoom-actual").textContent !== words) byId("zoom-actual").textContent = words;
  });
}
