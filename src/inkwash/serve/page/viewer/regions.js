/** Which region is where: tiles of region numbers, and the outline of the region pointed at. */

/** @typedef {import("./tiles.js").Spot} Spot */
/** @typedef {{width: number, height: number, numbers: Uint32Array}} Numbers */

const AGAIN = 1000; // milliseconds until a tile that failed is fetched anew
const WHITE = 0xffffffff;
const BLACK = 0xff000000;

export class Regions {
  /** @type {Map<string, Numbers|null>} null: on its way */
  #tiles = new Map();
  /** @type {Map<string, OffscreenCanvas>} outlines of the region */
  #outlines = new Map();
  /** The region that is outlined. @type {number|null} */
  #region = null;

  /** @param {(spot: Spot) => string} address @param {() => void} ready called when a tile has come */
  constructor(address, ready) {
    this.address = address;
    this.ready = ready;
  }

  /** Forget all; another sketch is shown. */
  clear() {
    this.#tiles.clear();
    this.point(null);
  }

  /** Keep these tiles and no others; fetch what is missing. @param {Spot[]} spots */
  want(spots) {
    const names = new Set(spots.map(key));
    for (const name of this.#tiles.keys()) if (!names.has(name)) this.#tiles.delete(name);
    for (const spot of spots) if (!this.#tiles.has(key(spot))) void this.#fetch(spot);
  }

  /** The region at a pixel of a tile, if the tile is here. @param {Spot} spot @param {number} x @param {number} y */
  at(spot, x, y) {
    const tile = this.#tiles.get(key(spot));
    return tile ? (tile.numbers[Math.floor(y) * tile.width + Math.floor(x)] ?? null) : null;
  }

  /** Outline a region. Returns whether it is another one than before. @param {number|null} region */
  point(region) {
    if (region === this.#region) return false;
    this.#region = region;
    this.#outlines.clear();
    return true;
  }

  /** The outline inside a tile, or null. @param {Spot} spot */
  outline(spot) {
    const tile = this.#tiles.get(key(spot));
    if (!tile || this.#region === null) return null;
    let drawn = this.#outlines.get(key(spot));
    if (!drawn) this.#outlines.set(key(spot), (drawn = outlined(tile, this.#region)));
    return drawn;
  }

  /** @param {Spot} spot */
  async #fetch(spot) {
    const name = key(spot);
    this.#tiles.set(name, null);
    try {
      const answer = await fetch(this.address(spot));
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const numbers = await read(await answer.blob());
      if (this.#tiles.has(name)) this.#tiles.set(name, numbers);
      this.ready();
    } catch {
      setTimeout(() => this.#tiles.get(name) ?? this.#tiles.delete(name), AGAIN);
    }
  }
}

/** @param {Blob} blob @returns {Promise<Numbers>} */
async function read(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const context = surface(width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const bytes = context.getImageData(0, 0, width, height).data;
  const numbers = new Uint32Array(bytes.buffer).map((pixel) => pixel & 0xffffff);
  return { width, height, numbers };
}

/** White along the inside of a region, where lines are, and black beside it. @param {Numbers} tile @param {number} region */
function outlined({ width, height, numbers }, region) {
  const context = surface(width, height);
  const picture = context.createImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const outside = (/** @type {number} */ x, /** @type {number} */ y) =>
    x >= 0 && y >= 0 && x < width && y < height && numbers[y * width + x] !== region;
  const near = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ by) =>
    outside(x - by, y) || outside(x + by, y) || outside(x, y - by) || outside(x, y + by);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (numbers[y * width + x] !== region) continue;
      if (near(x, y, 1) || near(x, y, 2)) pixels[y * width + x] = WHITE;
      else if (near(x, y, 3)) pixels[y * width + x] = BLACK;
    }
  context.putImageData(picture, 0, 0);
  return context.canvas;
}

/** @param {number} width @param {number} height */
function surface(width, height) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser has no canvas");
  return context;
}

/** @param {Spot} spot */
function key({ level, column, row }) {
  return `${level}/${column}/${row}`;
}
