/**
 * Inverse DCTs that keep 4, 3, 2 or 1 samples of 8: the low frequencies alone, on as many points. Blocks of a unit lie side by
 * side: 2 of 4 or 3 points in the lanes of 4 vectors (one for each horizontal frequency, vertical ones as lanes), 8 of 2 points in
 * 4 vectors (one for each coefficient), 8 of 1 point in one vector.
 */
import { SAMPLE_BITS } from "./dequantize";
import { add, sample, scaled, sub } from "./saturate";

const SQRT_2: i32 = 13573; // sqrt(2) - 1, 15 bits of fraction

/** to: 4 rows of 8 samples, `stride` apart. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function idct4(unit: usize, to: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD) idct4Vector(unit, to, stride);
  else idct4Scalar(unit, to, stride);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function idct4Vector(unit: usize, to: usize, stride: usize): void {
  const i0 = v128.load(unit);
  const i1 = v128.load(unit, 16);
  const i2 = v128.load(unit, 32);
  const i3 = v128.load(unit, 48);
  const none = i16x8.splat(0);
  v128.store(unit, none);
  v128.store(unit, none, 16);
  v128.store(unit, none, 32);
  v128.store(unit, none, 48);
  const half = i16x8.splat(<i16>SQRT_2);

  const e0 = i16x8.add_sat_s(i0, i2);
  const e1 = i16x8.sub_sat_s(i0, i2);
  const o0 = i16x8.add_sat_s(i1, i3);
  const d = i16x8.sub_sat_s(i1, i3);
  const o1 = i16x8.sub_sat_s(i16x8.add_sat_s(d, i16x8.q15mulr_sat_s(d, half)), o0);
  const p0 = i16x8.add_sat_s(e0, o0);
  const p1 = i16x8.add_sat_s(e1, o1);
  const p2 = i16x8.sub_sat_s(e1, o1);
  const p3 = i16x8.sub_sat_s(e0, o0);

  const s0 = v128.shuffle<i16>(p0, p1, 0, 8, 1, 9, 4, 12, 5, 13);
  const s1 = v128.shuffle<i16>(p0, p1, 2, 10, 3, 11, 6, 14, 7, 15);
  const s2 = v128.shuffle<i16>(p2, p3, 0, 8, 1, 9, 4, 12, 5, 13);
  const s3 = v128.shuffle<i16>(p2, p3, 2, 10, 3, 11, 6, 14, 7, 15);
  const j0 = v128.shuffle<i32>(s0, s2, 0, 4, 2, 6);
  const j1 = v128.shuffle<i32>(s0, s2, 1, 5, 3, 7);
  const j2 = v128.shuffle<i32>(s1, s3, 0, 4, 2, 6);
  const j3 = v128.shuffle<i32>(s1, s3, 1, 5, 3, 7);

  const f0 = i16x8.add_sat_s(j0, j2);
  const f1 = i16x8.sub_sat_s(j0, j2);
  const g0 = i16x8.add_sat_s(j1, j3);
  const h = i16x8.sub_sat_s(j1, j3);
  const g1 = i16x8.sub_sat_s(i16x8.add_sat_s(h, i16x8.q15mulr_sat_s(h, half)), g0);
  const q0 = i16x8.shr_s(i16x8.add_sat_s(f0, g0), SAMPLE_BITS);
  const q1 = i16x8.shr_s(i16x8.add_sat_s(f1, g1), SAMPLE_BITS);
  const q2 = i16x8.shr_s(i16x8.sub_sat_s(f1, g1), SAMPLE_BITS);
  const q3 = i16x8.shr_s(i16x8.sub_sat_s(f0, g0), SAMPLE_BITS);
  const r0 = i8x16.narrow_i16x8_u(q0, q1);
  const r2 = i8x16.narrow_i16x8_u(q2, q3);
  v128.store64_lane(to, r0, 0);
  v128.store64_lane(to + stride, r0, 1);
  to += stride << 1;
  v128.store64_lane(to, r2, 0);
  v128.store64_lane(to + stride, r2, 1);
}

function idct4Scalar(unit: usize, to: usize, stride: usize): void {
  for (let at = unit; at < unit + 16; at += 2) pass4(at, 16);
  for (let block = unit; block < unit + 16; block += 8) {
    for (let x: usize = 0; x < 4; x++) {
      const at = block + (x << 4);
      pass4(at, 2);
      for (let y: usize = 0; y < 4; y++) store<u8>(to + y * stride + x, sample(<i32>load<i16>(at + (y << 1))));
    }
    to += 4;
  }
  memory.fill(unit, 0, 64);
}

/** Four points, `step` bytes apart, in place. */
function pass4(at: usize, step: usize): void {
  const i0 = <i32>load<i16>(at);
  const i1 = <i32>load<i16>(at + step);
  const i2 = <i32>load<i16>(at + step * 2);
  const i3 = <i32>load<i16>(at + step * 3);
  const e0 = add(i0, i2);
  const e1 = sub(i0, i2);
  const o0 = add(i1, i3);
  const d = sub(i1, i3);
  const o1 = sub(add(d, scaled(d, SQRT_2)), o0);
  store<i16>(at, add(e0, o0));
  store<i16>(at + step, add(e1, o1));
  store<i16>(at + step * 2, sub(e1, o1));
  store<i16>(at + step * 3, sub(e0, o0));
}

/** to: 3 rows of 6 samples, and 2 more that mean nothing. The scales have all that is to be multiplied. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function idct3(unit: usize, to: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD) idct3Vector(unit, to, stride);
  else idct3Scalar(unit, to, stride);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function idct3Vector(unit: usize, to: usize, stride: usize): void {
  const i0 = v128.load(unit);
  const i1 = v128.load(unit, 16);
  const i2 = v128.load(unit, 32);
  const none = i16x8.splat(0);
  v128.store(unit, none);
  v128.store(unit, none, 16);
  v128.store(unit, none, 32);

  const e = i16x8.add_sat_s(i0, i2);
  const p0 = i16x8.add_sat_s(e, i1);
  const p1 = i16x8.sub_sat_s(i16x8.sub_sat_s(i0, i2), i2);
  const p2 = i16x8.sub_sat_s(e, i1);

  // Vertical frequency by vertical frequency, three columns of each block
  const j0 = v128.shuffle<i16>(v128.shuffle<i16>(p0, p1, 0, 8, 0, 4, 12, 4, 0, 0), p2, 0, 1, 8, 3, 4, 12, 0, 0);
  const j1 = v128.shuffle<i16>(v128.shuffle<i16>(p0, p1, 1, 9, 1, 5, 13, 5, 1, 1), p2, 0, 1, 9, 3, 4, 13, 0, 0);
  const j2 = v128.shuffle<i16>(v128.shuffle<i16>(p0, p1, 2, 10, 2, 6, 14, 6, 2, 2), p2, 0, 1, 10, 3, 4, 14, 0, 0);

  const f = i16x8.add_sat_s(j0, j2);
  const q0 = i16x8.shr_s(i16x8.add_sat_s(f, j1), SAMPLE_BITS);
  const q1 = i16x8.shr_s(i16x8.sub_sat_s(i16x8.sub_sat_s(j0, j2), j2), SAMPLE_BITS);
  const q2 = i16x8.shr_s(i16x8.sub_sat_s(f, j1), SAMPLE_BITS);
  const r0 = i8x16.narrow_i16x8_u(q0, q1);
  v128.store64_lane(to, r0, 0);
  v128.store64_lane(to + stride, r0, 1);
  v128.store64_lane(to + (stride << 1), i8x16.narrow_i16x8_u(q2, q2), 0);
}

function idct3Scalar(unit: usize, to: usize, stride: usize): void {
  for (let at = unit; at < unit + 16; at += 2) pass3(at, 16);
  for (let block = unit; block < unit + 16; block += 8) {
    for (let x: usize = 0; x < 3; x++) {
      const at = block + (x << 4);
      pass3(at, 2);
      for (let y: usize = 0; y < 3; y++) store<u8>(to + y * stride + x, sample(<i32>load<i16>(at + (y << 1))));
    }
    to += 3;
  }
  memory.fill(unit, 0, 48);
}

/** Three points, `step` bytes apart, in place. */
function pass3(at: usize, step: usize): void {
  const i0 = <i32>load<i16>(at);
  const i1 = <i32>load<i16>(at + step);
  const i2 = <i32>load<i16>(at + step * 2);
  const e = add(i0, i2);
  store<i16>(at, add(e, i1));
  store<i16>(at + step, sub(sub(i0, i2), i2));
  store<i16>(at + step * 2, sub(e, i1));
}

/** to: 2 rows of 16 samples. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function idct2(unit: usize, to: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD) {
    const i0 = v128.load(unit);
    const i1 = v128.load(unit, 16);
    const i2 = v128.load(unit, 32);
    const i3 = v128.load(unit, 48);
    const none = i16x8.splat(0);
    v128.store(unit, none, 16);
    v128.store(unit, none, 32);
    v128.store(unit, none, 48);
    const p0 = i16x8.add_sat_s(i0, i1);
    const p1 = i16x8.sub_sat_s(i0, i1);
    const p2 = i16x8.add_sat_s(i2, i3);
    const p3 = i16x8.sub_sat_s(i2, i3);
    v128.store(to, across2(p0, p2));
    v128.store(to + stride, across2(p1, p3));
  } else {
    for (let i: usize = 0; i < 8; i++) {
      const at = unit + (i << 1);
      const i0 = <i32>load<i16>(at);
      const i1 = <i32>load<i16>(at, 16);
      const i2 = <i32>load<i16>(at, 32);
      const i3 = <i32>load<i16>(at, 48);
      const p0 = add(i0, i1);
      const p1 = sub(i0, i1);
      const p2 = add(i2, i3);
      const p3 = sub(i2, i3);
      const px = to + (i << 1);
      store<u8>(px, sample(add(p0, p2)));
      store<u8>(px, sample(sub(p0, p2)), 1);
      store<u8>(px + stride, sample(add(p1, p3)));
      store<u8>(px + stride, sample(sub(p1, p3)), 1);
    }
    memory.fill(unit + 16, 0, 48);
  }
}

/** 16 samples of one row: a + b and a - b in turns. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function across2(a: v128, b: v128): v128 {
  const even = i16x8.shr_s(i16x8.add_sat_s(a, b), SAMPLE_BITS);
  const odd = i16x8.shr_s(i16x8.sub_sat_s(a, b), SAMPLE_BITS);
  const both = i8x16.narrow_i16x8_u(even, odd);
  return v128.shuffle<i8>(both, both, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** to: one row of 8 samples. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function idct1(unit: usize, to: usize): void {
  if (ASC_FEATURE_SIMD) {
    const level = i16x8.shr_s(v128.load(unit), SAMPLE_BITS);
    v128.store64_lane(to, i8x16.narrow_i16x8_u(level, level), 0);
  } else {
    for (let i: usize = 0; i < 8; i++) store<u8>(to + i, sample(<i32>load<i16>(unit + (i << 1))));
  }
}
