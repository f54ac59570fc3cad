import type { Reader } from "./reader.ts";

/** A box of ISO 14496-12 section 4.2: `at` is the offset of its content, `end` the offset after it, inside the view. */
export interface Box {
  readonly type: string;
  readonly at: number;
  readonly end: number;
}

/** 16-bit item ids and their boxes fit; without a bound, 64 MiB of empty boxes would be walked by each of 40 look-ups. */
export const MAX_BOXES = 70_000;

/**
 * The boxes between two offsets, each at least its 8 byte header on. Size 1 announces a 64-bit size, size 0 means to
 * the end; a box that runs past the end is cut there, so that a truncated file still tells what it can.
 * Ends after MAX_BOXES.
 */
export function* boxesIn(reader: Reader, start: number, end: number): Generator<Box> {
  let at = start;
  for (let count = 0; at + 8 <= end && count < MAX_BOXES; count++) {
    const short = reader.u32(at);
    const type = reader.ascii(at + 4, 4);
    if (short === 1 && at + 16 > end) return;
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? reader.u64(at + 8) : short === 0 ? end - at : short;
    if (size < header) return;
    yield { type, at: at + header, end: Math.min(at + size, end) };
    at += size;
  }
}

/** The first box of a type directly inside a box; `skip` bytes of its content (4 for a FullBox) come before the boxes. */
export function findBox(reader: Reader, parent: Box | undefined, type: string, skip = 0): Box | undefined {
  if (parent === undefined) return undefined;
  for (const box of boxesIn(reader, parent.at + skip, parent.end)) if (box.type === type) return box;
  return undefined;
}
