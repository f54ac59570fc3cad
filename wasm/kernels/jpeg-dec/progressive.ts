/**
 * Scans of progressive pictures (ITU-T T.81 annex G). DC has a plane of its own. Of AC there is a bit for each coefficient that
 * is not 0, so that runs of empty blocks touch nothing else, and the values of those that are kept.
 */
import { isPastEnd } from "./blocks";
import { naturalOrder } from "./dequantize";
import { END_OF_BLOCK, extend, findSymbol, NO_CODE } from "./huffman";
import {
  AC_TABLE,
  ACROSS,
  DC_TABLE,
  DOWN,
  PREDICTOR,
  STORED,
  STORED_ACROSS,
  STORED_BITS,
  STORED_DC,
} from "./layout";
import { componentAt } from "./scan";
import {
  addDamage,
  addShortage,
  bitBuffer,
  bitCount,
  bitPointer,
  DAMAGE_BAD_DATA,
  ensure,
  keepBits,
  MISSING,
  NEEDS_INPUT,
  nextSegment,
  segmentTail,
} from "./source";

/** For each k the place of its value in a stored block, in bytes; those that are not kept share place 0, which is DC's and unused. */
const PLACES: usize = memory.data(64, 16);
/** Blocks or MCUs between two looks at the input. */
const STRIDE: i32 = 16;
/** See BLOCK_INPUT of sequential scans; a refined coefficient takes a bit more, but then it has no value bits. */
const BLOCK_INPUT: i32 = 256;

let count: i32 = 0;
let blocks: i32 = 0;
let across: i32 = 0;
let interval: i32 = 0;
let first: u32 = 0;
let last: u32 = 0;
let refines: bool = false;
let low: u32 = 0;
let blockBytes: usize = 0;

let x: i32 = 0;
let y: i32 = 0;
let untilRestart: i32 = 0;
let restarts: i32 = 0;
let short: bool = false;
/** Blocks to come that have nothing more, "end of band" runs. */
let endOfBand: i32 = 0;

/** Bytes of a stored block, for 1, 2, 3, 4 or 8 samples kept. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function storedBytes(kept: i32): usize {
  return <usize>(kept * kept) << 1;
}

/** Begins a scan of coefficients start .. end of `components` components, `mcusAcross` MCUs (one component: blocks) wide. */
export function beginProgressive(
  components: i32,
  mcusAcross: i32,
  restartInterval: i32,
  kept: i32,
  start: i32,
  end: i32,
  high: i32,
  shift: i32,
): void {
  count = components;
  across = mcusAcross;
  interval = untilRestart = restartInterval;
  first = start;
  last = end;
  refines = high != 0;
  low = shift;
  blockBytes = storedBytes(kept);
  x = y = restarts = 0;
  short = false;
  layOutPlaces(kept);
  blocks = 0;
  for (let i = 0; i < count; i++) blocks += load<i32>(componentAt(i), ACROSS) * load<i32>(componentAt(i), DOWN);
  restart();
}

/** For rendering and decoding alike. */
export function layOutPlaces(kept: i32): void {
  for (let k: u32 = 0; k < 64; k++) {
    const column = <i32>(naturalOrder(k) & 7);
    const row = <i32>(naturalOrder(k) >> 3);
    store<u8>(PLACES + k, column < kept && row < kept ? (column * kept + row) << 1 : 0);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function placeOf(k: u32): usize {
  return <usize>load<u8>(PLACES + k);
}

function restart(): void {
  endOfBand = 0;
  for (let i = 0; i < count; i++) store<i32>(componentAt(i), 0, PREDICTOR);
}

/** As scanRow. */
export function progressiveRow(): i32 {
  while (x < across) {
    if (interval > 0 && untilRestart == 0) {
      const found = nextSegment(restarts & 7);
      if (found == NEEDS_INPUT) return NEEDS_INPUT;
      short = found == MISSING;
      restarts++;
      untilRestart = interval;
      restart();
    }
    let mcus = across - x;
    if (interval > 0) mcus = min(mcus, untilRestart);
    if (!short) {
      mcus = min(mcus, STRIDE);
      if (!ensure(mcus * blocks * BLOCK_INPUT)) return NEEDS_INPUT;
      decode(mcus);
    }
    x += mcus;
    untilRestart -= mcus;
  }
  x = 0;
  y++;
  return 0;
}

function decode(mcus: i32): void {
  if (first == 0) {
    for (let i = 0; i < mcus && !isPastEnd(); i++) decodeDc(x + i);
  } else {
    const component = componentAt(0);
    const index = <usize>(y * load<i32>(component, STORED_ACROSS) + x);
    const bits = <usize>load<u32>(component, STORED_BITS) + (index << 3);
    const values = <usize>load<u32>(component, STORED) + index * blockBytes;
    const table = <usize>load<u32>(component, AC_TABLE);
    if (refines) refineAc(bits, values, mcus, table);
    else decodeAc(bits, values, mcus, table);
  }
  if (isPastEnd()) {
    short = true;
    addShortage();
  }
}

/** DC of one MCU, first and later scans. T.81 section G.1.2.1. */
function decodeDc(mcu: i32): void {
  let b = bitBuffer();
  let n = bitCount();
  let p = bitPointer();
  for (let i = 0; i < count; i++) {
    const component = componentAt(i);
    const columns = load<i32>(component, ACROSS);
    const rows = load<i32>(component, DOWN);
    const table = <usize>load<u32>(component, DC_TABLE);
    for (let row = 0; row < rows; row++) {
      let to = <usize>load<u32>(component, STORED_DC);
      to += <usize>((y * rows + row) * load<i32>(component, STORED_ACROSS) + mcu * columns) << 1;
      for (let column = 0; column < columns; column++, to += 2) {
        b |= load<u64>(p) >> n;
        p -= <usize>((63 - n) >> 3);
        n |= 56;
        if (refines) {
          if (<i64>b < 0) store<i16>(to, <i32>load<i16>(to) | (1 << low));
          b <<= 1;
          n--;
          continue;
        }
        const found = findSymbol(table, b);
        if (found == NO_CODE) addDamage(DAMAGE_BAD_DATA);
        const size = found & 15;
        b <<= <u64>(found >> 8);
        n -= <u64>(found >> 8);
        let value = load<i32>(component, PREDICTOR);
        if (size != 0) {
          value += extend(<i32>(b >> (64 - <u64>size)), size);
          b <<= <u64>size;
          n -= <u64>size;
          store<i32>(component, value, PREDICTOR);
        }
        store<i16>(to, value << low);
      }
    }
  }
  keepBits(b, n, p);
}

/** First scan of a band of AC. T.81 section G.1.2.2. */
function decodeAc(bits: usize, values: usize, mcus: i32, table: usize): void {
  let b = bitBuffer();
  let n = bitCount();
  let p = bitPointer();
  const tail = segmentTail();
  const end = last;
  const shift = low;
  const step = blockBytes;
  let run = endOfBand;
  for (let i = 0; i < mcus; i++) {
    if (run > 0) {
      const empty = min(run, mcus - i);
      run -= empty;
      i += empty - 1;
      bits += <usize>empty << 3;
      values += <usize>empty * step;
      continue;
    }
    let set = load<u64>(bits);
    let k: u32 = first - 1;
    while (k < end) {
      b |= load<u64>(p) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
      const e = load<u64>(table + (<usize>(b >> 54) << 3));
      const length = (e >> 24) & 63;
      let value: i32;
      if (length != 0) {
        b <<= length;
        n -= length;
        const ahead = <u32>(e >> 8) & 0xff;
        if (ahead == END_OF_BLOCK) break;
        k += ahead;
        value = <i32>((<i64>(e << 16)) >> 48);
        if (value == 0) continue; // 16 zeros
      } else {
        const found = findSymbol(table, b);
        if (found == NO_CODE) addDamage(DAMAGE_BAD_DATA);
        const size = found & 15;
        const zeros = (found >> 4) & 15;
        b <<= <u64>(found >> 8);
        n -= <u64>(found >> 8);
        if (size == 0 && zeros != 15) {
          run = (1 << zeros) - 1;
          if (zeros != 0) {
            run += <i32>(b >> (64 - <u64>zeros));
            b <<= <u64>zeros;
            n -= <u64>zeros;
          }
          break;
        }
        k += zeros + 1;
        if (size == 0) continue;
        value = extend(<i32>(b >> (64 - <u64>size)), size);
        b <<= <u64>size;
        n -= <u64>size;
      }
      const at = min(k, 63);
      set |= <u64>1 << <u64>at;
      store<i16>(values + placeOf(at), value << shift);
    }
    store<u64>(bits, set);
    bits += 8;
    values += step;
    if ((<i32>(p + 8 - tail) << 3) + <i32>n < 0) break;
  }
  endOfBand = run;
  keepBits(b, n, p);
}

/** Later scans of a band: a bit for each coefficient that is known, and new ones of magnitude 1. T.81 section G.1.2.3. */
function refineAc(bits: usize, values: usize, mcus: i32, table: usize): void {
  let b = bitBuffer();
  let n = bitCount();
  let p = bitPointer();
  const tail = segmentTail();
  const one = 1 << low;
  const band = ((<u64>2 << <u64>last) - 1) & ~((<u64>1 << <u64>first) - 1);
  let run = endOfBand;
  for (let i = 0; i < mcus; i++, bits += 8, values += blockBytes) {
    let set = load<u64>(bits);
    /** The known ones that have not had their bit. */
    let known = set & band;
    if (run == 0) {
      /** Places of the band without a value, from the next on. */
      let free = band & ~set;
      for (let k: u32 = first; k <= last; ) {
        b |= load<u64>(p) >> n;
        p -= <usize>((63 - n) >> 3);
        n |= 56;
        const found = findSymbol(table, b);
        if (found == NO_CODE) addDamage(DAMAGE_BAD_DATA);
        const size = found & 15;
        let zeros = (found >> 4) & 15;
        b <<= <u64>(found >> 8);
        n -= <u64>(found >> 8);
        if (size == 0 && zeros != 15) {
          run = 1 << zeros;
          if (zeros != 0) {
            run += <i32>(b >> (64 - <u64>zeros));
            b <<= <u64>zeros;
            n -= <u64>zeros;
          }
          break;
        }
        let value = 0;
        if (size != 0) {
          value = <i64>b < 0 ? one : -one;
          b <<= 1;
          n--;
        }
        // Past `zeros` free places to the next, refining what is known on the way
        for (; zeros > 0 && free != 0; zeros--) free &= free - 1;
        const at: u64 = free != 0 ? ctz(free) : 64;
        let passed = known;
        if (at < 64) passed &= (<u64>1 << at) - 1;
        known ^= passed;
        for (; passed != 0; passed &= passed - 1) {
          if (n < 1) {
            b |= load<u64>(p) >> n;
            p -= <usize>((63 - n) >> 3);
            n |= 56;
          }
          if (<i64>b < 0) refine(values, <u32>ctz(passed), one);
          b <<= 1;
          n--;
        }
        if (at == 64) {
          k = 64;
          break;
        }
        free &= free - 1;
        k = <u32>at + 1;
        if (value != 0) {
          set |= <u64>1 << at;
          store<i16>(values + placeOf(<u32>at), value);
        }
      }
      store<u64>(bits, set);
    }
    if (run > 0) {
      for (; known != 0; known &= known - 1) {
        if (n < 1) {
          b |= load<u64>(p) >> n;
          p -= <usize>((63 - n) >> 3);
          n |= 56;
        }
        if (<i64>b < 0) refine(values, <u32>ctz(known), one);
        b <<= 1;
        n--;
      }
      run--;
    }
    if ((<i32>(p + 8 - tail) << 3) + <i32>n < 0) break;
  }
  endOfBand = run;
  keepBits(b, n, p);
}

/** Adds a bit to a value's magnitude, unless it has it (as libjpeg does with damaged data). */
// @ts-ignore: a decorator of AssemblyScript
@inline
function refine(values: usize, k: u32, one: i32): void {
  const at = values + placeOf(k);
  const value = <i32>load<i16>(at);
  if ((value & one) == 0) store<i16>(at, value >= 0 ? value + one : value - one);
}
