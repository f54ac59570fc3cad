/**
 * Color primaries of ITU-T H.273 (2024) table 2 by code point: x and y of red, green, blue and white in 1/10000.
 * SMPTE ST 428 (10) and generic film (8) are left out: no still picture format writes them.
 */
// biome-ignore format: one row per code point
export const PRIMARIES: ReadonlyMap<number, readonly [red: Point, green: Point, blue: Point, white: Point]> = new Map([
  [1, [[6400, 3300], [3000, 6000], [1500, 600], [3127, 3290]]],
  [4, [[6700, 3300], [2100, 7100], [1400, 800], [3100, 3160]]],
  [5, [[6400, 3300], [2900, 6000], [1500, 600], [3127, 3290]]],
  [6, [[6300, 3400], [3100, 5950], [1550, 700], [3127, 3290]]],
  [7, [[6300, 3400], [3100, 5950], [1550, 700], [3127, 3290]]],
  [9, [[7080, 2920], [1700, 7970], [1310, 460], [3127, 3290]]],
  [11, [[6800, 3200], [2650, 6900], [1500, 600], [3140, 3510]]],
  [12, [[6800, 3200], [2650, 6900], [1500, 600], [3127, 3290]]],
] as const);
type Point = readonly [x: number, y: number];

/** Parameters g, a, b, c, d of (a·x + b)^g for x ≥ d, else c·x (ICC.1:2022 section 10.18, type 3), as s15Fixed16 numbers. */
export type Curve = readonly [g: number, a: number, b: number, c: number, d: number];
const SRGB: Curve = [157286, 62119, 3417, 5072, 2651];

/**
 * Transfer characteristics of H.273 table 3 as what a display does with the numbers. 1, 6, 14 and 15 describe cameras
 * (BT.709, BT.601, BT.2020); files that name them were mastered on and are shown by sRGB screens, and browsers and
 * libvips show them as sRGB. Their formal inverse would lighten the shadows of every AVIF that ffmpeg wrote by default.
 * PQ (16) and HLG (18) are not here: without tone mapping no curve makes a standard picture of them.
 */
export const TRANSFERS: ReadonlyMap<number, Curve> = new Map([
  [1, SRGB],
  [4, [144179, 65536, 0, 0, 0]], // gamma 2.2
  [5, [183501, 65536, 0, 0, 0]], // gamma 2.8
  [6, SRGB],
  [8, [65536, 65536, 0, 0, 0]], // linear
  [13, SRGB],
  [14, SRGB],
  [15, SRGB],
]);

const UNSPECIFIED = 2;

/** The code points with what stands for "unspecified" in place: sRGB's primaries and curve. */
export function specified(primaries: number, transfer: number): { readonly primaries: number; readonly transfer: number } {
  return { primaries: primaries === UNSPECIFIED ? 1 : primaries, transfer: transfer === UNSPECIFIED ? 13 : transfer };
}

/** What a pair of code points amounts to; undefined where it is reserved, or PQ or HLG, whose pixels are left as they are. */
export function codePointsMean(primaries: number, transfer: number): "srgb" | "other" | undefined {
  const known = specified(primaries, transfer);
  const curve = TRANSFERS.get(known.transfer);
  if (curve === undefined || !PRIMARIES.has(known.primaries)) return undefined;
  return known.primaries === 1 && curve === SRGB ? "srgb" : "other";
}
