import { type Doc, EMPTY_DOC } from "./document.ts";

/** Oldest states are forgotten beyond this; a document is a few hundred bytes. */
const MOST = 200;

/** A document with what it was and what it has been undone from. */
export interface History {
  readonly past: readonly Doc[];
  readonly present: Doc;
  readonly future: readonly Doc[];
  /** What the document was before a movement that has not ended; undone as one. */
  readonly before?: Doc;
}
export const EMPTY_HISTORY: History = { past: [], present: EMPTY_DOC, future: [] };

/** A change while a control moves: shown at once, remembered when it ends. */
export function moving(history: History, present: Doc): History {
  return { ...history, present, before: history.before ?? history.present };
}

/** A change that is over; with the document as it is, the end of a movement. */
export function changed(history: History, present: Doc = history.present): History {
  const before = history.before ?? history.present;
  if (same(before, present)) return { past: history.past, present, future: history.future };
  return { past: [...history.past, before].slice(-MOST), present, future: [] };
}

export function undone(history: History): History {
  const { past, present, future } = changed(history);
  const last = past[past.length - 1];
  return last === undefined
    ? { past, present, future }
    : { past: past.slice(0, -1), present: last, future: [present, ...future] };
}

export function redone(history: History): History {
  const { past, present, future } = changed(history); // a movement under way leaves nothing to redo
  const [next, ...later] = future;
  return next === undefined ? { past, present, future } : { past: [...past, present], present: next, future: later };
}

function same(a: Doc, b: Doc): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
