import { BETWEEN, OUTPUTS, STARTS_ACROSS, TAPS_ACROSS, WEIGHTS_ACROSS } from "./job";

/** 6 bits after the point of the samples and 14 of the weights. */
const SHIFT: i32 = 20;
const HALF: i32 = 1 << (SHIFT - 1);

/**
 * The pass along rows of a plane: from BETWEEN to `dst`, OUTPUTS bytes, or i32 with 20 bits after the point where `exact`.
 * With SIMD up to three values beyond them are written too. Taps are a multiple of 8.
 */
export function plane(job: u32, dst: u32, exact: bool): void {
  if (ASC_FEATURE_SIMD) {
    if (exact) planeVector(job, dst, true);
    else planeVector(job, dst, false);
  } else scalar(job, dst, exact, 1);
}

/** The same for packed pixels; taps are a multiple of 2 and starts even. */
export function packed(job: u32, dst: u32, exact: bool): void {
  if (ASC_FEATURE_SIMD) {
    if (exact) packedVector(job, dst, true);
    else packedVector(job, dst, false);
  } else scalar(job, dst, exact, 4);
}

/** Four outputs at once, eight taps of each in a step. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function planeVector(job: u32, dst: u32, exact: bool): void {
  const row = load<u32>(job, BETWEEN);
  const step = load<u32>(job, TAPS_ACROSS) << 1;
  let starts = load<u32>(job, STARTS_ACROSS);
  let weights = load<u32>(job, WEIGHTS_ACROSS);
  const half = i32x4.splat(HALF);
  for (let left = load<i32>(job, OUTPUTS); left > 0; left -= 4) {
    const from0 = row + (load<u32>(starts) << 1);
    const from1 = row + (load<u32>(starts, 4) << 1);
    const from2 = row + (load<u32>(starts, 8) << 1);
    const from3 = row + (load<u32>(starts, 12) << 1);
    const weights1 = weights + step;
    const weights2 = weights1 + step;
    const weights3 = weights2 + step;
    let sum0 = i32x4.dot_i16x8_s(v128.load(from0), v128.load(weights));
    let sum1 = i32x4.dot_i16x8_s(v128.load(from1), v128.load(weights1));
    let sum2 = i32x4.dot_i16x8_s(v128.load(from2), v128.load(weights2));
    let sum3 = i32x4.dot_i16x8_s(v128.load(from3), v128.load(weights3));
    for (let k: u32 = 16; k < step; k += 16) {
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(from0 + k), v128.load(weights + k)));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(from1 + k), v128.load(weights1 + k)));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(from2 + k), v128.load(weights2 + k)));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(from3 + k), v128.load(weights3 + k)));
    }
    const first = i32x4.add(i32x4.shuffle(sum0, sum1, 0, 4, 1, 5), i32x4.shuffle(sum0, sum1, 2, 6, 3, 7));
    const second = i32x4.add(i32x4.shuffle(sum2, sum3, 0, 4, 1, 5), i32x4.shuffle(sum2, sum3, 2, 6, 3, 7));
    const sums = i32x4.add(i32x4.shuffle(first, second, 0, 1, 4, 5), i32x4.shuffle(first, second, 2, 3, 6, 7));
    if (exact) {
      v128.store(dst, sums);
      dst += 16;
    } else {
      const levels = i32x4.shr_s(i32x4.add(sums, half), SHIFT);
      const words = i16x8.narrow_i32x4_s(levels, levels);
      v128.store32_lane(dst, i8x16.narrow_i16x8_u(words, words), 0);
      dst += 4;
    }
    starts += 16;
    weights = weights3 + step;
  }
}

/** Four pixels at once, two taps of each in a step: pairs of pixels lie as r0 r1 g0 g1 b0 b1 a0 a1. */
// @ts-ignore: see planeVector
@inline
function packedVector(job: u32, dst: u32, exact: bool): void {
  const row = load<u32>(job, BETWEEN);
  const step = load<u32>(job, TAPS_ACROSS) << 1;
  let starts = load<u32>(job, STARTS_ACROSS);
  let weights = load<u32>(job, WEIGHTS_ACROSS);
  const initial = exact ? i32x4.splat(0) : i32x4.splat(HALF);
  for (let left = load<i32>(job, OUTPUTS); left > 0; left -= 4) {
    let from0 = row + (load<u32>(starts) << 3);
    let from1 = row + (load<u32>(starts, 4) << 3);
    let from2 = row + (load<u32>(starts, 8) << 3);
    let from3 = row + (load<u32>(starts, 12) << 3);
    let sum0 = initial;
    let sum1 = initial;
    let sum2 = initial;
    let sum3 = initial;
    const end = weights + step;
    for (let w = weights; w < end; w += 4) {
      sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load(from0), v128.load32_splat(w)));
      sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load(from1), v128.load32_splat(w + step)));
      sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load(from2), v128.load32_splat(w + 2 * step)));
      sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load(from3), v128.load32_splat(w + 3 * step)));
      from0 += 16;
      from1 += 16;
      from2 += 16;
      from3 += 16;
    }
    if (exact) {
      v128.store(dst, sum0);
      v128.store(dst, sum1, 16);
      v128.store(dst, sum2, 32);
      v128.store(dst, sum3, 48);
      dst += 64;
    } else {
      const low = i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, SHIFT), i32x4.shr_s(sum1, SHIFT));
      const high = i16x8.narrow_i32x4_s(i32x4.shr_s(sum2, SHIFT), i32x4.shr_s(sum3, SHIFT));
      v128.store(dst, i8x16.narrow_i16x8_u(low, high));
      dst += 16;
    }
    starts += 16;
    weights = end + 3 * step;
  }
}

function scalar(job: u32, dst: u32, exact: bool, channels: u32): void {
  const row = load<u32>(job, BETWEEN);
  const step = load<u32>(job, TAPS_ACROSS) << 1;
  const starts = load<u32>(job, STARTS_ACROSS);
  const outputs = load<u32>(job, OUTPUTS);
  let weights = load<u32>(job, WEIGHTS_ACROSS);
  for (let i: u32 = 0; i < outputs; i++, weights += step) {
    const first = row + load<u32>(starts + (i << 2)) * channels * 2;
    for (let channel: u32 = 0; channel < channels; channel++) {
      let sum = 0;
      let from = first + (channel << 1);
      for (let k: u32 = 0; k < step; k += 2, from += channels << 1) {
        sum += <i32>load<i16>(from) * <i32>load<i16>(weights + k);
      }
      if (exact) {
        store<i32>(dst, sum);
        dst += 4;
      } else store<u8>(dst++, min<i32>(max<i32>((sum + HALF) >> SHIFT, 0), 255));
    }
  }
}
