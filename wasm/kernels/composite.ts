import { blend, blend4, mix, mix4, multiply255, multiply255By4 } from "./blend";

/**
 * Draws `count` RGBA pixels at `src` over those at `dst`, in place; both straight alpha, the result too.
 *
 * opacity: 0..255, multiplied into the source's alpha first: s = round(A * opacity / 255).
 * With d the alpha below and n = 255 * s + d * (255 - s), the exact result is A = n / 255 and
 * c = (255 * s * src + d * (255 - s) * dst) / n, each rounded to nearest, halves up; the color is divided by the exact
 * alpha, not by the rounded one. Where n is 0 the pixel below stays as it is. Every numerator stays below 2^24.
 * The branches are this formula for s = 0, s = 255, d = 255 and d = 0, so they change no value.
 * Reference: src/kernels/reference/composite.ts (must agree bit for bit).
 */
export function composite(dst: usize, src: usize, count: i32, opacity: i32): void {
  const end = dst + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const factor = i32x4.splat(opacity);
    const full = i32x4.splat(255);
    for (; dst + 16 <= end; dst += 16, src += 16) {
      const above = v128.load(src);
      const s = multiply255By4(i32x4.shr_u(above, 24), factor);
      if (!v128.any_true(s)) continue;
      if (i32x4.all_true(i32x4.eq(s, full))) {
        v128.store(dst, above);
        continue;
      }
      const below = v128.load(dst);
      const d = i32x4.shr_u(below, 24);
      if (i32x4.all_true(i32x4.eq(d, full))) {
        v128.store(dst, v128.or(mix4(above, below, s), i32x4.splat(0xff000000)));
      } else v128.store(dst, blend4(above, below, s, d));
    }
  }
  for (; dst < end; dst += 4, src += 4) {
    const above = load<u32>(src);
    const s = multiply255(above >> 24, <u32>opacity);
    if (s == 0) continue;
    if (s == 255) {
      store<u32>(dst, above);
      continue;
    }
    const below = load<u32>(dst);
    const d = below >> 24;
    if (d == 255) store<u32>(dst, mix(above, below, s) | 0xff000000);
    else if (d == 0) store<u32>(dst, (above & 0x00ffffff) | (s << 24));
    else store<u32>(dst, blend(above, below, s, d));
  }
}

/** 1 where every A of `count` RGBA pixels is 0, so that drawing them changes nothing; else 0. */
export function isClear(src: usize, count: i32): i32 {
  const end = src + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const alphas = i32x4.splat(0xff000000);
    for (; src + 16 <= end; src += 16) if (v128.any_true(v128.and(v128.load(src), alphas))) return 0;
  }
  for (; src < end; src += 4) if (load<u32>(src) >> 24) return 0;
  return 1;
}
