import { blend, blend4, mix, mix4 } from "./blend";

/**
 * Lays `count` straight-alpha RGBA pixels over one color r, g, b of alpha a (0..255 each), in place; the result is
 * straight alpha too. Byte for byte what `composite` gives for these pixels at opacity 255 over pixels of that color.
 * The branches are its formula for A = 255, A = 0, a = 255 and a = 0, so they change no value.
 * Reference: src/kernels/reference/over.ts (must agree bit for bit).
 */
export function over(dst: usize, count: i32, r: i32, g: i32, b: i32, a: i32): void {
  const d = <u32>a;
  const below = <u32>(r | (g << 8) | (b << 16)) | (d << 24);
  const end = dst + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const below4 = i32x4.splat(below);
    const d4 = i32x4.splat(d);
    for (; dst + 16 <= end; dst += 16) {
      const pixels = v128.load(dst);
      const s = i32x4.shr_u(pixels, 24);
      if (i32x4.all_true(i32x4.eq(s, i32x4.splat(255)))) continue;
      if (d == 255) v128.store(dst, v128.or(mix4(pixels, below4, s), i32x4.splat(0xff000000)));
      else v128.store(dst, blend4(pixels, below4, s, d4));
    }
  }
  for (; dst < end; dst += 4) {
    const pixel = load<u32>(dst);
    const s = pixel >> 24;
    if (s == 255) continue;
    if (s == 0) store<u32>(dst, below);
    else if (d == 255) store<u32>(dst, mix(pixel, below, s) | 0xff000000);
    else if (d != 0) store<u32>(dst, blend(pixel, below, s, d));
  }
}
