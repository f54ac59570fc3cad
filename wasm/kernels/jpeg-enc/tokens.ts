/*
 * What the entropy coder is to write, in 4 bytes each: an index of a code (11 bits) and above it the value bits. Index
 * table << 8 | symbol stands for a Huffman code and the value bits that the symbol's lower four bits count; RAW + n for n
 * bits without a code. Codes are made from the counts that are kept meanwhile, so all of a scan is turned into tokens before
 * a bit of it is written. A scan too large for the buffer is turned into them twice: to count, and again to write.
 */
import { reserve } from "../memory";
import { ZIGZAG } from "./tables";

/** Tables of a scan: DC and AC of luminance, DC and AC of chrominance. */
export const TABLES: i32 = 4;
export const DC: u32 = 0x000;
export const AC: u32 = 0x100;
/** What is added to them for chrominance. */
export const CHROMINANCE: u32 = 0x200;
export const RAW: u32 = 0x400;
export const INDEX_BITS: u32 = 11;
/** Largest n of RAW + n. */
export const RAW_BITS: u32 = 16;
const RUN_OF_16: u32 = 0xf0;

/** u32 for each of the tables' symbols, then RAW_BITS + 1 that mean nothing. */
export const COUNTS: usize = memory.data((1024 + 17) * 4, 16);

/** Step by which the buffer grows. */
const GROWTH: u32 = 1 << 18;

let start: usize = 0;
let end: usize = 0;
let next: usize = 0;
/** Largest size of a buffer that grows; 0 of one that must not, because something lies behind it. */
let limit: u32 = 0;
let overflown: bool = false;

/** A buffer of `bytes`; false without memory. `growth`: up to how many bytes it may grow while nothing is reserved behind it. */
export function openTokens(bytes: u32, growth: u32): bool {
  start = reserve(bytes);
  end = start + bytes;
  limit = growth;
  return start != 0;
}

export function beginTokens(): void {
  memory.fill(COUNTS, 0, (1024 + 17) * 4);
  next = start;
  overflown = false;
}

/** Makes room for `bytes` more; where there is none, what is there is thrown away and the scan will need its second turn. */
export function makeRoom(bytes: u32): void {
  while (<u32>(end - next) < bytes) {
    const size = <u32>(end - start);
    if (size + GROWTH > limit || reserve(GROWTH) == 0) {
      overflown = true;
      next = start;
      return;
    }
    end += GROWTH;
  }
}

export function isOverflown(): bool {
  return overflown;
}

export function firstToken(): usize {
  return start;
}

export function nextToken(): usize {
  return next;
}

export function setNextToken(to: usize): void {
  next = to;
}

/** Symbol of a code, with value bits; both as a token. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function put(at: usize, index: u32, bits: u32): usize {
  store<u32>(at, index | (bits << INDEX_BITS));
  const count = COUNTS + (<usize>index << 2);
  store<u32>(count, load<u32>(count) + 1);
  return at + 4;
}

/** A difference of DC levels. T.81 section F.1.2.1. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function putDifference(at: usize, difference: i32, table: u32): usize {
  const sign = difference >> 31;
  const size = 32 - clz((difference + sign) ^ sign);
  return put(at, table | size, (difference + sign) & ((1 << size) - 1));
}

/**
 * A block of a sequential scan without its DC level: T.81 section F.1.2.2. `mask` as transform gives it. Gives the address
 * after the last token.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function putBlock(at: usize, block: usize, mask: u64, table: u32): usize {
  let before = 0;
  for (let rest = mask & ~(<u64>1); rest != 0; rest &= rest - 1) {
    const k = <i32>ctz(rest);
    let zeros = k - before - 1;
    before = k;
    for (; zeros > 15; zeros -= 16) at = put(at, table | RUN_OF_16, 0);
    const level = <i32>load<i16>(block + load<u8>(ZIGZAG + k));
    const sign = level >> 31;
    const size = 32 - clz((level + sign) ^ sign);
    at = put(at, table | (zeros << 4) | size, (level + sign) & ((1 << size) - 1));
  }
  return before == 63 ? at : put(at, table, 0); // end of block, unless the last coefficient was there
}
