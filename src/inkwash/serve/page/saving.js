/** Files for the artist: fetched under a progress bar, then saved by the browser. */

import { Problem } from "./api.js";
import { patiently } from "./connection.js";
import { make } from "./dom.js";
import { t } from "./i18n.js";
import { fault, wentWell } from "./messages.js";
import { during } from "./progress.js";
import { reasonOf } from "./reasons.js";

/** @param {(signal: AbortSignal) => Promise<{blob: Blob, name: string}>} fetching */
export async function save(fetching) {
  const stop = new AbortController();
  try {
    const work = patiently(() => fetching(stop.signal));
    hand(await during(t("exporting"), work, () => stop.abort()));
    wentWell("save");
  } catch (error) {
    if (error instanceof Problem) fault(reasonOf(error), "save");
    else if (/** @type {Error} */ (error).name !== "AbortError") throw error;
  }
}

/** @param {{blob: Blob, name: string}} file */
function hand({ blob, name }) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
