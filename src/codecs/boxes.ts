/** A box of ISO 14496-12 section 4.2: offsets of its header and content, and the offset after it, inside its parent. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly at: number;
  readonly end: number;
}

const MAX_BOXES = 10_000; // the fullest picture of the test corpus has 50

/** The boxes between two offsets; ends at the first that does not fit. */
export function* boxesIn(view: DataView, first: number, end: number): Generator<Box> {
  let start = first;
  for (let count = 0; start + 8 <= end && count < MAX_BOXES; count++) {
    const short = view.getUint32(start);
    if (short === 1 && start + 16 > end) return;
    const header = short === 1 ? 16 : 8;
    const long = short === 1 ? view.getUint32(start + 8) * 4294967296 + view.getUint32(start + 12) : short;
    const size = short === 0 ? end - start : long;
    if (size < header || start + size > end) return;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(start + i)));
    yield { type, start, at: start + header, end: start + size };
    start += size;
  }
}
