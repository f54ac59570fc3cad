import { multiply255 } from "./blend";

/**
 * Takes `count` straight-alpha RGBA pixels down to a coverage, one byte each at `coverage`, in place:
 * A' = round(A * coverage / 255), exact. Color is kept, except that a pixel which becomes clear becomes 0, 0, 0, 0:
 * what is cut away is not to be found in the file, and zeros compress.
 * Reference: src/kernels/reference/mask.ts (must agree bit for bit).
 */
export function mask(dst: usize, coverage: usize, count: i32): void {
  const end = dst + (<usize>count << 2);
  for (; dst < end; dst += 4, coverage++) {
    const covered = <u32>load<u8>(coverage);
    if (covered == 255) continue;
    const pixel = load<u32>(dst);
    const a = multiply255(pixel >> 24, covered);
    store<u32>(dst, a == 0 ? 0 : (pixel & 0x00ffffff) | (a << 24));
  }
}
