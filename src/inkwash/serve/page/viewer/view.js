/** Where the sketch lies on the stage: a scale and a shift, and the ways to change them. */

const SMALLEST = 0.02;
const LARGEST = 32;
const MARGIN = 24; // CSS pixels left around a fitted page

export class View {
  /** CSS pixels per pixel of the sketch. */
  scale = 1;
  /** The sketch's top left corner on the stage, CSS pixels. */
  left = 0;
  top = 0;

  /** @param {number} x @param {number} y of the stage @returns {[number, number]} of the sketch */
  toSketch(x, y) {
    return [(x - this.left) / this.scale, (y - this.top) / this.scale];
  }

  /** @param {number} x @param {number} y of the sketch @returns {[number, number]} of the stage */
  toStage(x, y) {
    return [x * this.scale + this.left, y * this.scale + this.top];
  }

  /** @param {number} dx @param {number} dy CSS pixels */
  pan(dx, dy) {
    this.left += dx;
    this.top += dy;
  }

  /** Zoom, so that the point (x, y) of the stage stays. @param {number} factor @param {number} x @param {number} y */
  zoom(factor, x, y) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    const [sketchX, sketchY] = this.toSketch(x, y);
    this.scale = scale;
    this.left = x - sketchX * scale;
    this.top = y - sketchY * scale;
  }

  /**
   * Show the whole page in the middle, below `above` pixels that controls take.
   * @param {{width: number, height: number}} page
   * @param {{width: number, height: number}} stage
   * @param {number} above
   */
  fit(page, stage, above) {
    const [width, height] = [stage.width - 2 * MARGIN, stage.height - above - MARGIN];
    this.scale = Math.max(SMALLEST, Math.min(width / page.width, height / page.height, 4));
    this.left = (stage.width - page.width * this.scale) / 2;
    this.top = above + (height - page.height * this.scale) / 2;
  }

  /**
   * Shift so that some of the page stays on the stage.
   * @param {{width: number, height: number}} page
   * @param {{width: number, height: number}} stage
   */
  hold(page, stage) {
    const keep = 80;
    const [width, height] = [page.width * this.scale, page.height * this.scale];
    this.left = Math.min(stage.width - keep, Math.max(keep - width, this.left));
    this.top = Math.min(stage.height - keep, Math.max(keep - height, this.top));
  }

  /**
   * The level whose pixels are the next smaller ones than the screen's, 0 being full size.
   * @param {number} density device pixels per CSS pixel
   * @param {number} levels
   */
  level(density, levels) {
    const halvings = Math.floor(Math.log2(1 / (this.scale * density)) + 1e-6);
    return Math.max(0, Math.min(levels - 1, halvings));
  }
}
