/** What pointers and keys do on the stage, handed to the tool in hand. */

import { cardIsOpen, closeCard } from "./card.js";
import { setCursor } from "./marks.js";
import { state, watch } from "./state.js";
import { look } from "./status.js";
import { toolNamed } from "./tools/registry.js";
import { listen } from "./viewer/gestures.js";

const STEP = 12; // CSS pixels that an arrow moves the cursor
const FAR = 5; // times, with Shift

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {import("./viewer/stage.js").Stage} stage */
export function setUpInput(stage) {
  let space = false;
  const pointOf = (/** @type {import("./viewer/gestures.js").Touch} */ touch) => {
    const [x, y] = stage.view.toSketch(touch.x, touch.y);
    return { x, y, pressure: touch.pressure };
  };
  const tool = () => toolNamed(state.tool);

  listen(stage, {
    pans: () => space || state.tool === "hand" || !state.sketch,
    press: (touch) => {
      setCursor(null);
      closeCard();
      tool().press?.(pointOf(touch));
    },
    drag: (touches) => tool().drag?.(touches.map(pointOf)),
    release: (touch) => tool().release?.(pointOf(touch)),
    abandon: () => tool().abandon?.(),
    hover: (touch) => {
      look(touch && pointOf(touch));
      if (!cardIsOpen()) stage.point(touch && pointOf(touch));
    },
  });

  const hold = (/** @type {boolean} */ on) => {
    space = on;
    stage.canvas.toggleAttribute("data-space", on);
  };
  document.addEventListener("keyup", (event) => event.key === " " && hold(false));
  window.addEventListener("blur", () => hold(false));
  walkByKeys(stage, hold);
  watch(["tool"], ({ tool: held }) => {
    stage.pointing = held !== "hand";
    stage.point(null);
  });
  watch(["sketch"], ({ sketch }, before) => {
    if (sketch?.id !== before.sketch?.id) setCursor(null);
  });
}

/**
 * The cursor of the keyboard: arrows move it, Enter uses the tool there.
 * @param {import("./viewer/stage.js").Stage} stage
 * @param {(on: boolean) => void} hold
 */
function walkByKeys(stage, hold) {
  /** @type {{x: number, y: number}|null} */
  let at = null;
  const move = (/** @type {number} */ dx, /** @type {number} */ dy) => {
    const { sketch } = state;
    if (!sketch) return;
    at ??= { x: sketch.width / 2, y: sketch.height / 2 };
    const held = (/** @type {number} */ place, /** @type {number} */ most) => Math.min(most - 0.5, Math.max(0.5, place));
    at = { x: held(at.x + dx, sketch.width), y: held(at.y + dy, sketch.height) };
    stage.reveal(at.x, at.y);
    setCursor(at);
    stage.point(at);
    look(at, true);
  };
  const use = () => {
    if (!at) return move(0, 0);
    const point = { ...at, pressure: 0.5 };
    toolNamed(state.tool).press?.(point);
    toolNamed(state.tool).release?.(point);
  };
  watch(["sketch"], ({ sketch }, before) => {
    if (sketch?.id !== before.sketch?.id) at = null;
  });
  stage.canvas.addEventListener("pointerdown", (event) => {
    const [x, y] = stage.view.toSketch(event.offsetX, event.offsetY);
    if (state.sketch) at = { x, y };
  });
  stage.canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
    if (arrow && event.ctrlKey) stage.pan(-arrow[0] * 80, -arrow[1] * 80);
    else if (arrow) {
      const step = event.altKey ? 1 : (STEP * (event.shiftKey ? FAR : 1)) / stage.view.scale;
      move(arrow[0] * step, arrow[1] * step);
    } else if (event.key === "Enter") use();
    else if (event.key === " ") hold(true);
    else return;
    if (cardIsOpen() && arrow) closeCard();
    event.preventDefault();
  });
}
