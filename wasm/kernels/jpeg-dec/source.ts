/**
 * Entropy-coded bytes (ITU-T T.81 section B.1.1.5) on their way to the decoders: raw bytes come in windows, lose their
 * stuffing and are laid down backwards, so that an ordinary little-endian load at a falling address has the stream's
 * next bits at its top. One segment (the data between two markers) is open at a time.
 */
import { reserve } from "../memory";

const WINDOW_BYTES: u32 = 0x10000;
/** Holds a whole window, what a batch of blocks may still need of the one before, and the zeros below. */
const BITS_BYTES: u32 = 0x1a000;
/** Zeros below the end of a segment: more than one MCU can read, 10 blocks of 64 codes of 32 bits, is 2560 bytes. */
const ZEROS: u32 = 4096;
/** `marker` where the file ended without one. */
const END_OF_FILE: u32 = 0;

export const NEEDS_INPUT: i32 = 1;
export const MISSING: i32 = 2;
/** Bits of `damage`. */
export const DAMAGE_ENDS_EARLY: i32 = 1;
export const DAMAGE_BAD_DATA: i32 = 2;

let window: usize = 0;
let rawNext: usize = 0;
let rawEnd: usize = 0;
let rawLast: bool = false;
/** The backward buffer is low..high; bytes tail..high are of the open segment. */
let low: usize = 0;
let high: usize = 0;
let tail: usize = 0;
/** Below this address the buffer holds zeros. */
let dirty: usize = 0;
let ended: bool = false;
let marker: u32 = 0;
let damaged: i32 = 0;

/** The bit reader between calls: `count` valid bits at the top of `bits`; `pointer` is where the next 64 are loaded. */
let bits: u64 = 0;
let count: u64 = 0;
let pointer: usize = 0;

/** Ready for the entropy-coded data of a scan. False where there is no memory for the buffers, which are made once. */
export function openInput(buffers: usize): void {
  window = buffers;
  low = buffers + WINDOW_BYTES + 64;
  high = low + BITS_BYTES;
  dirty = low;
  rawNext = rawEnd = window;
  rawLast = false;
  openSegment();
}

/** Address of the buffers for openInput, or 0. */
export function reserveInput(): usize {
  return reserve(WINDOW_BYTES + 64 + BITS_BYTES + 64);
}

/** Where the next raw bytes go; what the window still held moves to its start. */
export function inputAddress(): usize {
  const left = rawEnd - rawNext;
  memory.copy(window, rawNext, left);
  rawNext = window;
  rawEnd = window + left;
  return rawEnd;
}

/** How many raw bytes fit at inputAddress. */
export function inputRoom(): i32 {
  return <i32>(window + WINDOW_BYTES - rawEnd);
}

/** `bytes` raw bytes were written; `last`: the file has no more. */
export function input(bytes: i32, last: i32): void {
  rawEnd += bytes;
  rawLast = last != 0;
}

/** Raw bytes that were put in and not taken; a marker that stopped the reader counts as not taken. */
export function inputLeft(): i32 {
  return <i32>(rawEnd - rawNext) + (ended && marker != END_OF_FILE ? 2 : 0);
}

export function damage(): i32 {
  return damaged;
}
export function clearDamage(): void {
  damaged = 0;
}
export function addDamage(flag: i32): void {
  damaged |= flag;
}
/** The open segment ran out of data: which of the two it was. */
export function addShortage(): void {
  damaged |= marker == END_OF_FILE || marker == 0xd9 ? DAMAGE_ENDS_EARLY : DAMAGE_BAD_DATA;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function bitBuffer(): u64 {
  return bits;
}
// @ts-ignore: a decorator of AssemblyScript
@inline
export function bitCount(): u64 {
  return count;
}
// @ts-ignore: a decorator of AssemblyScript
@inline
export function bitPointer(): usize {
  return pointer;
}
/** Lowest address of the segment's bytes: the reader is past the end where pointer + 8 - tail bytes and count bits are below 0. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function segmentTail(): usize {
  return tail;
}
export function keepBits(b: u64, n: u64, p: usize): void {
  bits = b;
  count = n;
  pointer = p;
}

function openSegment(): void {
  tail = high;
  bits = 0;
  count = 0;
  pointer = high - 8;
  ended = false;
  marker = END_OF_FILE;
}

/** Makes `need` bytes ready, or all there are of the segment. False where input is needed first. */
export function ensure(need: i32): bool {
  while (!ended && <i32>(pointer + 8 - tail) < need + 16) {
    moveUp();
    if (unstuff()) continue;
    if (!rawLast) return false;
    endSegment(END_OF_FILE);
  }
  return true;
}

/**
 * Passes to the segment behind the restart marker number `wanted`, 0..7, by the rules of libjpeg's jpeg_resync_to_restart:
 * a marker one or two ahead means that this segment is missing, one or two behind that it came again, any other is taken.
 */
export function nextSegment(wanted: i32): i32 {
  while (skipToMarker()) {
    const ahead = (marker - wanted) & 7;
    const isRestart = (marker & 0xf8) == 0xd0;
    if (isRestart && ahead == 0) {
      openSegment();
      return 0;
    }
    addShortage();
    if (marker == END_OF_FILE) return MISSING;
    if (marker < 0xc0 || (isRestart && ahead >= 6)) {
      ended = false;
      continue;
    }
    if (!isRestart || ahead <= 2) return MISSING;
    openSegment();
    return 0;
  }
  return NEEDS_INPUT;
}

function skipToMarker(): bool {
  while (!ended) {
    tail = high;
    pointer = high - 8;
    if (unstuff()) continue;
    if (!rawLast) return false;
    endSegment(END_OF_FILE);
  }
  return true;
}

function endSegment(by: u32): void {
  ended = true;
  marker = by;
  if (dirty >= tail) return;
  const from = max(dirty, tail - ZEROS);
  memory.fill(from, 0, tail - from);
  if (from == dirty) dirty = tail;
}

/** What the reader has not loaded moves to the top of the buffer. */
function moveUp(): void {
  const shift = high - (pointer + 8);
  if (shift == 0) return;
  memory.copy(tail + shift, tail, pointer + 8 - tail);
  tail += shift;
  pointer += shift;
}

/** Takes raw bytes until the window, the room or the segment ends. False where it could take none. */
function unstuff(): bool {
  const start = rawNext;
  const end = rawEnd;
  const floor = low + ZEROS + 64;
  let from = start;
  let to = tail;
  while (from < end && to > floor) {
    if (ASC_FEATURE_SIMD) {
      if (from + 16 <= end) {
        const bytes = v128.load(from);
        v128.store(to - 16, i8x16.swizzle(bytes, i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)));
        const ones = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(-1)));
        const plain = ones == 0 ? 16 : ctz(ones);
        from += plain;
        to -= plain;
        if (plain == 16) continue;
      }
    }
    const byte = <u32>load<u8>(from);
    if (byte != 0xff) {
      from++;
      to--;
      store<u8>(to, byte);
      continue;
    }
    let next = from + 1; // any number of 0xff may stand before a marker, T.81 section B.1.1.2
    while (next < end && load<u8>(next) == 0xff) next++;
    if (next == end) {
      from = next - 1; // what it means lies beyond the window
      break;
    }
    from = next + 1;
    const code = <u32>load<u8>(next);
    if (code == 0) {
      to--;
      store<u8>(to, 0xff);
      continue;
    }
    tail = to;
    rawNext = from;
    dirty = min(dirty, to - 16);
    endSegment(code);
    return true;
  }
  tail = to;
  rawNext = from;
  dirty = min(dirty, to - 16);
  return from > start;
}
