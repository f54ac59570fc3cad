/**
 * Swaps the axes of a tile: column x of `columns`×`rows` samples of one byte becomes row x at `dst`. Strides are bytes from row to
 * row, of either sign: from the last row up, the tile is mirrored too.
 */
export function transpose(
  dst: usize,
  dstStride: i32,
  src: usize,
  srcStride: i32,
  columns: i32,
  rows: i32,
): void {
  let y = 0;
  if (ASC_FEATURE_SIMD) {
    for (; y + 8 <= rows; y += 8, src += srcStride << 3, dst += 8) {
      let from = src;
      let to = dst;
      let x = 0;
      for (; x + 8 <= columns; x += 8, from += 8, to += dstStride << 3) {
        const pair0 = rowPair(from, srcStride);
        const pair1 = rowPair(from + (srcStride << 1), srcStride);
        const pair2 = rowPair(from + (srcStride << 2), srcStride);
        const pair3 = rowPair(from + srcStride * 6, srcStride);
        // Columns 0..3 and 4..7 of four rows each, then of all eight
        const low01 = i16x8.shuffle(pair0, pair1, 0, 8, 1, 9, 2, 10, 3, 11);
        const high01 = i16x8.shuffle(pair0, pair1, 4, 12, 5, 13, 6, 14, 7, 15);
        const low23 = i16x8.shuffle(pair2, pair3, 0, 8, 1, 9, 2, 10, 3, 11);
        const high23 = i16x8.shuffle(pair2, pair3, 4, 12, 5, 13, 6, 14, 7, 15);
        storeTwo(to, dstStride, i32x4.shuffle(low01, low23, 0, 4, 1, 5));
        storeTwo(to + (dstStride << 1), dstStride, i32x4.shuffle(low01, low23, 2, 6, 3, 7));
        storeTwo(to + (dstStride << 2), dstStride, i32x4.shuffle(high01, high23, 0, 4, 1, 5));
        storeTwo(to + dstStride * 6, dstStride, i32x4.shuffle(high01, high23, 2, 6, 3, 7));
      }
      for (; x < columns; x++, from++, to += dstStride) {
        let at = from;
        for (let i = 0; i < 8; i++, at += srcStride) store<u8>(to + i, load<u8>(at));
      }
    }
  }
  for (; y < rows; y++, src += srcStride, dst++) {
    let to = dst;
    const end = src + <usize>columns;
    for (let from = src; from < end; from++, to += dstStride) store<u8>(to, load<u8>(from));
  }
}

/** Eight samples of a row and of the next, interleaved. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function rowPair(from: usize, stride: i32): v128 {
  const first = v128.load64_zero(from);
  const second = v128.load64_zero(from + stride);
  return i8x16.shuffle(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function storeTwo(to: usize, stride: i32, columns: v128): void {
  v128.store64_lane(to, columns, 0);
  v128.store64_lane(to + stride, columns, 1);
}
