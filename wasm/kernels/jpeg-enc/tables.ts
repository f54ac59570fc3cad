/** Constants of ITU-T T.81 and the encoder's small tables, which hold for one picture. */

/**
 * Byte offset of coefficient k of the zigzag order (T.81 figure A.6) in a block of i16. Blocks are kept transposed, columns
 * of the standard's figures as rows, because the second pass of the transform leaves them so.
 */
export const ZIGZAG: usize = memory.data<u8>([
  0, 16, 2, 4, 18, 32, 48, 34, 20, 6, 8, 22, 36, 50, 64, 80, 66, 52, 38, 24, 10, 12, 26, 40, 54, 68, 82, 96, 112, 98, 84, 70,
  56, 42, 28, 14, 30, 44, 58, 72, 86, 100, 114, 116, 102, 88, 74, 60, 46, 62, 76, 90, 104, 118, 120, 106, 92, 78, 94, 108,
  122, 124, 110, 126,
]);

/** Tables K.1 and K.2 of T.81, luminance and chrominance, in zigzag order. */
const ANNEX_K: usize = memory.data<u8>([
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57,
  51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100,
  120, 92, 101, 103, 99, 17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
]);

/** The two tables in use, bytes in zigzag order, as DQT wants them. */
export const QUANTIZERS: usize = memory.data(128);

/**
 * The same as multipliers: for row i of a (transposed) block 8 i16 at 32 · i that scale to a few bits below the level and
 * 8 at 32 · i + 16 that take those away. The table for chrominance begins MULTIPLIERS_SIZE later.
 */
export const MULTIPLIERS: usize = memory.data(512, 16);
export const MULTIPLIERS_SIZE: usize = 256;

/** A coefficient of the transform is 32 times that of T.81 section A.3.3. */
const FRACTION_BITS: i32 = 5;

/**
 * Tables for quality 1..100 as IJG's library scales them (jcparam.c, jpeg_quality_scaling), kept to 8 bits, which baseline
 * files must be (T.81 section B.2.4.1).
 */
export function setQuality(quality: i32): void {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  for (let i: usize = 0; i < 128; i++) {
    const value = (<i32>load<u8>(ANNEX_K + i) * scale + 50) / 100;
    const step = value < 1 ? 1 : value > 255 ? 255 : value;
    store<u8>(QUANTIZERS + i, step);
    const offset = <usize>load<u8>(ZIGZAG + (i & 63));
    const multiplier = MULTIPLIERS + (i >> 6) * MULTIPLIERS_SIZE + ((offset & 0x70) << 1) + (offset & 15);
    const divisor = step << FRACTION_BITS;
    const shift = 31 - clz(divisor);
    const reciprocal = ((1 << (15 + shift)) + (divisor >> 1)) / divisor;
    const fraction = 1 << (15 - shift);
    store<i16>(multiplier, min(reciprocal, 32767));
    store<i16>(multiplier + 16, fraction);
  }
}
