/** R and B of a pixel loaded as u32 (little endian: R is the lowest byte), each in 16 bits of its own. */
const RED_BLUE: u32 = 0x00ff00ff;
const GREEN: u32 = 0x0000ff00;
/** 128 in both 16-bit halves: the half that makes the division below round. */
const HALVES: u32 = 0x00800080;

/** round(a * b / 255) for 8-bit a and b, exact: 255 is odd, so there are no ties. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function multiply255(a: u32, b: u32): u32 {
  const t = a * b + 128;
  return (t + (t >> 8)) >> 8;
}

/**
 * c = round((s * a + d * (255 - a)) / 255) of R, G and B of two pixels, exact for all 8-bit inputs; the result's A is 0.
 *
 * Two channels share one register: with t = s * a + d * (255 - a) + 128 at most 65153, neither t nor t + (t >> 8),
 * at most 65407, reaches the half above.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function mix(s: u32, d: u32, a: u32): u32 {
  const rest = 255 - a;
  const rb = (s & RED_BLUE) * a + (d & RED_BLUE) * rest + HALVES;
  const g = ((s & GREEN) >> 8) * a + ((d & GREEN) >> 8) * rest + 128;
  return (((rb + ((rb >> 8) & RED_BLUE)) >> 8) & RED_BLUE) | ((g + (g >> 8)) & GREEN);
}

/** One pixel over another, their alphas s and d both between 1 and 254, by the formula in composite.ts. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function blend(above: u32, below: u32, s: u32, d: u32): u32 {
  const weightAbove = 255 * s;
  const weightBelow = d * (255 - s);
  const n = weightAbove + weightBelow;
  const half = n >> 1; // for odd n there are no ties, so floor(n / 2) rounds as n / 2 does
  const r = ((above & 255) * weightAbove + (below & 255) * weightBelow + half) / n;
  const g = (((above >> 8) & 255) * weightAbove + ((below >> 8) & 255) * weightBelow + half) / n;
  const b = (((above >> 16) & 255) * weightAbove + ((below >> 16) & 255) * weightBelow + half) / n;
  const t = n + 128;
  return r | (g << 8) | (b << 16) | (((t + (t >> 8)) >> 8) << 24);
}
