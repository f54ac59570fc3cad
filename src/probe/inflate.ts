import { corrupt } from "./common.ts";

/**
 * Inflates the start of a zlib stream (RFC 1950, RFC 1951) for the iCCP chunk of PNG, whose profile names are
 * useless ("icc", "ICC Profile"): of eleven profiles in the test corpus none could be judged by name.
 * Output stops at `maxBytes`; the checksum is not verified. CORRUPT_IMAGE on a damaged or truncated stream.
 * Written for small inputs and few lines, not for speed: never use it on pixels.
 */
export function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  // RFC 1950 section 2.2: method 8, header divisible by 31, no preset dictionary
  const header = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (bytes.length < 2 || ((header >> 8) & 15) !== 8 || header % 31 !== 0 || (header & 32) !== 0) throw damaged();
  const input: BitSource = { bytes, at: 2, held: 0, count: 0 };
  const output: Sink = { bytes: new Uint8Array(maxBytes), length: 0 };
  for (let last = false; !last && output.length < maxBytes; ) {
    last = bits(input, 1) === 1;
    const type = bits(input, 2);
    if (type === 0) copyStored(input, output);
    else if (type === 1) inflateBlock(input, output, FIXED_LENGTHS, FIXED_DISTANCES);
    else if (type === 2) inflateBlock(input, output, ...readTables(input));
    else throw damaged();
  }
  return output.bytes.subarray(0, output.length);
}

interface BitSource {
  readonly bytes: Uint8Array;
  at: number;
  held: number;
  count: number;
}
interface Sink {
  readonly bytes: Uint8Array;
  length: number;
}
/** Canonical Huffman code: number of codes of each length 0..15, then the symbols ordered by code. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

// RFC 1951 section 3.2.5
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
  12289, 16385, 24577,
];
// RFC 1951 section 3.2.7
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
// RFC 1951 section 3.2.6
const FIXED_LENGTHS = createCode(
  Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = createCode(Array.from({ length: 30 }, () => 5));

function damaged() {
  return corrupt("a compressed profile is unreadable");
}

/** The next `count` bits (0..15), least significant first. */
function bits(input: BitSource, count: number): number {
  while (input.count < count) {
    const next = input.bytes[input.at++];
    if (next === undefined) throw damaged();
    input.held |= next << input.count;
    input.count += 8;
  }
  const value = input.held & ((1 << count) - 1);
  input.held >>>= count;
  input.count -= count;
  return value;
}

function put(output: Sink, value: number): void {
  if (output.length < output.bytes.length) output.bytes[output.length++] = value;
}

/** RFC 1951 section 3.2.4. */
function copyStored(input: BitSource, output: Sink): void {
  input.at -= input.count >> 3; // whole bytes already held go back
  input.held = 0;
  input.count = 0;
  const length = bits(input, 8) + bits(input, 8) * 256;
  if (bits(input, 8) + bits(input, 8) * 256 !== 65535 - length) throw damaged();
  for (let i = 0; i < length && output.length < output.bytes.length; i++) put(output, bits(input, 8));
}

/** RFC 1951 section 3.2.2: codes of one length are consecutive, so counting is enough to decode. Linear in the symbols. */
function createCode(lengths: readonly number[]): Code {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const next = new Uint16Array(16);
  for (let length = 1; length < 15; length++) next[length + 1] = (next[length] ?? 0) + (counts[length] ?? 0);
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const index = next[length] ?? 0;
    symbols[index] = symbol;
    next[length] = index + 1;
  });
  return { counts, symbols };
}

function decode(input: BitSource, code: Code): number {
  let value = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length < 16; length++) {
    value |= bits(input, 1);
    const count = code.counts[length] ?? 0;
    const symbol = value - first < count ? code.symbols[index + value - first] : undefined;
    if (symbol !== undefined) return symbol;
    index += count;
    first = (first + count) << 1;
    value <<= 1;
  }
  throw damaged();
}

/** RFC 1951 section 3.2.7: the code lengths of a dynamic block, themselves Huffman coded. */
function readTables(input: BitSource): [Code, Code] {
  const literals = bits(input, 5) + 257;
  const distances = bits(input, 5) + 1;
  const ordered = bits(input, 4) + 4;
  const own = Array.from({ length: 19 }, () => 0);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, ordered)) own[symbol] = bits(input, 3);
  const code = createCode(own);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = decode(input, code);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    const repeated = symbol === 16 ? (lengths[lengths.length - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + bits(input, 2) : symbol === 17 ? 3 + bits(input, 3) : 11 + bits(input, 7);
    for (let i = 0; i < times; i++) lengths.push(repeated);
  }
  return [createCode(lengths.slice(0, literals)), createCode(lengths.slice(literals, literals + distances))];
}

/** RFC 1951 section 3.2.3. Ends with the block or with a full output. */
function inflateBlock(input: BitSource, output: Sink, lengths: Code, distances: Code): void {
  while (output.length < output.bytes.length) {
    const symbol = decode(input, lengths);
    if (symbol === 256) return;
    if (symbol < 256) {
      put(output, symbol);
      continue;
    }
    const length = (LENGTH_BASE[symbol - 257] ?? 0) + bits(input, LENGTH_EXTRA[symbol - 257] ?? 0);
    const slot = decode(input, distances);
    const distance = (DISTANCE_BASE[slot] ?? 0) + bits(input, slot < 4 ? 0 : (slot >> 1) - 1);
    if (length === 0 || distance === 0 || distance > output.length) throw damaged();
    for (let i = 0; i < length; i++) put(output, output.bytes[output.length - distance] ?? 0);
  }
}
