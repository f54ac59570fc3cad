/**
 * The boolean entropy decoder of RFC 6386 section 7. A reader is READER_BYTES of memory:
 *
 *   0 u64  bits not yet consumed, the first of them highest
 *   8 u32  first byte that is not in the bits
 *  12 u32  end of the partition
 *  16 i32  range less 1: 127..254 between two decisions, and 254 only before the first
 *  20 i32  how many of the bits are valid
 *  24 i32  how many were before the last decision
 *
 * Bits behind the end of a partition are whatever follows in memory, so READ_AHEAD bytes must be there; whoever reads asks
 * `overrun` often enough that no more are touched.
 */
export const READER_BYTES: u32 = 32;
/** More than a macroblock can take: 400 coefficients of 20 decisions that shift by up to 7 bits. */
export const READ_AHEAD: u32 = 16384;
/** Fewer valid bits than these are filled up: four decisions shift by at most 28 and the next needs 8. */
export const LOW_BITS: i32 = 40;

export function openReader(reader: usize, start: usize, size: u32): void {
  store<u64>(reader, 0);
  store<u32>(reader, <u32>start, 8);
  store<u32>(reader, <u32>start + size, 12);
  store<i32>(reader, 254, 16);
  store<i32>(reader, 0, 20);
  store<i32>(reader, 7, 24); // so that an empty partition counts as overrun
}

/** By the range less 1 behind a decision: how far it is shifted to be 128 or more, and what it is then, less 1. */
export const SHIFTS: usize = memory.data(256, 16);
export const SCALED: usize = memory.data(256, 16);

export function fillShifts(): void {
  for (let range = 1; range < 256; range++) {
    const shift = clz(range) - 24;
    store<u8>(SHIFTS + range - 1, shift);
    store<u8>(SCALED + range - 1, (range << shift) - 1);
  }
}

/** True once a decision, which takes 8 bits into account, has looked behind the end. */
export function overrun(reader: usize): bool {
  return ((load<i32>(reader, 8) - load<i32>(reader, 12)) << 3) + 8 > load<i32>(reader, 24);
}

/** Eight bytes as one number, the first of them highest. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function bigEndian(at: usize): u64 {
  let x = load<u64>(at);
  x = ((x >> 8) & 0x00ff00ff00ff00ff) | ((x & 0x00ff00ff00ff00ff) << 8);
  x = ((x >> 16) & 0x0000ffff0000ffff) | ((x & 0x0000ffff0000ffff) << 16);
  return (x >> 32) | (x << 32);
}

/**
 * A leaf of a tree (section 8.1): pairs of i8, a positive one the index of the next pair, others minus a leaf. The decision
 * at pair i has the probability i of `probabilities`.
 */
export function readTree(reader: usize, tree: usize, probabilities: usize): i32 {
  let value = load<u64>(reader);
  let next = <usize>load<u32>(reader, 8);
  let range = load<i32>(reader, 16);
  let bits = load<i32>(reader, 20);
  let node = 0;
  let shift = 0;
  do {
    if (bits < LOW_BITS) {
      value |= bigEndian(next) >> bits;
      next += (63 - bits) >> 3;
      bits |= 56;
    }
    let split = (range * <i32>load<u8>(probabilities + (node >> 1))) >> 8;
    if (<i32>(value >> 56) > split) {
      value -= <u64>(split + 1) << 56;
      split = range - split - 1;
      node = load<i8>(tree + node, 1);
    } else node = load<i8>(tree + node);
    range = load<u8>(SCALED + split);
    shift = load<u8>(SHIFTS + split);
    value <<= shift;
    bits -= shift;
  } while (node > 0);
  store<u64>(reader, value);
  store<u32>(reader, <u32>next, 8);
  store<i32>(reader, range, 16);
  store<i32>(reader, bits, 20);
  store<i32>(reader, bits + shift, 24);
  return -node;
}

const FLAG: usize = memory.data<i8>([0, -1]);
const probability: usize = memory.data(1);

/** One decision of that probability, 1..255 of 256 for a 0. */
export function readBool(reader: usize, of256: u32): i32 {
  store<u8>(probability, of256);
  return readTree(reader, FLAG, probability);
}

/** A number of `count` bits, each as likely 0 as 1. */
export function readBits(reader: usize, count: u32): i32 {
  let result = 0;
  for (let i: u32 = 0; i < count; i++) result = (result << 1) | readBool(reader, 128);
  return result;
}

/** Magnitude, then sign; 0 where a flag before them is not set. */
export function readOptional(reader: usize, count: u32): i32 {
  if (readBits(reader, 1) == 0) return 0;
  const magnitude = readBits(reader, count);
  return readBits(reader, 1) == 0 ? magnitude : -magnitude;
}
