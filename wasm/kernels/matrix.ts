/**
 * Puts R, G and B of `count` RGBA pixels through a color matrix, in place; A is kept.
 *
 * coefficients: address of twelve i32, m0..m11. R' = (m0·R + m1·G + m2·B + m3 + 2048) >> 12 clamped to 0..255, G' from
 * m4..m7, B' from m8..m11. With |gains| up to 8 · 4096 and |offsets| up to 1024 · 4096 a sum stays below 2^25.
 * Reference: src/kernels/reference/matrix.ts (must agree bit for bit).
 */
export function matrix(dst: usize, count: i32, coefficients: usize): void {
  const m0 = load<i32>(coefficients);
  const m1 = load<i32>(coefficients, 4);
  const m2 = load<i32>(coefficients, 8);
  const m3 = load<i32>(coefficients, 12) + 2048;
  const m4 = load<i32>(coefficients, 16);
  const m5 = load<i32>(coefficients, 20);
  const m6 = load<i32>(coefficients, 24);
  const m7 = load<i32>(coefficients, 28) + 2048;
  const m8 = load<i32>(coefficients, 32);
  const m9 = load<i32>(coefficients, 36);
  const m10 = load<i32>(coefficients, 40);
  const m11 = load<i32>(coefficients, 44) + 2048;
  const end = dst + (<usize>count << 2);
  for (; dst < end; dst += 4) {
    const pixel = load<u32>(dst);
    const r = <i32>(pixel & 255);
    const g = <i32>((pixel >> 8) & 255);
    const b = <i32>((pixel >> 16) & 255);
    const red = clamp((m0 * r + m1 * g + m2 * b + m3) >> 12);
    const green = clamp((m4 * r + m5 * g + m6 * b + m7) >> 12);
    const blue = clamp((m8 * r + m9 * g + m10 * b + m11) >> 12);
    store<u32>(dst, (pixel & 0xff000000) | red | (green << 8) | (blue << 16));
  }
}

/** To 0..255 without a branch: a negative value has no bits left after the first line, one above 255 has all after the second. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function clamp(value: i32): u32 {
  const positive = value & ~(value >> 31);
  return <u32>(positive | ((255 - positive) >> 31)) & 255;
}
