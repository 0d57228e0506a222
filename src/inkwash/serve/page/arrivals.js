/** Pages that are opened together: the first is shown, the others are painted behind it, one after the other. */

import { Problem } from "./api.js";
import { unlessLeft } from "./changes.js";
import { bring, close, open, openNow } from "./documents.js";
import { byName } from "./folders.js";
import { t } from "./i18n.js";
import { shareOf, wasCancelled, words } from "./jobs.js";
import { fault, note, wentWell } from "./messages.js";
import { Work } from "./progress.js";
import { reasonOf, stemOf } from "./reasons.js";
import { state, update } from "./state.js";
import { join } from "./together.js";

const MOST_NAMED = 5; // files in one message

/** A page that waits, is at work or was refused; once it is open or cancelled it leaves the state's list. */
export class Arrival {
  #stop = new AbortController();
  waits = true;
  said = t("step.queued");
  /** 0…1; null: not known @type {number|null} */
  share = null;
  /** Why it was refused; empty where it was not. */
  why = "";
  /** Told when it is further. */
  changed = () => {};

  /** @param {File} file @param {string} [first] the sketch that it is opened together with */
  constructor(file, first) {
    this.file = file;
    this.first = first;
  }

  get name() {
    return this.file.name;
  }

  /** Whether it was opened. */
  async open() {
    this.waits = false;
    this.#say(t("step.upload"), null);
    try {
      const id = await bring(this.file, this.#stop.signal, (job) => this.#say(words(job), shareOf(job)));
      if (this.first) join(id, this.first);
      leave(this);
      return true;
    } catch (error) {
      if (error instanceof Problem) this.refuse(error);
      else if (!wasCancelled(error)) throw error;
      return false;
    }
  }

  /** @param {Problem} problem */
  refuse(problem) {
    this.waits = false;
    this.why = reasonOf(problem, stemOf(this.file));
    this.#say(this.why, null);
    complain();
  }

  /** Open it no longer, or take what was refused off the list. */
  cancel() {
    this.#stop.abort();
    leave(this);
  }

  /** @param {string} said @param {number|null} share */
  #say(said, share) {
    [this.said, this.share] = [said, share];
    this.changed();
    tellAll();
  }
}

let running = false;

/** Says how far all of them together are. */
let tellAll = () => {};

/** Open what was dropped, pasted or chosen. @param {File[]} files */
export async function openAll(files) {
  if (files.length < 2) return void (files[0] && (await open(files[0])));
  wentWell("pages");
  update({ arriving: pending() });
  const { first, rest } = await unlessLeft(openFirst([...files].sort(byName)));
  update({ arriving: [...state.arriving, ...rest.map((file) => new Arrival(file, first))] });
  tellAll();
  if (rest.length && !running) await unlessLeft(openOthers());
}

/**
 * Show the first that can be opened; its id, and those behind it.
 * @param {File[]} files
 * @returns {Promise<{first?: string, rest: File[]}>}
 */
async function openFirst(files) {
  for (const [at, file] of files.entries()) {
    try {
      return { first: await openNow(file), rest: files.slice(at + 1) };
    } catch (error) {
      if (wasCancelled(error)) break;
      if (!(error instanceof Problem)) throw error;
      const refused = new Arrival(file);
      update({ arriving: [...state.arriving, refused] });
      refused.refuse(error);
    }
  }
  return { rest: [] };
}

/** Until none waits, also of those that come meanwhile. */
async function openOthers() {
  let [over, opened] = [0, 0];
  const work = new Work(t("working"), () => pending().forEach((arrival) => arrival.cancel()));
  running = true;
  tellAll = () => {
    const [count, shares] = [over + pending().length, pending().map(({ share }) => share ?? 0)];
    if (count) work.tell(t("arrivals.progress", { opened, count }), shares.reduce((sum, share) => sum + share, over) / count);
  };
  tellAll();
  try {
    for (let next; (next = state.arriving.find(({ waits }) => waits)); over += 1) {
      opened += Number(await next.open());
    }
  } finally {
    running = false;
    tellAll = () => {};
    work.end();
  }
  const list = state.sketch ? { words: t("arrivals.list"), act: close } : undefined;
  if (opened) note(t(opened === 1 ? "arrivals.open.one" : "arrivals.open", { count: opened }), list);
}

/** Those that wait or are at work. */
function pending() {
  return state.arriving.filter(({ why }) => !why);
}

/** @param {Arrival} arrival */
function leave(arrival) {
  update({ arriving: state.arriving.filter((other) => other !== arrival) });
  tellAll();
}

/** One message for all that were refused, each named once. */
function complain() {
  const refused = state.arriving.filter(({ why }) => why);
  const named = refused.slice(0, MOST_NAMED).map(({ name }) => name).join(t("colours.between"));
  const names = refused.length > MOST_NAMED ? `${named}…` : named;
  wentWell("pages");
  const [{ name, why }] = refused;
  const one = refused.length === 1;
  fault(one ? t("refused", { name, why }) : t("arrivals.refused", { count: refused.length, names }), "pages");
}
