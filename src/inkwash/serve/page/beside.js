/** Where a card is laid: beside what it is about, inside the stage, never over the point. */

/** @typedef {{x: number, y: number}} Point CSS pixels of the stage */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Edges CSS pixels of the stage */
/** @typedef {{width: number, height: number}} Size CSS pixels */

const GAP = 14; // CSS pixels between a card and what it is about

/**
 * The card's top left corner: to the right of the region, to its left, below or above; where there
 * is no room, the same beside the point; at last in the corner that is farthest from it.
 * @param {Point} point
 * @param {Edges} region
 * @param {Size} card
 * @param {Edges} room
 * @returns {[number, number]} left, top
 */
export function beside(point, region, card, room) {
  const here = { left: point.x, top: point.y, right: point.x, bottom: point.y };
  const free = [...around(region, point, card, room), ...around(here, point, card, room)];
  return free.find((place) => fits(place, card, room)) ?? farthest(point, card, room);
}

/** @param {Edges} what @param {Point} point @param {Size} card @param {Edges} room @returns {[number, number][]} */
function around(what, point, card, room) {
  const across = held(point.x - card.width / 2, room.left, room.right - card.width);
  const down = held(point.y - card.height / 2, room.top, room.bottom - card.height);
  return [
    [what.right + GAP, down],
    [what.left - GAP - card.width, down],
    [across, what.bottom + GAP],
    [across, what.top - GAP - card.height],
  ];
}

/** @param {[number, number]} place @param {Size} card @param {Edges} room */
function fits([left, top], card, room) {
  return left >= room.left && top >= room.top && left + card.width <= room.right && top + card.height <= room.bottom;
}

/** @param {Point} point @param {Size} card @param {Edges} room @returns {[number, number]} */
function farthest(point, card, room) {
  const left = point.x > (room.left + room.right) / 2 ? room.left : room.right - card.width;
  const top = point.y > (room.top + room.bottom) / 2 ? room.top : room.bottom - card.height;
  return [Math.max(0, left), Math.max(0, top)];
}

/** @param {number} value @param {number} least @param {number} most */
function held(value, least, most) {
  return Math.max(least, Math.min(most, value));
}
