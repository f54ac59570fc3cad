import type { RgbaRaster } from "../core/raster.ts";
import type { EffectsExports } from "./effects-exports.ts";
import { reserveBytes } from "./memory.ts";

export interface BlurTarget {
  /** Changed in place: the rows that the blur still needs are kept in wasm memory. */
  readonly picture: RgbaRaster;
  /** Sharpens by what the blur takes away; else blurs. */
  readonly amountMilli?: number;
  readonly pause: () => void;
}

/** Bytes of a pixel: RGBA, four u16. */
export const RGBA = 4;
export const WIDE = 8;
/** Rows between two pauses: about 5 ms at 1600 px. */
const PAUSE_ROWS = 32;

/** Feeds the rows first..last, with copies of both beyond them, and uses each once its window of 2 · radius + 1 is there. */
export function slide(
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
export function ringSlots(windowRows: number): number {
  return windowRows + Math.max(8, windowRows >> 2);
}

/** The last rows of a pass, always one after the other in memory; made before the last reservation. */
export function createRing(wasm: EffectsExports, rowBytes: number, windowRows: number) {
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
export function createRows(wasm: EffectsExports, { picture, amountMilli, pause }: BlurTarget) {
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
