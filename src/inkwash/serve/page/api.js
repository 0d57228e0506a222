/** The one door to the server: plain calls, problem details as errors, no state but the token. */

/** @typedef {import("./types.js").Sketch} Sketch */
/** @typedef {import("./types.js").Job} Job */

const TILE = 512; // side, pixels

/** The server said no, and why (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {import("./types.js").Details} details
   * @param {string|null} [after] Retry-After, seconds
   */
  constructor(status, details, after) {
    super(details.detail || details.title || `HTTP ${status}`);
    this.status = status;
    this.details = details;
    this.after = Number(after) || null;
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>} an answer that is a success; throws Problem, Unreachable
 */
export async function call(path, options = {}) {
  const answer = await fetch(path, { credentials: "same-origin", ...options }).catch(lost);
  if (answer.ok) return answer;
  const details = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, details, answer.headers.get("Retry-After"));
}

/** @param {Error} error @returns {never} */
function lost(error) {
  throw error.name === "AbortError" ? error : new Unreachable(String(error));
}

/** @param {string} path @param {RequestInit} [options] */
async function json(path, options) {
  const answer = await call(path, options);
  return answer.status === 204 ? null : await answer.json().catch(lost);
}

/** @param {unknown} body @returns {RequestInit} */
function posting(body) {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

/** @param {File} file */
function form(file) {
  const body = new FormData();
  body.set("file", file);
  return { method: "POST", body };
}

/** @returns {Promise<import("./types.js").Entry[]>} newest first */
export const sketches = () => json("/v1/sketches");

/** @returns {Promise<import("./types.js").Example[]>} */
export const examples = () => json("/v1/examples");

/** @param {string} id @returns {Promise<Sketch>} */
export const sketch = (id) => json(`/v1/sketches/${id}`);

/** @param {string} id */
export const forget = (id) => json(`/v1/sketches/${id}`, { method: "DELETE" });

/** Take back `forget`. @param {string} id */
export const bringBack = (id) => json(`/v1/sketches/${id}/reopen`, { method: "POST" });

/** @param {File} file @param {AbortSignal} signal @returns {Promise<{id: string, job: string}>} */
export const open = (file, signal) => json("/v1/sketches", { ...form(file), signal });

/**
 * Something that changes a sketch: hints, choices, pick, style, undo, redo give its new state;
 * propose, reroll and palettes give a job. Problem 412 when the sketch is no longer as `of` is.
 * @param {Sketch} of
 * @param {string} what
 * @param {unknown} [body]
 * @param {string} [method]
 * @returns {Promise<any>}
 */
export function change(of, what, body, method = "POST") {
  const headers = new Headers({ "If-Match": `"${of.revision}"` });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  return json(`/v1/sketches/${of.id}/${what}`, { method, headers, body: JSON.stringify(body) });
}

/** @param {string} id @param {number} x @param {number} y @returns {Promise<import("./types.js").Place>} */
export const at = (id, x, y) => json(`/v1/sketches/${id}/at?x=${x.toFixed(2)}&y=${y.toFixed(2)}`);

/** @returns {Promise<import("./types.js").Palette[]>} the library */
export const palettes = () => json("/v1/palettes");

/**
 * A palette from a palette file or a picture; of the file of a character sheet, that.
 * @param {File} file
 * @returns {Promise<import("./types.js").Palette|import("./types.js").Sheet>}
 */
export const paletteFrom = (file) => json("/v1/palettes", form(file));

/**
 * The file of a palette.
 * @param {import("./types.js").Palette} palette
 * @param {string} format gpl, ase, aco, json
 */
export const paletteFile = (palette, format) =>
  download(`/v1/palettes/export?format=${format}`, posting(palette));

/** @param {string} id @returns {Promise<Job>} */
export const job = (id) => json(`/v1/jobs/${id}`);

/** @param {string} id */
export const cancel = (id) => json(`/v1/jobs/${id}`, { method: "DELETE" });

/**
 * Colour a sketch anew, be it shown or not.
 * @param {string} id @param {import("./types.js").Given} given @returns {Promise<{job: string}>}
 */
export const recolour = (id, given) => json(`/v1/sketches/${id}/palettes`, posting(given));

/** @param {string} id @param {number} index from 1 @param {number} size pixels @param {number} revision */
export const proposalUrl = (id, index, size, revision) =>
  `/v1/sketches/${id}/proposals/${index}.webp?size=${size}&revision=${revision}`;

/** @param {Sketch} of @param {string} layer @param {number} level @param {number} column @param {number} row */
export const tileUrl = (of, layer, level, column, row) =>
  `/v1/sketches/${of.id}/tiles/${layer}/${level}/${column}/${row}.webp?revision=${of.revision}`;

/** A whole sketch in one tile. @param {import("./types.js").Entry} entry @param {number} [revision] */
export function thumbnailUrl({ id, width, height }, revision = 0) {
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / TILE)));
  return `/v1/sketches/${id}/tiles/picture/${level}/0/0.webp?revision=${revision}`;
}

/**
 * A file and the name that the server gives it.
 * @param {string} path @param {RequestInit} [options]
 * @returns {Promise<{blob: Blob, name: string}>}
 */
export async function download(path, options) {
  const answer = await call(path, options);
  const header = answer.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=(?:utf-8'')([^;]+)/i.exec(header)?.[1];
  const plain = /filename="?([^";]+)/i.exec(header)?.[1];
  return { blob: await answer.blob().catch(lost), name: encoded ? decodeURIComponent(encoded) : (plain ?? "inkwash") };
}
