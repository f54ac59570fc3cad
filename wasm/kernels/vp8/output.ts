/** Rows that no filter will change any more, packed without margins, by planes. */
import { chroma, height, KEPT_ROWS, luma, mbHeight, stride, width } from "./layout";

/** Rows that the edge to the macroblocks below may still change. */
const LAST_CHANGED: u32 = 3;

/** Where the planes go, whether in full range, and how many rows of them have gone. */
let planes: usize = 0;
let fullRange: bool = false;
let lumaDone: u32 = 0;
let chromaDone: u32 = 0;
/** Rows of the last packing. */
let lumaRows: u32 = 0;
let chromaRows: u32 = 0;

/** The most that a row of macroblocks brings to its end: what was left of the row above, and all of its own. */
const MOST_LUMA: u32 = 16 + LAST_CHANGED;
const MOST_CHROMA: u32 = 8 + LAST_CHANGED;

/** Rows are copied in whole vectors, so that what follows a plane must be overwritten later or be nothing. */
export function outputBytes(): u32 {
  return width * MOST_LUMA + 2 * chromaWidth() * MOST_CHROMA + 48;
}
export function openOutput(at: usize, stretch: bool): void {
  planes = at;
  fullRange = stretch;
  lumaDone = 0;
  chromaDone = 0;
}

/** Rows of Y, and of U and V each, that packRow has left; the planes follow each other from outputAddress on. */
export function lumaReady(): u32 {
  return lumaRows;
}
export function chromaReady(): u32 {
  return chromaRows;
}
export function outputAddress(): usize {
  return planes;
}

export function packRow(y: u32): void {
  const last = y + 1 == mbHeight;
  const lumaEnd = last ? height : (y << 4) + 16 - LAST_CHANGED;
  const chromaEnd = last ? (height + 1) >> 1 : (y << 3) + 8 - LAST_CHANGED;
  lumaRows = lumaEnd - lumaDone;
  chromaRows = chromaEnd - chromaDone;
  let to = planes;
  let from = luma + (lumaDone - (y << 4)) * stride;
  for (let row: u32 = 0; row < lumaRows; row++, from += stride, to += width) copyLuma(from, to, width);
  const across = chromaWidth();
  for (let half: usize = 0; half < 16; half += 8) {
    from = chroma + (chromaDone - (y << 3)) * stride + half;
    for (let row: u32 = 0; row < chromaRows; row++, from += stride, to += across) copyChroma(from, to, across);
  }
  lumaDone = lumaEnd;
  chromaDone = chromaEnd;
}

/** The last rows of the buffers become those above the next row of macroblocks. */
export function keepRows(): void {
  memory.copy(luma - KEPT_ROWS * stride, luma + (16 - KEPT_ROWS) * stride, KEPT_ROWS * stride);
  memory.copy(chroma - KEPT_ROWS * stride, chroma + (8 - KEPT_ROWS) * stride, KEPT_ROWS * stride);
}

function chromaWidth(): u32 {
  return (width + 1) >> 1;
}

/**
 * BT.601 has Y in 16..235 and U and V in 16..240, of which JFIF makes 0..255: (v - less) + (v - zero) * gain, clamped, gain in
 * 15 bits of fraction: 36 / 219 and 31 / 224. The result is what rounding gives but where that is within 0.004 of a tie.
 */
const LUMA_ZERO: i32 = 16;
const LUMA_GAIN: i32 = 5387;
const CHROMA_ZERO: i32 = 128;
const CHROMA_GAIN: i32 = 4535;

/** One row of Y. */
function copyLuma(from: usize, to: usize, count: u32): void {
  const less = fullRange ? LUMA_ZERO : 0;
  const gain = fullRange ? LUMA_GAIN : 0;
  const end = to + count;
  if (ASC_FEATURE_SIMD) {
    for (; to < end; from += 16, to += 16) {
      const low = stretched8(v128.load8x8_u(from), less, LUMA_ZERO, gain);
      const high = stretched8(v128.load8x8_u(from + 8), less, LUMA_ZERO, gain);
      v128.store(to, i8x16.narrow_i16x8_u(low, high));
    }
  } else {
    for (; to < end; from++, to++) store<u8>(to, stretched(load<u8>(from), less, LUMA_ZERO, gain));
  }
}

/** One row of U or V, which are every other 8 samples. */
function copyChroma(from: usize, to: usize, count: u32): void {
  const gain = fullRange ? CHROMA_GAIN : 0;
  for (let end = to + count; to < end; from += 16, to += 8) {
    if (ASC_FEATURE_SIMD) {
      const samples = stretched8(v128.load8x8_u(from), 0, CHROMA_ZERO, gain);
      v128.store64_lane(to, i8x16.narrow_i16x8_u(samples, samples), 0);
    } else {
      for (let i: usize = 0; i < 8; i++) store<u8>(to + i, stretched(load<u8>(from + i), 0, CHROMA_ZERO, gain));
    }
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function stretched8(samples: v128, less: i32, zero: i32, gain: i32): v128 {
  const change = i16x8.q15mulr_sat_s(i16x8.sub(samples, i16x8.splat(<i16>zero)), i16x8.splat(<i16>gain));
  return i16x8.add(i16x8.sub(samples, i16x8.splat(<i16>less)), change);
}
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function stretched(sample: i32, less: i32, zero: i32, gain: i32): i32 {
  return max(0, min(255, sample - less + (((sample - zero) * gain + 0x4000) >> 15)));
}
