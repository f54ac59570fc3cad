import { ZIGZAG } from "./tables";

/*
 * The DCT of T.81 section A.3.3 on i16, by the graph of Loeffler, Ligtenberg and Moschytz (ICASSP 1989), whose outputs all have
 * the same scale: sqrt(8) of the orthonormal transform in each pass. Samples enter with 5 bits of fraction, so the largest
 * sum of the first pass is -128 · 8 · 32 = -2^15; 3 bits are rounded off, and the second pass ends there too: no lane can
 * overflow (odd outputs stay below 255 · 32 · 3.625 = 29580, outputs 2 and 6 below 30160). A coefficient comes out as 32 times its
 * value. The flow with fewer multiplications of Arai, Agui and Nakajima scales outputs between 0.61 and 15 times: high
 * frequencies would have no fraction left in 16 bits.
 */

/** Multipliers in 1/32768. cos and sin of 3π/16 and π/16. */
const C3: i32 = 27246;
const S3: i32 = 18205;
const C1: i32 = 32138;
const S1: i32 = 6393;
/** sqrt(2) · cos(π/8) - 1, sqrt(2) · sin(π/8), sqrt(2) - 1. */
const A2: i32 = 10045;
const B2: i32 = 17734;
const R2: i32 = 13573;
/** 128 · 2 · 32: the level shift of two samples. */
const SHIFT: i32 = 8192;

/** 64 i32 between the passes of the scalar build. */
const SCRATCH: usize = memory.data(256, 16);

/**
 * Transforms and quantizes 8x8 samples at `src`, rows `stride` bytes apart, by the multipliers at `quantizer` (tables.ts):
 * 64 i16 at `out`, transposed. Gives a bit for every one that is not 0, coefficient k of the zigzag order in bit k.
 */
export function transform(src: usize, stride: usize, quantizer: usize, out: usize): u64 {
  if (ASC_FEATURE_SIMD) return transformVectors(src, stride, quantizer, out);
  return transformScalar(src, stride, quantizer, out);
}

function transformVectors(src: usize, stride: usize, quantizer: usize, out: usize): u64 {
  const r0 = v128.load8x8_u(src);
  const r1 = v128.load8x8_u(src + stride);
  const r2 = v128.load8x8_u(src + 2 * stride);
  const r3 = v128.load8x8_u(src + 3 * stride);
  const r4 = v128.load8x8_u(src + 4 * stride);
  const r5 = v128.load8x8_u(src + 5 * stride);
  const r6 = v128.load8x8_u(src + 6 * stride);
  const r7 = v128.load8x8_u(src + 7 * stride);
  const s0 = centeredSum(r0, r7);
  const s1 = centeredSum(r1, r6);
  const s2 = centeredSum(r2, r5);
  const s3 = centeredSum(r3, r4);
  const d0 = i16x8.shl(i16x8.sub(r0, r7), 5);
  const d1 = i16x8.shl(i16x8.sub(r1, r6), 5);
  const d2 = i16x8.shl(i16x8.sub(r2, r5), 5);
  const d3 = i16x8.shl(i16x8.sub(r3, r4), 5);
  const e0 = i16x8.add(s0, s3);
  const e1 = i16x8.add(s1, s2);
  const e2 = i16x8.sub(s0, s3);
  const e3 = i16x8.sub(s1, s2);
  const f4 = turn(d3, d0, C3, S3);
  const f5 = turn(d2, d1, C1, S1);
  const f6 = turn(d1, d2, C1, -S1);
  const f7 = turn(d0, d3, C3, -S3);
  const g4 = i16x8.add(f4, f6);
  const g5 = i16x8.sub(f7, f5);
  const g6 = i16x8.sub(f4, f6);
  const g7 = i16x8.add(f5, f7);
  const x0 = i16x8.add(e0, e1);
  const x1 = i16x8.add(g7, g4);
  const x2 = i16x8.add(e2, turn(e2, e3, A2, B2));
  const x3 = i16x8.add(g5, times(g5, R2));
  const x4 = i16x8.sub(e0, e1);
  const x5 = i16x8.add(g6, times(g6, R2));
  const x6 = i16x8.sub(turn(e2, e3, B2, -A2), e3);
  const x7 = i16x8.sub(g7, g4);

  // 3 bits off, and rows become columns
  const a0 = interleaveLow(lessFraction(x0), lessFraction(x4));
  const a1 = interleaveHigh(lessFraction(x0), lessFraction(x4));
  const a2 = interleaveLow(lessFraction(x1), lessFraction(x5));
  const a3 = interleaveHigh(lessFraction(x1), lessFraction(x5));
  const a4 = interleaveLow(lessFraction(x2), lessFraction(x6));
  const a5 = interleaveHigh(lessFraction(x2), lessFraction(x6));
  const a6 = interleaveLow(lessFraction(x3), lessFraction(x7));
  const a7 = interleaveHigh(lessFraction(x3), lessFraction(x7));
  const b0 = interleaveLow(a0, a4);
  const b1 = interleaveHigh(a0, a4);
  const b2 = interleaveLow(a1, a5);
  const b3 = interleaveHigh(a1, a5);
  const b4 = interleaveLow(a2, a6);
  const b5 = interleaveHigh(a2, a6);
  const b6 = interleaveLow(a3, a7);
  const b7 = interleaveHigh(a3, a7);
  const c0 = interleaveLow(b0, b4);
  const c1 = interleaveHigh(b0, b4);
  const c2 = interleaveLow(b1, b5);
  const c3 = interleaveHigh(b1, b5);
  const c4 = interleaveLow(b2, b6);
  const c5 = interleaveHigh(b2, b6);
  const c6 = interleaveLow(b3, b7);
  const c7 = interleaveHigh(b3, b7);

  const t0 = i16x8.add(c0, c7);
  const t1 = i16x8.add(c1, c6);
  const t2 = i16x8.add(c2, c5);
  const t3 = i16x8.add(c3, c4);
  const u0 = i16x8.sub(c0, c7);
  const u1 = i16x8.sub(c1, c6);
  const u2 = i16x8.sub(c2, c5);
  const u3 = i16x8.sub(c3, c4);
  const h0 = i16x8.add(t0, t3);
  const h1 = i16x8.add(t1, t2);
  const h2 = i16x8.sub(t0, t3);
  const h3 = i16x8.sub(t1, t2);
  const k4 = turn(u3, u0, C3, S3);
  const k5 = turn(u2, u1, C1, S1);
  const k6 = turn(u1, u2, C1, -S1);
  const k7 = turn(u0, u3, C3, -S3);
  const m4 = i16x8.add(k4, k6);
  const m5 = i16x8.sub(k7, k5);
  const m6 = i16x8.sub(k4, k6);
  const m7 = i16x8.add(k5, k7);
  const y0 = i16x8.add(h0, h1);
  const y1 = i16x8.add(m7, m4);
  const y2 = i16x8.add(h2, turn(h2, h3, A2, B2));
  const y3 = i16x8.add(m5, times(m5, R2));
  const y4 = i16x8.sub(h0, h1);
  const y5 = i16x8.add(m6, times(m6, R2));
  const y6 = i16x8.sub(turn(h2, h3, B2, -A2), h3);
  const y7 = i16x8.sub(m7, m4);

  const q0 = quantized(y0, quantizer + 0);
  const q1 = quantized(y1, quantizer + 32);
  const q2 = quantized(y2, quantizer + 64);
  const q3 = quantized(y3, quantizer + 96);
  const q4 = quantized(y4, quantizer + 128);
  const q5 = quantized(y5, quantizer + 160);
  const q6 = quantized(y6, quantizer + 192);
  const q7 = quantized(y7, quantizer + 224);
  v128.store(out, q0, 0);
  v128.store(out, q1, 16);
  v128.store(out, q2, 32);
  v128.store(out, q3, 48);
  v128.store(out, q4, 64);
  v128.store(out, q5, 80);
  v128.store(out, q6, 96);
  v128.store(out, q7, 112);
  return nonZero(
    i8x16.narrow_i16x8_s(q0, q1),
    i8x16.narrow_i16x8_s(q2, q3),
    i8x16.narrow_i16x8_s(q4, q5),
    i8x16.narrow_i16x8_s(q6, q7),
  );
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function centeredSum(a: v128, b: v128): v128 {
  return i16x8.sub(i16x8.shl(i16x8.add(a, b), 5), splat16(SHIFT));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function times(a: v128, factor: i32): v128 {
  return i16x8.q15mulr_sat_s(a, splat16(factor));
}

/** Of the value's low 16 bits, without a cast to i16. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function splat16(value: i32): v128 {
  return i32x4.splat((value & 0xffff) | (value << 16));
}

/** a · p + b · q. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function turn(a: v128, b: v128, p: i32, q: i32): v128 {
  return i16x8.add(times(a, p), times(b, q));
}

/** (a + 4) >> 3 without an overflow. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lessFraction(a: v128): v128 {
  return times(a, 4096);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function interleaveLow(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function interleaveHigh(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function quantized(a: v128, multipliers: usize): v128 {
  return i16x8.q15mulr_sat_s(i16x8.q15mulr_sat_s(a, v128.load(multipliers)), v128.load(multipliers, 16));
}

/** Bytes of a transposed block to bits in zigzag order: T.81 figure A.6, 16 coefficients a line from two halves. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function nonZero(a: v128, b: v128, c: v128, d: v128): u64 {
  const low0 = i8x16.shuffle(a, b, 0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 0, 0);
  const high0 = i8x16.shuffle(c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8);
  const z0 = i8x16.shuffle(low0, high0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 30, 31);
  const low1 = i8x16.shuffle(a, b, 0, 26, 19, 12, 5, 6, 13, 20, 27, 0, 0, 0, 0, 0, 0, 0);
  const high1 = i8x16.shuffle(c, d, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 9, 16, 24, 17, 10, 3);
  const z1 = i8x16.shuffle(low1, high1, 16, 1, 2, 3, 4, 5, 6, 7, 8, 25, 26, 27, 28, 29, 30, 31);
  const low2 = i8x16.shuffle(a, b, 28, 21, 14, 7, 15, 22, 29, 0, 0, 0, 0, 0, 0, 0, 0, 30);
  const high2 = i8x16.shuffle(c, d, 0, 0, 0, 0, 0, 0, 0, 4, 11, 18, 25, 26, 19, 12, 5, 0);
  const z2 = i8x16.shuffle(low2, high2, 0, 1, 2, 3, 4, 5, 6, 23, 24, 25, 26, 27, 28, 29, 30, 15);
  const low3 = i8x16.shuffle(a, b, 23, 31, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const high3 = i8x16.shuffle(c, d, 0, 0, 6, 13, 20, 27, 28, 21, 14, 7, 15, 22, 29, 30, 23, 31);
  const z3 = i8x16.shuffle(low3, high3, 0, 1, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  const zero = i8x16.splat(0);
  const low = i8x16.bitmask(i8x16.ne(z0, zero)) | (i8x16.bitmask(i8x16.ne(z1, zero)) << 16);
  const high = i8x16.bitmask(i8x16.ne(z2, zero)) | (i8x16.bitmask(i8x16.ne(z3, zero)) << 16);
  return <u64>(<u32>low) | (<u64>(<u32>high) << 32);
}

function transformScalar(src: usize, stride: usize, quantizer: usize, out: usize): u64 {
  for (let x: usize = 0; x < 8; x++) column(src + x, stride, SCRATCH + (x << 5));
  for (let v: usize = 0; v < 32; v += 4) line(SCRATCH + v);
  // SCRATCH holds the transposed block: row u at 32 · u, as the vectors of the other build do
  for (let i: usize = 0; i < 64; i++) {
    const multiplier = quantizer + ((i & 56) << 2) + ((i & 7) << 1);
    const level = q15(q15(load<i32>(SCRATCH + (i << 2)), load<i16>(multiplier)), load<i16>(multiplier, 16));
    store<i16>(out + (i << 1), level);
  }
  let mask: u64 = 0;
  for (let k: usize = 0; k < 64; k++) {
    if (load<i16>(out + load<u8>(ZIGZAG + k)) != 0) mask |= (<u64>1) << k;
  }
  return mask;
}

/** a · b / 32768, rounded, as i16x8.q15mulr_sat_s; nothing here saturates. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function q15(a: i32, b: i32): i32 {
  return (a * b + 0x4000) >> 15;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function turned(a: i32, b: i32, p: i32, q: i32): i32 {
  return q15(a, p) + q15(b, q);
}

/** First pass over one column of samples, to 8 i32 in a row. */
function column(src: usize, stride: usize, dst: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    store<i32>(dst + (i << 2), (<i32>load<u8>(src + i * stride) << 5) - (SHIFT >> 1));
  }
  pass(dst, 4);
  for (let i: usize = 0; i < 8; i++) store<i32>(dst + (i << 2), q15(load<i32>(dst + (i << 2)), 4096));
}

/** Second pass over one vertical frequency, in place across the rows. */
function line(at: usize): void {
  pass(at, 32);
}

/** The 8 i32 that lie `step` bytes apart, in place. */
function pass(at: usize, step: usize): void {
  const v0 = load<i32>(at);
  const v1 = load<i32>(at + step);
  const v2 = load<i32>(at + 2 * step);
  const v3 = load<i32>(at + 3 * step);
  const v4 = load<i32>(at + 4 * step);
  const v5 = load<i32>(at + 5 * step);
  const v6 = load<i32>(at + 6 * step);
  const v7 = load<i32>(at + 7 * step);
  const e0 = v0 + v7 + v3 + v4;
  const e1 = v1 + v6 + v2 + v5;
  const e2 = v0 + v7 - v3 - v4;
  const e3 = v1 + v6 - v2 - v5;
  const f4 = turned(v3 - v4, v0 - v7, C3, S3);
  const f5 = turned(v2 - v5, v1 - v6, C1, S1);
  const f6 = turned(v1 - v6, v2 - v5, C1, -S1);
  const f7 = turned(v0 - v7, v3 - v4, C3, -S3);
  const g5 = f7 - f5;
  const g6 = f4 - f6;
  store<i32>(at, e0 + e1);
  store<i32>(at + step, f7 + f5 + f4 + f6);
  store<i32>(at + 2 * step, e2 + turned(e2, e3, A2, B2));
  store<i32>(at + 3 * step, g5 + q15(g5, R2));
  store<i32>(at + 4 * step, e0 - e1);
  store<i32>(at + 5 * step, g6 + q15(g6, R2));
  store<i32>(at + 6 * step, turned(e2, e3, B2, -A2) - e3);
  store<i32>(at + 7 * step, f7 + f5 - f4 - f6);
}
