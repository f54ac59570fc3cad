/** What reading and writing TIFF may take, apart from the code that does it, which is loaded when it is needed. */

const MIB = 1024 * 1024;

/**
 * Upper bound of the scratch for a picture: a compressed strip may be all of it, and tiles may reach over its edges.
 * `samples` beyond four and tiles far larger than the picture are refused where they need more than this.
 */
export function scratchLimit(width: number, height: number, bits: number): number {
  return width * height * 4 * Math.ceil(bits / 8) + 16 * MIB;
}

/** Most bytes that writing holds besides its input: the strips, and the file they are put together in. */
export function encodedBytes(width: number, height: number, alpha: boolean): number {
  const pixels = width * height * (alpha ? 4 : 3);
  return 2 * (lzwBound(pixels) + height * 24) + MIB;
}

/** Most bytes that `count` bytes become: 12 bits a code for one byte each, a clear code for 3835 others, start and end. */
export function lzwBound(count: number): number {
  return Math.ceil((count + count / 3000 + 4) * 1.5);
}
