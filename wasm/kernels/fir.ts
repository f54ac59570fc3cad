/**
 * Symmetric convolution in integers. Values are centered: signed, in halves of what `levels.ts` calls wide, less 2^14, so
 * that two of them add up in 16 bits; weights are 15-bit fractions that add up to 2^15 over both sides. The sum of products
 * is exact in 32 bits and rounded once.
 * Reference: src/kernels/reference/blur.ts (must agree bit for bit).
 */

/** Wide 2^15 becomes centered 0. */
const CENTER: i32 = 16384;

/** `count` px of wide values to centered ones. Writes and, with SIMD, reads up to a multiple of 2 px. */
export function center(dst: usize, src: usize, count: i32): void {
  const end = dst + (<usize>count << 3);
  if (ASC_FEATURE_SIMD) {
    const zero = i16x8.splat(0);
    const middle = i16x8.splat(<i16>CENTER);
    for (; dst < end; dst += 16, src += 16) {
      v128.store(dst, i16x8.sub(i16x8.avgr_u(v128.load(src), zero), middle));
    }
  } else {
    for (; dst < end; dst += 2, src += 2) store<i16>(dst, ((<i32>load<u16>(src) + 1) >> 1) - CENTER);
  }
}

/**
 * dst = (w0 · center + Σ wd · (one + other at distance d) + 2^14) >> 15 for `count` px of four centered values.
 *
 * table: addresses of the first values by distance 0..radius + 1, two for each; those of distance 0 are the same, those of
 * radius + 1 are only read. weights: i16 by distance, 0 for radius + 1 and so on to an even number of them.
 * wide: leave wide values instead of centered ones. With SIMD whole groups of 4 px are read and written: sums of 8 at once
 * took 1.35 times as long at radius 50, because there are no registers for them.
 */
export function convolve(dst: usize, table: usize, weights: usize, radius: i32, count: i32, wide: i32): void {
  if (ASC_FEATURE_SIMD) convolveVectors(dst, table, weights, radius, count, wide);
  else convolveValues(dst, table, weights, radius, count, wide);
}

function convolveValues(dst: usize, table: usize, weights: usize, radius: i32, count: i32, wide: i32): void {
  const bytes = <usize>count << 3;
  const lastWeight = weights + (<usize>radius << 1);
  const first = <i32>load<i16>(weights);
  for (let at: usize = 0; at < bytes; at += 8) {
    let p = <usize>load<u32>(table) + at;
    let r = <i32>load<i16>(p) * first + 16384;
    let g = <i32>load<i16>(p, 2) * first + 16384;
    let b = <i32>load<i16>(p, 4) * first + 16384;
    let a = <i32>load<i16>(p, 6) * first + 16384;
    let pair = table + 8;
    for (let w = weights + 2; w <= lastWeight; w += 2, pair += 8) {
      p = <usize>load<u32>(pair) + at;
      const q = <usize>load<u32>(pair, 4) + at;
      const weight = <i32>load<i16>(w);
      r += (<i32>load<i16>(p) + <i32>load<i16>(q)) * weight;
      g += (<i32>load<i16>(p, 2) + <i32>load<i16>(q, 2)) * weight;
      b += (<i32>load<i16>(p, 4) + <i32>load<i16>(q, 4)) * weight;
      a += (<i32>load<i16>(p, 6) + <i32>load<i16>(q, 6)) * weight;
    }
    storeValue(dst + at, r, wide);
    storeValue(dst + at + 2, g, wide);
    storeValue(dst + at + 4, b, wide);
    storeValue(dst + at + 6, a, wide);
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function storeValue(dst: usize, sum: i32, wide: i32): void {
  const value = sum >> 15;
  // Negative weights, which make up for the widening of halving and doubling, can overshoot
  const bound = value < -CENTER ? -CENTER : value > CENTER - 1 ? CENTER - 1 : value;
  if (wide) store<u16>(dst, (bound + CENTER) << 1);
  else store<i16>(dst, bound);
}

function convolveVectors(dst: usize, table: usize, weights: usize, radius: i32, count: i32, wide: i32): void {
  const bytes = <usize>count << 3;
  const lastWeight = weights + (<usize>radius << 1);
  for (let at: usize = 0; at < bytes; at += 32) {
    const round = i32x4.splat(16384);
    let p = <usize>load<u32>(table) + at;
    let r = <usize>load<u32>(table, 8) + at;
    let s = <usize>load<u32>(table, 12) + at;
    let weight = v128.load32_splat(weights);
    let u = v128.load(p);
    let v = i16x8.add(v128.load(r), v128.load(s));
    let a0 = i32x4.add(round, i32x4.dot_i16x8_s(lows(u, v), weight));
    let a1 = i32x4.add(round, i32x4.dot_i16x8_s(highs(u, v), weight));
    u = v128.load(p, 16);
    v = i16x8.add(v128.load(r, 16), v128.load(s, 16));
    let b0 = i32x4.add(round, i32x4.dot_i16x8_s(lows(u, v), weight));
    let b1 = i32x4.add(round, i32x4.dot_i16x8_s(highs(u, v), weight));
    let pair = table + 16;
    for (let w = weights + 4; w <= lastWeight; w += 4, pair += 16) {
      p = <usize>load<u32>(pair) + at;
      const q = <usize>load<u32>(pair, 4) + at;
      r = <usize>load<u32>(pair, 8) + at;
      s = <usize>load<u32>(pair, 12) + at;
      weight = v128.load32_splat(w);
      u = i16x8.add(v128.load(p), v128.load(q));
      v = i16x8.add(v128.load(r), v128.load(s));
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(lows(u, v), weight));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(highs(u, v), weight));
      u = i16x8.add(v128.load(p, 16), v128.load(q, 16));
      v = i16x8.add(v128.load(r, 16), v128.load(s, 16));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(lows(u, v), weight));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(highs(u, v), weight));
    }
    const low = i16x8.splat(<i16>-CENTER);
    const high = i16x8.splat(<i16>(CENTER - 1));
    let a = bounded(a0, a1, low, high);
    let b = bounded(b0, b1, low, high);
    if (wide) {
      a = widened(a, low);
      b = widened(b, low);
    }
    v128.store(dst + at, a);
    v128.store(dst + at, b, 16);
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lows(u: v128, v: v128): v128 {
  return i8x16.shuffle(u, v, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function highs(u: v128, v: v128): v128 {
  return i8x16.shuffle(u, v, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function bounded(sum0: v128, sum1: v128, low: v128, high: v128): v128 {
  const both = i16x8.narrow_i32x4_s(i32x4.shr_s(sum0, 15), i32x4.shr_s(sum1, 15));
  return i16x8.min_s(i16x8.max_s(both, low), high);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function widened(value: v128, low: v128): v128 {
  return i16x8.shl(i16x8.sub(value, low), 1);
}
