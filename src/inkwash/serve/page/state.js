/** The state of the page: one plain object, and those who watch parts of it. */

/**
 * @typedef {object} State
 * @property {import("./types.js").Sketch|null} sketch
 * @property {import("./tools/registry.js").ToolName} tool
 * @property {string} colour `#rrggbb`, what hints paint with
 * @property {"colour"|"suggest"} promise exactly this colour, or a leaning to it
 * @property {number} brush width in pixels of the sketch
 * @property {boolean} spread whether similar regions come along
 * @property {string[]} recent colours, the newest first
 * @property {Record<import("./types.js").LayerName, boolean>} layers
 * @property {number|null} compare where the slider stands, 0…1; null: not comparing
 * @property {boolean} overview whether all nine are shown
 * @property {import("./types.js").Progress|null} progress
 * @property {boolean} online
 * @property {import("./arrivals.js").Arrival[]} arriving pages that are opened behind the sketch, or were refused
 */

/** @type {State} */
const first = {
  sketch: null,
  tool: "take",
  colour: "#c8573f",
  promise: "colour",
  brush: 12,
  spread: false,
  recent: [],
  layers: { line: true, flats: true, shade: true },
  compare: null,
  overview: false,
  progress: null,
  online: true,
  arriving: [],
};

/** @typedef {(state: State, before: State) => void} Watcher */

/** @type {{keys: (keyof State)[], watcher: Watcher}[]} */
const watchers = [];

/** The present state; never changed in place. */
export let state = first;

/** Change parts of the state and tell who watches them. @param {Partial<State>} changes */
export function update(changes) {
  const before = state;
  state = { ...state, ...changes };
  for (const { keys, watcher } of watchers) {
    if (keys.some((key) => state[key] !== before[key])) watcher(state, before);
  }
}

/**
 * Call `watcher` now and whenever one of these parts changes.
 * @param {(keyof State)[]} keys
 * @param {Watcher} watcher
 */
export function watch(keys, watcher) {
  watchers.push({ keys, watcher });
  watcher(state, state);
}
