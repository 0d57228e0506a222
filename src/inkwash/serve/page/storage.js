/** What this browser keeps from visit to visit; where it is full or forbidden, nothing is kept. */

/** @param {string} key @returns {string|null} */
export function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** A list that was kept as JSON; empty where there is none of ours. @param {string} key @returns {any[]} */
export function storedList(key) {
  try {
    const found = JSON.parse(stored(key) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

/** Keep a text; whether it is kept now. @param {string} key @param {string|null} text null: none any longer */
export function store(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
