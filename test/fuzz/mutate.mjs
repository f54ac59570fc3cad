/** Damage of every kind: the same for all formats here, by the grammar of a format in mutate-*.mjs. */
import { be16, be32, join, le16, le32, put } from "./bytes.mjs";
import { mutateContainer } from "./mutate-container.mjs";
import { mutateJpeg } from "./mutate-jpeg.mjs";
import { mutatePng } from "./mutate-png.mjs";

const BY_GRAMMAR = {
  jpeg: mutateJpeg,
  png: mutatePng,
  webp: mutateContainer,
  avif: mutateContainer,
  tiff: mutateContainer,
  bmp: mutateContainer,
};
const INTERESTING = [
  0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 63, 64, 127, 128, 254, 255, 256, 257, 1000, 4095, 32767, 32768, 65535,
];
const INTERESTING_32 = [...INTERESTING, 65536, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/**
 * `bytes` of a file, damaged one to six times, most of them once: much damage rarely gets past the header. `other` is another
 * file of the format, to be mixed in. Neither is changed.
 */
export function mutate(random, format, bytes, other) {
  let damaged = bytes;
  for (let count = random.chance(0.65) ? 1 : random.between(2, 6); count > 0; count--) {
    const next = random.chance(0.6) ? BY_GRAMMAR[format](random, damaged, other) : mutateBytes(random, damaged, other);
    if (next.length > 0) damaged = next;
  }
  return damaged.length > MOST_BYTES ? damaged.subarray(0, MOST_BYTES) : damaged;
}
/** Copies of copies must not make runs slow. */
const MOST_BYTES = 300_000;

export function mutateBytes(random, bytes, other) {
  return random.pick(ANY)(random, bytes, other);
}

/** A place; every third one near the start, where headers are. */
function place(random, length) {
  return random.below(random.chance(0.35) ? Math.min(length, 700) : length);
}
function stretch(random, bytes) {
  const from = place(random, bytes.length);
  const most = random.pick([4, 16, 64, 1024]);
  return [from, Math.min(bytes.length, from + 1 + random.below(most))];
}
function over(bytes, at, content) {
  const copy = bytes.slice();
  put(copy, at, content);
  return copy;
}

const ANY = [
  function flipBits(random, bytes) {
    const copy = bytes.slice();
    for (let count = 1 + random.below(8); count > 0; count--) copy[place(random, copy.length)] ^= 1 << random.below(8);
    return copy;
  },
  function setBytes(random, bytes) {
    const copy = bytes.slice();
    for (let count = 1 + random.below(8); count > 0; count--) {
      copy[place(random, copy.length)] = random.pick([0, 0xff, random.pick(INTERESTING), random.below(256)]);
    }
    return copy;
  },
  function setWord(random, bytes) {
    const value = random.pick(INTERESTING);
    return over(bytes, place(random, bytes.length), random.pick([be16, le16])(value));
  },
  function setLong(random, bytes) {
    const value = random.pick(INTERESTING_32);
    return over(bytes, place(random, bytes.length), random.pick([be32, le32])(value));
  },
  function fillStretch(random, bytes) {
    const [from, to] = stretch(random, bytes);
    return bytes.slice().fill(random.pick([0, 0xff, random.below(256)]), from, to);
  },
  function noiseStretch(random, bytes) {
    const [from, to] = stretch(random, bytes);
    return over(bytes, from, random.bytes(to - from));
  },
  function deleteStretch(random, bytes) {
    const [from, to] = stretch(random, bytes);
    return join(bytes.subarray(0, from), bytes.subarray(to));
  },
  function copyStretch(random, bytes) {
    const [from, to] = stretch(random, bytes);
    const at = place(random, bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at));
  },
  function moveOver(random, bytes) {
    const [from, to] = stretch(random, bytes);
    return over(bytes, place(random, bytes.length), bytes.slice(from, to));
  },
  function insertNoise(random, bytes) {
    const at = place(random, bytes.length);
    return join(bytes.subarray(0, at), random.bytes(1 + random.below(16)), bytes.subarray(at));
  },
  function truncate(random, bytes) {
    return bytes.slice(0, place(random, bytes.length) + 1);
  },
  function splice(random, bytes, other) {
    return join(bytes.subarray(0, place(random, bytes.length)), other.subarray(place(random, other.length)));
  },
  function spliceInPlace(random, bytes, other) {
    const at = place(random, Math.min(bytes.length, other.length));
    return join(bytes.subarray(0, at), other.subarray(at));
  },
];
