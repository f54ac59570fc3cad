/** Strengths of the loop filter, RFC 6386 section 15.2 and 15.3. */

/** i32 each: kind of filter, limit of edges within a macroblock, interior limit, threshold of high variance. */
const STRENGTHS: usize = memory.data(8 * 16, 16);
export const NO_FILTER: i32 = 0;
export const SIMPLE: i32 = 1;
export const NORMAL: i32 = 2;
export const LIMIT: usize = 4;
export const INTERIOR: usize = 8;
export const VARIANCE: usize = 12;
/** What edges between macroblocks have more than those within. */
export const OUTER_EXTRA: i32 = 4;

export function strengthOf(segment: u32, subblocks: bool): usize {
  return STRENGTHS + (segment * 2 + <u32>subblocks) * 16;
}

/** level: not yet clamped to 0..63. */
export function setStrength(segment: u32, subblocks: bool, simple: bool, level: i32, sharpness: i32): void {
  const at = strengthOf(segment, subblocks);
  const clamped = max(0, min(level, 63));
  let interior = clamped;
  if (sharpness > 0) interior = min(interior >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
  interior = max(interior, 1);
  store<i32>(at, clamped == 0 ? NO_FILTER : simple ? SIMPLE : NORMAL);
  store<i32>(at, clamped * 2 + interior, LIMIT);
  store<i32>(at, interior, INTERIOR);
  store<i32>(at, clamped >= 40 ? 2 : clamped >= 15 ? 1 : 0, VARIANCE);
}
