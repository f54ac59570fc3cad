/** Four planes of 16 samples, interleaved to 64 bytes at `dst`. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function interleave(dst: usize, first: v128, second: v128, third: v128, fourth: v128): void {
  const low12 = i8x16.shuffle(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const low34 = i8x16.shuffle(third, fourth, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const high12 = i8x16.shuffle(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const high34 = i8x16.shuffle(third, fourth, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  v128.store(dst, i16x8.shuffle(low12, low34, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(dst, i16x8.shuffle(low12, low34, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  v128.store(dst, i16x8.shuffle(high12, high34, 0, 8, 1, 9, 2, 10, 3, 11), 32);
  v128.store(dst, i16x8.shuffle(high12, high34, 4, 12, 5, 13, 6, 14, 7, 15), 48);
}

/**
 * `count` samples of each of four planes, packed at `dst` to 4 bytes each; where `fourth` is 0, an address no plane has, the
 * fourth byte is 255. Reference: src/kernels/reference/pack.ts (must agree bit for bit).
 */
export function pack(dst: usize, first: usize, second: usize, third: usize, fourth: usize, count: i32): void {
  let i: usize = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 16 <= <usize>count; i += 16, dst += 64) {
      const last = fourth ? v128.load(fourth + i) : i8x16.splat(-1);
      interleave(dst, v128.load(first + i), v128.load(second + i), v128.load(third + i), last);
    }
  }
  for (; i < <usize>count; i++, dst += 4) {
    const last = fourth ? <u32>load<u8>(fourth + i) : 255;
    const low = <u32>load<u8>(first + i) | (<u32>load<u8>(second + i) << 8);
    store<u32>(dst, low | (<u32>load<u8>(third + i) << 16) | (last << 24));
  }
}
