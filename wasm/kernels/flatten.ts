import { mix } from "./blend";

/**
 * Lays `count` straight-alpha RGBA pixels over the opaque color r, g, b (0..255 each), in place; A becomes 255.
 *
 * c' = round((c * A + color * (255 - A)) / 255), exact.
 * Reference: src/kernels/reference/flatten.ts (must agree bit for bit).
 */
export function flatten(dst: usize, count: i32, r: i32, g: i32, b: i32): void {
  const color = <u32>(r | (g << 8) | (b << 16));
  const end = dst + (<usize>count << 2);
  for (; dst < end; dst += 4) {
    const pixel = load<u32>(dst);
    const a = pixel >> 24;
    if (a == 255) continue;
    store<u32>(dst, (a == 0 ? color : mix(pixel, color, a)) | 0xff000000);
  }
}
