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
  if (ASC_FEATURE_SIMD) {
    // A gain of 8 is the one value that is not 16-bit
    const widest = max(max(max(m0, m1), max(m2, m4)), max(max(m5, m6), max(m8, max(m9, m10))));
    if (widest < 8 << 12) {
      const bytes = i32x4.splat(0x00ff00ff);
      const red02 = pair(m0, m2);
      const red1 = pair(m1, 0);
      const green02 = pair(m4, m6);
      const green1 = pair(m5, 0);
      const blue02 = pair(m8, m10);
      const blue1 = pair(m9, 0);
      const red3 = i32x4.splat(m3);
      const green3 = i32x4.splat(m7);
      const blue3 = i32x4.splat(m11);
      for (; dst + 16 <= end; dst += 16) {
        const pixels = v128.load(dst);
        const rb = v128.and(pixels, bytes);
        const ga = v128.and(i32x4.shr_u(pixels, 8), bytes);
        const red = summed(i32x4.dot_i16x8_s(rb, red02), i32x4.dot_i16x8_s(ga, red1), red3);
        const green = summed(i32x4.dot_i16x8_s(rb, green02), i32x4.dot_i16x8_s(ga, green1), green3);
        const blue = summed(i32x4.dot_i16x8_s(rb, blue02), i32x4.dot_i16x8_s(ga, blue1), blue3);
        // Narrowing clamps; then r r r r g g g g b b b b
        const planes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(red, green), i16x8.narrow_i32x4_s(blue, blue));
        v128.store(dst, i8x16.shuffle(planes, pixels, 0, 4, 8, 19, 1, 5, 9, 23, 2, 6, 10, 27, 3, 7, 11, 31));
      }
    }
  }
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

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function pair(low: i32, high: i32): v128 {
  return i32x4.splat((low & 0xffff) | (high << 16));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function summed(first: v128, second: v128, third: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.add(first, second), third), 12);
}
