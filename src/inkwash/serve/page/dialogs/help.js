/** The help sheet: every key, and what the tools do. */

import { make } from "../dom.js";
import { t } from "../i18n.js";
import { TOOLS } from "../tools/registry.js";
import { openDialog } from "./dialog.js";

/**
 * @param {import("../shortcuts.js").Shortcut[]} shortcuts
 * @param {{on: boolean, use: (on: boolean) => void}} single whether letters alone are keys
 */
export function openHelp(shortcuts, single) {
  const tools = TOOLS.map(({ name, key }) => /** @type {[string, string]} */ ([key, t(`tool.${name}.help`)]));
  const groups = Object.entries(Object.groupBy(shortcuts, ({ group }) => group)).map(
    ([group, rows = []]) => table(t(`keys.${group}`), rows.map(({ shown, name }) => [shown, t(name)])),
  );
  const letters = make("input", { type: "checkbox", checked: single.on, onchange: () => single.use(letters.checked) });
  openDialog(t("help"), "help",
    make("p", {}, t("help.start")),
    make("div", { class: "columns" }, table(t("tools"), tools), ...groups),
    make("label", { class: "more" }, letters, t("help.letters")));
}

/** @param {string} title @param {[string, string][]} rows */
function table(title, rows) {
  const lines = rows.map(([key, words]) =>
    make("div", {}, make("dt", {}, ...key.split(" / ").map((one) => make("kbd", {}, one))), make("dd", {}, words)));
  return make("section", {}, make("h3", {}, title), make("dl", {}, ...lines));
}
