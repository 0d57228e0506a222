/** Why the server said no, in the reader's language; by its word for it, or else in its own words. */

import { knows, t } from "./i18n.js";

const NAMESPACE = "urn:inkwash:";

/**
 * @param {import("./api.js").Problem} problem
 * @param {string} [name] of the file, where the words about it begin with that
 */
export function reasonOf({ details, message }, name = "") {
  const detail = name ? message.replace(`${name}: `, "") : message;
  const word = details.type?.replace(NAMESPACE, "");
  const key = [`why.${word}.${details.reason}`, `why.${word}`].find(knows);
  const { known = "", size = "", limit = 0, retry_after = 0 } = details;
  return key ? t(key, { detail, known, size, limit, retry_after }) : detail;
}

/** Why a file was refused. @param {File} file @param {import("./api.js").Problem} problem */
export function refusal(file, problem) {
  return t("refused", { name: file.name, why: reasonOf(problem, stemOf(file)) });
}

/** What the server calls a file. @param {File} file */
export function stemOf({ name }) {
  return name.replace(/\.[^.]*$/, "");
}
