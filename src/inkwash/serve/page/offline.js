/** Says that the server cannot be reached, until it can again. */

import { catchUp } from "./changes.js";
import { watchServer } from "./connection.js";
import { byId, make } from "./dom.js";
import { t } from "./i18n.js";
import { watch } from "./state.js";

/** @param {import("./viewer/stage.js").Stage} stage */
export function setUpOffline(stage) {
  const banner = make("p", { class: "offline floating", role: "alert" });
  byId("stage").append(banner);
  watchServer();
  watch(["online"], ({ online }, before) => {
    banner.hidden = online;
    banner.textContent = online ? "" : t("offline");
    if (!online || before.online) return;
    void catchUp();
    stage.redraw();
  });
}
