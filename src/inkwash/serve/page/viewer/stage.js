/** The stage: a canvas that shows the sketch, drawn anew only when something has changed. */

import { drawLayer, drawOutline, seenTiles } from "./draw.js";
import { Regions } from "./regions.js";
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
  /** Whether regions are outlined when they are pointed at. */
  pointing = true;
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
  #previews = 0;
  #density = 1;
  #asked = false;
  #fitted = true;

  /** @param {HTMLCanvasElement} canvas @param {(sketch: import("../types.js").Sketch, spot: import("./tiles.js").Spot) => string} address */
  constructor(canvas, address) {
    this.canvas = canvas;
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser has no canvas");
    this.#context = context;
    const addressOf = (/** @type {import("./tiles.js").Spot} */ spot) =>
      address(/** @type {import("../types.js").Sketch} */ (this.sketch), spot);
    this.tiles = new Tiles(addressOf, () => this.redraw());
    this.regions = new Regions(addressOf, () => this.redraw());
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
    if (another) this.regions.clear();
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
    const number = (this.#previews += 1);
    const picture = file && (await createImageBitmap(file).catch(() => null));
    if (number !== this.#previews) return picture?.close();
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

  /** The region at a point of the sketch, as far as that is known here. @param {number} x @param {number} y */
  regionAt(x, y) {
    if (!this.sketch || x < 0 || y < 0 || x >= this.sketch.width || y >= this.sketch.height) return null;
    const level = this.view.level(this.#density, this.sketch.levels);
    const [across, down] = [x / 2 ** level, y / 2 ** level];
    const [column, row] = [Math.floor(across / this.sketch.tile), Math.floor(down / this.sketch.tile)];
    return this.regions.at({ layer: "regions", level, column, row }, across % this.sketch.tile, down % this.sketch.tile);
  }

  /** Outline the region at a point of the sketch; null: none. @param {{x: number, y: number}|null} at */
  point(at) {
    if (this.regions.point(at && this.pointing ? this.regionAt(at.x, at.y) : null)) this.redraw();
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
    for (const listener of this.drawn) listener();
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
    if (!this.tiles.settled) return;
    this.backdrop = null;
    if (this.pointing) this.#drawOutline(sketch);
  }

  /** @param {import("../types.js").Sketch} sketch */
  #drawOutline(sketch) {
    const sheet = this.#sheet(sketch, 0, this.canvas.width);
    const spots = seenTiles(sheet, "regions");
    this.regions.want(spots);
    this.#context.imageSmoothingEnabled = sheet.scale < SHARP_FROM;
    drawOutline(this.#context, sheet, spots, this.regions);
  }

  /**
   * What is to be drawn between two columns of the canvas.
   * @param {import("../types.js").Sketch} sketch
   * @param {number} from
   * @param {number} to
   */
  #sheet(sketch, from, to) {
    return {
      sketch,
      scale: this.view.scale * this.#density,
      left: Math.round(this.view.left * this.#density),
      top: Math.round(this.view.top * this.#density),
      level: this.view.level(this.#density, sketch.levels),
      seen: { left: from, top: 0, right: to, bottom: this.canvas.height },
    };
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
    const sheet = this.#sheet(sketch, from, to);
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, this.canvas.height);
    context.clip();
    context.imageSmoothingEnabled = sheet.scale < SHARP_FROM;
    this.#drawPaper(sheet);
    const spots = layers.flatMap((layer) => {
      const seen = seenTiles(sheet, layer);
      context.globalCompositeOperation = layer === "sketch" ? "multiply" : "source-over";
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
