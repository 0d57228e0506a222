/** The stage: a canvas that shows the sketch, drawn anew only when something has changed. */

import { drawLayer, seenTiles } from "./draw.js";
import { Tiles } from "./tiles.js";
import { View } from "./view.js";

/** @typedef {import("../types.js").TileLayer} TileLayer */
/** @typedef {(context: CanvasRenderingContext2D, view: View) => void} Overlay */

const SHARP_FROM = 3; // device pixels per pixel: from here on pixels are squares
const ABOVE = 60; // CSS pixels that the tool's options take

export class Stage {
  view = new View();
  /** @type {import("../types.js").Sketch|null} */
  sketch = null;
  /** @type {TileLayer[]} bottom to top */
  layers = ["picture"];
  /** Where the comparing slider stands, 0…1; left of it is the sketch. @type {number|null} */
  split = null;
  /** What stands in for tiles that are not here yet. @type {ImageBitmap|HTMLImageElement|null} */
  backdrop = null;
  /** @type {Overlay[]} */
  overlays = [];
  /** @type {(() => void)[]} called after each frame that was drawn */
  drawn = [];

  #context;
  #ground = "";
  /** @type {ImageBitmap|null} */
  #preview = null;
  #density = 1;
  #asked = false;
  #fitted = true;

  /** @param {HTMLCanvasElement} canvas @param {(sketch: import("../types.js").Sketch, spot: import("./tiles.js").Spot) => string} address */
  constructor(canvas, address) {
    this.canvas = canvas;
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser has no canvas");
    this.#context = context;
    this.tiles = new Tiles(
      (spot) => address(/** @type {import("../types.js").Sketch} */ (this.sketch), spot),
      () => this.redraw(),
    );
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
  }

  /** CSS pixels. */
  get size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  /** Show a sketch, or nothing. @param {import("../types.js").Sketch|null} sketch */
  show(sketch) {
    const another = sketch?.id !== this.sketch?.id;
    this.sketch = sketch;
    if (another) this.forget();
    if (another && sketch) this.fit();
    this.redraw();
  }

  /** Fetch all tiles anew; until they come, show this. @param {ImageBitmap|HTMLImageElement|null} [backdrop] */
  forget(backdrop = null) {
    this.tiles.clear();
    this.backdrop = backdrop;
    this.redraw();
  }

  /** Show a file that is being opened, as the browser reads it; null ends it. @param {File|null} file */
  async preview(file) {
    const picture = file && (await createImageBitmap(file).catch(() => null));
    this.#preview?.close();
    this.#preview = picture;
    this.redraw();
  }

  /** Show the whole page. */
  fit() {
    if (!this.sketch) return;
    this.view.fit(this.sketch, this.size, ABOVE);
    this.#fitted = true;
    this.redraw();
  }

  /** @param {number} dx @param {number} dy CSS pixels */
  pan(dx, dy) {
    this.#move(() => this.view.pan(dx, dy));
  }

  /** @param {number} factor @param {number} [x] @param {number} [y] of the stage; its middle if left out */
  zoom(factor, x = this.size.width / 2, y = this.size.height / 2) {
    this.#move(() => this.view.zoom(factor, x, y));
  }

  /** Pan only as far as needed to see a point of the sketch. @param {number} x @param {number} y */
  reveal(x, y) {
    const [left, top] = this.view.toStage(x, y);
    const { width, height } = this.size;
    const beyond = (/** @type {number} */ at, /** @type {number} */ size) =>
      at < 60 ? 60 - at : at > size - 60 ? size - 60 - at : 0;
    if (beyond(left, width) || beyond(top, height)) this.pan(beyond(left, width), beyond(top, height));
  }

  /** Draw at the next frame. */
  redraw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => this.#draw());
  }

  /** @param {() => void} change */
  #move(change) {
    if (!this.sketch) return;
    change();
    this.view.hold(this.sketch, this.size);
    this.#fitted = false;
    this.redraw();
  }

  #resize() {
    this.#density = window.devicePixelRatio;
    this.#ground = getComputedStyle(this.canvas).backgroundColor;
    const { width, height } = this.size;
    this.canvas.width = Math.max(1, Math.round(width * this.#density));
    this.canvas.height = Math.max(1, Math.round(height * this.#density));
    if (this.#fitted) this.fit();
    this.#draw();
  }

  #draw() {
    this.#asked = false;
    const context = this.#context;
    const { width, height } = this.canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.#ground;
    context.fillRect(0, 0, width, height);
    if (this.#preview) this.#drawPreview(this.#preview);
    else if (this.sketch) this.#drawPage(this.sketch);
    context.setTransform(this.#density, 0, 0, this.#density, 0, 0);
    if (!this.#preview) for (const overlay of this.overlays) overlay(context, this.view);
    this.#describe();
    for (const listener of this.drawn) listener();
  }

  /** Say on the element what is shown: for assistive techniques, and for tests. */
  #describe() {
    const { scale, left, top } = this.view;
    const facts = {
      "aria-busy": String(!this.tiles.settled),
      "data-sketch": this.sketch?.id ?? "",
      "data-revision": String(this.sketch?.revision ?? ""),
      "data-view": [scale, left, top].map((value) => value.toFixed(4)).join(" "),
    };
    for (const [name, value] of Object.entries(facts))
      if (this.canvas.getAttribute(name) !== value) this.canvas.setAttribute(name, value);
  }

  /** @param {ImageBitmap} picture */
  #drawPreview(picture) {
    const view = new View();
    view.fit(picture, this.size, ABOVE);
    const [left, top, scale] = [view.left, view.top, view.scale].map((value) => value * this.#density);
    this.#context.imageSmoothingEnabled = true;
    this.#context.drawImage(picture, left, top, picture.width * scale, picture.height * scale);
  }

  /** @param {import("../types.js").Sketch} sketch */
  #drawPage(sketch) {
    const [left, right] = [0, this.canvas.width];
    const middle = this.split === null ? left : Math.round(this.split * right);
    const spots = [
      ...(this.split === null ? [] : this.#drawPart(sketch, ["sketch"], left, middle)),
      ...this.#drawPart(sketch, this.layers, middle, right),
    ];
    const coarse = { level: sketch.levels - 1, column: 0, row: 0 };
    const layers = this.split === null ? this.layers : [...this.layers, /** @type {const} */ ("sketch")];
    this.tiles.want([...spots, ...layers.map((layer) => ({ ...coarse, layer }))]);
    if (this.tiles.settled) this.backdrop = null;
  }

  /**
   * Draw the page between two columns of the canvas. Returns the tiles that it takes.
   * @param {import("../types.js").Sketch} sketch
   * @param {TileLayer[]} layers
   * @param {number} from
   * @param {number} to
   */
  #drawPart(sketch, layers, from, to) {
    const context = this.#context;
    const scale = this.view.scale * this.#density;
    const sheet = {
      sketch,
      scale,
      left: Math.round(this.view.left * this.#density),
      top: Math.round(this.view.top * this.#density),
      level: this.view.level(this.#density, sketch.levels),
      seen: { left: from, top: 0, right: to, bottom: this.canvas.height },
    };
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, this.canvas.height);
    context.clip();
    context.imageSmoothingEnabled = scale < SHARP_FROM;
    this.#drawPaper(sheet);
    const spots = layers.flatMap((layer) => {
      const seen = seenTiles(sheet, layer);
      drawLayer(context, sheet, seen, this.tiles);
      return seen;
    });
    context.restore();
    return spots;
  }

  /** @param {import("./draw.js").Sheet} sheet */
  #drawPaper({ sketch, scale, left, top }) {
    const [width, height] = [Math.round(sketch.width * scale), Math.round(sketch.height * scale)];
    this.#context.fillStyle = "#fff";
    this.#context.fillRect(left, top, width, height);
    if (this.backdrop) this.#context.drawImage(this.backdrop, left, top, width, height);
  }
}
