import { mix, mix4 } from "./blend";

/**
 * Lays `count` straight-alpha RGBA pixels over the opaque color r, g, b (0..255 each), in place; A becomes 255.
 *
 * c' = round((c * A + color * (255 - A)) / 255), exact.
 * Reference: src/kernels/reference/flatten.ts (must agree bit for bit).
 */
export function flatten(dst: usize, count: i32, r: i32, g: i32, b: i32): void {
  const color = <u32>(r | (g << 8) | (b << 16));
  const end = dst + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const below = i32x4.splat(color);
    const opaque = i32x4.splat(0xff000000);
    for (; dst + 16 <= end; dst += 16) {
      const pixels = v128.load(dst);
      const a = i32x4.shr_u(pixels, 24);
      if (i32x4.all_true(i32x4.eq(a, i32x4.splat(255)))) continue;
      v128.store(dst, v128.or(mix4(pixels, below, a), opaque));
    }
  }
  for (; dst < end; dst += 4) {
    const pixel = load<u32>(dst);
    const a = pixel >> 24;
    if (a == 255) continue;
    store<u32>(dst, (a == 0 ? color : mix(pixel, color, a)) | 0xff000000);
  }
}
