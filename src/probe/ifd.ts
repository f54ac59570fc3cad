import type { Reader } from "./reader.ts";

/** One entry of a TIFF image file directory. `at` is the offset of its values, which lie inside the view. */
export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/** TIFF 6.0 section 2 and BigTIFF: BYTE ASCII SHORT LONG RATIONAL SBYTE UNDEFINED SSHORT … DOUBLE IFD, LONG8 SLONG8 IFD8. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
export const ASCII = 2;
export const UNDEFINED = 7;

/**
 * Gives the entries of the directory at `offset` to `visit`, at most `maxEntries` of them, and returns the offset of
 * the next directory (0 for none). Entries of unknown type or with values outside the view are left out; a directory
 * that runs past the end gives what is there. Classic TIFF counts in 2, 4 and 4 bytes, BigTIFF in 8.
 */
export function readDirectory(
  reader: Reader,
  offset: number,
  maxEntries: number,
  big: boolean,
  visit: (entry: Entry) => void,
): number {
  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  if (offset < 8 || !reader.has(offset, countBytes)) return 0;
  const count = big ? reader.u64(offset) : reader.u16(offset);
  const first = offset + countBytes;
  for (let i = 0; i < Math.min(count, maxEntries) && reader.has(first + i * entryBytes, entryBytes); i++) {
    const entry = readEntry(reader, first + i * entryBytes, big);
    if (entry !== undefined) visit(entry);
  }
  const end = first + count * entryBytes;
  if (!reader.has(end, big ? 8 : 4)) return 0;
  return big ? reader.u64(end) : reader.u32(end);
}

function readEntry(reader: Reader, start: number, big: boolean): Entry | undefined {
  const type = reader.u16(start + 2);
  const count = big ? reader.u64(start + 4) : reader.u32(start + 4);
  const size = (TYPE_BYTES[type] ?? 0) * count;
  if (size === 0) return undefined;
  const field = start + (big ? 12 : 8);
  const at = size <= (big ? 8 : 4) ? field : big ? reader.u64(field) : reader.u32(field);
  return reader.has(at, size) ? { tag: reader.u16(start), type, count, at } : undefined;
}

/** The value at `index` of an entry as an integer; undefined past its end and for types that hold no integers. */
export function integerOf(reader: Reader, entry: Entry, index = 0): number | undefined {
  if (index >= entry.count) return undefined;
  const at = entry.at + index * (TYPE_BYTES[entry.type] ?? 0);
  switch (entry.type) {
    case 1:
    case UNDEFINED:
      return reader.u8(at);
    case 3:
      return reader.u16(at);
    case 4:
    case 13:
      return reader.u32(at);
    case 6:
      return (reader.u8(at) << 24) >> 24;
    case 8:
      return (reader.u16(at) << 16) >> 16;
    case 9:
      return reader.i32(at);
    case 16:
    case 18:
      return reader.u64(at);
    default:
      return undefined;
  }
}

/** The RATIONAL or SRATIONAL at `index` as numerator and denominator, not reduced. */
export function rationalOf(reader: Reader, entry: Entry, index = 0): readonly [number, number] | undefined {
  if (index >= entry.count) return undefined;
  const at = entry.at + index * 8;
  if (entry.type === 5) return [reader.u32(at), reader.u32(at + 4)];
  return entry.type === 10 ? [reader.i32(at), reader.i32(at + 4)] : undefined;
}

/** All values of an entry as they lie in the view. */
export function valueBytes(reader: Reader, entry: Entry): Uint8Array {
  return reader.slice(entry.at, entry.count * (TYPE_BYTES[entry.type] ?? 0));
}
