/**
 * What `row` and `take` know of a plane: u32 fields, filled in by src/kernels/resize/scaler.ts in this order. Addresses, unless
 * said otherwise. "Sample" is one channel of one pixel; a pixel has 1 or 4.
 */

/** Sum of PACKED, WIDE, ALPHA and LINEAR. */
export const KIND: usize = 0;

/** Bytes of a row as it is handed in, and to the first sample of the window in it. */
export const ROW_BYTES: usize = 4;
export const OFFSET: usize = 8;
/** Pixels of a row of the window, and rows of the window. */
export const PIXELS: usize = 12;
export const ROWS: usize = 16;
/** Pixels and rows of the blocks that are averaged (blocks.ts); 1 and 1 where none are. */
export const BLOCK_WIDTH: usize = 20;
export const BLOCK_HEIGHT: usize = 24;
/** Sums (u64) of the samples of a row of blocks. */
export const BLOCKS: usize = 28;
/** Two rows of i16, an even and an odd one, that wait to be made a pair of. */
export const VALUES: usize = 32;

/** Pairs of rows within reach: slot n holds the pair whose number, counted from the window's first, is n modulo SLOTS. */
export const RING: usize = 36;
export const SLOTS: usize = 40;
/** Bytes of a slot. */
export const STRIDE: usize = 44;
/** Samples of a row in the ring. */
export const SAMPLES: usize = 48;

/** Tables of the two axes (weights.ts): taps of each output, first sample of each output, weights. */
export const TAPS_DOWN: usize = 52;
export const STARTS_DOWN: usize = 56;
export const WEIGHTS_DOWN: usize = 60;
export const TAPS_ACROSS: usize = 64;
export const STARTS_ACROSS: usize = 68;
export const WEIGHTS_ACROSS: usize = 72;

/** A list of row pairs for vertical.ts: TAPS_DOWN / 2 times two u32. */
export const PAIRS: usize = 76;
/** A row of i16 between the passes, and a row of i32 after them (of ALPHA and LINEAR). */
export const BETWEEN: usize = 80;
export const SUMS: usize = 84;
/** Pixels of an output row. */
export const OUTPUTS: usize = 88;
/** The output, packed; 16 bytes more may be written. */
export const RESULT: usize = 92;

/** Bits of KIND: four channels; 255 is 32640 in the ring, else 255; color counts by its alpha; in linear light. */
export const PACKED: u32 = 1;
export const WIDE: u32 = 2;
export const ALPHA: u32 = 4;
export const LINEAR: u32 = 8;
