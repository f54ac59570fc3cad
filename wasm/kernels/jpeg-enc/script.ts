/*
 * Scans of a progressive file, those of libjpeg's jpeg_simple_progression: DC of all components short of a bit, some luma, all
 * chroma short of a bit, the rest of luma short of two, and then the missing bits.
 */

const SCAN_BYTES: usize = 6;
/** First and last component, first and last coefficient, bits left out before and in the scan. */
// prettier-ignore
const COLOR: usize = memory.data<u8>([
  0, 2, 0, 0, 0, 1,
  0, 0, 1, 5, 0, 2,
  2, 2, 1, 63, 0, 1,
  1, 1, 1, 63, 0, 1,
  0, 0, 6, 63, 0, 2,
  0, 0, 1, 63, 2, 1,
  0, 2, 0, 0, 1, 0,
  2, 2, 1, 63, 1, 0,
  1, 1, 1, 63, 1, 0,
  0, 0, 1, 63, 1, 0,
]);
const COLOR_SCANS: i32 = 10;
// prettier-ignore
const GRAY: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 1,
  0, 0, 1, 5, 0, 2,
  0, 0, 6, 63, 0, 2,
  0, 0, 1, 63, 2, 1,
  0, 0, 0, 0, 1, 0,
  0, 0, 1, 63, 1, 0,
]);
const GRAY_SCANS: i32 = 6;

export let first: i32 = 0;
export let last: i32 = 0;
export let from: i32 = 0;
export let to: i32 = 0;
export let high: i32 = 0;
export let low: i32 = 0;

export function scansOf(components: i32): i32 {
  return components == 1 ? GRAY_SCANS : COLOR_SCANS;
}

/** Makes scan `index` the current one. */
export function setScan(components: i32, index: i32): void {
  const scan = (components == 1 ? GRAY : COLOR) + <usize>index * SCAN_BYTES;
  first = load<u8>(scan);
  last = load<u8>(scan, 1);
  from = load<u8>(scan, 2);
  to = load<u8>(scan, 3);
  high = load<u8>(scan, 4);
  low = load<u8>(scan, 5);
}

/** The one scan of a sequential file. */
export function setSequential(components: i32): void {
  first = 0;
  last = components - 1;
  from = 0;
  to = 63;
  high = 0;
  low = 0;
}
