/**
 * DEFLATE (RFC 1951) inside zlib (RFC 1950), in pieces: input is fed as it comes, output goes to a buffer in which the last
 * 32 KiB are kept by the caller. One stream at a time.
 *
 * Bits wait in a u64, the next one lowest; `count` of them are valid, and those above are valid too or zero. A refill is
 * `bits |= load<u64>(next) << count; next += (63 - count) >> 3; count |= 56`, without a branch. Shifts count modulo 64, so
 * whole table entries serve as shift counts, and `count` may carry rubbish above its lowest 6 bits while symbols are decoded.
 *
 * Entries of the tables, u32:
 *   literals      bit 31, how many (1 or 2) in bits 24..25, the bytes in 8..23, bits they take in 0..5
 *   lengths       base in bits 16..24, bits of the code in 8..11, bits with the extra ones in 0..5
 *   distances     base in bits 16..31, the rest as of lengths
 *   EXCEPTION     with SUBTABLE: its first entry in bits 16..30, bits that index it in 8..11; with END: end of block;
 *                 with neither: a code that means nothing
 */

/** What inflateRun stopped for. */
const NEEDS_INPUT: i32 = 0;
const OUTPUT_FULL: i32 = 1;
const DONE: i32 = 2;
const DAMAGED: i32 = 3;

const LITERAL: u32 = 0x80000000;
const EXCEPTION: u32 = 0x8000;
const SUBTABLE: u32 = 0x4000;
const END: u32 = 0x2000;

const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 9;
const LENGTHS_BITS: u32 = 7;
/** Entries; complete codes of 286 and 30 symbols need 2342 and less than 1024 (zlib, examples/enough.c). */
const LITERAL_ROOM: u32 = 4096;
const DISTANCE_ROOM: u32 = 2048;

const LITERALS: usize = memory.data(LITERAL_ROOM * 4, 16);
const DISTANCES: usize = memory.data(DISTANCE_ROOM * 4, 16);
const LENGTHS_CODE: usize = memory.data(128 * 4, 16);
/** Code lengths of a block: up to 286 and 30, or the 288 and 32 of the fixed codes. */
const CODE_LENGTHS: usize = memory.data(320 + 16, 16);
const COUNTS: usize = memory.data(16 * 4, 16);
const OFFSETS: usize = memory.data(16 * 4, 16);
const SORTED: usize = memory.data(320 * 2, 16);
/** RFC 1951 section 3.2.5: base << 8 | extra bits; 0 for symbols that mean nothing. */
const LENGTH_BASES: usize = memory.data<u32>([
  0x300, 0x400, 0x500, 0x600, 0x700, 0x800, 0x900, 0xa00, 0xb01, 0xd01, 0xf01, 0x1101, 0x1302, 0x1702, 0x1b02, 0x1f02,
  0x2303, 0x2b03, 0x3303, 0x3b03, 0x4304, 0x5304, 0x6304, 0x7304, 0x8305, 0xa305, 0xc305, 0xe305, 0x10200, 0, 0,
]);
const DISTANCE_BASES: usize = memory.data<u32>([
  0x100, 0x200, 0x300, 0x400, 0x501, 0x701, 0x902, 0xd02, 0x1103, 0x1903, 0x2104, 0x3104, 0x4105, 0x6105, 0x8106, 0xc106,
  0x10107, 0x18107, 0x20108, 0x30108, 0x40109, 0x60109, 0x8010a, 0xc010a, 0x10010b, 0x18010b, 0x20010c, 0x30010c, 0x40010d,
  0x60010d, 0, 0,
]);
/** RFC 1951 section 3.2.7. */
const LENGTHS_ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
/** For distances 1..15: lanes i mod distance, and the most bytes of whole periods in 16. */
const PERIODS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
  0, 1, 0, 1, 0, 1, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6,
  0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 7,
  8, 9, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 0,
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7,
  8, 9, 10, 11, 12, 13, 14, 0,
], 16);
const PERIOD_STEPS: usize = memory.data<u8>([0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15]);

/** Where a stream stands. */
const AT_START: i32 = 0;
const AT_BLOCK: i32 = 1;
const IN_STORED: i32 = 2;
const IN_CODES: i32 = 3;
const AT_END: i32 = 4;
const BROKEN: i32 = 5;

/** What may be ahead of a block before its first symbol, in bytes: 14 + 19 × 3 + 316 × 14 bits are 562. */
const HEADER_BYTES: u32 = 600;
/** A step of the decoder moves `next` by less than 32 bytes and loads 8 from there. */
const STEP_BYTES: u32 = 40;
/** Literals are paired after so many bytes of a block: the pass takes as long as about as many symbols. */
const PAIR_AFTER: u32 = 3072;

let state: i32 = AT_START;
let last: bool = false;
let bits: u64 = 0;
let count: u64 = 0;
let next: u32 = 0;
let end: u32 = 0;
let final: bool = false;
let out: u32 = 0;
let floor: u32 = 0;
/** Of a stored block, bytes left. */
let left: u32 = 0;
let unpaired: u32 = 0;

/** Begins a stream whose output goes to `output`. */
export function inflateStart(output: u32): void {
  state = AT_START;
  last = false;
  bits = 0;
  count = 0;
  next = 0;
  end = 0;
  final = false;
  out = output;
  floor = output;
}

/**
 * New input: what was left at inflateNext() up to the old end, and more behind it, now lies at from..to. `ends`: there is no
 * more; then 1 KiB behind `to` must be readable, and is zeroed for 64 bytes.
 */
export function inflateFeed(from: u32, to: u32, ends: i32): void {
  next = from;
  end = to;
  final = ends != 0;
  if (final) memory.fill(to, 0, 64);
}

/** First byte of input that is still needed. */
export function inflateNext(): u32 {
  return next;
}

/** Behind the last byte of output. */
export function inflateOut(): u32 {
  return out;
}

/** The output, or what is kept of it (from `kept` on, 32 KiB at least or all), now lies so many bytes lower. */
export function inflateMoved(by: u32, kept: u32): void {
  out -= by;
  floor = kept;
}

/**
 * Inflates until there are `limit` bytes of output or more (at most 600 beyond it are written to), input is needed, or the
 * stream ends. DONE: the checksum is at inflateNext(), as far as it is there.
 */
export function inflateRun(limit: u32): i32 {
  let result = -1;
  while (result < 0) {
    if (state == AT_START) result = startStream();
    else if (state == AT_BLOCK) result = startBlock();
    else if (state == IN_STORED) result = copyStored(limit);
    else if (state == IN_CODES) result = decodeBlock(limit);
    else result = state == AT_END ? DONE : DAMAGED;
  }
  if (result == DAMAGED) state = BROKEN;
  // Whole bytes are given back, to be where inflateNext() says, whatever happens to the buffer
  next -= <u32>count >> 3;
  count &= 7;
  bits &= ((<u64>1) << count) - 1;
  return result;
}

/** RFC 1950 section 2.2: method 8, divisible by 31, no preset dictionary. A smaller window is not held to, as in zlib. */
function startStream(): i32 {
  if (end - next < 2) return final ? DAMAGED : NEEDS_INPUT;
  const method = <u32>load<u8>(next);
  const flags = <u32>load<u8>(next + 1);
  if ((method & 15) != 8 || method >> 4 > 7 || ((method << 8) | flags) % 31 != 0 || (flags & 32) != 0) return DAMAGED;
  next += 2;
  state = AT_BLOCK;
  return -1;
}

function startBlock(): i32 {
  if (last) {
    toByte();
    if (next > end) return DAMAGED;
    state = AT_END;
    return DONE;
  }
  if (!final && end - next < HEADER_BYTES) return NEEDS_INPUT;
  last = take(1) != 0;
  const type = take(2);
  let ok = type != 3;
  if (type == 0) ok = startStored();
  else if (type == 1) ok = startFixed();
  else if (type == 2) ok = startDynamic();
  return ok && next - (<u32>count >> 3) <= end ? -1 : DAMAGED;
}

/** Drops what is left of a byte and gives back the whole ones. */
function toByte(): void {
  next -= <u32>count >> 3;
  bits = 0;
  count = 0;
}

function take(wanted: u32): u32 {
  if (<u32>count < wanted) refill();
  const value = <u32>bits & ((1 << wanted) - 1);
  bits >>= <u64>wanted;
  count -= <u64>wanted;
  return value;
}

function refill(): void {
  bits |= load<u64>(next) << count;
  next += <u32>((63 - count) >> 3);
  count |= 56;
}

/** RFC 1951 section 3.2.4. */
function startStored(): bool {
  toByte();
  const sizes = load<u32>(next);
  next += 4;
  if (((sizes >> 16) ^ (sizes & 0xffff)) != 0xffff) return false;
  left = sizes & 0xffff;
  state = IN_STORED;
  return true;
}

function copyStored(limit: u32): i32 {
  if (left == 0) {
    state = AT_BLOCK;
    return -1;
  }
  if (out >= limit) return OUTPUT_FULL;
  const here = min(left, min(end - next, limit - out));
  if (here == 0) return final ? DAMAGED : NEEDS_INPUT;
  memory.copy(out, next, here);
  out += here;
  next += here;
  left -= here;
  return -1;
}

/** RFC 1951 section 3.2.6. */
function startFixed(): bool {
  memory.fill(CODE_LENGTHS, 8, 144);
  memory.fill(CODE_LENGTHS + 144, 9, 112);
  memory.fill(CODE_LENGTHS + 256, 7, 24);
  memory.fill(CODE_LENGTHS + 280, 8, 8);
  memory.fill(CODE_LENGTHS + 288, 5, 32);
  return startCodes(288, 32);
}

/** RFC 1951 section 3.2.7. What is refused is what zlib refuses. */
function startDynamic(): bool {
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const given = take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  memory.fill(CODE_LENGTHS, 0, 19);
  for (let i: u32 = 0; i < given; i++) store<u8>(CODE_LENGTHS + load<u8>(LENGTHS_ORDER + i), take(3));
  if (!buildTable(LENGTHS_CODE, LENGTHS_BITS, 128, CODE_LENGTHS, 19, OF_LENGTHS)) return false;
  const total = literals + distances;
  for (let filled: u32 = 0; filled < total; ) {
    if (<u32>count < 14) refill();
    const entry = load<u32>(LENGTHS_CODE + ((<u32>bits & 127) << 2));
    bits >>= <u64>(entry & 63);
    count -= <u64>(entry & 63);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(CODE_LENGTHS + filled, symbol);
      filled++;
      continue;
    }
    if (symbol == 16 && filled == 0) return false;
    const repeated = symbol == 16 ? <u32>load<u8>(CODE_LENGTHS + filled - 1) : 0;
    const times = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (filled + times > total) return false;
    memory.fill(CODE_LENGTHS + filled, <u8>repeated, times);
    filled += times;
  }
  if (load<u8>(CODE_LENGTHS + 256) == 0) return false; // without an end
  return startCodes(literals, distances);
}

function startCodes(literals: u32, distances: u32): bool {
  if (!buildTable(LITERALS, LITERAL_BITS, LITERAL_ROOM, CODE_LENGTHS, literals, OF_LITERALS)) return false;
  if (!buildTable(DISTANCES, DISTANCE_BITS, DISTANCE_ROOM, CODE_LENGTHS + literals, distances, OF_DISTANCES)) return false;
  unpaired = PAIR_AFTER;
  state = IN_CODES;
  return true;
}

const OF_LENGTHS: i32 = 0;
const OF_LITERALS: i32 = 1;
const OF_DISTANCES: i32 = 2;

/**
 * The table of a canonical code: `1 << root` entries by the next bits of the stream, and behind them subtables for longer
 * codes. False for a code that is oversubscribed or leaves patterns unused; as in zlib a single code of one bit may, and a
 * code of distances may be empty.
 */
function buildTable(table: usize, root: u32, room: u32, lengths: usize, symbols: u32, kind: i32): bool {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) {
    const at = COUNTS + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let longest: u32 = 15;
  while (longest > 0 && load<u32>(COUNTS + (longest << 2)) == 0) longest--;
  let unused: i32 = 1;
  let offset: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const here = load<u32>(COUNTS + (length << 2));
    store<u32>(OFFSETS + (length << 2), offset);
    offset += here;
    unused = (unused << 1) - <i32>here;
    if (unused < 0) return false;
  }
  if (unused > 0) {
    if (kind == OF_LENGTHS || longest > 1 || (longest == 0 && kind == OF_LITERALS)) return false;
    for (let i: u32 = 0; i < (1 << root); i++) store<u32>(table + (i << 2), EXCEPTION);
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <usize>load<u8>(lengths + symbol);
    if (length == 0) continue;
    const at = OFFSETS + (length << 2);
    const place = load<u32>(at);
    store<u16>(SORTED + (place << 1), symbol);
    store<u32>(at, place + 1);
  }
  return fillTable(table, root, room, longest, offset, kind);
}

/** Codes in order of their length, then symbol; `code` is the next one with its first bit lowest. */
function fillTable(table: usize, root: u32, room: u32, longest: u32, used: u32, kind: i32): bool {
  let code: u32 = 0;
  let length: u32 = 1;
  let free: u32 = 1 << root;
  let current = table;
  let width = root;
  let prefix: u32 = 0xffffffff;
  const mask: u32 = (1 << root) - 1;
  for (let i: u32 = 0; i < used; i++) {
    let here = load<u32>(COUNTS + (length << 2));
    while (here == 0) here = load<u32>(COUNTS + (++length << 2));
    if (length > root && (code & mask) != prefix) {
      prefix = code & mask;
      width = length - root;
      let space: i32 = (<i32>1 << width) - <i32>here;
      for (; space > 0 && width + root < longest; ) {
        width++;
        space = (space << 1) - <i32>load<u32>(COUNTS + ((width + root) << 2));
      }
      if (free + (1 << width) > room) return false;
      current = table + (free << 2);
      store<u32>(table + (prefix << 2), EXCEPTION | SUBTABLE | (free << 16) | (width << 8) | root);
      free += 1 << width;
    }
    const dropped = length > root ? root : 0;
    const entry = entryOf(<u32>load<u16>(SORTED + (i << 1)), length - dropped, kind);
    const step: u32 = 1 << (length - dropped);
    for (let at: u32 = code >> dropped; at < 1 << width; at += step) store<u32>(current + (at << 2), entry);
    store<u32>(COUNTS + (length << 2), here - 1);
    let carry: u32 = 1 << (length - 1);
    while ((code & carry) != 0) carry >>= 1;
    code = carry != 0 ? (code & (carry - 1)) + carry : 0;
  }
  return true;
}

function entryOf(symbol: u32, length: u32, kind: i32): u32 {
  if (kind == OF_LENGTHS) return (symbol << 16) | length;
  let base: u32;
  if (kind == OF_LITERALS) {
    if (symbol < 256) return LITERAL | (1 << 24) | (symbol << 8) | length;
    if (symbol == 256) return EXCEPTION | END | length;
    base = load<u32>(LENGTH_BASES + ((symbol - 257) << 2));
  } else base = load<u32>(DISTANCE_BASES + (symbol << 2));
  if (base == 0) return EXCEPTION;
  return ((base >> 8) << 16) | (length << 8) | (length + (base & 63));
}

/** Puts two literals into an entry where the codes of both fit the index: the second's bits are known then. */
function pairLiterals(): void {
  for (let index: i32 = (1 << LITERAL_BITS) - 1; index >= 0; index--) {
    const at = LITERALS + (<usize>index << 2);
    const entry = load<u32>(at);
    const length = entry & 63;
    if ((entry & LITERAL) == 0 || length >= LITERAL_BITS) continue;
    // Not paired yet: its index is lower
    const second = load<u32>(LITERALS + ((<u32>index >> length) << 2));
    const both = length + (second & 63);
    if ((second & LITERAL) == 0 || both > LITERAL_BITS) continue;
    store<u32>(at, LITERAL | (2 << 24) | ((second & 0xff00) << 8) | (entry & 0xff00) | both);
  }
}

function decodeBlock(limit: u32): i32 {
  const inputLimit = final ? end + 8 : end - STEP_BYTES;
  if (!final && end < next + STEP_BYTES) return NEEDS_INPUT;
  if (out >= limit) return OUTPUT_FULL;
  const before = out;
  const until = unpaired > 0 ? min(limit, out + unpaired) : limit;
  const ended = decodeSymbols(until, inputLimit);
  if (ended == DAMAGED || next - <u32>((count & 63) >> 3) > end) return DAMAGED;
  if (ended != 0) {
    state = AT_BLOCK;
    return -1;
  }
  if (unpaired > 0) {
    if (out - before >= unpaired) {
      pairLiterals();
      unpaired = 0;
    } else unpaired -= out - before;
  }
  if (out >= limit) return OUTPUT_FULL;
  return next > inputLimit ? (final ? DAMAGED : NEEDS_INPUT) : -1;
}

/** 0 at one of the limits, 1 at the end of the block. */
function decodeSymbols(limit: u32, inputLimit: u32): i32 {
  let b = bits;
  let n = count;
  let p = next;
  let o = out;
  const start = floor;
  let result = 0;
  while (o < limit && p <= inputLimit) {
    b |= load<u64>(p) << n;
    p += <u32>((63 - n) >> 3) & 7;
    n |= 56;
    let entry = load<u32>(LITERALS + ((<u32>b & ((1 << LITERAL_BITS) - 1)) << 2));
    if (<i32>entry < 0) {
      b >>= <u64>entry;
      n -= <u64>entry;
      store<u16>(o, entry >> 8);
      o += (entry >> 24) & 3;
      entry = load<u32>(LITERALS + ((<u32>b & ((1 << LITERAL_BITS) - 1)) << 2));
      if (<i32>entry < 0) {
        b >>= <u64>entry;
        n -= <u64>entry;
        store<u16>(o, entry >> 8);
        o += (entry >> 24) & 3;
        entry = load<u32>(LITERALS + ((<u32>b & ((1 << LITERAL_BITS) - 1)) << 2));
        if (<i32>entry < 0) {
          b >>= <u64>entry;
          n -= <u64>entry;
          store<u16>(o, entry >> 8);
          o += (entry >> 24) & 3;
          continue;
        }
      }
    }
    if ((entry & EXCEPTION) != 0) {
      if ((entry & SUBTABLE) != 0) {
        b >>= LITERAL_BITS;
        n -= LITERAL_BITS;
        const index = (entry >> 16) + (<u32>b & ((1 << ((entry >> 8) & 15)) - 1));
        entry = load<u32>(LITERALS + (index << 2));
        if (<i32>entry < 0) {
          b >>= <u64>entry;
          n -= <u64>entry;
          store<u8>(o, entry >> 8);
          o++;
          continue;
        }
      }
      if ((entry & EXCEPTION) != 0) {
        b >>= <u64>entry;
        n -= <u64>entry;
        result = (entry & END) != 0 ? 1 : DAMAGED;
        break;
      }
    }
    // At most 22 bits of literals and 20 of the length are gone of 56
    const length = (entry >> 16) + (<u32>(b & (((<u64>1) << <u64>entry) - 1)) >> ((entry >> 8) & 15));
    b >>= <u64>entry;
    n -= <u64>entry;
    b |= load<u64>(p) << n;
    p += <u32>((63 - n) >> 3) & 7;
    n |= 56;
    entry = load<u32>(DISTANCES + ((<u32>b & ((1 << DISTANCE_BITS) - 1)) << 2));
    if ((entry & EXCEPTION) != 0) {
      if ((entry & SUBTABLE) == 0) {
        result = DAMAGED;
        break;
      }
      b >>= DISTANCE_BITS;
      n -= DISTANCE_BITS;
      const index = (entry >> 16) + (<u32>b & ((1 << ((entry >> 8) & 15)) - 1));
      entry = load<u32>(DISTANCES + (index << 2));
      if ((entry & EXCEPTION) != 0) {
        result = DAMAGED;
        break;
      }
    }
    const distance = (entry >> 16) + (<u32>(b & (((<u64>1) << <u64>entry) - 1)) >> ((entry >> 8) & 15));
    b >>= <u64>entry;
    n -= <u64>entry;
    if (o - start < distance) {
      result = DAMAGED;
      break;
    }
    copyMatch(o, distance, length);
    o += length;
  }
  bits = b;
  count = n & 63;
  next = p;
  out = o;
  return result;
}

/** Repeats what lies `distance` (1..32768) back; up to 16 bytes more than `length` are written. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function copyMatch(to: u32, distance: u32, length: u32): void {
  let target = to;
  let source = to - distance;
  const stop = to + length;
  if (ASC_FEATURE_SIMD) {
    if (distance >= 16) {
      do {
        v128.store(target, v128.load(source));
        source += 16;
        target += 16;
      } while (target < stop);
    } else {
      const period = i8x16.swizzle(v128.load(source), v128.load(PERIODS + (<usize>distance << 4)));
      const step = <u32>load<u8>(PERIOD_STEPS + distance);
      do {
        v128.store(target, period);
        target += step;
      } while (target < stop);
    }
  } else if (distance >= 8) {
    do {
      store<u64>(target, load<u64>(source));
      source += 8;
      target += 8;
    } while (target < stop);
  } else if (distance == 1) {
    const value = <u64>load<u8>(source) * 0x0101010101010101;
    do {
      store<u64>(target, value);
      target += 8;
    } while (target < stop);
  } else {
    do {
      store<u8>(target++, load<u8>(source++));
    } while (target < stop);
  }
}
