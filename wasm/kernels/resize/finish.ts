import { ALPHA, KIND, LINEAR, OUTPUTS, PACKED, SUMS } from "./job";
import { FULL_LIGHT, levelOf } from "./linear";

/** What `exact` sums of horizontal.ts have after the point. */
const SHIFT: i32 = 20;
const HALF: i32 = 1 << (SHIFT - 1);
/** From there to the lights of linear.ts. */
const LIGHT_SHIFT: i32 = 8;

/** Makes a row of bytes of the sums of a job. */
export function finish(job: u32, dst: u32): void {
  const kind = load<u32>(job, KIND);
  let sums = load<u32>(job, SUMS);
  const outputs = load<i32>(job, OUTPUTS);
  if (kind & ALPHA) {
    if (kind & LINEAR) linearAlpha(dst, sums, outputs);
    else straighten(dst, sums, outputs);
  } else if (kind & PACKED) linearPacked(dst, sums, outputs);
  else for (let i = 0; i < outputs; i++, sums += 4) store<u8>(dst + i, encode(load<i32>(sums)));
}

/**
 * Takes alpha out of color: c = round(255 * C / A), of the exact sums, at most 255. A rounds to 0: all four are 0.
 * f32 is exact to 2^-24, and what it does is the same in every lane and on every machine.
 */
function straighten(dst: u32, sums: u32, count: i32): void {
  for (; count > 0; count--, sums += 16, dst += 4) {
    const alpha = load<i32>(sums, 12);
    const level = min<i32>((alpha + HALF) >> SHIFT, 255);
    if (level <= 0) {
      store<u32>(dst, 0);
      continue;
    }
    const factor: f32 = <f32>255 / <f32>alpha;
    if (ASC_FEATURE_SIMD) {
      const scaled = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(v128.load(sums)), f32x4.splat(factor)), f32x4.splat(0.5));
      const clamped = f32x4.min(f32x4.max(scaled, f32x4.splat(0)), f32x4.splat(255));
      const words = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(clamped), clamped);
      v128.store32_lane(dst, i8x16.narrow_i16x8_u(words, words), 0);
    } else {
      store<u8>(dst, straight(load<i32>(sums), factor));
      store<u8>(dst, straight(load<i32>(sums, 4), factor), 1);
      store<u8>(dst, straight(load<i32>(sums, 8), factor), 2);
    }
    store<u8>(dst, level, 3);
  }
}
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function straight(sum: i32, factor: f32): i32 {
  return <i32>min<f32>(max<f32>(<f32>sum * factor + <f32>0.5, 0), 255);
}

function linearPacked(dst: u32, sums: u32, count: i32): void {
  for (; count > 0; count--, sums += 16, dst += 4) {
    store<u8>(dst, encode(load<i32>(sums)));
    store<u8>(dst, encode(load<i32>(sums, 4)), 1);
    store<u8>(dst, encode(load<i32>(sums, 8)), 2);
    store<u8>(dst, min<i32>(max<i32>((load<i32>(sums, 12) + HALF) >> SHIFT, 0), 255), 3);
  }
}

function linearAlpha(dst: u32, sums: u32, count: i32): void {
  for (; count > 0; count--, sums += 16, dst += 4) {
    const alpha = load<i32>(sums, 12);
    const level = min<i32>((alpha + HALF) >> SHIFT, 255);
    if (level <= 0) {
      store<u32>(dst, 0);
      continue;
    }
    const factor: f32 = <f32>FULL_LIGHT / <f32>alpha;
    store<u8>(dst, straightLevel(load<i32>(sums), factor));
    store<u8>(dst, straightLevel(load<i32>(sums, 4), factor), 1);
    store<u8>(dst, straightLevel(load<i32>(sums, 8), factor), 2);
    store<u8>(dst, level, 3);
  }
}
// @ts-ignore: see straight
@inline
function straightLevel(sum: i32, factor: f32): u32 {
  return levelOf(<u32>(<i32>min<f32>(max<f32>(<f32>sum * factor + <f32>0.5, 0), <f32>FULL_LIGHT)));
}

// @ts-ignore: see straight
@inline
function encode(sum: i32): u32 {
  const value = (sum + (1 << (LIGHT_SHIFT - 1))) >> LIGHT_SHIFT;
  return levelOf(<u32>min<i32>(max<i32>(value, 0), FULL_LIGHT));
}
