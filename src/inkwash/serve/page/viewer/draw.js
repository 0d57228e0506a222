/** Draw the page out of tiles: one layer, or several over each other, sharp and without seams. */

/** @typedef {import("./tiles.js").Spot} Spot */

/**
 * @typedef {object} Sheet what is to be drawn, in device pixels
 * @property {import("../types.js").Sketch} sketch
 * @property {number} scale device pixels per pixel of the sketch
 * @property {number} left of the page on the canvas
 * @property {number} top
 * @property {number} level
 * @property {{left: number, top: number, right: number, bottom: number}} seen part of the canvas
 */

/** The tiles of a layer that are seen, from the middle outwards. @param {Sheet} sheet @param {Spot["layer"]} layer @returns {Spot[]} */
export function seenTiles(sheet, layer) {
  const { sketch, level } = sheet;
  const side = sketch.tile * 2 ** level * sheet.scale;
  const columns = Math.ceil(sketch.width / (sketch.tile * 2 ** level));
  const rows = Math.ceil(sketch.height / (sketch.tile * 2 ** level));
  const [firstColumn, lastColumn] = span(sheet.seen.left, sheet.seen.right, sheet.left, side, columns);
  const [firstRow, lastRow] = span(sheet.seen.top, sheet.seen.bottom, sheet.top, side, rows);
  const spots = [];
  for (let row = firstRow; row <= lastRow; row++)
    for (let column = firstColumn; column <= lastColumn; column++)
      spots.push({ layer, level, column, row });
  const [middleColumn, middleRow] = [(firstColumn + lastColumn) / 2, (firstRow + lastRow) / 2];
  const distance = (/** @type {Spot} */ spot) =>
    Math.hypot(spot.column - middleColumn, spot.row - middleRow);
  return spots.sort((one, two) => distance(one) - distance(two));
}

/**
 * Draw a layer; where a tile is not here yet, a coarser one is stretched.
 * @param {CanvasRenderingContext2D} context
 * @param {Sheet} sheet
 * @param {Spot[]} spots
 * @param {import("./tiles.js").Tiles} tiles
 */
export function drawLayer(context, sheet, spots, tiles) {
  for (const spot of spots) {
    const [left, top, right, bottom] = edges(sheet, spot);
    const picture = tiles.picture(spot);
    if (picture) context.drawImage(picture, left, top, right - left, bottom - top);
    else drawCoarser(context, sheet, spot, tiles);
  }
}

/**
 * Draw the outline of the region that is pointed at.
 * @param {CanvasRenderingContext2D} context
 * @param {Sheet} sheet
 * @param {Spot[]} spots
 * @param {import("./regions.js").Regions} regions
 */
export function drawOutline(context, sheet, spots, regions) {
  for (const spot of spots) {
    const [left, top, right, bottom] = edges(sheet, spot);
    const picture = regions.outline(spot);
    if (picture) context.drawImage(picture, left, top, right - left, bottom - top);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {Spot} spot @param {import("./tiles.js").Tiles} tiles */
function drawCoarser(context, sheet, spot, tiles) {
  const [left, top, right, bottom] = edges(sheet, spot);
  const side = sheet.sketch.tile;
  for (let up = 1; spot.level + up < sheet.sketch.levels; up++) {
    const parts = 2 ** up;
    const [column, row] = [Math.floor(spot.column / parts), Math.floor(spot.row / parts)];
    const picture = tiles.picture({ layer: spot.layer, level: spot.level + up, column, row });
    if (!picture) continue;
    const x = ((spot.column % parts) * side) / parts;
    const y = ((spot.row % parts) * side) / parts;
    const width = Math.min(side / parts, picture.width - x);
    const height = Math.min(side / parts, picture.height - y);
    if (width > 0 && height > 0)
      context.drawImage(picture, x, y, width, height, left, top, right - left, bottom - top);
    return;
  }
}

/**
 * Where a tile lies on the canvas, in whole device pixels: neighbours share their edges.
 * @param {Sheet} sheet
 * @param {Spot} spot
 * @returns {[number, number, number, number]} left, top, right, bottom
 */
function edges(sheet, spot) {
  const side = sheet.sketch.tile * 2 ** spot.level;
  const at = (/** @type {number} */ origin, /** @type {number} */ place, /** @type {number} */ most) =>
    Math.round(origin + Math.min(place * side, most) * sheet.scale);
  return [
    at(sheet.left, spot.column, sheet.sketch.width),
    at(sheet.top, spot.row, sheet.sketch.height),
    at(sheet.left, spot.column + 1, sheet.sketch.width),
    at(sheet.top, spot.row + 1, sheet.sketch.height),
  ];
}

/**
 * First and last tile of a row or column that is seen.
 * @param {number} from @param {number} to @param {number} origin @param {number} side @param {number} count
 */
function span(from, to, origin, side, count) {
  const first = Math.max(0, Math.floor((from - origin) / side));
  return [first, Math.min(count - 1, Math.ceil((to - origin) / side) - 1)];
}
