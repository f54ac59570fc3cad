import { BETWEEN, KIND, PACKED, PAIRS, RING, SAMPLES, SLOTS, STARTS_DOWN, STRIDE, TAPS_DOWN, WEIGHTS_DOWN, WIDE } from "./job";

/**
 * Rows to one row of i16 with 6 bits after the point: 255 is 16320, so that what a filter overshoots (less than a third,
 * at edges too) fits below 32767. 14 bits of weight: 8 are dropped from levels; wide samples (255 is 32640) have 7 of their
 * own, so 15 are dropped from them.
 */
const SHIFT: i32 = 8;
const SHIFT_WIDE: i32 = 15;
const PAIR_BYTES: u32 = 8;

/**
 * Output row i of the pass along columns, into BETWEEN. Rows lie in pairs (a0 b0 a1 b1 ..., i16) for i32x4.dot_i16x8_s,
 * made once for the six outputs that use them: of 2725×2225 RGBA to 720, making pairs anew for each output took this pass
 * from 9 to 12 ms. 32 samples at once, or two pairs at once, are no faster than 16 and one.
 * With SIMD, up to 15 samples beyond the row are computed from whatever lies there, and packed pixels are left in pairs
 * (r0 r1 g0 g1 b0 b1 a0 a1) for the pass along rows.
 */
export function vertical(job: u32, i: i32): void {
  const pairs = load<u32>(job, PAIRS);
  const end = listPairs(job, i, pairs);
  const between = load<u32>(job, BETWEEN);
  const samples = load<u32>(job, SAMPLES);
  const kind = load<u32>(job, KIND);
  const shift = kind & WIDE ? SHIFT_WIDE : SHIFT;
  if (ASC_FEATURE_SIMD) {
    if (kind & PACKED) vectorRow(between, pairs, end, samples, shift, true);
    else vectorRow(between, pairs, end, samples, shift, false);
  } else scalarRow(between, pairs, end, samples, shift);
}

/** Writes address of each pair and its two weights (i16); gives where the list ends. */
function listPairs(job: u32, i: i32, list: u32): u32 {
  const taps = load<u32>(job, TAPS_DOWN);
  const slots = load<u32>(job, SLOTS);
  const stride = load<u32>(job, STRIDE);
  const ring = load<u32>(job, RING);
  let weights = load<u32>(job, WEIGHTS_DOWN) + <u32>i * taps * 2;
  let slot = (load<u32>(load<u32>(job, STARTS_DOWN) + (<u32>i << 2)) >> 1) % slots;
  for (const end = weights + taps * 2; weights < end; weights += 4, list += PAIR_BYTES) {
    store<u32>(list, ring + slot * stride);
    store<u32>(list, load<u32>(weights), 4);
    slot++;
    if (slot == slots) slot = 0;
  }
  return list;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function vectorRow(dst: u32, list: u32, end: u32, samples: u32, shift: i32, packed: bool): void {
  const half = i32x4.splat(1 << (shift - 1));
  for (let x: u32 = 0; x < samples << 2; x += 64, dst += 32) {
    let sum0 = half;
    let sum1 = half;
    let sum2 = half;
    let sum3 = half;
    for (let pair = list; pair < end; pair += PAIR_BYTES) {
      const rows = load<u32>(pair) + x;
      const weights = v128.load32_splat(pair, 4);
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(rows), weights));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(rows, 16), weights));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(rows, 32), weights));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(rows, 48), weights));
    }
    storeRow(dst, i32x4.shr_s(sum0, shift), i32x4.shr_s(sum1, shift), packed);
    storeRow(dst + 16, i32x4.shr_s(sum2, shift), i32x4.shr_s(sum3, shift), packed);
  }
}
// @ts-ignore: see vectorRow
@inline
function storeRow(dst: u32, low: v128, high: v128, packed: bool): void {
  const row = i16x8.narrow_i32x4_s(low, high);
  v128.store(dst, packed ? i16x8.shuffle(row, row, 0, 4, 1, 5, 2, 6, 3, 7) : row);
}

function scalarRow(dst: u32, list: u32, end: u32, samples: u32, shift: i32): void {
  for (let x: u32 = 0; x < samples << 2; x += 4, dst += 2) {
    let sum = 1 << (shift - 1);
    for (let pair = list; pair < end; pair += PAIR_BYTES) {
      const rows = load<u32>(pair) + x;
      sum += <i32>load<i16>(rows) * <i32>load<i16>(pair, 4) + <i32>load<i16>(rows, 2) * <i32>load<i16>(pair, 6);
    }
    store<i16>(dst, min<i32>(max<i32>(sum >> shift, -32768), 32767)); // as i16x8.narrow_i32x4_s
  }
}
