/** The frame header of RFC 6386 sections 9.3 to 9.11 and 19.2. */
import { openReader, READER_BYTES, readBits, readBool, readOptional } from "./bool";
import { FACTOR_BYTES, FACTORS, MODE_READER, TOKEN_READERS } from "./layout";
import { setStrength } from "./strengths";
import { AC_STEPS, DC_STEPS, DEFAULT_PROBABILITIES, UPDATE_PROBABILITIES } from "./tables";

/**
 * Probabilities of tokens, 16 bytes (11 used) for each type of block, position 0..16 and context; positions of one band
 * (section 13.3) have the same, and those of 16 are looked up but never used.
 */
export const POSITION_BYTES: u32 = 48;
export const TYPE_BYTES: u32 = 17 * POSITION_BYTES;
export const TOKEN_PROBABILITIES: usize = memory.data(4 * 17 * 48, 16);
const BANDS: usize = memory.data<u8>([0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7]);

export const SEGMENT_PROBABILITIES: usize = memory.data(3);
/** Level of the quantizer of each segment, then that of its filter, i32. */
const QUANTIZERS: usize = memory.data(4 * 4, 16);
const FILTERS: usize = memory.data(4 * 4, 16);
/** Changes of the filter's level, i32: by reference frame, then by mode. A key frame uses the first of each. */
const DELTAS: usize = memory.data(8 * 4, 16);

/** Macroblocks say which segment they belong to. */
export let mapsSegments: bool = false;
/** Macroblocks say whether they are without coefficients: not, with that probability. */
export let saysSkipped: bool = false;
export let skipProbability: u32 = 0;
/** Partitions of coefficients less 1: rows take turns. */
export let lastPartition: u32 = 0;

let segmented: bool = false;
/** Levels of segments replace those of the frame; else they are added. */
let absolute: bool = false;

/** Reads the header at the front of the first partition and opens the others behind it. False where they do not fit. */
export function readHeader(start: usize, firstSize: u32, end: usize): bool {
  if (firstSize > <u32>(end - start)) return false;
  openReader(MODE_READER, start, firstSize);
  readBits(MODE_READER, 2); // color space and clamping: a decoder that always clamps need not know
  readSegments();
  readFilter();
  lastPartition = (1 << readBits(MODE_READER, 2)) - 1;
  if (!openPartitions(start + firstSize, end)) return false;
  readFactors();
  readBits(MODE_READER, 1); // whether the probabilities are kept for the next frame
  readProbabilities();
  saysSkipped = readBits(MODE_READER, 1) == 1;
  skipProbability = saysSkipped ? readBits(MODE_READER, 8) : 0;
  return true;
}

/** Section 9.3. */
function readSegments(): void {
  segmented = readBits(MODE_READER, 1) == 1;
  mapsSegments = false;
  absolute = true;
  memory.fill(QUANTIZERS, 0, 16);
  memory.fill(FILTERS, 0, 16);
  memory.fill(SEGMENT_PROBABILITIES, 255, 3);
  if (!segmented) return;
  mapsSegments = readBits(MODE_READER, 1) == 1;
  if (readBits(MODE_READER, 1) == 1) {
    absolute = readBits(MODE_READER, 1) == 1;
    for (let i = 0; i < 4; i++) store<i32>(QUANTIZERS + (i << 2), readOptional(MODE_READER, 7));
    for (let i = 0; i < 4; i++) store<i32>(FILTERS + (i << 2), readOptional(MODE_READER, 6));
  }
  if (!mapsSegments) return;
  for (let i = 0; i < 3; i++) {
    if (readBits(MODE_READER, 1) == 1) store<u8>(SEGMENT_PROBABILITIES + i, readBits(MODE_READER, 8));
  }
}

/** Sections 9.6 and 9.3. */
function readFilter(): void {
  const simple = readBits(MODE_READER, 1) == 1;
  const level = readBits(MODE_READER, 6);
  const sharpness = readBits(MODE_READER, 3);
  const adjusted = readBits(MODE_READER, 1) == 1;
  memory.fill(DELTAS, 0, 32);
  if (adjusted && readBits(MODE_READER, 1) == 1) {
    for (let i = 0; i < 8; i++) store<i32>(DELTAS + (i << 2), readOptional(MODE_READER, 6));
  }
  const intra = load<i32>(DELTAS);
  const inSubblocks = load<i32>(DELTAS, 16);
  for (let segment = 0; segment < 4; segment++) {
    const own = load<i32>(FILTERS + (segment << 2));
    const base = segmented ? (absolute ? own : level + own) : level;
    // A level of 0 for the frame turns the filter off, whatever segments say
    setStrength(segment, false, simple, level == 0 ? 0 : base + intra, sharpness);
    setStrength(segment, true, simple, level == 0 ? 0 : base + intra + inSubblocks, sharpness);
  }
}

/** Section 9.5. A size that runs past the end is cut; the last partition takes what is left, which must not be nothing. */
function openPartitions(sizes: usize, end: usize): bool {
  let start = sizes + lastPartition * 3;
  if (start >= end) return false;
  for (let i: u32 = 0; i <= lastPartition; i++) {
    const left = <u32>(end - start);
    const size = i == lastPartition ? left : min(left, load<u16>(sizes) | (<u32>load<u8>(sizes, 2) << 16));
    openReader(TOKEN_READERS + i * READER_BYTES, start, size);
    start += size;
    sizes += 3;
  }
  return load<u32>(TOKEN_READERS + lastPartition * READER_BYTES, 8) < <u32>end;
}

/** Sections 9.6 and 14.1. */
function readFactors(): void {
  const level = readBits(MODE_READER, 7);
  const lumaDc = readOptional(MODE_READER, 4);
  const secondDc = readOptional(MODE_READER, 4);
  const secondAc = readOptional(MODE_READER, 4);
  const chromaDc = readOptional(MODE_READER, 4);
  const chromaAc = readOptional(MODE_READER, 4);
  for (let segment: u32 = 0; segment < 4; segment++) {
    const own = load<i32>(QUANTIZERS + (segment << 2));
    const base = segmented ? (absolute ? own : level + own) : level;
    const factors = FACTORS + segment * FACTOR_BYTES;
    store<i32>(factors, dcStep(base + lumaDc, 127));
    store<i32>(factors, acStep(base), 4);
    store<i32>(factors, dcStep(base + secondDc, 127) * 2, 8);
    store<i32>(factors, max((acStep(base + secondAc) * 155) / 100, 8), 12);
    store<i32>(factors, dcStep(base + chromaDc, 117), 16); // at most 132
    store<i32>(factors, acStep(base + chromaAc), 20);
  }
}

function dcStep(level: i32, last: i32): i32 {
  return load<u8>(DC_STEPS + max(0, min(level, last)));
}
function acStep(level: i32): i32 {
  return load<u16>(AC_STEPS + (max(0, min(level, 127)) << 1));
}

/** Section 13.4. */
function readProbabilities(): void {
  for (let type: u32 = 0; type < 4; type++) {
    for (let band: u32 = 0; band < 8; band++) {
      for (let i: u32 = 0; i < 33; i++) {
        const at = (type * 8 + band) * 33 + i;
        const changed = readBool(MODE_READER, load<u8>(UPDATE_PROBABILITIES + at)) == 1;
        const value = changed ? readBits(MODE_READER, 8) : load<u8>(DEFAULT_PROBABILITIES + at);
        spread(type, band, (i / 11) * 16 + (i % 11), value);
      }
    }
  }
}
function spread(type: u32, band: u32, at: u32, value: u32): void {
  for (let position: u32 = 0; position < 17; position++) {
    if (load<u8>(BANDS + position) != band) continue;
    store<u8>(TOKEN_PROBABILITIES + type * TYPE_BYTES + position * POSITION_BYTES + at, value);
  }
}
