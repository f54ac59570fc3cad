/** Standard luminance table of ITU-T T.81 annex K.1, in the zigzag order of DQT segments (figure A.6). */
const LUMINANCE = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57,
  51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120,
  92, 101, 103, 99,
];
/** What libjpeg clamps to, with force_baseline and without (jcparam.c, jpeg_add_quant_table). */
const CEILINGS = [255, 32767];

/**
 * The IJG quality 1..100 a luminance table was made with (OSS IMG reference, section 7.1).
 * Exact for tables scaled as libjpeg does; for others the quality whose scale is nearest to the table's mean.
 *
 * table: 64 values in zigzag order.
 */
export function estimateQuality(table: readonly number[]): number {
  for (let quality = 100; quality >= 1; quality--) {
    if (CEILINGS.some((ceiling) => isScaled(table, quality, ceiling))) return quality;
  }
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const scale = (100 * sum(table)) / sum(LUMINANCE);
  const quality = scale <= 100 ? (200 - scale) / 2 : 5000 / scale;
  return Math.min(100, Math.max(1, Math.floor(quality + 0.5)));
}

function isScaled(table: readonly number[], quality: number, ceiling: number): boolean {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return LUMINANCE.every((base, i) => table[i] === Math.min(ceiling, Math.max(1, Math.floor((base * scale + 50) / 100))));
}
