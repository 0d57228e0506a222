/** Small helpers to make and find elements. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * The element with an id; it must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is not on the page`);
  return /** @type {T} */ (found);
}

/**
 * Make an element. Properties that start with `on` are listeners, `class` is the class name,
 * `data-…`, `aria-…` and `role` are attributes, everything else is a property.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else Object.assign(element, { [name]: value });
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An icon of icons.svg. @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A small square of a colour. @param {string|null} colour null: transparent */
export function chip(colour) {
  const element = make("span", { class: colour ? "chip" : "chip transparent" });
  if (colour) element.style.backgroundColor = colour;
  return element;
}

/** Say something to screen readers. @param {string} words */
export function announce(words) {
  byId("announce").textContent = words;
}

/** Arrow keys walk between the buttons of a group, by its columns if it is a grid. @param {HTMLElement} root */
export function walkByArrows(root) {
  root.addEventListener("keydown", (event) => {
    const columns = getComputedStyle(root).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...root.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    buttons[at + step]?.focus();
  });
}
