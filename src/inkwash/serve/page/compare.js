/** The slider that compares the sketch, left of it, with its colours. */

import { byId } from "./dom.js";
import { state, update, watch } from "./state.js";

const STEP = 0.02;

/** @param {import("./viewer/stage.js").Stage} stage */
export function setUpCompare(stage) {
  const slider = byId("slider");
  watch(["compare"], ({ compare }) => {
    slider.hidden = compare === null;
    stage.split = compare;
    stage.redraw();
    if (compare === null) return;
    slider.style.left = `${compare * 100}%`;
    slider.setAttribute("aria-valuenow", String(Math.round(compare * 100)));
  });
  slider.addEventListener("pointerdown", (event) => slider.setPointerCapture(event.pointerId));
  slider.addEventListener("pointermove", (event) => {
    if (!slider.hasPointerCapture(event.pointerId)) return;
    const { left, width } = stage.canvas.getBoundingClientRect();
    move((event.clientX - left) / width);
  });
  slider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step || state.compare === null) return;
    event.preventDefault();
    event.stopPropagation();
    move(state.compare + step);
  });
}

/** @param {number} share of the stage's width */
function move(share) {
  update({ compare: Math.min(1, Math.max(0, share)) });
}
