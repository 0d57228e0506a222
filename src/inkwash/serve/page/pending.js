/** What the artist has just painted and the server has not settled yet. */

/** @typedef {import("./types.js").Hint} Hint */
/** @typedef {import("./tools/registry.js").Point} Point */
/** @typedef {{hint: Hint, answered: boolean}} Pending */

/** Hints whose colour is not seen yet, and the stroke that is being drawn. */
export const pending = {
  /** @type {Pending[]} */
  hints: [],
  /** @type {Point[]} */
  stroke: [],
  changed: () => {},

  /** @param {Hint} hint @returns {Pending} */
  add(hint) {
    const entry = { hint, answered: false };
    this.hints.push(entry);
    this.changed();
    return entry;
  },
  /** The server has answered: the mark goes when the new tiles are there. @param {Pending} entry */
  answered(entry) {
    entry.answered = true;
    this.changed();
  },
  /** The server has refused it. @param {Pending} entry */
  remove(entry) {
    this.hints = this.hints.filter((kept) => kept !== entry);
    this.changed();
  },
  /** All that is wanted is drawn: marks that were answered have done their work. */
  drawn() {
    const waiting = this.hints.filter((entry) => !entry.answered);
    if (waiting.length === this.hints.length) return;
    this.hints = waiting;
    this.changed();
  },
  /** @param {Point[]} points */
  draw(points) {
    this.stroke = points;
    this.changed();
  },
};
