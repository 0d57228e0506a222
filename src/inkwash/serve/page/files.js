/** Files from the artist: dialog, drop and paste. */

import { byId } from "./dom.js";
import { filesOf } from "./folders.js";

/** Ask for a file. @param {string} accept @returns {Promise<File|null>} null: none was chosen */
export async function askFor(accept) {
  return (await ask(accept, false))[0] ?? null;
}

/** Ask for one or more files. @param {string} accept @returns {Promise<File[]>} empty: none was chosen */
export function askForSome(accept) {
  return ask(accept, true);
}

/** @param {string} accept @param {boolean} multiple @returns {Promise<File[]>} */
function ask(accept, multiple) {
  const input = /** @type {HTMLInputElement} */ (byId("file"));
  Object.assign(input, { accept, multiple, value: "" });
  return new Promise((resolve) => {
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** Take what is dropped or pasted anywhere on the page. @param {(files: File[]) => void} take */
export function receive(take) {
  const veil = byId("drop");
  const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  document.addEventListener("drop", async (event) => {
    veil.hidden = true;
    if (!carries(event) || !event.dataTransfer) return;
    event.preventDefault();
    take(await filesOf(event.dataTransfer));
  });
  document.addEventListener("paste", (event) => take([...(event.clipboardData?.files ?? [])]));
}
