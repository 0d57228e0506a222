/** Mouse, pen and fingers on the stage: panning, zooming and pinching here, the rest to the tool. */

/**
 * @typedef {object} Touch a point of the stage, CSS pixels
 * @property {number} x
 * @property {number} y
 * @property {number} pressure 0…1; a mouse and a finger press with 0.5
 * @property {boolean} shift
 * @property {boolean} alt
 */

/**
 * @typedef {object} Doings
 * @property {() => boolean} pans whether a drag with the main button pans, too
 * @property {(touch: Touch) => void} press
 * @property {(touches: Touch[]) => void} drag all points since the last call
 * @property {(touch: Touch) => void} release
 * @property {() => void} abandon the press turned out to be a pinch
 * @property {(touch: Touch|null) => void} hover null: the pointer has left
 */

const SECOND = 90; // milliseconds that a finger waits whether a second one makes it a pinch
const STILL = 6; // CSS pixels that it may move meanwhile
const WHEEL = 0.0016; // of zoom per pixel that the wheel turns

/**
 * @param {import("./stage.js").Stage} stage
 * @param {Doings} doings
 */
export function listen(stage, doings) {
  const { canvas } = stage;
  /** @type {Map<number, Touch>} pointers that are down */
  const down = new Map();
  /** @type {"tool"|"pan"|"pinch"|null} */
  let mode = null;
  /** A finger's press that the tool does not know of yet. @type {Touch|null} */
  let held = null;

  const letGo = () => {
    if (held) doings.press(held);
    held = null;
  };
  const abandon = () => {
    if (!held) doings.abandon();
    held = null;
  };

  /** @param {PointerEvent} event @returns {Touch} */
  const touchOf = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return {
      x: event.clientX - left,
      y: event.clientY - top,
      pressure: event.pointerType === "pen" ? event.pressure : 0.5,
      shift: event.shiftKey,
      alt: event.altKey,
    };
  };

  /** @param {PointerEvent} event */
  const start = (event) => {
    canvas.focus({ preventScroll: true });
    if (event.button > 1) return;
    canvas.setPointerCapture(event.pointerId);
    const touch = touchOf(event);
    down.set(event.pointerId, touch);
    if (down.size === 2) {
      if (mode === "tool") abandon();
      mode = "pinch";
    } else if (down.size === 1) {
      mode = event.button === 1 || doings.pans() ? "pan" : "tool";
      if (mode === "pan") canvas.dataset.grabbing = "";
      else if (event.pointerType === "touch") setTimeout(letGo, SECOND, (held = touch));
      else doings.press(touch);
    }
  };

  /** @param {PointerEvent} event */
  const move = (event) => {
    const touch = touchOf(event);
    const before = down.get(event.pointerId);
    if (!before) return doings.hover(touch);
    if (mode === "pan") stage.pan(touch.x - before.x, touch.y - before.y);
    if (mode === "pinch") pinch(stage, [...down.values()], before, touch);
    if (mode === "tool" && held && Math.hypot(touch.x - held.x, touch.y - held.y) < STILL) return;
    if (mode === "tool") {
      letGo();
      const all = event.getCoalescedEvents?.() ?? [];
      doings.drag(all.length ? all.map(touchOf) : [touch]);
    }
    down.set(event.pointerId, touch);
  };

  /** @param {PointerEvent} event */
  const end = (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    if (mode === "tool" && event.type === "pointerup") {
      letGo();
      doings.release(touchOf(event));
    } else if (mode === "tool") abandon();
    mode = null;
    delete canvas.dataset.grabbing;
  };

  canvas.addEventListener("pointerdown", start);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => doings.hover(null));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("wheel", (event) => turn(stage, event), { passive: false });
}

/**
 * One of two fingers has moved: their distance zooms, their middle pans.
 * @param {import("./stage.js").Stage} stage
 * @param {Touch[]} fingers before the move
 * @param {Touch} before
 * @param {Touch} after
 */
function pinch(stage, fingers, before, after) {
  const still = fingers.find((finger) => finger !== before);
  if (!still) return;
  const middle = { x: (still.x + after.x) / 2, y: (still.y + after.y) / 2 };
  const distance = (/** @type {Touch} */ finger) =>
    Math.max(10, Math.hypot(finger.x - still.x, finger.y - still.y));
  stage.pan((after.x - before.x) / 2, (after.y - before.y) / 2);
  stage.zoom(distance(after) / distance(before), middle.x, middle.y);
}

/**
 * The wheel zooms at the pointer; a touchpad's two fingers pan, as does the wheel with Shift.
 * @param {import("./stage.js").Stage} stage
 * @param {WheelEvent} event
 */
function turn(stage, event) {
  event.preventDefault();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
  const [dx, dy] = [event.deltaX * lines, event.deltaY * lines];
  const wheel = Math.abs(dy) >= 100 && dx === 0 && Number.isInteger(dy);
  if (event.shiftKey && dx === 0) stage.pan(-dy, 0);
  else if (event.ctrlKey || wheel) {
    const strength = event.ctrlKey && !wheel ? 6 : 1;
    stage.zoom(Math.exp(-dy * WHEEL * strength), event.offsetX, event.offsetY);
  } else stage.pan(-dx, -dy);
}
