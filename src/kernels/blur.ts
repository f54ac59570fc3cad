import type { Size } from "../core/geometry.ts";
import type { RgbaRaster } from "../core/raster.ts";
import { type BlurTarget, createRing, createRows, RGBA, ringSlots, slide, WIDE } from "./blur-rows.ts";
import type { EffectsExports } from "./effects-exports.ts";
import { type BlurKernel, type CellKernel, type DirectKernel, fractionsOf } from "./gauss.ts";
import { reserveBytes } from "./memory.ts";

/** Bytes of a cell: four u32, four f64. */
const SUMS = 16;
const CELL = 32;

/** Blurs or sharpens row by row. */
export function blurRows(wasm: EffectsExports, target: BlurTarget, kernel: BlurKernel): void {
  if (kernel.kind === "direct") blurDirectly(wasm, target, kernel);
  else blurByCells(wasm, target, kernel);
}

/** Bytes of wasm memory that a blur of a picture takes, the module's own included. */
export function blurMemoryBytes({ width }: Size, kernel: BlurKernel): number {
  const module = 128 * 1024;
  if (kernel.kind === "direct") {
    const radius = kernel.weights.length - 1;
    return module + width * (2 * RGBA + 2 * WIDE) + 2 * radius * WIDE + ringSlots(2 * radius + 1) * width * WIDE;
  }
  const radius = kernel.down.length - 1;
  const count = cellsAcross(width, kernel.factor);
  const cellRows = ringSlots(2 * radius + 1) + 6;
  return module + width * (2 * RGBA + WIDE) + count * (SUMS + cellRows * CELL) + 2 * radius * CELL;
}

function blurDirectly(wasm: EffectsExports, target: BlurTarget, { weights }: DirectKernel): void {
  const { width, height, alpha } = target.picture;
  const opaque = alpha ? 0 : 1;
  const radius = weights.length - 1;
  const weightsAt = reserveBytes(wasm, weights.byteLength);
  const padded = reserveBytes(wasm, (width + 2 * radius) * WIDE);
  const ring = createRing(wasm, width * WIDE, 2 * radius + 1);
  const rows = createRows(wasm, target); // the last reservation
  new Uint32Array(wasm.memory.buffer, weightsAt, weights.length).set(weights);

  slide(
    ring,
    { first: 0, last: height - 1, radius },
    {
      feed(y) {
        wasm.spread(padded, rows.source(y), width, radius, opaque);
        wasm.firRow(ring.next(), padded, weightsAt, radius, width);
      },
      use(y) {
        wasm.firColumns(rows.blurred, ring.top(), width * WIDE, weightsAt, radius, width, opaque);
        rows.write(y);
      },
    },
  );
}

function blurByCells(wasm: EffectsExports, target: BlurTarget, { factor, across, down }: CellKernel): void {
  const { width, height, alpha } = target.picture;
  const opaque = alpha ? 0 : 1;
  const radius = down.length - 1;
  const count = cellsAcross(width, factor);
  const fractions = fractionsOf(factor);
  const acrossAt = reserveBytes(wasm, across.byteLength);
  const downAt = reserveBytes(wasm, down.byteLength);
  const fractionsAt = reserveBytes(wasm, fractions.byteLength);
  const cells = createCells(wasm, target.picture, factor);
  const padded = reserveBytes(wasm, (count + 2 * radius) * CELL);
  const between = reserveBytes(wasm, count * CELL);
  let above = reserveBytes(wasm, count * CELL);
  let below = reserveBytes(wasm, count * CELL);
  const ring = createRing(wasm, count * CELL, 2 * radius + 1);
  const rows = createRows(wasm, target); // the last reservation
  for (const [at, values] of [
    [acrossAt, across],
    [downAt, down],
    [fractionsAt, fractions],
  ] as const) {
    new Float64Array(wasm.memory.buffer, at, values.length).set(values);
  }

  let y = 0;
  slide(
    ring,
    { first: FIRST_CELL_ROW, last: Math.ceil(height / factor) + 1, radius },
    {
      feed(cellRow) {
        wasm.blurCells(ring.next(), cells.row(cellRow, rows.source), acrossAt, radius, count, padded);
      },
      use(cellRow) {
        [above, below] = [below, above];
        wasm.blurCellRows(below, ring.top(), count * CELL, downAt, radius, count * 4);
        // Rows whose middle lies above the middle of this row of cells
        for (; y < height && 2 * y + 1 < factor + 2 * factor * cellRow; y++) {
          const part = fractions[y % factor]!;
          wasm.enlarge(rows.blurred, above, below, part, fractionsAt, factor, width, count, between, opaque);
          rows.write(y);
        }
      },
    },
  );
}

/** Cells of a row: two beyond each end of the picture (wasm/kernels/cells.ts). */
function cellsAcross(width: number, factor: number): number {
  return Math.ceil(width / factor) + 4;
}
const FIRST_CELL_ROW = -2;

/** Rows of cells from the rows of a picture, two at a time in memory. */
function createCells(wasm: EffectsExports, { width, height, alpha }: RgbaRaster, factor: number) {
  const count = cellsAcross(width, factor);
  const sums = reserveBytes(wasm, count * SUMS);
  let cells = reserveBytes(wasm, count * CELL);
  let nextCells = reserveBytes(wasm, count * CELL);
  const clear = (at: number) => new Uint8Array(wasm.memory.buffer).fill(0, at, at + count * CELL);
  let held = -1;
  /** Shares the rows of pixels from the middle of a row of cells to that of the next one out to both. */
  const share = (cellRow: number, source: (y: number) => number) => {
    const start = cellRow * factor + (factor >> 1);
    for (let i = 0; i < factor; ) {
      const row = Math.max(0, Math.min(start + i, height - 1));
      let [own, next] = [0, 0];
      for (; i < factor && Math.max(0, Math.min(start + i, height - 1)) === row; i++) {
        const part = 2 * i + 1 - (factor & 1);
        own += 2 * factor - part;
        next += part;
      }
      if (row !== held) wasm.gather(sums, source(row), width, factor, alpha ? 0 : 1);
      held = row;
      wasm.addCells(cells, nextCells, sums, own, next, count * 4);
    }
  };
  return {
    /** Address of a row of cells, asked for one after the other from FIRST_CELL_ROW on; whoever reads it clears it (blurCells). */
    row(cellRow: number, source: (y: number) => number): number {
      if (cellRow === FIRST_CELL_ROW) {
        clear(cells);
        clear(nextCells);
        share(cellRow - 1, source);
        clear(cells); // a row of cells that is not asked for
      }
      [cells, nextCells] = [nextCells, cells];
      share(cellRow, source);
      return cells;
    },
  };
}
