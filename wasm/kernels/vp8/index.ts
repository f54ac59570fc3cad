/** Key frames of VP8, the lossy still pictures of WebP, after RFC 6386; src/kernels/vp8/decoder.ts drives this. */
import { reserve } from "../memory";
import { fillShifts, overrun, READ_AHEAD } from "./bool";
import { filterRow } from "./filter";
import { readHeader } from "./header";
import { clearPlaces, MODE_READER, place, placedBytes, setSize } from "./layout";
import { readModes } from "./modes";
import { keepRows, openOutput, outputBytes, packRow } from "./output";
import { reconstructRow } from "./reconstruct";

export { mark, reserve, reset } from "../memory";
export { chromaReady, lumaReady, outputAddress } from "./output";

const OPENED: u32 = 0;
const DAMAGED: u32 = 1;
const NO_MEMORY: u32 = 2;

/** Bytes that must follow a frame's in memory. */
export function aheadBytes(): u32 {
  return READ_AHEAD;
}

/**
 * Opens a key frame whose first partition, of `firstSize` bytes, begins at `start`; `end` is the end of the last. Sides are
 * 1..16383. Planes come as they are coded, or in full range. Returns 0, or 1 where the header does not fit, or 2 where there is no memory.
 */
export function openFrame(start: usize, end: usize, firstSize: u32, width: u32, height: u32, fullRange: u32): u32 {
  setSize(width, height);
  const places = reserve(placedBytes());
  const output = reserve(outputBytes());
  if (places == 0 || output == 0) return NO_MEMORY;
  place(places);
  clearPlaces();
  fillShifts();
  openOutput(output, fullRange != 0);
  return readHeader(start, firstSize, end) && !overrun(MODE_READER) ? OPENED : DAMAGED;
}

/** Decodes a row of macroblocks; rows go in order, from 0. Returns 0 where its data ends too early. */
export function decodeRow(y: u32): u32 {
  if (!readModes() || !reconstructRow(y)) return 0;
  filterRow(y > 0);
  packRow(y);
  keepRows();
  return 1;
}
