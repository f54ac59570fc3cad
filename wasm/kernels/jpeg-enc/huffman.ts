/*
 * Optimal Huffman codes of at most 16 bits, none of them all ones, from how often each symbol occurs: T.81 annex K.2. Lengths
 * come from a sorted list and a queue instead of K.2's searches, and are dealt out by frequency, which is no longer in any
 * case and shorter where K.2 breaks ties another way.
 */
import { COUNTS, RAW, RAW_BITS, TABLES } from "./tokens";

const SYMBOLS: usize = 256;
const MAX_BITS: i32 = 16;
/** Depth that counts of 32 bits cannot reach: Fibonacci number 48 is above 2^32. */
const MAX_DEPTH: i32 = 64;

/** For each index of a token u32: bits << 5 | how many bits, code and room for the value bits. */
export const CODES: usize = memory.data((1024 + 17) * 4, 16);
/** What DHT wants, for each table: 16 counts of lengths, then the symbols by length. */
export const LISTS: usize = memory.data(4 * 272, 16);
export const LIST_BYTES: usize = 272;

/** u8 symbols by rising count, at most 256. */
const sorted: usize = memory.data(256);
/** u64 weights of nodes, leaves first, and u32 parents; up to 257 leaves, the first of them the code that stays unused. */
const weights: usize = memory.data(8 * 514, 16);
const parents: usize = memory.data(4 * 514, 16);
/** u32: codes of each length 0..MAX_DEPTH. */
const lengths: usize = memory.data(4 * 65, 16);

/** Codes and lists of all tables. A table without symbols gets an empty list. */
export function makeCodes(): void {
  memory.fill(CODES, 0, RAW * 4);
  for (let n: u32 = 0; n <= RAW_BITS; n++) store<u32>(CODES + ((RAW + n) << 2), n);
  for (let table = 0; table < TABLES; table++) {
    const base = <usize>table * SYMBOLS * 4;
    const count = sortSymbols(COUNTS + base);
    const list = LISTS + <usize>table * LIST_BYTES;
    memory.fill(list, 0, LIST_BYTES);
    if (count == 0) continue;
    countLengths(count, COUNTS + base);
    shorten();
    deal(count, list);
    assign(list, CODES + base);
  }
}

/** How many symbols the list of a table has. */
export function symbolsOf(list: usize): i32 {
  let count = 0;
  for (let i = 0; i < MAX_BITS; i++) count += load<u8>(list + i);
  return count;
}

/** Insertion: 60 to 160 symbols, once a table. Equal counts keep the higher symbol first, as K.2 wants it. */
function sortSymbols(counts: usize): i32 {
  let n = 0;
  for (let symbol = <i32>SYMBOLS - 1; symbol >= 0; symbol--) {
    const count = load<u32>(counts + (<usize>symbol << 2));
    if (count == 0) continue;
    let at = n++;
    for (; at > 0; at--) {
      const other = load<u8>(sorted + at - 1);
      if (load<u32>(counts + (<usize>other << 2)) <= count) break;
      store<u8>(sorted + at, other);
    }
    store<u8>(sorted + at, symbol);
  }
  return n;
}

/** Lengths of Huffman's codes: the two lightest nodes, from the sorted leaves or the queue of inner nodes, become one. */
function countLengths(count: i32, counts: usize): void {
  const leaves = count + 1;
  store<u64>(weights, 1); // the code of all ones, rarer than or as rare as any
  for (let i: usize = 0; i < <usize>count; i++) {
    store<u64>(weights + ((i + 1) << 3), load<u32>(counts + (<usize>load<u8>(sorted + i) << 2)));
  }
  let leaf = 0;
  let inner = leaves;
  const nodes = 2 * leaves - 1;
  for (let node = leaves; node < nodes; node++) {
    let sum: u64 = 0;
    for (let i = 0; i < 2; i++) {
      const takeLeaf = leaf < leaves && (inner >= node || weightOf(leaf) <= weightOf(inner));
      const taken = takeLeaf ? leaf++ : inner++;
      store<u32>(parents + (<usize>taken << 2), node);
      sum += weightOf(taken);
    }
    store<u64>(weights + (<usize>node << 3), sum);
  }
  memory.fill(lengths, 0, 4 * (MAX_DEPTH + 1));
  store<u32>(parents + (<usize>(nodes - 1) << 2), 0); // from here on a node's depth
  for (let node = nodes - 2; node >= 0; node--) {
    const at = parents + (<usize>node << 2);
    const depth = load<u32>(parents + (<usize>load<u32>(at) << 2)) + 1;
    store<u32>(at, depth);
    if (node < leaves) addLength(depth, 1);
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function weightOf(node: i32): u64 {
  return load<u64>(weights + (<usize>node << 3));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lengthCount(bits: i32): i32 {
  return load<i32>(lengths + (<usize>bits << 2));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function addLength(bits: i32, count: i32): void {
  store<i32>(lengths + (<usize>bits << 2), lengthCount(bits) + count);
}

/** At most 16 bits (figure K.3), then without the code of all ones, which is one of the longest. */
function shorten(): void {
  for (let bits = MAX_DEPTH; bits > MAX_BITS; bits--) {
    while (lengthCount(bits) > 0) {
      let shorter = bits - 2;
      while (lengthCount(shorter) == 0) shorter--;
      addLength(bits, -2);
      addLength(bits - 1, 1);
      addLength(shorter + 1, 2);
      addLength(shorter, -1);
    }
  }
  let longest = MAX_BITS;
  while (lengthCount(longest) == 0) longest--;
  addLength(longest, -1);
}

/** The shortest codes to the symbols that occur most. */
function deal(count: i32, list: usize): void {
  for (let bits = 1; bits <= MAX_BITS; bits++) store<u8>(list + bits - 1, lengthCount(bits));
  for (let i = 0; i < count; i++) store<u8>(list + MAX_BITS + i, load<u8>(sorted + count - 1 - i));
}

/** Codes from lengths: T.81 annex C. */
function assign(list: usize, codes: usize): void {
  let code: u32 = 0;
  let at = list + MAX_BITS;
  for (let bits: u32 = 1; bits <= <u32>MAX_BITS; bits++, code <<= 1) {
    for (let n = <i32>load<u8>(list + bits - 1); n > 0; n--, code++) {
      const symbol = <u32>load<u8>(at++);
      const size = symbol & 15;
      store<u32>(codes + (symbol << 2), (code << (size + 5)) | (bits + size));
    }
  }
}
