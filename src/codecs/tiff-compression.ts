import { TransformError } from "../core/errors.ts";

/** TIFF 6.0 section 9 (PackBits) and section 13 (LZW). Decoders fill `output` as far as the data goes and return how far. */

/** Each run is one count byte and its bytes; -128 is no run at all. Stops at the end of either side. */
export function unpackBits(input: Uint8Array, output: Uint8Array): number {
  let filled = 0;
  for (let at = 0; at < input.length && filled < output.length; ) {
    const count = input[at++]!;
    if (count === 128) continue;
    const room = output.length - filled;
    if (count < 128) {
      const run = input.subarray(at, at + Math.min(count + 1, room));
      output.set(run, filled);
      filled += run.length;
      at += count + 1;
    } else if (at < input.length) {
      const length = Math.min(257 - count, room);
      output.fill(input[at++]!, filled, filled + length);
      filled += length;
    }
  }
  return filled;
}

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const MAX_CODES = 4096;
/**
 * Where the string of a code begins in the output, and how long it is. Reused by all calls, which never overlap and read no
 * entry that they have not written: new ones took 13 µs a call, which counts where a file has a million tiles.
 */
const starts = new Int32Array(MAX_CODES);
const lengths = new Int32Array(MAX_CODES);

/**
 * LZW in both flavors: the one of TIFF 6.0 has the highest bit first and widens its codes one code early; files of before
 * 1989 ("compat" in libtiff) have the lowest first, as GIF, and widen in time. Those begin with a clear code, whose nine
 * bits tell the flavors apart. A string of the table is a place in the output and a length, because each is what was
 * written for the code before and the byte that follows it.
 */
export function unpackLzw(input: Uint8Array, output: Uint8Array): number {
  const lowFirst = input[0] === 0 && ((input[1] ?? 0) & 1) === 1;
  const early = lowFirst ? 0 : 1;
  let [at, held, count, width] = [0, 0, 0, 9];
  let next = FIRST;
  let previous = -1; // where the string of the code before was written; none after a clear code
  let filled = 0;
  while (filled < output.length) {
    for (; count < width; count += 8) {
      if (at >= input.length) return filled;
      held = lowFirst ? held | (input[at++]! << count) : ((held << 8) | input[at++]!) & 0xffffff;
    }
    const code = (lowFirst ? held : held >>> (count - width)) & ((1 << width) - 1);
    if (lowFirst) held >>>= width;
    count -= width;
    if (code === END) return filled;
    if (code === CLEAR) {
      [next, width, previous] = [FIRST, 9, -1];
      continue;
    }
    if (previous >= 0 && next < MAX_CODES) {
      starts[next] = previous;
      lengths[next++] = filled - previous + 1;
      if (next + early >= 1 << width && width < 12) width++;
    }
    const start = filled;
    if (code < CLEAR) output[filled++] = code;
    else {
      if (code >= next) throw new TransformError("CORRUPT_IMAGE", "its LZW data is damaged");
      const stop = Math.min(filled + lengths[code]!, output.length);
      // Byte by byte: the newest string reaches into what is being written
      for (let from = starts[code]!; filled < stop; ) output[filled++] = output[from++]!;
    }
    previous = start;
  }
  return filled;
}

/** Slots of the string table, over three times the codes, so that searches stay short. */
const SLOTS = 1 << 14;
/** Reused by all calls, which never overlap: [code before × 256 + byte] and the code of that string. */
const keys = new Int32Array(SLOTS);
const codes = new Uint16Array(SLOTS);

/** Packs `input` into `output`, which holds lzwBound(input.length) bytes; returns the length. */
export function packLzw(input: Uint8Array, output: Uint8Array): number {
  let [filled, held, count, width] = [0, 0, 0, 9];
  const put = (code: number) => {
    held = (held << width) | code;
    for (count += width; count >= 8; count -= 8) output[filled++] = held >>> (count - 8);
    held &= 255;
  };
  let next = FIRST;
  keys.fill(-1);
  put(CLEAR);
  let prefix = input[0] ?? END;
  for (let at = 1; at < input.length; at++) {
    const byte = input[at]!;
    const key = (prefix << 8) | byte;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 18) & (SLOTS - 1); // Knuth 6.4: the golden ratio spreads neighbors
    while (keys[slot] !== key && keys[slot] !== -1) slot = (slot + 1) & (SLOTS - 1);
    if (keys[slot] === key) {
      prefix = codes[slot]!;
      continue;
    }
    put(prefix);
    prefix = byte;
    keys[slot] = key;
    codes[slot] = next++;
    if (next === MAX_CODES - 2) {
      // As libtiff, one string before TIFF 6.0 section 13 says, which suits every reader
      put(CLEAR);
      keys.fill(-1);
      [next, width] = [FIRST, 9];
    } else if (next === 1 << width) width++;
  }
  if (input.length > 0) {
    put(prefix);
    // The decoder adds a string for that code too, and may widen before it reads the end
    if (++next === 1 << width && width < 12) width++;
    put(END);
  } else put(END);
  if (count > 0) output[filled++] = held << (8 - count);
  return filled;
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, bit) => sum | (((byte >> bit) & 1) << (7 - bit)), 0),
);

/** TIFF 6.0 section 8, FillOrder 2: a copy with the bits of every byte in the opposite order. */
export function reverseBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => REVERSED[byte]!);
}
