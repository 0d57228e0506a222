/** Tiles of the shown sketch: fetched when wanted, nearest first, kept while there is room. */

const AT_ONCE = 6;
const KEPT = 220; // of 1 MB each
const AGAIN = 1000; // milliseconds until a tile that failed is fetched anew

/**
 * @typedef {object} Tile
 * @property {ImageBitmap|null} bitmap
 * @property {boolean} stale whether what it shows has changed since
 * @property {AbortController|null} loading
 * @property {number} used the frame that wanted it last
 * @property {number} failed when it could not be fetched, milliseconds
 */

/** @typedef {{layer: import("../types.js").TileLayer, level: number, column: number, row: number}} Spot */

export class Tiles {
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #frame = 0;
  #loading = 0;
  /** @type {Spot[]} */
  #wanted = [];

  /**
   * @param {(spot: Spot) => string} address
   * @param {() => void} ready called when there is something new to draw
   */
  constructor(address, ready) {
    this.address = address;
    this.ready = ready;
  }

  /** The picture of a tile, or undefined; it may be that of an earlier revision. @param {Spot} spot */
  picture(spot) {
    const tile = this.#tiles.get(key(spot));
    if (tile) tile.used = this.#frame;
    return tile?.bitmap ?? undefined;
  }

  /** Say which tiles this frame needs, the most wanted first. @param {Spot[]} spots */
  want(spots) {
    this.#frame += 1;
    this.#wanted = spots;
    const names = new Set(spots.map(key));
    for (const [name, tile] of this.#tiles) {
      if (names.has(name)) tile.used = this.#frame;
      else tile.loading?.abort();
    }
    this.#fetchMore();
  }

  /** Whether all that is wanted is here and fresh. */
  get settled() {
    return this.#wanted.every((spot) => {
      const tile = this.#tiles.get(key(spot));
      return tile?.bitmap && !tile.stale;
    });
  }

  /**
   * What lies in this box has changed; it is shown as it was until the new is here.
   * @param {import("../types.js").Box} box pixels of the sketch
   * @param {number} side of a tile
   */
  outdate(box, side) {
    for (const [name, tile] of this.#tiles) {
      const [layer, level, column, row] = name.split("/");
      const size = side * 2 ** Number(level);
      const [left, top] = [Number(column) * size, Number(row) * size];
      const apart =
        box.left + box.width <= left - 2 ** Number(level) ||
        left + size + 2 ** Number(level) <= box.left ||
        box.top + box.height <= top - 2 ** Number(level) ||
        top + size + 2 ** Number(level) <= box.top;
      if (apart || layer === "sketch" || layer === "line") continue;
      tile.stale = true;
      tile.loading?.abort();
    }
    this.#fetchMore();
  }

  /** Forget all. */
  clear() {
    for (const tile of this.#tiles.values()) drop(tile);
    this.#tiles.clear();
    this.#wanted = [];
  }

  #fetchMore() {
    const now = performance.now();
    for (const spot of this.#wanted) {
      if (this.#loading >= AT_ONCE) return;
      const tile = this.#tile(spot);
      const due = (!tile.bitmap || tile.stale) && !tile.loading;
      if (due && now - tile.failed > AGAIN) void this.#fetch(spot, tile);
    }
    this.#makeRoom();
  }

  /** @param {Spot} spot @returns {Tile} */
  #tile(spot) {
    const name = key(spot);
    let tile = this.#tiles.get(name);
    if (!tile) {
      tile = { bitmap: null, stale: false, loading: null, used: this.#frame, failed: -AGAIN };
      this.#tiles.set(name, tile);
    }
    return tile;
  }

  /** @param {Spot} spot @param {Tile} tile */
  async #fetch(spot, tile) {
    const loading = new AbortController();
    tile.loading = loading;
    this.#loading += 1;
    try {
      const answer = await fetch(this.address(spot), { signal: loading.signal });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const bitmap = await createImageBitmap(await answer.blob(), { colorSpaceConversion: "none" });
      if (loading.signal.aborted) return bitmap.close();
      tile.bitmap?.close();
      Object.assign(tile, { bitmap, stale: false });
    } catch {
      if (!loading.signal.aborted) this.#retry(tile);
    } finally {
      if (tile.loading === loading) tile.loading = null;
      this.#loading -= 1;
      this.#fetchMore();
      this.ready();
    }
  }

  /** @param {Tile} tile */
  #retry(tile) {
    tile.failed = performance.now();
    setTimeout(() => this.#fetchMore(), AGAIN + 50);
  }

  #makeRoom() {
    if (this.#tiles.size <= KEPT) return;
    const old = [...this.#tiles].filter(([, tile]) => tile.used < this.#frame && !tile.loading);
    old.sort(([, one], [, two]) => one.used - two.used);
    for (const [name, tile] of old.slice(0, this.#tiles.size - KEPT)) {
      drop(tile);
      this.#tiles.delete(name);
    }
  }
}

/** @param {Spot} spot */
function key({ layer, level, column, row }) {
  return `${layer}/${level}/${column}/${row}`;
}

/** @param {Tile} tile */
function drop(tile) {
  tile.loading?.abort();
  tile.bitmap?.close();
  tile.bitmap = null;
}
