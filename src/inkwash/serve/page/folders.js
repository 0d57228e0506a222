/** The files in what was dropped, those in folders included. */

const OF_THE_SYSTEM = /^(\.|thumbs\.db$|desktop\.ini$)/i; // nobody has put these into a folder

/**
 * All files; a folder stands for what is in it, as far as the browser gives it.
 * To be called while the event is handled: what was dropped is gone afterwards.
 * @param {DataTransfer} data
 * @returns {Promise<File[]>}
 */
export async function filesOf(data) {
  const files = [...data.files];
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => !!entry);
  if (!entries.some(({ isDirectory }) => isDirectory)) return files;
  return (await Promise.all(entries.map(filesUnder))).flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} of a folder in the order of their names; none where it cannot be read */
async function filesUnder(entry) {
  if (entry.isFile) return fileOf(/** @type {FileSystemFileEntry} */ (entry));
  const within = await allOf(/** @type {FileSystemDirectoryEntry} */ (entry).createReader());
  const own = within.filter(({ name }) => !OF_THE_SYSTEM.test(name));
  return (await Promise.all(own.sort(byName).map(filesUnder))).flat();
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File[]>} */
function fileOf(entry) {
  return new Promise((resolve) => entry.file((file) => resolve([file]), () => resolve([])));
}

/** The reader gives them by the hundred. @param {FileSystemDirectoryReader} reader @returns {Promise<FileSystemEntry[]>} */
async function allOf(reader) {
  /** @type {FileSystemEntry[]} */
  const more = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
  return more.length ? [...more, ...(await allOf(reader))] : [];
}

/** "page 2" before "page 10". @param {{name: string}} one @param {{name: string}} other */
export function byName(one, other) {
  return one.name.localeCompare(other.name, undefined, { numeric: true });
}
