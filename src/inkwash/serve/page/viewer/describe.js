/** Says on the canvas what it shows: whether it is busy, and for tests what and where. */

/** @param {import("./stage.js").Stage} stage */
export function describe(stage) {
  stage.drawn.push(() => {
    const { scale, left, top } = stage.view;
    const facts = {
      "aria-busy": String(!stage.tiles.settled),
      "data-sketch": stage.sketch?.id ?? "",
      "data-revision": String(stage.sketch?.revision ?? ""),
      "data-view": [scale, left, top].map((value) => value.toFixed(4)).join(" "),
    };
    for (const [name, value] of Object.entries(facts))
      if (stage.canvas.getAttribute(name) !== value) stage.canvas.setAttribute(name, value);
  });
}
