/* Tokens of progressive scans: T.81 annex G. */
import { blockColumns, blockRows, blocksDown, levelsOf, maskOf } from "./coefficients";
import { chroma, columns, components } from "./frame";
import { first, from, high, low, to } from "./script";
import { ZIGZAG } from "./tables";
import { AC, CHROMINANCE, DC, nextToken, put, putDifference, RAW, RAW_BITS, INDEX_BITS, setNextToken } from "./tokens";

/**
 * Most tokens of a block: of 63 coefficients one each, and for those that are new in a scan as many for the bits they follow;
 * three runs of 16 with bits, four tokens of bits at the end, two for the run of blocks.
 */
export const BLOCK_TOKENS: u32 = 140;
const RUN_OF_16: u32 = 0xf0;
/** Longest run of blocks without new levels: 14 bits and the leading one. */
const MOST_BLOCKS: u32 = 0x7fff;

/** i32 DC level of each component's last block. */
const predictions: usize = memory.data(12, 4);

/** Blocks that ended early, one after the other; where the tokens for their number are to be: two, left out until it is known. */
let run: u32 = 0;
let runTokens: usize = 0;
/** Correction bits that go behind the next code, the last of them in bit 0. */
let corrections: u64 = 0;
let correctionCount: u32 = 0;

export function beginProgressive(): void {
  memory.fill(predictions, 0, 12);
  run = 0;
}

/** Row `row` of MCUs in the current scan; the buffer must have room. `close`: runs of blocks end here. */
export function tokenizeScanRow(row: i32, close: bool): void {
  let at = nextToken();
  if (to == 0) {
    at = high == 0 ? firstLevels(at, row) : refineLevels(at, row);
  } else {
    const down = blocksDown(first);
    const end = min((row + 1) * down, blockRows(first));
    for (let y = row * down; y < end; y++) {
      at = high == 0 ? firstRow(at, y) : refineRow(at, y);
    }
  }
  setNextToken(at);
  if (close) closeRun();
}

/** DC levels without their `low` lowest bits, interleaved. */
function firstLevels(at: usize, row: i32): usize {
  for (let column = 0; column < columns; column++) {
    for (let component = 0; component < components; component++) {
      const prediction = predictions + (<usize>component << 2);
      const table = component == 0 ? DC : DC | CHROMINANCE;
      const across = component == 0 ? chroma : 1;
      for (let y = 0; y < across; y++) {
        for (let x = 0; x < across; x++) {
          const block = levelsOf(component, row * across + y, column * across + x);
          const level = <i32>load<i16>(block) >> low;
          at = putDifference(at, level - load<i32>(prediction), table);
          store<i32>(prediction, level);
        }
      }
    }
  }
  return at;
}

/** Bit `low` of the DC levels. */
function refineLevels(at: usize, row: i32): usize {
  for (let column = 0; column < columns; column++) {
    let bits: u32 = 0;
    let count: u32 = 0;
    for (let component = 0; component < components; component++) {
      const across = component == 0 ? chroma : 1;
      for (let y = 0; y < across; y++) {
        for (let x = 0; x < across; x++) {
          const level = <i32>load<i16>(levelsOf(component, row * across + y, column * across + x));
          bits = (bits << 1) | ((level >> low) & 1);
          count++;
        }
      }
    }
    at = putRaw(at, bits, count);
  }
  return at;
}

/** `count` bits without a code; 0 to RAW_BITS. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function putRaw(at: usize, bits: u32, count: u32): usize {
  store<u32>(at, (RAW + count) | (bits << INDEX_BITS));
  return at + 4;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function acTable(): u32 {
  return first == 0 ? AC : AC | CHROMINANCE;
}

/** Bits of the scan's coefficients. */
function scanBits(): u64 {
  return (~(<u64>0) << from) & (~(<u64>0) >> (63 - to));
}

/** A row of blocks whose levels come for the first time. Section G.1.2.2. */
function firstRow(at: usize, y: i32): usize {
  const table = acTable();
  const wanted = scanBits();
  const start = from - 1;
  const end = to;
  const shift = low;
  let block = levelsOf(first, y, 0);
  let mask = maskOf(first, y, 0);
  for (let count = blockColumns(first); count > 0; count--, block += 128, mask += 8) {
    let rest = load<u64>(mask) & wanted;
    let before = start;
    while (rest != 0) {
      const k = <i32>ctz(rest);
      rest &= rest - 1;
      const level = <i32>load<i16>(block + load<u8>(ZIGZAG + k));
      const sign = level >> 31;
      const magnitude = ((level + sign) ^ sign) >> shift;
      if (magnitude == 0) continue;
      let zeros = k - before - 1;
      before = k;
      closeRun();
      for (; zeros > 15; zeros -= 16) at = put(at, table | RUN_OF_16, 0);
      const size = 32 - clz(magnitude);
      at = put(at, table | (zeros << 4) | size, (magnitude ^ sign) & ((1 << size) - 1));
    }
    if (before < end) at = countBlock(at);
  }
  return at;
}

/** A row of blocks whose levels get their next bit. Section G.1.2.3. */
function refineRow(at: usize, y: i32): usize {
  const wanted = scanBits();
  let block = levelsOf(first, y, 0);
  let mask = maskOf(first, y, 0);
  for (let count = blockColumns(first); count > 0; count--, block += 128, mask += 8) {
    at = refineBlock(at, block, load<u64>(mask) & wanted);
  }
  return at;
}

function refineBlock(at: usize, block: usize, mask: u64): usize {
  const table = acTable();
  const shift = low;
  const lastNew = lastNewLevel(block, mask);
  let before = from - 1;
  let zeros = 0;
  while (mask != 0) {
    const k = <i32>ctz(mask);
    mask &= mask - 1;
    const level = <i32>load<i16>(block + load<u8>(ZIGZAG + k));
    const sign = level >> 31;
    const magnitude = ((level + sign) ^ sign) >> shift;
    if (magnitude == 0) continue;
    zeros += k - before - 1;
    before = k;
    for (; zeros > 15 && k <= lastNew; zeros -= 16) {
      closeRun();
      at = putCorrections(put(at, table | RUN_OF_16, 0));
    }
    if (magnitude > 1) {
      corrections = (corrections << 1) | (magnitude & 1);
      correctionCount++;
    } else {
      closeRun();
      at = putCorrections(put(at, table | (zeros << 4) | 1, sign + 1));
      zeros = 0;
    }
  }
  if (zeros + to - before > 0 || correctionCount > 0) at = putCorrections(countBlock(at));
  return at;
}

/** The last coefficient that becomes 1 or -1 in this scan; -1 without one. Only before it are runs of 16 zeros written. */
function lastNewLevel(block: usize, mask: u64): i32 {
  while (mask != 0) {
    const k = 63 - <i32>clz(mask);
    const level = <i32>load<i16>(block + load<u8>(ZIGZAG + k));
    if (abs(level) >> low == 1) return k;
    mask ^= (<u64>1) << k;
  }
  return -1;
}

/** Bits of levels that were there before. */
function putCorrections(at: usize): usize {
  while (correctionCount > 0) {
    const count = min(correctionCount, RAW_BITS);
    correctionCount -= count;
    at = putRaw(at, <u32>(corrections >> correctionCount) & ((1 << count) - 1), count);
  }
  return at;
}

/** One more block that ends here; the first of a run takes two tokens. */
function countBlock(at: usize): usize {
  if (run == 0) {
    runTokens = at;
    at += 8;
  }
  run++;
  if (run == MOST_BLOCKS) closeRun();
  return at;
}

/** Writes how many blocks a run has: its highest bit as a symbol, the others behind it. */
function closeRun(): void {
  if (run == 0) return;
  const bits = 31 - clz(run);
  put(runTokens, acTable() | (bits << 4), 0);
  putRaw(runTokens + 4, run - (1 << bits), bits);
  run = 0;
}
