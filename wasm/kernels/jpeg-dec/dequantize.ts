/** Where a coefficient goes and what it is multiplied with. */

/** Entries of a dequantizer, 8 bytes each: multiplier and offset in bytes. */
export const ENTRIES: u32 = 160;
/** Fraction bits of a multiplier. */
export const MULTIPLIER_BITS: u64 = 12;
/**
 * Fraction bits of samples in the inverse transforms. 11 bits are left, +-1023: sums within the transforms of any block of
 * 8-bit samples stay below 600.
 */
export const SAMPLE_BITS: i32 = 5;
/** Added to DC: 128 (level shift, T.81 section A.3.1) and the half that makes the last shift round. */
export const DC_BIAS: i32 = (128 << SAMPLE_BITS) + (1 << (SAMPLE_BITS - 1));

/** Bytes of a unit of blocks, that are transformed together, at each number of samples kept. */
export function unitBytes(kept: i32): u32 {
  return kept == 8 ? 128 : kept == 1 ? 16 : 80;
}
/** A unit is 1 << unitShift blocks side by side. */
export function unitShift(kept: i32): u32 {
  return kept == 8 ? 0 : kept >= 3 ? 1 : 3;
}
/** Bytes from one block of a unit to the next. */
export function blockBytes(kept: i32): u32 {
  return kept >= 3 ? 8 : 2;
}
/** Within a unit, where coefficients go that are not kept. */
const DROPPED: u32 = 64;

/** Place of the k-th coefficient in a block, row * 8 + column. T.81 figure A.6. */
// biome-ignore format: rows of the figure
const ZIGZAG: usize = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);
/** 32768 times 1, then sqrt(2) cos(k pi / 16): the scale factors of Arai, Agui and Nakajima for 8 points. */
const SCALES_8: usize = memory.data<u32>([32768, 45451, 42813, 38531, 32768, 25746, 17734, 9041]);
/** For 4 points: sqrt(2) cos(k pi / 8). */
const SCALES_4: usize = memory.data<u32>([32768, 42813, 32768, 17734]);
/** For 3 points: sqrt(2) times the only cosines there are, of 30 and 60 degrees. Two points need none. */
const SCALES_3: usize = memory.data<u32>([32768, 40132, 23170]);

// @ts-ignore: a decorator of AssemblyScript
@inline
export function naturalOrder(k: u32): u32 {
  return <u32>load<u8>(ZIGZAG + k);
}

/** table: ENTRIES * 8 bytes. quantizers: 64 u16 in zigzag order. */
export function buildDequantizer(table: usize, quantizers: usize, kept: i32): void {
  for (let k: u32 = 0; k < ENTRIES; k++) {
    const place = naturalOrder(min(k, 63)); // a run that leads beyond 63 lands there, as in libjpeg
    const across = place & 7;
    const down = place >> 3;
    let multiplier: u64 = 0;
    let offset: u32 = DROPPED;
    if (<i32>across < kept && <i32>down < kept) {
      const scale = <u64>scaleOf(across, kept) * scaleOf(down, kept);
      // Scale has 30 bits of fraction, the multiplier 12; samples have SAMPLE_BITS more, and the transform takes an eighth
      const drop: u64 = 30 - MULTIPLIER_BITS + 3 - SAMPLE_BITS;
      multiplier = (<u64>load<u16>(quantizers + (min(k, 63) << 1)) * scale + (1 << (drop - 1))) >> drop;
      offset = kept <= 2 ? ((across << 1) + down) << 4 : (across << 4) + (down << 1);
    }
    store<u32>(table + (k << 3), <u32>multiplier);
    store<u32>(table + (k << 3), offset, 4);
  }
}

function scaleOf(index: u32, kept: i32): u64 {
  if (kept == 8) return <u64>load<u32>(SCALES_8 + (index << 2));
  if (kept == 4) return <u64>load<u32>(SCALES_4 + (index << 2));
  return kept == 3 ? <u64>load<u32>(SCALES_3 + (index << 2)) : 32768;
}

/** A product of value and multiplier as sample with SAMPLE_BITS, clamped to 16 bits. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function rounded(product: i64): i64 {
  const value = (product + (1 << (MULTIPLIER_BITS - 1))) >> MULTIPLIER_BITS;
  return <u64>(value + 32768) > 65535 ? clamp16(value) : value;
}

function clamp16(value: i64): i64 {
  return value < 0 ? -32768 : 32767;
}

/** Level-shifted DC as it is stored for the transforms. multiplier: of index 0. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function directCurrent(value: i32, multiplier: i32): i64 {
  const scaled = ((<i64>value * multiplier) >> MULTIPLIER_BITS) + DC_BIAS; // exact: the scale of index 0 is 1
  return <u64>(scaled + 32768) > 65535 ? clamp16(scaled) : scaled;
}
