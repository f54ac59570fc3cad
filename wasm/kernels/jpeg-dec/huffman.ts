/** Decoding tables, each TABLE_BYTES at one address, from the lists of a DHT segment (ITU-T T.81 sections B.2.4.2 and C). */

/** Of AC tables: u64 for each 10 bits, see `pair`. Of DC tables: u32, length and difference << 16. 0: not in 10 bits. */
export const PAIRS: usize = 0;
/** Of AC tables: u16 for each 11 bits, see `buildSkips`. */
export const SKIPS: usize = 8192;
/** u16 for each 10 bits: length of the code << 8 and its symbol; 0 where the code is longer. */
export const SYMBOLS: usize = 12288;
/** u32 for each length 0..16: the first code, left-aligned in 16 bits, that is longer. */
const LIMITS: usize = 14336;
/** i32 for each length: index of a symbol less its code. */
const OFFSETS: usize = 14336 + 72;
const VALUES: usize = 14336 + 144;
export const TABLE_BYTES: usize = 14336 + 144 + 256 + 64;

/** Length of a bit pattern that is no code: as many bits as libjpeg takes before it gives up. Its symbol is 0. */
export const NO_CODE: u32 = 17 << 8;
/**
 * What "end of block" adds to the index k, so that it needs no branch: beyond 62 + 16, where a run can lead a damaged
 * block, and below the end of the dequantizer's table.
 */
export const END_OF_BLOCK: u32 = 80;

/** spec: 16 counts, then up to 256 symbols. False where more codes are claimed than there are. */
export function buildHuffman(table: usize, spec: usize, isAc: i32): bool {
  let code: u32 = 0;
  let index: u32 = 0;
  memory.fill(table + SYMBOLS, 0, 2048);
  for (let length: u32 = 1; length <= 16; length++) {
    const codes = <u32>load<u8>(spec + length - 1);
    if (index + codes > 256 || code + codes > (<u32>1 << length)) return false;
    store<i32>(table + (length << 2), index - code, OFFSETS);
    for (let i: u32 = 0; i < codes; i++, index++, code++) {
      const symbol = <u32>load<u8>(spec + 16 + index);
      if (!isAc && symbol > 15) return false;
      store<u8>(table + index, symbol, VALUES);
      if (length <= 10) {
        const first = code << (10 - length);
        for (let j: u32 = 0; j < <u32>1 << (10 - length); j++) {
          store<u16>(table + ((first + j) << 1), (length << 8) | symbol, SYMBOLS);
        }
      }
    }
    store<u32>(table + (length << 2), code << (16 - length), LIMITS);
    code <<= 1;
  }
  for (; index < 256; index++) store<u8>(table + index, 0, VALUES);
  if (isAc) buildPairs(table);
  else buildDifferences(table);
  return true;
}

/** Length << 8 and symbol of the code at the top of `bits`, whatever its length. */
export function findSymbol(table: usize, bits: u64): u32 {
  const short = <u32>load<u16>(table + (<usize>(bits >> 54) << 1), SYMBOLS);
  if (short != 0) return short;
  const code = <u32>(bits >> 48);
  for (let length: u32 = 11; length <= 16; length++) {
    if (code >= load<u32>(table + (length << 2), LIMITS)) continue;
    const index = (load<i32>(table + (length << 2), OFFSETS) + (code >> (16 - length))) & 255;
    return (length << 8) | <u32>load<u8>(table + index, VALUES);
  }
  return NO_CODE;
}

/** The number that `size` bits stand for, T.81 section F.2.2.1 (EXTEND). size: 1..15. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function extend(value: i32, size: u32): i32 {
  return value < 1 << (size - 1) ? value - ((1 << size) - 1) : value;
}

function buildDifferences(table: usize): void {
  for (let i: u32 = 0; i < 1024; i++) {
    const found = <u32>load<u16>(table + (i << 1), SYMBOLS);
    const length = found >> 8;
    const size = found & 0xff;
    let entry: u32 = 0;
    if (found != 0 && length + size <= 10) {
      const value = size == 0 ? 0 : extend((i >> (10 - length - size)) & ((1 << size) - 1), size);
      entry = (length + size) | (value << 16);
    }
    store<u32>(table + (i << 2), entry, PAIRS);
  }
}

/**
 * What 10 bits hold, as one u64 from bit 0: length of all in 8 bits (0: even the first does not fit, or is rare), step of k of the first
 * in 8, of both in 8, length of the first in 8, value of the first in 16 and of the second in 16. Without a second both steps
 * are the first's.
 */
function pair(length: u32, step1: u32, step2: u32, length1: u32, value1: i32, value2: i32): u64 {
  const high = (value1 & 0xffff) | (value2 << 16);
  return (<u64>(<u32>high) << 32) | <u64>(length | (step1 << 8) | (step2 << 16) | (length1 << 24));
}

function buildPairs(table: usize): void {
  for (let i: u32 = 0; i < 1024; i++) store<u64>(table + (i << 3), single(table, i), PAIRS);
  for (let i: u32 = 0; i < 1024; i++) {
    const first = load<u64>(table + (i << 3), PAIRS);
    const length1 = <u32>(first >> 24) & 0xff;
    const step1 = <u32>(first >> 8) & 0xff;
    if (length1 == 0 || step1 == END_OF_BLOCK) continue;
    // An entry that already has a second symbol still tells its first, so the order does not matter
    const second = load<u64>(table + (((i << length1) & 1023) << 3), PAIRS);
    const length2 = <u32>(second >> 24) & 0xff;
    if (length2 == 0 || length1 + length2 > 10) continue;
    const step2 = step1 + (<u32>(second >> 8) & 0xff);
    store<u64>(table + (i << 3), pair(length1 + length2, step1, step2, length1, <i32>(first >> 32), <i32>(second >> 32) & 0xffff), PAIRS);
  }
}

function single(table: usize, i: u32): u64 {
  const found = <u32>load<u16>(table + (i << 1), SYMBOLS);
  const length = found >> 8;
  const run = (found >> 4) & 15;
  const size = found & 15;
  if (found == 0 || length + size > 10) return 0;
  if (size == 0) {
    if (run != 0 && run != 15) return 0; // runs of ends of block, in progressive scans alone
    const step = run == 0 ? END_OF_BLOCK : 16;
    return pair(length, step, step, length, 0, 0);
  }
  const value = extend((i >> (10 - length - size)) & ((1 << size) - 1), size);
  return pair(length + size, run + 1, run + 1, length + size, value, value);
}

/**
 * For decoding without values: what 11 bits begin with, as one u16: length of all codes and values (which may lie beyond the
 * 11 bits) in 6 bits, bit 6 set where the last is an end of block, and steps of k before that in 8 bits. 0: a longer code.
 */
export function buildSkips(table: usize): void {
  for (let i: u32 = 0; i < 2048; i++) {
    let used: u32 = 0;
    let steps: u32 = 0;
    let end: u32 = 0;
    while (used < 11 && steps < 48) {
      const found = <u32>load<u16>(table + ((((i << used) & 2047) >> 1) << 1), SYMBOLS);
      const length = found >> 8;
      const size = found & 15;
      const run = (found >> 4) & 15;
      if (found == 0 || used + length > 11 || (size == 0 && run != 0 && run != 15)) break;
      used += length + size;
      if (size == 0 && run == 0) {
        end = 64;
        break;
      }
      steps += run + 1;
    }
    store<u16>(table + (i << 1), used | end | (steps << 8), SKIPS);
  }
}
