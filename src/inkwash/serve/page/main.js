/** Put the page together. */

import * as api from "./api.js";
import { openAll } from "./arrivals.js";
import { setUpCard } from "./card.js";
import { catchUp, guardLeaving } from "./changes.js";
import { recall } from "./colours.js";
import { setUpCompare } from "./compare.js";
import { onOpening, reopen } from "./documents.js";
import { byId } from "./dom.js";
import { receive } from "./files.js";
import { start as startLanguage } from "./i18n.js";
import { setUpInput } from "./input.js";
import { drawMarks } from "./marks.js";
import { setUpOffline } from "./offline.js";
import { setUpColour } from "./panels/colour.js";
import { setUpPalette } from "./panels/palette.js";
import { setUpProposals } from "./panels/proposals.js";
import { showProgress } from "./progress.js";
import { setUpShortcuts } from "./shortcuts.js";
import { follow } from "./showing.js";
import { setUpStatus } from "./status.js";
import { setUpTools } from "./toolbar.js";
import { knowRegions } from "./tools/parts.js";
import { setUpTopBar } from "./topbar.js";
import { describe } from "./viewer/describe.js";
import { Stage } from "./viewer/stage.js";
import { setUpWelcome } from "./welcome.js";

await startLanguage();
const stage = new Stage(byId("canvas"), (sketch, spot) =>
  api.tileUrl(sketch, spot.layer, spot.level, spot.column, spot.row));
knowRegions(({ x, y }) => stage.regionAt(x, y));
describe(stage);
follow(stage);
drawMarks(stage);
setUpCard(stage);
setUpCompare(stage);
setUpInput(stage);
setUpStatus();
setUpTools();
setUpTopBar(stage);
setUpProposals();
recall();
setUpColour();
setUpPalette();
setUpShortcuts(stage);
setUpOffline(stage);
showProgress();
guardLeaving();
receive((files) => void openAll(files));
onOpening((file) => {
  document.body.toggleAttribute("data-opening", !!file);
  void stage.preview(file);
});
document.addEventListener("visibilitychange", () => document.hidden || void catchUp());
window.addEventListener("focus", () => void catchUp());
await reopen();
setUpWelcome();
