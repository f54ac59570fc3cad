/* All quantized levels of a picture, for the scans of a progressive file: by component, then row by row of blocks. */
import { reserve } from "../memory";
import { transform } from "./fdct";
import { chroma, columns, components, height, planeOf, rows, strideOf, width } from "./frame";
import { MULTIPLIERS, MULTIPLIERS_SIZE } from "./tables";

/** 64 i16 as transform leaves them. */
const BLOCK_BYTES: u32 = 128;
/** Largest that reserve() gives. */
const MOST_BYTES: u64 = 1 << 30;

/** u32 addresses for each component: levels, and u64 masks of those that are not 0, as transform gives them. */
const levels: usize = memory.data(12, 4);
const masks: usize = memory.data(12, 4);

/** False without memory. */
export function openCoefficients(): bool {
  for (let component = 0; component < components; component++) {
    const blocks = <u64>blocksAcross(component) * <u64>(rows * blocksDown(component));
    if (blocks * BLOCK_BYTES > MOST_BYTES) return false;
    const level = reserve(<u32>blocks * BLOCK_BYTES);
    const mask = reserve(<u32>blocks * 8);
    if (level == 0 || mask == 0) return false;
    store<u32>(levels + (<usize>component << 2), level);
    store<u32>(masks + (<usize>component << 2), mask);
  }
  return true;
}

/** Blocks in a row, to whole MCUs. */
export function blocksAcross(component: i32): i32 {
  return component == 0 ? columns * chroma : columns;
}

/** Rows of blocks in a row of MCUs. */
export function blocksDown(component: i32): i32 {
  return component == 0 ? chroma : 1;
}

/** Blocks that show something of the picture: scans of one component have no others (T.81 section A.2.2). */
export function blockColumns(component: i32): i32 {
  return component == 0 ? (width + 7) >> 3 : (width + 8 * chroma - 1) / (8 * chroma);
}

export function blockRows(component: i32): i32 {
  return component == 0 ? (height + 7) >> 3 : (height + 8 * chroma - 1) / (8 * chroma);
}

export function levelsOf(component: i32, row: i32, column: i32): usize {
  return load<u32>(levels + (<usize>component << 2)) + (<u32>(row * blocksAcross(component) + column) * BLOCK_BYTES);
}

export function maskOf(component: i32, row: i32, column: i32): usize {
  return load<u32>(masks + (<usize>component << 2)) + (<u32>(row * blocksAcross(component) + column) << 3);
}

/** Keeps the levels of row `row` of MCUs, whose planes are made. */
export function storeRow(row: i32): void {
  for (let component = 0; component < components; component++) {
    const across = component == 0 ? chroma : 1;
    for (let column = 0; column < columns; column++) storeUnits(component, row * across, column * across, across);
  }
}

/** The blocks of a component in an MCU. Those beyond the picture are like the one before and flat: they cost least. */
function storeUnits(component: i32, row: i32, column: i32, across: i32): void {
  const stride = <usize>strideOf(component);
  const quantizer = component == 0 ? MULTIPLIERS : MULTIPLIERS + MULTIPLIERS_SIZE;
  let before: usize = 0;
  for (let y = 0; y < across; y++) {
    for (let x = 0; x < across; x++) {
      const block = levelsOf(component, row + y, column + x);
      const mask = maskOf(component, row + y, column + x);
      if (row + y < blockRows(component) && column + x < blockColumns(component)) {
        const src = planeOf(component) + (<usize>(column + x) << 3) + (<usize>y << 3) * stride;
        store<u64>(mask, transform(src, stride, quantizer, block));
      } else {
        memory.fill(block, 0, BLOCK_BYTES);
        store<i16>(block, load<i16>(before));
        store<u64>(mask, 0);
      }
      before = block;
    }
  }
}
