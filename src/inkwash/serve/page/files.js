/** Files from the artist: dialog, drop and paste. */

import { byId } from "./dom.js";

/** Ask for a file. @param {string} accept @returns {Promise<File|null>} null: none was chosen */
export function askFor(accept) {
  const input = /** @type {HTMLInputElement} */ (byId("file"));
  input.accept = accept;
  input.value = "";
  return new Promise((resolve) => {
    input.onchange = () => resolve(input.files?.[0] ?? null);
    input.oncancel = () => resolve(null);
    input.click();
  });
}

/** Take what is dropped or pasted anywhere on the page. @param {(file: File) => void} take */
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
  document.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!carries(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
  document.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (file) take(file);
  });
}
