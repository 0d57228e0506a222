/** Marks on the stage: what was hinted, what is on its way, and the cursor of the keyboard. */

import { pending } from "./pending.js";
import { state } from "./state.js";
import { widthAt } from "./tools/pressure.js";

/** @typedef {import("./types.js").Hint} Hint */
/** @typedef {import("./viewer/view.js").View} View */

const PIN = 4.5; // CSS pixels

/** Where the keyboard's cursor is on the sketch; null while the pointer is used. @type {{x: number, y: number}|null} */
let cursor = null;

/** @param {{x: number, y: number}|null} place */
export function setCursor(place) {
  cursor = place;
  pending.changed();
}

/** @param {import("./viewer/stage.js").Stage} stage */
export function drawMarks(stage) {
  pending.changed = () => stage.redraw();
  stage.drawn.push(() => stage.tiles.settled && pending.drawn());
  stage.overlays.push((context, view) => {
    if (!state.sketch) return;
    if (marksShow()) for (const hint of state.sketch.hints) drawPin(context, view, hint);
    for (const { hint } of pending.hints) drawHint(context, view, hint);
    drawStroke(context, view);
    if (cursor) drawCursor(context, view.toStage(cursor.x, cursor.y));
  });
}

/** Marks help whoever gives or takes back hints, and are in the way otherwise. */
function marksShow() {
  return !["take", "hand", "eyedropper"].includes(state.tool);
}

/** A small pin where a hint was given. @param {CanvasRenderingContext2D} context @param {View} view @param {Hint} hint */
function drawPin(context, view, hint) {
  const place = middle(hint);
  if (!place) return;
  const [x, y] = view.toStage(...place);
  context.beginPath();
  if (hint.kind === "lock") context.rect(x - PIN, y - PIN, 2 * PIN, 2 * PIN);
  else context.arc(x, y, PIN, 0, 7);
  context.fillStyle = hint.rgb ?? "#fff";
  context.fill();
  if (hint.kind === "clear") line(context, [x - PIN, y + PIN], [x + PIN, y - PIN]);
  ring(context);
}

/** @param {Hint} hint @returns {[number, number]|null} of the sketch */
function middle(hint) {
  if (hint.shape === "dot") return [hint.x ?? 0, hint.y ?? 0];
  if (hint.shape === "stroke" && hint.points) return hint.points[Math.floor(hint.points.length / 2)];
  const run = hint.runs?.[Math.floor(hint.runs.length / 2)];
  return run ? [(run[1] + run[2]) / 2, run[0]] : null;
}

/** The dab itself. @param {CanvasRenderingContext2D} context @param {View} view @param {Hint} hint */
function drawHint(context, view, hint) {
  if (!hint.rgb) return drawPin(context, view, hint);
  context.fillStyle = context.strokeStyle = hint.rgb;
  if (hint.shape === "dot") {
    const [x, y] = view.toStage(hint.x ?? 0, hint.y ?? 0);
    context.beginPath();
    context.arc(x, y, Math.max(2, (hint.radius ?? 3) * view.scale), 0, 7);
    context.fill();
  } else if (hint.points) {
    for (let at = 0; at < hint.points.length; at++)
      dab(context, view, hint.points[Math.max(0, at - 1)], hint.points[at], hint.width ?? 4);
  }
}

/** @param {CanvasRenderingContext2D} context @param {View} view */
function drawStroke(context, view) {
  context.strokeStyle = state.colour;
  pending.stroke.forEach((point, at) => {
    const before = pending.stroke[Math.max(0, at - 1)];
    dab(context, view, [before.x, before.y], [point.x, point.y], widthAt(point));
  });
}

/** @param {CanvasRenderingContext2D} context @param {View} view @param {[number, number]} from @param {[number, number]} to @param {number} width */
function dab(context, view, from, to, width) {
  context.lineWidth = Math.max(2, width * view.scale);
  context.lineCap = "round";
  line(context, view.toStage(...from), view.toStage(...to));
  context.stroke();
}

/** A cross, and how wide the tool is. @param {CanvasRenderingContext2D} context @param {[number, number]} place */
function drawCursor(context, [x, y]) {
  context.beginPath();
  for (const [dx, dy] of [[0, 1], [1, 0], [0, -1], [-1, 0]]) {
    context.moveTo(x + 5 * dx, y + 5 * dy);
    context.lineTo(x + 16 * dx, y + 16 * dy);
  }
  ring(context);
  if (!["dot", "brush", "fill"].includes(state.tool)) return;
  context.beginPath();
  context.arc(x, y, 3, 0, 7);
  context.fillStyle = state.colour;
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {[number, number]} from @param {[number, number]} to */
function line(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
}

/** Black around white: seen on every colour. @param {CanvasRenderingContext2D} context */
function ring(context) {
  context.lineWidth = 4;
  context.strokeStyle = "#000";
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = "#fff";
  context.stroke();
}
