/**
 * zlib streams (RFC 1950) of DEFLATE blocks (RFC 1951), made from bytes that the caller appends to a sliding buffer.
 *
 * Matches are found by equal hashes of four and eight bytes. The one that saves most bits is taken, by the codes of the block
 * before, or one that begins a byte later where it saves more. What was found is kept as sequences, a run of literals and a
 * match each, until a block is full; then codes are made for it and the literals are read from the buffer once more.
 */
import { adler32 } from "./checksum";
import { assignCodes, makeCode } from "./huffman";

const HASH_BITS: u32 = 15;
/** Farthest match: one less than DEFLATE allows, so that a position never meets itself in the chain's 32,768 places. */
const HISTORY: u32 = 32767;
const LONGEST: u32 = 258;
/** Sequences of a block, at most. */
const MOST_SEQUENCES: u32 = 1 << 14;
/** Literals and bytes of a block, at most. */
const MOST_LITERALS: u32 = 1 << 15;
const MOST_BYTES: u32 = 1 << 18;
/**
 * Where nothing matches, steps get longer: by one after so many misses, up to so many. A photograph of 720×588 px takes
 * 644,298 bytes and 84 ms with steps of 1, 655,162 and 22 ms with up to 4, 656,634 and 10 ms with up to 16 (on a busy machine).
 */
const MISSES_BITS: u32 = 6;
const LONGEST_STEP: u32 = 16;
/** Behind a match of so many bytes a better one is looked for less hard. */
const GOOD: u32 = 32;
/** A miss is made up for by so many 1/16 bits saved. */
const GAIN_BITS: u32 = 3;
/** Longest code of literals and lengths: four of them fit what is left of 64 bits. */
const LITERAL_MOST: u32 = 14;
const DISTANCE_MOST: u32 = 15;
const LENGTHS_MOST: u32 = 7;
const END: u32 = 256;
const LITERAL_SYMBOLS: u32 = 286;
const FIXED_SYMBOLS: u32 = 288; // two of them never occur, but have codes
const DISTANCE_SYMBOLS: u32 = 30;

/** Positions count from here on, so that what is before the first byte is not below zero. */
const FIRST: u32 = 1 << 16;
const HEADS_BYTES: u32 = 2 << HASH_BITS;
const CHAIN_BYTES: u32 = 2 << 15;
const TRIPLE_BITS: u32 = 13;
const TRIPLES_BYTES: u32 = 2 << TRIPLE_BITS;
const SEQUENCES_BYTES: u32 = 8 * MOST_SEQUENCES + 16;
/**
 * Last position of a hash; for a position the one before it of the same hash. Only their low 16 bits are kept, which is
 * enough to tell how far back they are: an entry that is older than that is compared with what lies there like any other.
 */
let heads: usize = 0;
let chain: usize = 0;
/** Last positions of three bytes and of eight. */
let triples: usize = 0;
let longs: usize = 0;
/** Run of literals u32, then length << 16 | distance (0 behind the last run). */
let sequencesStart: usize = 0;

const LITERAL_COUNTS: usize = memory.data(288 * 4, 16);
const DISTANCE_COUNTS: usize = memory.data(32 * 4, 16);
const LENGTHS_COUNTS: usize = memory.data(20 * 4, 16);
/** Three more tables to count literals in, so that equal neighbors do not wait for each other. */
const MORE_COUNTS: usize = memory.data(3 * 1024, 16);
const LITERAL_CODES: usize = memory.data(288 * 4, 16);
const DISTANCE_CODES: usize = memory.data(32 * 4, 16);
const LENGTHS_CODES: usize = memory.data(20 * 4, 16);
/** Code lengths; to be written, those of distances stand behind those of literals. */
const LITERAL_LENGTHS: usize = memory.data(320 + 16, 16);
const DISTANCE_LENGTHS: usize = memory.data(32, 16);
const LENGTHS_LENGTHS: usize = memory.data(20, 16);
/** Run-length coded code lengths: symbol | extra bits << 8, u16. */
const RUNS: usize = memory.data(320 * 2, 16);
/** For lengths 3..258: symbol << 16 | bits << 8 | extra. */
const OF_LENGTH: usize = memory.data(260 * 4, 16);
/**
 * Bits of each literal in the block before; of those that were not there, more than most. Their mean for all literals would
 * not do: what matches are found for is mostly made of cheap ones. With it a gradient of 1000×800 px took 541,892 bytes in
 * place of 481,525, and 498,881 without any match.
 */
const LITERAL_COSTS: usize = memory.data(256, 16);
const UNUSED_COST: u32 = 11;
/** RFC 1951 section 3.2.5: base << 8 | extra bits. */
const LENGTH_BASES: usize = memory.data<u32>([
  0x300, 0x400, 0x500, 0x600, 0x700, 0x800, 0x900, 0xa00, 0xb01, 0xd01, 0xf01, 0x1101, 0x1302, 0x1702, 0x1b02, 0x1f02,
  0x2303, 0x2b03, 0x3303, 0x3b03, 0x4304, 0x5304, 0x6304, 0x7304, 0x8305, 0xa305, 0xc305, 0xe305, 0x10200,
]);
const LENGTHS_ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Address of position 0, modulo 2^32. */
let origin: u32 = 0;
/** Positions: next to be looked at, start of the open block, end of the bytes that are there. */
let position: u32 = 0;
let blockStart: u32 = 0;
let filled: u32 = 0;
let pendingRun: u32 = 0;
/** Positions looked at in vain since the last match. */
let pendingMisses: u32 = 0;
let sequences: u32 = 0;
let held: u64 = 0;
let heldBits: u64 = 0;
let out: u32 = 0;
let checksum: u32 = 1;
/** Where the open block ends. */
let blockMost: u32 = 0;
/** Candidates looked at, length from which no better one is looked for. */
let depth: u32 = 0;
let enough: u32 = 0;
/** Whether chains are kept, of every position; whether every position is looked at, and matches of three bytes are taken. */
let chained: bool = false;
let thorough: bool = false;
/** Of a match without the distance's extra bits, in the block before, in 1/16 bit. */
let matchCost: u32 = 0;
let ready: bool = false;

/** Bytes of memory for tables that `deflateStart` needs. */
export function deflateBytes(): u32 {
  return HEADS_BYTES + HEADS_BYTES + CHAIN_BYTES + TRIPLES_BYTES + SEQUENCES_BYTES;
}

/**
 * Begins a stream: its bytes are appended from `buffer` on, what it becomes goes to `output`. `effort`: 0 quick, for
 * photographs; 1 for drawings, where what repeats is long; 2 thorough.
 */
export function deflateStart(tables: u32, buffer: u32, output: u32, effort: i32): void {
  if (!ready) makeTables();
  heads = tables;
  chain = heads + HEADS_BYTES;
  triples = chain + CHAIN_BYTES;
  longs = triples + TRIPLES_BYTES;
  sequencesStart = longs + HEADS_BYTES;
  memory.fill(heads, 0, HEADS_BYTES);
  memory.fill(longs, 0, HEADS_BYTES);
  memory.fill(chain, 0, CHAIN_BYTES); // or bytes would depend on what was there before
  memory.fill(triples, 0, TRIPLES_BYTES);
  origin = buffer - FIRST;
  position = FIRST;
  blockStart = FIRST;
  filled = FIRST;
  pendingRun = 0;
  pendingMisses = 0;
  sequences = 0;
  held = 0;
  heldBits = 0;
  checksum = 1;
  chained = effort != 0;
  thorough = effort == 2;
  depth = thorough ? 128 : chained ? 8 : 1;
  enough = thorough ? 258 : chained ? 64 : 32;
  blockMost = FIRST + MOST_LITERALS;
  out = output;
  store<u16>(out, 0x0178); // method 8, window of 32 KiB, and what makes it divisible by 31
  out += 2;
}

function makeTables(): void {
  for (let symbol: u32 = 0; symbol < 29; symbol++) {
    const base = load<u32>(LENGTH_BASES + (symbol << 2));
    const bits = base & 255;
    for (let extra: u32 = 0; extra < 1 << bits; extra++) {
      const length = (base >> 8) + extra;
      if (length <= LONGEST) store<u32>(OF_LENGTH + (length << 2), ((257 + symbol) << 16) | (bits << 8) | extra);
    }
  }
  ready = true;
}

/** Behind the bytes that were appended: where the next go. */
export function deflateEnd(): u32 {
  return origin + filled;
}

/** Lowest address that is still needed. */
export function deflateNeeded(): u32 {
  return origin + min(blockStart, max(FIRST, position - HISTORY));
}

/** The bytes from deflateNeeded() on now lie so much lower. */
export function deflateMoved(by: u32): void {
  origin -= by;
}

/** Behind what was written. */
export function deflateOut(): u32 {
  return out;
}

/** What was written is taken: more goes to `output`. */
export function deflateTaken(output: u32): void {
  out = output;
}

/** Compresses once `count` more bytes were appended; `last`: there are no more. Writes at most what is there and 1 KiB. */
export function deflateRun(count: u32, last: i32): void {
  checksum = adler32(checksum, origin + filled, count);
  filled += count;
  if (position == FIRST && sequences == 0) guessCosts(filled - FIRST);
  while (search(last != 0)) writeBlock(false);
  if (last == 0) return;
  writeBlock(true);
  flush();
  const sum = checksum;
  store<u32>(out, ((sum & 0xff) << 24) | ((sum & 0xff00) << 8) | ((sum >> 8) & 0xff00) | (sum >> 24));
  out += 4;
}

/** True where the block is full. Stops where a longer match could need more bytes than there are. */
function search(last: bool): bool {
  const base = origin;
  const end = filled;
  const stop = last ? end - min(end - FIRST, 8) : end - min(end - FIRST, LONGEST + 16);
  let most = blockMost;
  let p = position;
  let run = pendingRun;
  let misses = pendingMisses;
  let sequence = sequencesStart + (sequences << 3);
  const lastSequence = sequencesStart + (MOST_SEQUENCES << 3);
  const longestStep: u32 = thorough ? 1 : LONGEST_STEP;
  while (p < stop && p < most && sequence < lastSequence) {
    let found = match(base, p, end, 2, 0, depth);
    if (found == 0) {
      const step = min(1 + (misses >> MISSES_BITS), longestStep);
      misses++;
      p += step;
      run += step;
      continue;
    }
    let gain = found >> 32;
    let length = <u32>found >> 16;
    let entered = p + 1;
    while (length < enough && end - p >= 9 + length) {
      const later = match(base, p + 1, end, length, <u32>gain, length < GOOD ? depth : (depth + 3) >> 2);
      entered = p + 2;
      if (later == 0) break;
      found = later;
      gain = found >> 32;
      length = <u32>found >> 16;
      p++;
      run++;
    }
    const won = <u32>(gain >> GAIN_BITS);
    misses = misses > won ? misses - won : 0;
    store<u32>(sequence, run);
    store<u32>(sequence, <u32>found, 4);
    sequence += 8;
    run = 0;
    insert(base, entered, min(p + length, end - 8), length);
    p += length;
    most = min(most + length, blockStart + MOST_BYTES);
  }
  if (last && p < most && sequence < lastSequence) {
    run += end - p; // a few bytes, or less than none where a step went too far
    p = end;
  }
  position = p;
  blockMost = most;
  pendingRun = run;
  pendingMisses = misses;
  sequences = <u32>(sequence - sequencesStart) >> 3;
  return p >= most || sequence >= lastSequence;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function hash(word: u32): u32 {
  return (word * 0x9e3779b1) >> (32 - HASH_BITS); // golden ratio: Knuth, TAOCP 6.4
}

/** Of so many bytes as literals, in 1/16 bit: that of the first 16, and the rest like them. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function literalsCost(at: u32, length: u32): u32 {
  const counted = min(length, 16);
  let sum: u32 = 0;
  for (let i: u32 = 0; i < counted; i++) sum += <u32>load<u8>(LITERAL_COSTS + <usize>load<u8>(at + i));
  return length > 16 ? sum * length : sum << 4;
}

/** How many bytes from `at` on are those `distance` before, at most `most`; at least `known` are, and up to 8 more are read. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function common(at: u32, distance: u32, most: u32, known: u32): u32 {
  let length = known;
  while (length < most) {
    const difference = load<u64>(at - distance + length) ^ load<u64>(at + length);
    if (difference != 0) {
      length += <u32>ctz(difference) >> 3;
      break;
    }
    length += 8;
  }
  return min(length, most);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function savedBy(at: u32, length: u32, distance: u32): i32 {
  return <i32>literalsCost(at, length) - <i32>(matchCost + ((32 - clz(distance)) << 4));
}

/**
 * The match longer than `least` that saves most, if it saves more than `gain`: what it saves << 32 | length << 16 |
 * distance, or 0. Looks at so many candidates of the same four bytes, nearest first, and at the last one of the same eight:
 * in the empty parts of a drawing all four bytes are alike. Enters the position. Saved is, in 1/16 bit, what its literals
 * would take less what it takes itself.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function match(base: u32, p: u32, end: u32, least: u32, gain: u32, tries: u32): u64 {
  const at = base + p;
  const word = load<u32>(at);
  const long = load<u64>(at);
  const head = heads + (hash(word) << 1);
  const longHead = longs + (longHash(long) << 1);
  let distance = (p - <u32>load<u16>(head)) & 0xffff;
  const longDistance = (p - <u32>load<u16>(longHead)) & 0xffff;
  store<u16>(head, p);
  store<u16>(longHead, p);
  if (chained) store<u16>(chain + ((p & 0x7fff) << 1), p - distance);
  const farthest = min(HISTORY, p - FIRST);
  const most = min(LONGEST, end - p);
  let best = least;
  let bestGain = <i32>gain;
  let result: u32 = 0;
  while (distance - 1 < farthest) {
    if (load<u32>(at - distance) == word && (best < 4 || load<u32>(at - distance + best - 3) == load<u32>(at + best - 3))) {
      const length = common(at, distance, most, 4);
      const saved = savedBy(at, length, distance);
      if (length > best && saved > bestGain) {
        best = length;
        bestGain = saved;
        result = (length << 16) | distance;
        if (length >= enough || length == most) break;
      }
    }
    if (--tries == 0) break;
    distance = (p - <u32>load<u16>(chain + (((p - distance) & 0x7fff) << 1))) & 0xffff;
  }
  if (best < enough && best < most && longDistance - 1 < farthest && load<u64>(at - longDistance) == long) {
    const length = common(at, longDistance, most, 8);
    const saved = savedBy(at, length, longDistance);
    if (length > best && saved > bestGain) {
      bestGain = saved;
      result = (length << 16) | longDistance;
    }
  }
  return result == 0 ? (thorough ? matchOfThree(at, p, word, least, bestGain) : 0) : packed(bestGain, result);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function packed(gain: i32, found: u32): u64 {
  return (<u64>(<u32>gain) << 32) | <u64>found;
}

/** The same for three bytes, where they were last. */
function matchOfThree(at: u32, p: u32, word: u32, least: u32, gain: i32): u64 {
  const three = word << 8;
  const head = triples + ((three * 0x9e3779b1) >> (32 - TRIPLE_BITS) << 1);
  const distance = (p - <u32>load<u16>(head)) & 0xffff;
  store<u16>(head, p);
  if (least >= 3 || distance - 1 >= min(HISTORY, p - FIRST)) return 0;
  if (load<u32>(at - distance) << 8 != three) return 0;
  const saved = <i32>literalsCost(at, 3) - <i32>(matchCost + ((32 - clz(distance)) << 4));
  return saved > gain ? packed(saved, (3 << 16) | distance) : 0;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function longHash(bytes: u64): u32 {
  return <u32>((bytes * 0x9e3779b97f4a7c15) >> (64 - HASH_BITS));
}

/** Enters what a match covers: all of it where that may pay, else its beginning and end. */
function insert(base: u32, from: u32, to: u32, length: u32): void {
  const whole = chained ? LONGEST - 1 : 16;
  if (length > whole && from + 8 < to) {
    insertAll(base, from, from + 4);
    from = to - 4;
  }
  insertAll(base, from, to);
}

function insertAll(base: u32, from: u32, to: u32): void {
  for (; from < to; from++) {
    const head = heads + (hash(load<u32>(base + from)) << 1);
    if (chained) store<u16>(chain + ((from & 0x7fff) << 1), load<u16>(head));
    store<u16>(head, from);
    store<u16>(longs + (longHash(load<u64>(base + from)) << 1), from);
  }
}

/** Writes the open block in the shortest of three ways. */
function writeBlock(last: bool): void {
  const end = sequencesStart + (sequences << 3);
  store<u32>(end, pendingRun);
  store<u32>(end, 0, 4);
  const bytes = position - blockStart;
  countSymbols(end);
  makeCode(LITERAL_COUNTS, LITERAL_SYMBOLS, LITERAL_MOST, LITERAL_LENGTHS, LITERAL_CODES);
  makeCode(DISTANCE_COUNTS, DISTANCE_SYMBOLS, DISTANCE_MOST, DISTANCE_LENGTHS, DISTANCE_CODES);
  noteCosts();
  const extra = extraBits();
  const coded = makeHeader() + extra + codedBits();
  fixedLengths();
  const fixed = extra + codedBits();
  const stored: u32 = 40 + (bytes << 3) + (bytes >> 15) * 40;
  if (stored < min(coded, fixed)) writeStored(last, bytes);
  else {
    put((fixed < coded ? 2 : 4) | (last ? 1 : 0), 3);
    if (fixed < coded) {
      assignCodes(FIXED_SYMBOLS, LITERAL_LENGTHS, LITERAL_CODES);
      assignCodes(DISTANCE_SYMBOLS, DISTANCE_LENGTHS, DISTANCE_CODES);
    } else writeHeader();
    writeSequences(end);
  }
  blockStart = position;
  blockMost = position + MOST_LITERALS;
  pendingRun = 0;
  sequences = 0;
}

/** RFC 1951 section 3.2.5: 0..3 as they are, then two symbols for each power of two. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function distanceSymbol(less: u32): u32 {
  const power = 31 - clz(less | 1);
  return less < 2 ? less : (power << 1) | ((less >> (power - 1)) & 1);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function countOne(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}

function countSymbols(end: usize): void {
  memory.fill(LITERAL_COUNTS, 0, 288 * 4);
  memory.fill(DISTANCE_COUNTS, 0, 32 * 4);
  memory.fill(MORE_COUNTS, 0, 3 * 1024);
  let from = origin + blockStart;
  for (let at = sequencesStart; at <= end; at += 8) {
    const run = load<u32>(at);
    const found = load<u32>(at, 4);
    countLiterals(from, run);
    from += run + (found >> 16);
    if (found == 0) continue;
    countOne(LITERAL_COUNTS + ((load<u32>(OF_LENGTH + ((found >> 16) << 2)) >> 16) << 2));
    countOne(DISTANCE_COUNTS + (distanceSymbol((found & 0xffff) - 1) << 2));
  }
  addCounts();
  store<u32>(LITERAL_COUNTS + (END << 2), 1);
}

function addCounts(): void {
  for (let at: usize = 0; at < 1024; at += 4) {
    const more = load<u32>(MORE_COUNTS + at) + load<u32>(MORE_COUNTS + 1024 + at) + load<u32>(MORE_COUNTS + 2048 + at);
    store<u32>(LITERAL_COUNTS + at, load<u32>(LITERAL_COUNTS + at) + more);
  }
}

function countLiterals(from: u32, count: u32): void {
  const stop = from + count;
  const fours = from + (count & ~3);
  for (; from < fours; from += 4) {
    const four = load<u32>(from);
    countOne(LITERAL_COUNTS + ((four & 255) << 2));
    countOne(MORE_COUNTS + ((four >> 6) & 0x3fc));
    countOne(MORE_COUNTS + 1024 + ((four >> 14) & 0x3fc));
    countOne(MORE_COUNTS + 2048 + ((four >> 24) << 2));
  }
  for (; from < stop; from++) countOne(LITERAL_COUNTS + (<usize>load<u8>(from) << 2));
}

/** Lengths of codes, for the next block to weigh matches with; where it had few of them, what was noted before stays. */
function noteCosts(): void {
  let literals: u32 = 0;
  for (let symbol: u32 = 0; symbol < END; symbol++) literals += load<u32>(LITERAL_COUNTS + (symbol << 2));
  if (literals >= 1024) {
    for (let symbol: u32 = 0; symbol < END; symbol++) {
      const length = <u32>load<u8>(LITERAL_LENGTHS + symbol);
      store<u8>(LITERAL_COSTS + symbol, length == 0 ? UNUSED_COST : length);
    }
  }
  let matches: u32 = 0;
  let total: u32 = 0;
  for (let symbol: u32 = END + 1; symbol < LITERAL_SYMBOLS; symbol++) {
    const count = load<u32>(LITERAL_COUNTS + (symbol << 2));
    matches += count;
    total += count * <u32>load<u8>(LITERAL_LENGTHS + symbol);
  }
  for (let symbol: u32 = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
    total += load<u32>(DISTANCE_COUNTS + (symbol << 2)) * <u32>load<u8>(DISTANCE_LENGTHS + symbol);
  }
  if (matches >= 256) matchCost = (total << 4) / matches;
}

/** Before the first block: the code that all of its bytes would get as literals. */
function guessCosts(bytes: u32): void {
  memory.fill(LITERAL_COUNTS, 0, 288 * 4);
  memory.fill(MORE_COUNTS, 0, 3 * 1024);
  countLiterals(origin + FIRST, bytes);
  addCounts();
  makeCode(LITERAL_COUNTS, END, LITERAL_MOST, LITERAL_LENGTHS, LITERAL_CODES);
  for (let symbol: u32 = 0; symbol < END; symbol++) {
    const length = <u32>load<u8>(LITERAL_LENGTHS + symbol);
    store<u8>(LITERAL_COSTS + symbol, length == 0 ? UNUSED_COST : length);
  }
  matchCost = 11 * 16;
}

/** Bits behind codes, which are the same for all codes. */
function extraBits(): u32 {
  let total: u32 = 0;
  for (let symbol: u32 = 0; symbol < 29; symbol++) {
    total += load<u32>(LITERAL_COUNTS + ((257 + symbol) << 2)) * (load<u32>(LENGTH_BASES + (symbol << 2)) & 255);
  }
  for (let symbol: u32 = 4; symbol < DISTANCE_SYMBOLS; symbol++) {
    total += load<u32>(DISTANCE_COUNTS + (symbol << 2)) * ((symbol >> 1) - 1);
  }
  return total;
}

/** Bits of all symbols by the lengths of their codes. */
function codedBits(): u32 {
  let total: u32 = 0;
  for (let symbol: u32 = 0; symbol < LITERAL_SYMBOLS; symbol++) {
    total += load<u32>(LITERAL_COUNTS + (symbol << 2)) * <u32>load<u8>(LITERAL_LENGTHS + symbol);
  }
  for (let symbol: u32 = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
    total += load<u32>(DISTANCE_COUNTS + (symbol << 2)) * <u32>load<u8>(DISTANCE_LENGTHS + symbol);
  }
  return total;
}

/** RFC 1951 section 3.2.6. */
function fixedLengths(): void {
  memory.fill(LITERAL_LENGTHS, 8, 144);
  memory.fill(LITERAL_LENGTHS + 144, 9, 112);
  memory.fill(LITERAL_LENGTHS + 256, 7, 24);
  memory.fill(LITERAL_LENGTHS + 280, 8, 8);
  memory.fill(DISTANCE_LENGTHS, 5, DISTANCE_SYMBOLS);
}

let headerRuns: u32 = 0;
let headerLiterals: u32 = 0;
let headerDistances: u32 = 0;
let headerGiven: u32 = 0;

/** Makes the header of a dynamic block (RFC 1951 section 3.2.7) from the lengths of both codes; gives its bits. */
function makeHeader(): u32 {
  let literals = LITERAL_SYMBOLS;
  while (literals > 257 && load<u8>(LITERAL_LENGTHS + literals - 1) == 0) literals--;
  let distances = DISTANCE_SYMBOLS;
  while (distances > 1 && load<u8>(DISTANCE_LENGTHS + distances - 1) == 0) distances--;
  headerLiterals = literals;
  headerDistances = distances;
  memory.copy(LITERAL_LENGTHS + literals, DISTANCE_LENGTHS, distances);
  memory.fill(LENGTHS_COUNTS, 0, 19 * 4);
  makeRuns(literals + distances);
  makeCode(LENGTHS_COUNTS, 19, LENGTHS_MOST, LENGTHS_LENGTHS, LENGTHS_CODES);
  let given: u32 = 19;
  while (given > 4 && load<u8>(LENGTHS_LENGTHS + load<u8>(LENGTHS_ORDER + given - 1)) == 0) given--;
  headerGiven = given;
  let total: u32 = 3 + 14 + 3 * given;
  for (let symbol: u32 = 0; symbol < 19; symbol++) {
    const extra: u32 = symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0;
    total += load<u32>(LENGTHS_COUNTS + (symbol << 2)) * (<u32>load<u8>(LENGTHS_LENGTHS + symbol) + extra);
  }
  return total;
}

function makeRuns(count: u32): void {
  headerRuns = 0;
  for (let i: u32 = 0; i < count; ) {
    const length = <u32>load<u8>(LITERAL_LENGTHS + i);
    let times: u32 = 1;
    while (i + times < count && <u32>load<u8>(LITERAL_LENGTHS + i + times) == length) times++;
    i += times;
    if (length == 0) {
      for (; times >= 11; times -= min(times, 138)) addRun(18, min(times, 138) - 11);
      if (times >= 3) {
        addRun(17, times - 3);
        times = 0;
      }
    } else {
      addRun(length, 0);
      times--;
      for (; times >= 3; times -= min(times, 6)) addRun(16, min(times, 6) - 3);
    }
    for (; times > 0; times--) addRun(length, 0);
  }
}

function addRun(symbol: u32, extra: u32): void {
  countOne(LENGTHS_COUNTS + (symbol << 2));
  store<u16>(RUNS + (headerRuns << 1), symbol | (extra << 8));
  headerRuns++;
}

function writeHeader(): void {
  put((headerLiterals - 257) | ((headerDistances - 1) << 5) | ((headerGiven - 4) << 10), 14);
  for (let i: u32 = 0; i < headerGiven; i++) put(load<u8>(LENGTHS_LENGTHS + load<u8>(LENGTHS_ORDER + i)), 3);
  for (let i: u32 = 0; i < headerRuns; i++) {
    const run = <u32>load<u16>(RUNS + (i << 1));
    const symbol = run & 255;
    const code = load<u32>(LENGTHS_CODES + (symbol << 2));
    put(code & 0xffff, code >> 16);
    if (symbol >= 16) put(run >> 8, symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
  }
}

/** Up to 16 bits. */
function put(value: u32, count: u32): void {
  held |= <u64>value << heldBits;
  heldBits += count;
  store<u64>(out, held);
  out += <u32>(heldBits >> 3);
  held >>= heldBits & 56;
  heldBits &= 7;
}

/** Fills up the last byte. */
function flush(): void {
  if (heldBits == 0) return;
  store<u8>(out++, held);
  held = 0;
  heldBits = 0;
}

/** RFC 1951 section 3.2.4. */
function writeStored(last: bool, bytes: u32): void {
  let from = origin + blockStart;
  for (let left = bytes; left > 0; ) {
    const here = min(left, 65535);
    put(last && here == left ? 1 : 0, 3);
    flush();
    store<u32>(out, here | (~here << 16));
    memory.copy(out + 4, from, here);
    out += 4 + here;
    from += here;
    left -= here;
  }
}

function writeSequences(end: usize): void {
  let b = held;
  let n = heldBits;
  let o = out;
  let from = origin + blockStart;
  for (let at = sequencesStart; at <= end; at += 8) {
    const run = load<u32>(at);
    const found = load<u32>(at, 4);
    const stop = from + run;
    const fours = from + (run & ~3);
    for (; from < fours; from += 4) {
      const four = load<u32>(from);
      let code = load<u32>(LITERAL_CODES + ((four & 255) << 2));
      b |= <u64>(code & 0xffff) << n;
      n += <u64>(code >> 16);
      code = load<u32>(LITERAL_CODES + ((four >> 6) & 0x3fc));
      b |= <u64>(code & 0xffff) << n;
      n += <u64>(code >> 16);
      code = load<u32>(LITERAL_CODES + ((four >> 14) & 0x3fc));
      b |= <u64>(code & 0xffff) << n;
      n += <u64>(code >> 16);
      code = load<u32>(LITERAL_CODES + ((four >> 24) << 2));
      b |= <u64>(code & 0xffff) << n;
      n += <u64>(code >> 16);
      store<u64>(o, b);
      o += <u32>(n >> 3);
      b >>= n & 56;
      n &= 7;
    }
    for (; from < stop; from++) {
      const code = load<u32>(LITERAL_CODES + (<usize>load<u8>(from) << 2));
      b |= <u64>(code & 0xffff) << n;
      n += <u64>(code >> 16);
    }
    store<u64>(o, b);
    o += <u32>(n >> 3);
    b >>= n & 56;
    n &= 7;
    if (found == 0) continue;
    const length = load<u32>(OF_LENGTH + ((found >> 16) << 2));
    let code = load<u32>(LITERAL_CODES + ((length >> 16) << 2));
    b |= <u64>(code & 0xffff) << n;
    n += <u64>(code >> 16);
    b |= <u64>(length & 255) << n;
    n += <u64>((length >> 8) & 255);
    const less = (found & 0xffff) - 1;
    const symbol = distanceSymbol(less);
    code = load<u32>(DISTANCE_CODES + (symbol << 2));
    b |= <u64>(code & 0xffff) << n;
    n += <u64>(code >> 16);
    if (symbol >= 4) {
      const bits = (symbol >> 1) - 1;
      b |= <u64>(less & ((1 << bits) - 1)) << n;
      n += <u64>bits;
    }
    store<u64>(o, b);
    o += <u32>(n >> 3);
    b >>= n & 56;
    n &= 7;
    from += found >> 16;
  }
  held = b;
  heldBits = n;
  out = o;
  const ending = load<u32>(LITERAL_CODES + (END << 2));
  put(ending & 0xffff, ending >> 16);
}
