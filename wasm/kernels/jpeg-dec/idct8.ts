/**
 * Inverse DCT of 8x8 coefficients (ITU-T T.81 section A.3.3), all in 16 bits with SAMPLE_BITS of fraction: the flow graph of
 * Arai, Agui and Nakajima (1988), whose scale factors are in the dequantizer. Sums saturate, so what no sample can hold is
 * clamped and never wraps.
 *
 * A block is 8 vectors, one for each horizontal frequency, with the vertical ones as lanes, and is cleared for the next.
 */
import { SAMPLE_BITS } from "./dequantize";
import { add, sample, scaled, sub } from "./saturate";

// 15 bits of fraction; what is above 1 is added apart
const SQRT_2: i32 = 13573; // sqrt(2) - 1
const COS_1: i32 = 27779; // 2 cos(pi / 8) - 1
const DIFFERENCE: i32 = 2700; // 2 (cos(pi / 8) - sin(pi / 8)) - 1
const SUM: i32 = 20091; // 2 (cos(pi / 8) + sin(pi / 8)) - 2

/** to: 8 rows of 8 samples, `stride` apart. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function idct8(block: usize, to: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD) idct8Vector(block, to, stride);
  else idct8Scalar(block, to, stride);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function scale(x: v128, by: i32): v128 {
  return i16x8.q15mulr_sat_s(x, i16x8.splat(<i16>by));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function idct8Vector(block: usize, to: usize, stride: usize): void {
  const i0 = v128.load(block);
  const i1 = v128.load(block, 16);
  const i2 = v128.load(block, 32);
  const i3 = v128.load(block, 48);
  const i4 = v128.load(block, 64);
  const i5 = v128.load(block, 80);
  const i6 = v128.load(block, 96);
  const i7 = v128.load(block, 112);
  const none = i16x8.splat(0);
  v128.store(block, none);
  v128.store(block, none, 16);
  v128.store(block, none, 32);
  v128.store(block, none, 48);
  v128.store(block, none, 64);
  v128.store(block, none, 80);
  v128.store(block, none, 96);
  v128.store(block, none, 112);
  const fe0 = i16x8.add_sat_s(i0, i4);
  const fe1 = i16x8.sub_sat_s(i0, i4);
  const fe3 = i16x8.add_sat_s(i2, i6);
  const fd26 = i16x8.sub_sat_s(i2, i6);
  const fe2 = i16x8.sub_sat_s(i16x8.add_sat_s(fd26, scale(fd26, SQRT_2)), fe3);
  const fa0 = i16x8.add_sat_s(fe0, fe3);
  const fa3 = i16x8.sub_sat_s(fe0, fe3);
  const fa1 = i16x8.add_sat_s(fe1, fe2);
  const fa2 = i16x8.sub_sat_s(fe1, fe2);
  const fs53 = i16x8.add_sat_s(i5, i3);
  const fd53 = i16x8.sub_sat_s(i5, i3);
  const fs17 = i16x8.add_sat_s(i1, i7);
  const fd17 = i16x8.sub_sat_s(i1, i7);
  const fb0 = i16x8.add_sat_s(fs17, fs53);
  const fdd = i16x8.sub_sat_s(fs17, fs53);
  const fm0 = i16x8.add_sat_s(fdd, scale(fdd, SQRT_2));
  const fss = i16x8.add_sat_s(fd53, fd17);
  const fm1 = i16x8.add_sat_s(fss, scale(fss, COS_1));
  const fm2 = i16x8.sub_sat_s(fm1, i16x8.add_sat_s(fd17, scale(fd17, DIFFERENCE)));
  const fm3 = i16x8.sub_sat_s(fm1, i16x8.add_sat_s(i16x8.add_sat_s(fd53, fd53), scale(fd53, SUM)));
  const fb1 = i16x8.sub_sat_s(fm3, fb0);
  const fb2 = i16x8.sub_sat_s(fm0, fb1);
  const fb3 = i16x8.sub_sat_s(fm2, fb2);
  const p0 = i16x8.add_sat_s(fa0, fb0);
  const p7 = i16x8.sub_sat_s(fa0, fb0);
  const p1 = i16x8.add_sat_s(fa1, fb1);
  const p6 = i16x8.sub_sat_s(fa1, fb1);
  const p2 = i16x8.add_sat_s(fa2, fb2);
  const p5 = i16x8.sub_sat_s(fa2, fb2);
  const p3 = i16x8.add_sat_s(fa3, fb3);
  const p4 = i16x8.sub_sat_s(fa3, fb3);
  const s0 = v128.shuffle<i16>(p0, p1, 0, 8, 1, 9, 2, 10, 3, 11);
  const s1 = v128.shuffle<i16>(p0, p1, 4, 12, 5, 13, 6, 14, 7, 15);
  const s2 = v128.shuffle<i16>(p2, p3, 0, 8, 1, 9, 2, 10, 3, 11);
  const s3 = v128.shuffle<i16>(p2, p3, 4, 12, 5, 13, 6, 14, 7, 15);
  const s4 = v128.shuffle<i16>(p4, p5, 0, 8, 1, 9, 2, 10, 3, 11);
  const s5 = v128.shuffle<i16>(p4, p5, 4, 12, 5, 13, 6, 14, 7, 15);
  const s6 = v128.shuffle<i16>(p6, p7, 0, 8, 1, 9, 2, 10, 3, 11);
  const s7 = v128.shuffle<i16>(p6, p7, 4, 12, 5, 13, 6, 14, 7, 15);
  const t0 = v128.shuffle<i32>(s0, s2, 0, 4, 1, 5);
  const t1 = v128.shuffle<i32>(s0, s2, 2, 6, 3, 7);
  const t2 = v128.shuffle<i32>(s1, s3, 0, 4, 1, 5);
  const t3 = v128.shuffle<i32>(s1, s3, 2, 6, 3, 7);
  const t4 = v128.shuffle<i32>(s4, s6, 0, 4, 1, 5);
  const t5 = v128.shuffle<i32>(s4, s6, 2, 6, 3, 7);
  const t6 = v128.shuffle<i32>(s5, s7, 0, 4, 1, 5);
  const t7 = v128.shuffle<i32>(s5, s7, 2, 6, 3, 7);
  const j0 = v128.shuffle<i64>(t0, t4, 0, 2);
  const j1 = v128.shuffle<i64>(t0, t4, 1, 3);
  const j2 = v128.shuffle<i64>(t1, t5, 0, 2);
  const j3 = v128.shuffle<i64>(t1, t5, 1, 3);
  const j4 = v128.shuffle<i64>(t2, t6, 0, 2);
  const j5 = v128.shuffle<i64>(t2, t6, 1, 3);
  const j6 = v128.shuffle<i64>(t3, t7, 0, 2);
  const j7 = v128.shuffle<i64>(t3, t7, 1, 3);
  const ge0 = i16x8.add_sat_s(j0, j4);
  const ge1 = i16x8.sub_sat_s(j0, j4);
  const ge3 = i16x8.add_sat_s(j2, j6);
  const gd26 = i16x8.sub_sat_s(j2, j6);
  const ge2 = i16x8.sub_sat_s(i16x8.add_sat_s(gd26, scale(gd26, SQRT_2)), ge3);
  const ga0 = i16x8.add_sat_s(ge0, ge3);
  const ga3 = i16x8.sub_sat_s(ge0, ge3);
  const ga1 = i16x8.add_sat_s(ge1, ge2);
  const ga2 = i16x8.sub_sat_s(ge1, ge2);
  const gs53 = i16x8.add_sat_s(j5, j3);
  const gd53 = i16x8.sub_sat_s(j5, j3);
  const gs17 = i16x8.add_sat_s(j1, j7);
  const gd17 = i16x8.sub_sat_s(j1, j7);
  const gb0 = i16x8.add_sat_s(gs17, gs53);
  const gdd = i16x8.sub_sat_s(gs17, gs53);
  const gm0 = i16x8.add_sat_s(gdd, scale(gdd, SQRT_2));
  const gss = i16x8.add_sat_s(gd53, gd17);
  const gm1 = i16x8.add_sat_s(gss, scale(gss, COS_1));
  const gm2 = i16x8.sub_sat_s(gm1, i16x8.add_sat_s(gd17, scale(gd17, DIFFERENCE)));
  const gm3 = i16x8.sub_sat_s(gm1, i16x8.add_sat_s(i16x8.add_sat_s(gd53, gd53), scale(gd53, SUM)));
  const gb1 = i16x8.sub_sat_s(gm3, gb0);
  const gb2 = i16x8.sub_sat_s(gm0, gb1);
  const gb3 = i16x8.sub_sat_s(gm2, gb2);
  const q0 = i16x8.add_sat_s(ga0, gb0);
  const q7 = i16x8.sub_sat_s(ga0, gb0);
  const q1 = i16x8.add_sat_s(ga1, gb1);
  const q6 = i16x8.sub_sat_s(ga1, gb1);
  const q2 = i16x8.add_sat_s(ga2, gb2);
  const q5 = i16x8.sub_sat_s(ga2, gb2);
  const q3 = i16x8.add_sat_s(ga3, gb3);
  const q4 = i16x8.sub_sat_s(ga3, gb3);
  const r0 = i8x16.narrow_i16x8_u(i16x8.shr_s(q0, SAMPLE_BITS), i16x8.shr_s(q1, SAMPLE_BITS));
  v128.store64_lane(to, r0, 0);
  v128.store64_lane(to + stride, r0, 1);
  to += stride << 1;
  const r2 = i8x16.narrow_i16x8_u(i16x8.shr_s(q2, SAMPLE_BITS), i16x8.shr_s(q3, SAMPLE_BITS));
  v128.store64_lane(to, r2, 0);
  v128.store64_lane(to + stride, r2, 1);
  to += stride << 1;
  const r4 = i8x16.narrow_i16x8_u(i16x8.shr_s(q4, SAMPLE_BITS), i16x8.shr_s(q5, SAMPLE_BITS));
  v128.store64_lane(to, r4, 0);
  v128.store64_lane(to + stride, r4, 1);
  to += stride << 1;
  const r6 = i8x16.narrow_i16x8_u(i16x8.shr_s(q6, SAMPLE_BITS), i16x8.shr_s(q7, SAMPLE_BITS));
  v128.store64_lane(to, r6, 0);
  v128.store64_lane(to + stride, r6, 1);
}

function idct8Scalar(block: usize, to: usize, stride: usize): void {
  for (let at = block; at < block + 16; at += 2) {
    const i0 = <i32>load<i16>(at);
    const i1 = <i32>load<i16>(at, 16);
    const i2 = <i32>load<i16>(at, 32);
    const i3 = <i32>load<i16>(at, 48);
    const i4 = <i32>load<i16>(at, 64);
    const i5 = <i32>load<i16>(at, 80);
    const i6 = <i32>load<i16>(at, 96);
    const i7 = <i32>load<i16>(at, 112);
    const fe0 = add(i0, i4);
    const fe1 = sub(i0, i4);
    const fe3 = add(i2, i6);
    const fd26 = sub(i2, i6);
    const fe2 = sub(add(fd26, scaled(fd26, SQRT_2)), fe3);
    const fa0 = add(fe0, fe3);
    const fa3 = sub(fe0, fe3);
    const fa1 = add(fe1, fe2);
    const fa2 = sub(fe1, fe2);
    const fs53 = add(i5, i3);
    const fd53 = sub(i5, i3);
    const fs17 = add(i1, i7);
    const fd17 = sub(i1, i7);
    const fb0 = add(fs17, fs53);
    const fdd = sub(fs17, fs53);
    const fm0 = add(fdd, scaled(fdd, SQRT_2));
    const fss = add(fd53, fd17);
    const fm1 = add(fss, scaled(fss, COS_1));
    const fm2 = sub(fm1, add(fd17, scaled(fd17, DIFFERENCE)));
    const fm3 = sub(fm1, add(add(fd53, fd53), scaled(fd53, SUM)));
    const fb1 = sub(fm3, fb0);
    const fb2 = sub(fm0, fb1);
    const fb3 = sub(fm2, fb2);
    const p0 = add(fa0, fb0);
    const p7 = sub(fa0, fb0);
    const p1 = add(fa1, fb1);
    const p6 = sub(fa1, fb1);
    const p2 = add(fa2, fb2);
    const p5 = sub(fa2, fb2);
    const p3 = add(fa3, fb3);
    const p4 = sub(fa3, fb3);
    store<i16>(at, p0);
    store<i16>(at, p1, 16);
    store<i16>(at, p2, 32);
    store<i16>(at, p3, 48);
    store<i16>(at, p4, 64);
    store<i16>(at, p5, 80);
    store<i16>(at, p6, 96);
    store<i16>(at, p7, 112);
  }
  for (let at = block; at < block + 128; at += 16) {
    const i0 = <i32>load<i16>(at);
    const i1 = <i32>load<i16>(at, 2);
    const i2 = <i32>load<i16>(at, 4);
    const i3 = <i32>load<i16>(at, 6);
    const i4 = <i32>load<i16>(at, 8);
    const i5 = <i32>load<i16>(at, 10);
    const i6 = <i32>load<i16>(at, 12);
    const i7 = <i32>load<i16>(at, 14);
    const fe0 = add(i0, i4);
    const fe1 = sub(i0, i4);
    const fe3 = add(i2, i6);
    const fd26 = sub(i2, i6);
    const fe2 = sub(add(fd26, scaled(fd26, SQRT_2)), fe3);
    const fa0 = add(fe0, fe3);
    const fa3 = sub(fe0, fe3);
    const fa1 = add(fe1, fe2);
    const fa2 = sub(fe1, fe2);
    const fs53 = add(i5, i3);
    const fd53 = sub(i5, i3);
    const fs17 = add(i1, i7);
    const fd17 = sub(i1, i7);
    const fb0 = add(fs17, fs53);
    const fdd = sub(fs17, fs53);
    const fm0 = add(fdd, scaled(fdd, SQRT_2));
    const fss = add(fd53, fd17);
    const fm1 = add(fss, scaled(fss, COS_1));
    const fm2 = sub(fm1, add(fd17, scaled(fd17, DIFFERENCE)));
    const fm3 = sub(fm1, add(add(fd53, fd53), scaled(fd53, SUM)));
    const fb1 = sub(fm3, fb0);
    const fb2 = sub(fm0, fb1);
    const fb3 = sub(fm2, fb2);
    const p0 = add(fa0, fb0);
    const p7 = sub(fa0, fb0);
    const p1 = add(fa1, fb1);
    const p6 = sub(fa1, fb1);
    const p2 = add(fa2, fb2);
    const p5 = sub(fa2, fb2);
    const p3 = add(fa3, fb3);
    const p4 = sub(fa3, fb3);
    store<u8>(to, sample(p0));
    store<u8>(to + stride * 1, sample(p1));
    store<u8>(to + stride * 2, sample(p2));
    store<u8>(to + stride * 3, sample(p3));
    store<u8>(to + stride * 4, sample(p4));
    store<u8>(to + stride * 5, sample(p5));
    store<u8>(to + stride * 6, sample(p6));
    store<u8>(to + stride * 7, sample(p7));
    to++;
  }
  memory.fill(block, 0, 128);
}
