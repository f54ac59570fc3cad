/** Where the parts of a picture lie in memory; set by frame.ts when a picture is opened. */
import { READER_BYTES } from "./bool";

/** The first partition's reader, then those of up to eight partitions of coefficients. */
export const MODE_READER: usize = memory.data(9 * 32, 16);
export const TOKEN_READERS: usize = MODE_READER + READER_BYTES;

/** Coefficients, i16: 16 blocks of Y, 4 of U, 4 of V, then those of Y2. All 0 between two macroblocks. */
export const COEFFICIENTS: usize = memory.data(25 * 32, 16);
/** What a block of Y, U and V needs, u8: one of the values below. */
export const KINDS: usize = memory.data(24, 16);
export const EMPTY: u32 = 0;
export const DC_ONLY: u32 = 1;
export const FULL: u32 = 2;

/** Factors of a segment, i32: DC and AC of Y, of Y2, of U and V. */
export const FACTORS: usize = memory.data(4 * 32, 16);
export const FACTOR_BYTES: u32 = 32;

/** What is known of a macroblock, u8: the fields below, then from SUBMODES on 16 modes of subblocks. */
export const INFO_BYTES: u32 = 32;
export const SEGMENT: usize = 0;
export const SKIPPED: usize = 1;
export const MODE: usize = 2;
export const CHROMA_MODE: usize = 3;
export const INNER_EDGES: usize = 4;
export const SUBMODES: usize = 16;

/** Modes of prediction in the order of RFC 6386 section 8.1, whole macroblocks (DC, TM, V, H) by the subblock mode they count as. */
export const DC: i32 = 0;
export const TM: i32 = 1;
export const V: i32 = 2;
export const H: i32 = 3;
/** Of a macroblock whose subblocks have modes of their own. */
export const SUBBLOCKS: i32 = 4;

/** Rows that are kept of the macroblocks above: their last ones change while the row below is filtered. */
export const KEPT_ROWS: u32 = 4;
/** Bytes before and behind a row, so that what lies to the left of the picture can be read. */
export const MARGIN: u32 = 16;

export let width: u32 = 0;
export let height: u32 = 0;
export let mbWidth: u32 = 0;
export let mbHeight: u32 = 0;
/** Bytes of a row in the buffers: 16 for each macroblock, and the margins. In `chroma` these are 8 of U, then 8 of V. */
export let stride: u32 = 0;
/** First byte of the row of macroblocks that is decoded; KEPT_ROWS lie before it. */
export let luma: usize = 0;
export let chroma: usize = 0;
/** Bottom row of the macroblocks above as it was before filtering, in the same order. */
export let lumaAbove: usize = 0;
export let chromaAbove: usize = 0;
/** INFO_BYTES for each macroblock of a row. */
export let infos: usize = 0;
/** Modes of the subblocks above, 4 for each macroblock. */
export let modesAbove: usize = 0;
/** Whether blocks above have coefficients, u8: 4 of Y, 2 of U, 2 of V, Y2; 16 bytes for each macroblock. */
export let filledAbove: usize = 0;
export const FILLED_BYTES: u32 = 16;

export function setSize(newWidth: u32, newHeight: u32): void {
  width = newWidth;
  height = newHeight;
  mbWidth = (newWidth + 15) >> 4;
  mbHeight = (newHeight + 15) >> 4;
  stride = (mbWidth << 4) + 2 * MARGIN;
}

/** Bytes that `place` takes: rows, the rows above, and what is known of macroblocks. */
export function placedBytes(): u32 {
  return stride * (2 * KEPT_ROWS + 16 + 8 + 2) + mbWidth * (INFO_BYTES + FILLED_BYTES + 4);
}

export function place(at: usize): void {
  luma = at + MARGIN + stride * KEPT_ROWS;
  chroma = luma + stride * (16 + KEPT_ROWS);
  lumaAbove = chroma + stride * 8;
  chromaAbove = lumaAbove + stride;
  infos = chromaAbove - MARGIN + stride;
  filledAbove = infos + mbWidth * INFO_BYTES;
  modesAbove = filledAbove + mbWidth * FILLED_BYTES;
}

/** Before the first row: what lies above the picture is 127, with its corner, and what lies to the left 129. */
export function clearPlaces(): void {
  memory.fill(infos, 0, mbWidth * (INFO_BYTES + FILLED_BYTES + 4));
  memory.fill(COEFFICIENTS, 0, 25 * 32);
  memory.fill(lumaAbove - MARGIN, 127, stride);
  memory.fill(chromaAbove - MARGIN, 127, stride);
  // The margins before rows; the one behind a row lies before the next
  memory.fill(luma - MARGIN - KEPT_ROWS * stride, 129, stride * (2 * KEPT_ROWS + 24));
}
