/**
 * The loop filter across an edge of 16 samples, RFC 6386 section 15. `at` is the first sample behind the edge; those of one
 * line across it lie `step` bytes apart, and the lines next to each other.
 */
import { INTERIOR, LIMIT, OUTER_EXTRA, VARIANCE } from "./strengths";

/** Section 15.2, the simple filter. */
export function filterSimple(at: usize, step: usize, limit: i32): void {
  if (ASC_FEATURE_SIMD) filterSimple16(at, step, limit);
  else {
    for (let end = at + 16; at < end; at++) if (isSharp(at, step, limit)) adjustTwo(at, step);
  }
}

/** Section 15.3, edges between macroblocks. */
export function filterOuter(at: usize, step: usize, strength: usize): void {
  if (ASC_FEATURE_SIMD) filterOuter16(at, step, strength);
  else {
    const limit = load<i32>(strength, LIMIT) + OUTER_EXTRA;
    for (let end = at + 16; at < end; at++) {
      if (!isSharp(at, step, limit) || !isSmooth(at, step, load<i32>(strength, INTERIOR))) continue;
      if (varies(at, step, load<i32>(strength, VARIANCE))) adjustTwo(at, step);
      else adjustSix(at, step);
    }
  }
}

/** Section 15.3, edges of subblocks. */
export function filterInner(at: usize, step: usize, strength: usize): void {
  if (ASC_FEATURE_SIMD) filterInner16(at, step, strength);
  else {
    const limit = load<i32>(strength, LIMIT);
    for (let end = at + 16; at < end; at++) {
      if (!isSharp(at, step, limit) || !isSmooth(at, step, load<i32>(strength, INTERIOR))) continue;
      if (varies(at, step, load<i32>(strength, VARIANCE))) adjustTwo(at, step);
      else adjustFour(at, step);
    }
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function apart(a: usize, b: usize): i32 {
  return abs(<i32>load<u8>(a) - <i32>load<u8>(b));
}
function isSharp(at: usize, step: usize, limit: i32): bool {
  return apart(at - step, at) * 2 + (apart(at - 2 * step, at + step) >> 1) <= limit;
}
function isSmooth(at: usize, step: usize, interior: i32): bool {
  return (
    apart(at - 4 * step, at - 3 * step) <= interior &&
    apart(at - 3 * step, at - 2 * step) <= interior &&
    apart(at - 2 * step, at - step) <= interior &&
    apart(at + step, at) <= interior &&
    apart(at + 2 * step, at + step) <= interior &&
    apart(at + 3 * step, at + 2 * step) <= interior
  );
}
function varies(at: usize, step: usize, threshold: i32): bool {
  return apart(at - 2 * step, at - step) > threshold || apart(at + step, at) > threshold;
}

function signed(value: i32): i32 {
  return max(-128, min(127, value));
}
function add(at: usize, change: i32): void {
  store<u8>(at, max(0, min(255, <i32>load<u8>(at) + change)));
}
/** 3 (q0 - p0). */
function slope(at: usize, step: usize): i32 {
  return 3 * (<i32>load<u8>(at) - <i32>load<u8>(at - step));
}
/** p1 - q1. */
function outerTap(at: usize, step: usize): i32 {
  return signed(<i32>load<u8>(at - 2 * step) - <i32>load<u8>(at + step));
}
/** Returns what q0 loses. */
function adjust(at: usize, step: usize, change: i32): i32 {
  const loss = signed(change + 4) >> 3;
  add(at - step, signed(change + 3) >> 3);
  add(at, -loss);
  return loss;
}
function adjustTwo(at: usize, step: usize): void {
  adjust(at, step, signed(slope(at, step) + outerTap(at, step)));
}
function adjustFour(at: usize, step: usize): void {
  const further = (adjust(at, step, signed(slope(at, step))) + 1) >> 1;
  add(at - 2 * step, further);
  add(at + step, -further);
}
function adjustSix(at: usize, step: usize): void {
  const change = signed(slope(at, step) + outerTap(at, step));
  const near = (27 * change + 63) >> 7;
  const middle = (18 * change + 63) >> 7;
  const far = (9 * change + 63) >> 7;
  add(at - step, near);
  add(at, -near);
  add(at - 2 * step, middle);
  add(at + step, -middle);
  add(at - 3 * step, far);
  add(at + 2 * step, -far);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function apart16(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function sharp16(p1: v128, p0: v128, q0: v128, q1: v128, limit: i32): v128 {
  const near = apart16(p0, q0);
  const far = i8x16.shr_u(apart16(p1, q1), 1);
  const sum = i8x16.add_sat_u(i8x16.add_sat_u(near, near), far);
  return i8x16.eq(i8x16.sub_sat_u(sum, i8x16.splat(<i8>limit)), i64x2.splat(0));
}
/** The largest of four differences on one side. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function roughness(a: v128, b: v128, c: v128): v128 {
  return i8x16.max_u(apart16(a, b), apart16(b, c));
}
/** value >> 3 of i8. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function eighth(value: v128): v128 {
  return i8x16.sub(i8x16.shr_u(v128.xor(value, i8x16.splat(-128)), 3), i8x16.splat(16));
}
/** Clamped tap + 3 (q0 - p0) of i8. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function change16(tap: v128, p0: v128, q0: v128): v128 {
  const step = i8x16.sub_sat_s(q0, p0);
  return i8x16.add_sat_s(i8x16.add_sat_s(i8x16.add_sat_s(tap, step), step), step);
}
/** Samples as i8 less 128, and back. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function flipped(samples: v128): v128 {
  return v128.xor(samples, i8x16.splat(-128));
}

function filterSimple16(at: usize, step: usize, limit: i32): void {
  const p1 = v128.load(at - 2 * step);
  const p0 = v128.load(at - step);
  const q0 = v128.load(at);
  const q1 = v128.load(at + step);
  const sharp = sharp16(p1, p0, q0, q1, limit);
  const tap = i8x16.sub_sat_s(flipped(p1), flipped(q1));
  const change = v128.and(change16(tap, flipped(p0), flipped(q0)), sharp);
  const gain = eighth(i8x16.add_sat_s(change, i8x16.splat(3)));
  const loss = eighth(i8x16.add_sat_s(change, i8x16.splat(4)));
  v128.store(at - step, flipped(i8x16.add_sat_s(flipped(p0), gain)));
  v128.store(at, flipped(i8x16.sub_sat_s(flipped(q0), loss)));
}

function filterInner16(at: usize, step: usize, strength: usize): void {
  const p1 = v128.load(at - 2 * step);
  const p0 = v128.load(at - step);
  const q0 = v128.load(at);
  const q1 = v128.load(at + step);
  const p2 = v128.load(at - 3 * step);
  const q2 = v128.load(at + 2 * step);
  const near = i8x16.max_u(apart16(p1, p0), apart16(q1, q0));
  const far = i8x16.max_u(roughness(v128.load(at - 4 * step), p2, p1), roughness(v128.load(at + 3 * step), q2, q1));
  const over = i8x16.sub_sat_u(i8x16.max_u(near, far), i8x16.splat(load<i8>(strength, INTERIOR)));
  const smooth = i8x16.eq(over, i64x2.splat(0));
  const mask = v128.and(smooth, sharp16(p1, p0, q0, q1, load<i32>(strength, LIMIT)));
  if (!v128.any_true(mask)) return;
  const calm = i8x16.eq(i8x16.sub_sat_u(near, i8x16.splat(load<i8>(strength, VARIANCE))), i64x2.splat(0));
  const outerTap = v128.andnot(i8x16.sub_sat_s(flipped(p1), flipped(q1)), calm);
  const change = v128.and(change16(outerTap, flipped(p0), flipped(q0)), mask);
  const gain = eighth(i8x16.add_sat_s(change, i8x16.splat(3)));
  const loss = eighth(i8x16.add_sat_s(change, i8x16.splat(4)));
  v128.store(at - step, flipped(i8x16.add_sat_s(flipped(p0), gain)));
  v128.store(at, flipped(i8x16.sub_sat_s(flipped(q0), loss)));
  // (loss + 1) >> 1; where nothing changes loss is 0, and so is this
  const further = v128.and(flipped(i8x16.avgr_u(flipped(loss), i8x16.splat(-128))), calm);
  v128.store(at - 2 * step, flipped(i8x16.add_sat_s(flipped(p1), further)));
  v128.store(at + step, flipped(i8x16.sub_sat_s(flipped(q1), further)));
}

function filterOuter16(at: usize, step: usize, strength: usize): void {
  const p2 = v128.load(at - 3 * step);
  const p1 = v128.load(at - 2 * step);
  const p0 = v128.load(at - step);
  const q0 = v128.load(at);
  const q1 = v128.load(at + step);
  const q2 = v128.load(at + 2 * step);
  const near = i8x16.max_u(apart16(p1, p0), apart16(q1, q0));
  const far = i8x16.max_u(roughness(v128.load(at - 4 * step), p2, p1), roughness(v128.load(at + 3 * step), q2, q1));
  const over = i8x16.sub_sat_u(i8x16.max_u(near, far), i8x16.splat(load<i8>(strength, INTERIOR)));
  const smooth = i8x16.eq(over, i64x2.splat(0));
  const mask = v128.and(smooth, sharp16(p1, p0, q0, q1, load<i32>(strength, LIMIT) + OUTER_EXTRA));
  if (!v128.any_true(mask)) return;
  const calm = i8x16.eq(i8x16.sub_sat_u(near, i8x16.splat(load<i8>(strength, VARIANCE))), i64x2.splat(0));
  const tap = i8x16.sub_sat_s(flipped(p1), flipped(q1));
  const change = v128.and(change16(tap, flipped(p0), flipped(q0)), mask);
  const varying = v128.andnot(change, calm);
  const gain = eighth(i8x16.add_sat_s(varying, i8x16.splat(3)));
  const loss = eighth(i8x16.add_sat_s(varying, i8x16.splat(4)));
  const wide = v128.and(change, calm);
  const low = i16x8.extend_low_i8x16_s(wide);
  const high = i16x8.extend_high_i8x16_s(wide);
  const half = i16x8.splat(63);
  const lowNine = i16x8.add(i16x8.shl(low, 3), low);
  const highNine = i16x8.add(i16x8.shl(high, 3), high);
  const lowTwice = i16x8.add(i16x8.add(lowNine, lowNine), half);
  const highTwice = i16x8.add(i16x8.add(highNine, highNine), half);
  const middle = i8x16.narrow_i16x8_s(i16x8.shr_s(lowTwice, 7), i16x8.shr_s(highTwice, 7));
  const first = i8x16.narrow_i16x8_s(
    i16x8.shr_s(i16x8.add(lowTwice, lowNine), 7),
    i16x8.shr_s(i16x8.add(highTwice, highNine), 7),
  );
  const last = i8x16.narrow_i16x8_s(
    i16x8.shr_s(i16x8.add(lowNine, half), 7),
    i16x8.shr_s(i16x8.add(highNine, half), 7),
  );
  // One of the two changes is 0
  v128.store(at - step, flipped(i8x16.add_sat_s(i8x16.add_sat_s(flipped(p0), gain), first)));
  v128.store(at, flipped(i8x16.sub_sat_s(i8x16.sub_sat_s(flipped(q0), loss), first)));
  v128.store(at - 2 * step, flipped(i8x16.add_sat_s(flipped(p1), middle)));
  v128.store(at + step, flipped(i8x16.sub_sat_s(flipped(q1), middle)));
  v128.store(at - 3 * step, flipped(i8x16.add_sat_s(flipped(p2), last)));
  v128.store(at + 2 * step, flipped(i8x16.sub_sat_s(flipped(q2), last)));
}
