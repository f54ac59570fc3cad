/** From the coefficients of a batch to rows of samples. */
import { SAMPLE_BITS, unitBytes, unitShift } from "./dequantize";
import { END_OF_BLOCK } from "./huffman";
import { idct8 } from "./idct8";
import { idct1, idct2, idct3, idct4 } from "./idct-small";
import {
  ACROSS,
  BATCH,
  BATCH_ROW,
  BLOCK,
  COLUMN,
  COMPONENT_BYTES,
  DOWN,
  ENTRY_BYTES,
  ENTRY_COMPONENT,
  LAST,
  ROW,
  ROWS,
  WIDTH,
} from "./layout";

/** 8 rows of 16 samples, for units that the right edge cuts. */
const EDGE: usize = memory.data(128, 16);

/** mcu: of the batch's first, from the left of the region. entries: its blocks. */
export function transformBatch(kept: i32, mcu: i32, entry: usize, entries: i32, components: usize, count: i32): void {
  if (kept == 8) transformBlocks(mcu, entry, entries);
  else {
    for (let i = 0; i < count; i++) transformUnits(kept, mcu, components + <usize>i * COMPONENT_BYTES);
  }
}

function transformBlocks(mcu: i32, entry: usize, entries: i32): void {
  for (const end = entry + <usize>entries * ENTRY_BYTES; entry < end; entry += ENTRY_BYTES) {
    const component = <usize>load<u32>(entry, ENTRY_COMPONENT);
    const block = <usize>load<u32>(entry, BLOCK);
    const width = load<i32>(component, WIDTH);
    const x = (mcu * load<i32>(component, ACROSS) + load<i32>(entry, COLUMN)) << 3;
    const left = width - x;
    const to = load<u32>(component, ROWS) + ((load<u32>(entry, ROW) * <u32>width) << 3) + x;
    if (load<u32>(entry, LAST) == END_OF_BLOCK) {
      const level = max(min(<i32>load<i16>(block) >> SAMPLE_BITS, 255), 0);
      if (left >= 8) fillBlock(to, width, level);
      else for (let y = 0; y < 8; y++) for (let i = 0; i < left; i++) store<u8>(to + y * width + i, level);
    } else if (left >= 8) {
      idct8(block, to, width);
    } else {
      idct8(block, EDGE, 16);
      copyEdge(to, width, left, 8);
    }
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function fillBlock(to: usize, stride: usize, level: i32): void {
  const row = <u64>level * 0x0101010101010101;
  store<u64>(to, row);
  store<u64>(to + stride, row);
  to += stride << 1;
  store<u64>(to, row);
  store<u64>(to + stride, row);
  to += stride << 1;
  store<u64>(to, row);
  store<u64>(to + stride, row);
  to += stride << 1;
  store<u64>(to, row);
  store<u64>(to + stride, row);
}

function copyEdge(to: usize, stride: usize, width: i32, rows: i32): void {
  for (let y = 0; y < rows; y++) for (let i = 0; i < width; i++) store<u8>(to + y * stride + i, load<u8>(EDGE + <usize>((y << 4) + i)));
}

function transformUnits(kept: i32, mcu: i32, component: usize): void {
  const width = load<i32>(component, WIDTH);
  const across = load<i32>(component, ACROSS);
  const start = mcu * across * kept;
  const unitWidth = kept << unitShift(kept);
  const written = kept == 3 ? 8 : unitWidth; // two more than its six, which the next unit overwrites
  const units = (across << 3) >> unitShift(kept);
  const bytes = unitBytes(kept);
  for (let row = 0, rows = load<i32>(component, DOWN); row < rows; row++) {
    let unit = <usize>load<u32>(component, BATCH) + row * load<u32>(component, BATCH_ROW);
    let to = <usize>load<u32>(component, ROWS) + row * width * kept + start;
    for (let i = 0, left = width - start; i < units; i++, left -= unitWidth, to += unitWidth, unit += bytes) {
      if (left >= written) transformUnit(kept, unit, to, width);
      else {
        transformUnit(kept, unit, EDGE, 16);
        if (left > 0) copyEdge(to, width, min(left, unitWidth), kept);
      }
    }
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function transformUnit(kept: i32, unit: usize, to: usize, stride: usize): void {
  if (kept == 4) idct4(unit, to, stride);
  else if (kept == 3) idct3(unit, to, stride);
  else if (kept == 2) idct2(unit, to, stride);
  else idct1(unit, to);
}
