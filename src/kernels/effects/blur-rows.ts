import type { RgbaRaster } from "../../core/raster.ts";
import { reserveBytes } from "../memory.ts";
import type { EffectsExports } from "./exports.ts";

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
/** Rows that go in and out of wasm memory at once, and between two pauses: below 1 ms at 1600 px. */
export const BAND_ROWS = 16;

/** Address of a row, asked for from 0 on without a gap. */
export type RowSource = (row: number) => number;

/** Bytes of a row of wide values with room for `edge` px at each side, and for what vectors write behind it. */
export function rowBytes(count: number, edge: number): number {
  return (count + 2 * edge + 16) * WIDE;
}

/**
 * The last `kept` rows of those that `make` writes to an address. Rows up to the one that is asked for are made; one that
 * has been given up must not be asked for again.
 */
export function keepRows(
  kept: number,
  bytes: number,
  wasm: EffectsExports,
  make: (address: number, row: number) => void,
): RowSource {
  const start = reserveBytes(wasm, kept * bytes);
  let made = 0;
  return (row) => {
    for (; made <= row; made++) make(start + (made % kept) * bytes, made);
    return start + (row % kept) * bytes;
  };
}

/** Rows of the picture in and out of wasm memory, with `edge` copies of its first and last px beside those that come in. */
export function createRows(wasm: EffectsExports, { picture, amountMilli, pause }: BlurTarget, edge: number) {
  const { data, width, height, alpha } = picture;
  const bytes = width * RGBA;
  const opaque = alpha ? 0 : 1;
  const band = () => reserveBytes(wasm, BAND_ROWS * bytes + 64);
  const input = band();
  const output = band();
  const own = amountMilli === undefined ? 0 : band();
  const spread = reserveBytes(wasm, rowBytes(width, edge)) + edge * WIDE;
  const sharpness = Math.round((amountMilli ?? 0) * 4.096);
  let memory = new Uint8Array(0);
  const copyIn = (y: number, address: number) => {
    if (memory.length === 0) memory = new Uint8Array(wasm.memory.buffer); // all reservations have been made
    memory.set(data.subarray(y * bytes, Math.min(y + BAND_ROWS, height) * bytes), address);
  };
  return {
    /** Address of row y of the picture as wide values. */
    source(y: number): number {
      const line = y % BAND_ROWS;
      if (line === 0) copyIn(y, input);
      wasm.spread(spread, input + line * bytes, width, opaque);
      if (edge > 0) wasm.replicate(spread, width, edge);
      return spread;
    },
    /** Makes row y of the picture from its blurred wide values, which are changed. */
    write(y: number, blurred: number): void {
      const line = y % BAND_ROWS;
      if (alpha) wasm.straighten(blurred, width);
      if (amountMilli === undefined) wasm.narrow(output + line * bytes, blurred, width);
      else {
        if (line === 0) copyIn(y, own);
        wasm.unsharp(output + line * bytes, own + line * bytes, blurred, width, sharpness);
      }
      if (line < BAND_ROWS - 1 && y < height - 1) return;
      data.set(memory.subarray(output, output + (line + 1) * bytes), (y - line) * bytes);
      pause();
    },
  };
}
