/**
 * One scan, row by row of MCUs. The caller describes its components, begins it and calls scanRow until each row is done,
 * putting in raw bytes whenever it asks for them. All state lives here between calls.
 */
import { decodeMcus, fillGray, isPastEnd, skipMcus } from "./blocks";
import { blockBytes, unitBytes, unitShift } from "./dequantize";
import { buildSkips } from "./huffman";
import {
  AC_TABLE,
  ACROSS,
  BATCH,
  BATCH_MCUS,
  BATCH_ROW,
  BLOCK,
  COLUMN,
  COMPONENT_BYTES,
  DC_TABLE,
  DEQUANTIZER,
  DOWN,
  ENTRY_AC,
  ENTRY_BYTES,
  ENTRY_COMPONENT,
  ENTRY_DC,
  ENTRY_DEQUANTIZER,
  MAX_MCU_BLOCKS,
  PREDICTOR,
  ROW,
  ROWS,
  ROWS_STEP,
  STORED,
  STORED_ACROSS,
  STORED_BITS,
  STORED_DC,
  WIDTH,
} from "./layout";
import { transformBatch } from "./transform";
import { gatherBlocks } from "./render";
import { addShortage, ensure, MISSING, NEEDS_INPUT, nextSegment } from "./source";

const ENTRIES: usize = memory.data(2560, 16); // BATCH_MCUS * MAX_MCU_BLOCKS * ENTRY_BYTES
/** The components of the open scan. */
const COMPONENTS: usize = memory.data(256, 16); // 4 * COMPONENT_BYTES;

/** Most bytes that a block takes: 64 codes of 16 bits, each with up to 16 bits of value. */
const BLOCK_INPUT: i32 = 256;

let count: i32 = 0;
let blocks: i32 = 0;
let kept: i32 = 8;
let across: i32 = 0;
let interval: i32 = 0;
let left: i32 = 0;
let right: i32 = 0;
let top: i32 = 0;

let x: i32 = 0;
let y: i32 = 0;
/** MCUs of the batch that are decoded. */
let filled: i32 = 0;
let untilRestart: i32 = 0;
let restarts: i32 = 0;
/** The segment has no data for the MCUs to come; or none of them is wanted. */
let short: bool = false;
let passing: bool = false;

/** Address of a component of the open scan. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function componentAt(index: i32): usize {
  return COMPONENTS + <usize>index * COMPONENT_BYTES;
}

/**
 * Describes a component of the next scan: blocks of an MCU, samples kept of a row, where its rows go and how far that moves
 * with each row of MCUs, and its tables.
 */
export function setComponent(
  index: i32,
  blocksAcross: i32,
  blocksDown: i32,
  width: i32,
  rows: u32,
  rowsStep: u32,
  dequantizer: u32,
  dcTable: u32,
  acTable: u32,
): void {
  const component = componentAt(index);
  store<i32>(component, blocksAcross, ACROSS);
  store<i32>(component, blocksDown, DOWN);
  store<i32>(component, width, WIDTH);
  store<u32>(component, rows, ROWS);
  store<u32>(component, rowsStep, ROWS_STEP);
  store<u32>(component, dequantizer, DEQUANTIZER);
  store<u32>(component, dcTable, DC_TABLE);
  store<u32>(component, acTable, AC_TABLE);
}

/** Where a component of a progressive picture is stored, in rows of `blocksAcross` blocks; see layout.ts. */
export function setStored(index: i32, dc: u32, bits: u32, values: u32, blocksAcross: i32): void {
  const component = componentAt(index);
  store<u32>(component, dc, STORED_DC);
  store<u32>(component, bits, STORED_BITS);
  store<u32>(component, values, STORED);
  store<i32>(component, blocksAcross, STORED_ACROSS);
}

/** Bytes of coefficients of a batch. */
export function batchBytes(): u32 {
  return BATCH_MCUS * MAX_MCU_BLOCKS * 128;
}

/**
 * Begins a sequential scan of COMPONENTS 0 .. components - 1, `mcusAcross` MCUs wide. Kept are MCUs from .. to of the rows from
 * fromRow on. restartInterval: in MCUs, 0 for none. batch: batchBytes() of memory.
 */
export function beginScan(
  components: i32,
  mcusAcross: i32,
  from: i32,
  to: i32,
  fromRow: i32,
  restartInterval: i32,
  samplesKept: i32,
  batch: usize,
): void {
  count = components;
  across = mcusAcross;
  left = from;
  right = to;
  top = fromRow;
  interval = restartInterval;
  kept = samplesKept;
  x = y = filled = restarts = 0;
  short = false;
  untilRestart = interval;
  layOut(batch);
  if (kept == 1 || from > 0 || to < across || fromRow > 0) {
    for (let i = 0; i < count; i++) {
      const table = load<u32>(componentAt(i), AC_TABLE);
      if (table != 0) buildSkips(table);
    }
  }
  resetPredictors();
  passing = isUnwanted();
}

/** Renders row `row` of blocks of a progressive picture's component, for which a scan of it alone was begun, without tables. */
export function renderRow(row: i32): void {
  for (let mcu = left; mcu < right; mcu += BATCH_MCUS) {
    const entries = min(BATCH_MCUS, right - mcu);
    gatherBlocks(ENTRIES, entries, mcu, row, kept);
    transformBatch(kept, mcu - left, ENTRIES, entries, COMPONENTS, 1);
  }
  advanceRows();
}

/** Places the blocks of a batch, in the order of the stream. */
function layOut(batch: usize): void {
  memory.fill(batch, 0, batchBytes());
  blocks = 0;
  for (let i = 0; i < count; i++) {
    const component = componentAt(i);
    const rowBytes = ((load<u32>(component, ACROSS) * BATCH_MCUS) >> unitShift(kept)) * unitBytes(kept);
    store<u32>(component, batch, BATCH);
    store<u32>(component, rowBytes, BATCH_ROW);
    batch += rowBytes * load<u32>(component, DOWN);
    blocks += load<i32>(component, ACROSS) * load<i32>(component, DOWN);
  }
  let entry = ENTRIES;
  for (let mcu = 0; mcu < BATCH_MCUS; mcu++) {
    for (let i = 0; i < count; i++) {
      const component = componentAt(i);
      for (let row = 0, rows = load<i32>(component, DOWN); row < rows; row++) {
        for (let column = 0, columns = load<i32>(component, ACROSS); column < columns; column++) {
          placeBlock(entry, component, mcu * columns + column, row);
          entry += ENTRY_BYTES;
        }
      }
    }
  }
}

function placeBlock(entry: usize, component: usize, column: u32, row: u32): void {
  const shift = unitShift(kept);
  const unit = load<u32>(component, BATCH) + row * load<u32>(component, BATCH_ROW) + (column >> shift) * unitBytes(kept);
  store<u32>(entry, unit + (column & ((1 << shift) - 1)) * blockBytes(kept), BLOCK);
  store<u32>(entry, <u32>component, ENTRY_COMPONENT);
  store<u32>(entry, column, COLUMN);
  store<u32>(entry, row, ROW);
  store<u32>(entry, load<u32>(component, DEQUANTIZER), ENTRY_DEQUANTIZER);
  store<u32>(entry, load<u32>(component, DC_TABLE), ENTRY_DC);
  store<u32>(entry, load<u32>(component, AC_TABLE), ENTRY_AC);
}

function resetPredictors(): void {
  for (let i = 0; i < count; i++) store<i32>(componentAt(i), 0, PREDICTOR);
}

/** True where the segment that begins now ends above the rows that are kept, so that nothing of it needs to be decoded. */
function isUnwanted(): bool {
  return interval > 0 && <u64>y * across + x + interval <= <u64>top * across;
}

/** Decodes on to the end of the row. NEEDS_INPUT: to be called again after `input`; else 0. */
export function scanRow(): i32 {
  while (x < across) {
    if (interval > 0 && untilRestart == 0) {
      const found = nextSegment(restarts & 7);
      if (found == NEEDS_INPUT) return NEEDS_INPUT;
      short = found == MISSING;
      restarts++;
      untilRestart = interval;
      resetPredictors();
      passing = isUnwanted();
    }
    if (!short && !passing && !ensure(BATCH_MCUS * blocks * BLOCK_INPUT)) return NEEDS_INPUT;
    step();
  }
  x = 0;
  y++;
  if (y > top) advanceRows();
  return 0;
}

function advanceRows(): void {
  for (let i = 0; i < count; i++) {
    const component = componentAt(i);
    store<u32>(component, load<u32>(component, ROWS) + load<u32>(component, ROWS_STEP), ROWS);
  }
}

/** The next few MCUs: no further than a restart, an edge of the region or the end of the batch. */
function step(): void {
  const wanted = y >= top && x >= left && x < right;
  const edge = wanted ? right : x < left && y >= top ? left : across;
  let mcus = min(edge - x, wanted ? BATCH_MCUS - filled : edge - x);
  if (interval > 0) mcus = min(mcus, untilRestart);
  if (!wanted && !passing && !short) mcus = min(mcus, BATCH_MCUS);
  if (wanted) decode(ENTRIES + <usize>(filled * blocks) * ENTRY_BYTES, mcus);
  else if (!passing && !short) {
    skipMcus(ENTRIES, mcus, blocks, false);
    if (isPastEnd()) markShort();
  }
  x += mcus;
  untilRestart -= mcus;
  if (!wanted) return;
  filled += mcus;
  if (filled < BATCH_MCUS && x < right) return;
  transformBatch(kept, x - filled - left, ENTRIES, filled * blocks, COMPONENTS, count);
  filled = 0;
}

function decode(entry: usize, mcus: i32): void {
  let done = 0;
  if (!short) {
    done = kept == 1 ? skipMcus(entry, mcus, blocks, true) : decodeMcus(entry, mcus, blocks);
    if (isPastEnd()) markShort();
  }
  if (done < mcus) fillGray(entry + <usize>(done * blocks) * ENTRY_BYTES, mcus - done, blocks);
}

function markShort(): void {
  short = true;
  addShortage();
}
