/** Which sketches were opened together, such as the pages of a chapter; this browser remembers it. */

import { store, storedList } from "./storage.js";

const KEPT = "inkwash.together";
const MOST = 50; // groups that are remembered

/** The others that were opened together with a sketch. @param {string} id */
export function openedWith(id) {
  const group = groups().find((ids) => ids.includes(id)) ?? [];
  return group.filter((other) => other !== id);
}

/** A sketch was opened together with another one. @param {string} id @param {string} other */
export function join(id, other) {
  const before = groups();
  const group = before.find((ids) => ids.includes(other)) ?? [other];
  const rest = before.filter((ids) => ids !== group);
  store(KEPT, JSON.stringify([[...group, id], ...rest].slice(0, MOST)));
}

/** @returns {string[][]} ids of sketches, the newest group first */
function groups() {
  return storedList(KEPT).filter(Array.isArray);
}
