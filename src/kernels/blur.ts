import type { Size } from "../core/geometry.ts";
import type { RgbaRaster } from "../core/raster.ts";
import { type EffectsExports, reserveBytes } from "./effects-exports.ts";
import { type BlurKernel, type CellKernel, type DirectKernel, fractionsOf } from "./gauss.ts";

export interface BlurTarget {
  /** Changed in place: the rows that the blur still needs are kept in wasm memory. */
  readonly picture: RgbaRaster;
  /** Sharpens by what the blur takes away; else blurs. */
  readonly amountMilli?: number;
  readonly pause: () => void;
}

/** Bytes of a pixel or cell: RGBA, four u16, four u32, four f64. */
const RGBA = 4;
const WIDE = 8;
const SUMS = 16;
const CELL = 32;
/** Rows between two pauses: about 5 ms at 1600 px. */
const PAUSE_ROWS = 32;

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
  const count = Math.ceil(width / kernel.factor) + 4;
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
  const count = Math.ceil(width / factor) + 4;
  const cellRows = Math.ceil(height / factor);
  const fractions = fractionsOf(factor);
  const acrossAt = reserveBytes(wasm, across.byteLength);
  const downAt = reserveBytes(wasm, down.byteLength);
  const fractionsAt = reserveBytes(wasm, fractions.byteLength);
  const sums = reserveBytes(wasm, count * SUMS);
  let cells = reserveBytes(wasm, count * CELL);
  let nextCells = reserveBytes(wasm, count * CELL);
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
  const clear = (at: number) => new Uint8Array(wasm.memory.buffer).fill(0, at, at + count * CELL);
  let held = -1;
  /** Shares the rows of pixels from the middle of a row of cells to that of the next one out to both. */
  const share = (cellRow: number) => {
    const start = cellRow * factor + (factor >> 1);
    for (let i = 0; i < factor; ) {
      const row = Math.max(0, Math.min(start + i, height - 1));
      let [own, next] = [0, 0];
      for (; i < factor && Math.max(0, Math.min(start + i, height - 1)) === row; i++) {
        const part = 2 * i + 1 - (factor & 1);
        own += 2 * factor - part;
        next += part;
      }
      if (row !== held) wasm.gather(sums, rows.source(row), width, factor, opaque);
      held = row;
      wasm.addCells(cells, nextCells, sums, own, next, count * 4);
    }
  };
  clear(cells);
  clear(nextCells);
  share(-3);
  clear(cells); // a row of cells that is not asked for
  let y = 0;
  slide(
    ring,
    { first: -2, last: cellRows + 1, radius },
    {
      feed(cellRow) {
        [cells, nextCells] = [nextCells, cells];
        share(cellRow);
        wasm.blurCells(ring.next(), cells, acrossAt, radius, count, padded);
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

/** Feeds the rows first..last, with copies of both beyond them, and uses each once its window of 2 · radius + 1 is there. */
function slide(
  ring: ReturnType<typeof createRing>,
  { first, last, radius }: { readonly first: number; readonly last: number; readonly radius: number },
  { feed, use }: { feed(row: number): void; use(row: number): void },
): void {
  feed(first);
  for (let i = 0; i < radius; i++) ring.repeat();
  for (let row = first - radius + 1; row <= last; row++) {
    if (row + radius <= last) feed(row + radius);
    else ring.repeat();
    if (row >= first) use(row);
  }
}

/** Slots of a ring for a window of so many rows: a quarter more, so that the window is moved once every few rows. */
function ringSlots(windowRows: number): number {
  return windowRows + Math.max(8, windowRows >> 2);
}

/** The last rows of a pass, always one after the other in memory; made before the last reservation. */
function createRing(wasm: EffectsExports, rowBytes: number, windowRows: number) {
  const slots = ringSlots(windowRows);
  const start = reserveBytes(wasm, slots * rowBytes);
  let used = 0;
  const ring = {
    /** Address of the slot for a new row. */
    next(): number {
      if (used === slots) {
        const kept = (windowRows - 1) * rowBytes;
        const end = start + slots * rowBytes;
        new Uint8Array(wasm.memory.buffer).copyWithin(start, end - kept, end);
        used = windowRows - 1;
      }
      return start + used++ * rowBytes;
    },
    /** Copies the row before. */
    repeat(): void {
      const at = ring.next();
      new Uint8Array(wasm.memory.buffer).copyWithin(at, at - rowBytes, at);
    },
    /** Address of the first row of the window. */
    top: () => start + (used - windowRows) * rowBytes,
  };
  return ring;
}

/** Rows of the picture in and out of wasm memory. Keeps a view of it, so it must be the last to reserve. */
function createRows(wasm: EffectsExports, { picture, amountMilli, pause }: BlurTarget) {
  const { data, width } = picture;
  const rowBytes = width * RGBA;
  const blurred = reserveBytes(wasm, width * WIDE);
  const pixels = reserveBytes(wasm, rowBytes);
  const result = reserveBytes(wasm, rowBytes);
  const memory = new Uint8Array(wasm.memory.buffer);
  return {
    /** Where a row of four u16 a pixel is expected. */
    blurred,
    /** Address of row y of the source. */
    source(y: number): number {
      memory.set(data.subarray(y * rowBytes, (y + 1) * rowBytes), pixels);
      return pixels;
    },
    /** Makes row y of the picture from the blurred one. */
    write(y: number): void {
      const row = data.subarray(y * rowBytes, (y + 1) * rowBytes);
      if (amountMilli === undefined) wasm.narrow(result, blurred, width);
      else {
        memory.set(row, result);
        wasm.unsharp(result, blurred, width, amountMilli);
      }
      row.set(memory.subarray(result, result + rowBytes));
      if (y % PAUSE_ROWS === 0) pause();
    },
  };
}
