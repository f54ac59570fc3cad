/** PNG files of every color type, depth and interlacing, with filters at random and streams of every kind (PNG, third edition). */
import { constants, deflateSync } from "node:zlib";
import { be32, crc32, join } from "./bytes.mjs";

export const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Color type to samples a pixel. */
export const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
export const KINDS = [
  ...[1, 2, 4, 8, 16].map((depth) => [0, depth]),
  ...[8, 16].flatMap((depth) => [2, 4, 6].map((type) => [type, depth])),
  ...[1, 2, 4, 8].map((depth) => [3, depth]),
];
/** Section 8.1: first column and row, and the steps, of each pass. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
const STRATEGIES = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FIXED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
  constants.Z_FILTERED,
];

export function chunk(name, ...content) {
  const body = join(name, ...content);
  return join(be32(body.length - 4), body, be32(crc32(body)));
}

/** { width, height, type, depth, interlace } */
export function writePng(random, { width, height, type, depth, interlace }) {
  const used = 1 << Math.min(depth, 8);
  return join(
    SIGNATURE,
    chunk("IHDR", be32(width), be32(height), depth, type, 0, 0, interlace ? 1 : 0),
    random.chance(0.3) ? chunk("gAMA", be32(random.pick([45455, 100000, 22727]))) : [],
    type === 3 ? chunk("PLTE", random.bytes(3 * used)) : [],
    random.chance(0.5) ? transparency(random, type, depth, used) : [],
    ...split(random, pack(random, samples(random, { width, height, type, depth, interlace }))).map((part) =>
      chunk("IDAT", part),
    ),
    chunk("IEND"),
  );
}
function transparency(random, type, depth, used) {
  if (type === 3) return chunk("tRNS", random.bytes(random.between(1, used)));
  const most = 2 ** depth - 1;
  const sample = () => {
    const value = random.below(most + 1);
    return [value >> 8, value & 255];
  };
  if (type === 0) return chunk("tRNS", sample());
  return type === 2 ? chunk("tRNS", sample(), sample(), sample()) : [];
}

/** Filtered rows, of all passes. Few different values, so that the stream has matches to copy. */
function samples(random, { width, height, type, depth, interlace }) {
  const rows = [];
  const noisy = random.chance(0.3);
  for (const [x, y, dx, dy] of interlace ? ADAM7 : [[0, 0, 1, 1]]) {
    const columns = Math.ceil((width - x) / dx);
    const length = Math.ceil((columns * CHANNELS[type] * depth) / 8);
    if (columns <= 0) continue;
    for (let row = y; row < height; row += dy) {
      const data = noisy ? random.bytes(length) : Uint8Array.from({ length }, (_, i) => ((i >> 2) * 3 + row) & 255);
      rows.push([random.below(5)], data);
    }
  }
  return join(...rows);
}

/** A zlib stream by any level, strategy and window: stored, fixed and dynamic blocks, several of them. */
export function pack(random, data) {
  const options = {
    level: random.pick([0, 1, 4, 6, 9]),
    strategy: random.pick(STRATEGIES),
    memLevel: random.pick([1, 8, 9]),
    windowBits: random.pick([9, 12, 15]),
  };
  return new Uint8Array(deflateSync(data, options));
}
export function split(random, stream) {
  const parts = [];
  for (let at = 0; at < stream.length; ) {
    const end = random.chance(0.5) ? stream.length : Math.min(stream.length, at + random.between(1, 200));
    parts.push(stream.subarray(at, end));
    at = end;
  }
  return parts;
}
