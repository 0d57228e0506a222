/**
 * What the server says, as docs/api.md has it, and what the page adds. No code.
 *
 * @typedef {{hex: string, name: string, role: string, share: number|null}} Swatch
 * @typedef {{name: string, swatches: Swatch[]}} Palette
 * @typedef {{characters: Palette[]}} Sheet of characters, each with a name and colours for its roles
 * @typedef {{palettes: Palette[]}|Sheet} Given what a sketch is coloured with
 * @typedef {{left: number, top: number, width: number, height: number}} Box pixels of the sketch
 *
 * @typedef {object} Hint
 * @property {"colour"|"suggest"|"lock"|"clear"} kind
 * @property {string} [rgb]
 * @property {"dot"|"stroke"|"area"} shape
 * @property {number} [x]
 * @property {number} [y]
 * @property {number} [radius]
 * @property {[number, number][]} [points]
 * @property {number} [width]
 * @property {[number, number, number][]} [runs]
 *
 * @typedef {object} Sketch
 * @property {string} id
 * @property {string} name
 * @property {number} width pixels
 * @property {number} height pixels
 * @property {number} revision
 * @property {number} round
 * @property {number} proposals how many there are
 * @property {number} pick the one that is shown, from 1
 * @property {"flat"|"shaded"} style
 * @property {"white"|"paint"} paper
 * @property {Hint[]} hints
 * @property {number} chosen regions that are taken from another proposal
 * @property {number} locked regions that are locked
 * @property {Palette[]} palettes one of each proposal
 * @property {Palette[]} characters whose colours the page has; empty for none
 * @property {boolean} can_undo
 * @property {boolean} can_redo
 * @property {{kind: string, count: number|null, text: string}[]} noted
 * @property {string|null} job the one that is at work on this sketch
 * @property {boolean} saved
 * @property {number} tile side of a tile, pixels
 * @property {number} levels
 * @property {Box|null} [changed] what a call changed; null: nothing
 *
 * @typedef {object} Entry a line of the list of sketches
 * @property {string} id
 * @property {string} name
 * @property {number} width
 * @property {number} height
 * @property {number} changed seconds since 1970
 *
 * @typedef {{name: string, width: number, height: number, url: string}} Example
 *
 * @typedef {object} Place
 * @property {number} region
 * @property {number} area pixels
 * @property {Box} box
 * @property {string|null} colour null: transparent
 * @property {string} pixel
 * @property {boolean} hinted
 * @property {boolean} locked
 * @property {boolean} chosen
 * @property {(string|null)[]} colours the region's colour in each proposal
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {"queued"|"running"|"done"|"failed"|"cancelled"} state
 * @property {string} step
 * @property {number} share 0…1
 * @property {number} position how many are before it
 * @property {Details|null} problem
 *
 * @typedef {object} Details why the server said no (RFC 9457)
 * @property {string} [type] `urn:inkwash:` and a word
 * @property {string} [title]
 * @property {string} [detail]
 * @property {string} [job] that is still at work
 * @property {Sketch} [state] the newer one
 * @property {string} [reason] a word where the type leaves several open
 * @property {string} [known] what can be read
 * @property {string} [size] what was given
 * @property {number} [limit]
 * @property {number} [retry_after] seconds
 *
 * @typedef {"line"|"flats"|"shade"} LayerName
 * @typedef {"picture"|"sketch"|"regions"|LayerName} TileLayer
 *
 * @typedef {object} Progress
 * @property {string} label what is said, in the reader's language
 * @property {number|null} share 0…1, or null where it is not known
 * @property {() => void} [cancel]
 */

export {};
