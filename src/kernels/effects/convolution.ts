import { reserveBytes } from "../memory.ts";
import { keepRows, type RowSource, rowBytes, WIDE } from "./blur-rows.ts";
import type { EffectsExports } from "./exports.ts";

/** Rows of a level that those who enlarge it look at: a power of 2. */
export const LARGER_ROWS = 4;

/** Convolves a row of wide values at an address along itself, edges replicated, into another. */
export type AlongRow = (dst: number, src: number, wide: boolean) => void;

/** Weights in wasm memory; they are written at their first use, because reservations to come detach views. */
function createWeights(wasm: EffectsExports, weights: Int16Array): () => number {
  const address = reserveBytes(wasm, (weights.length + 1) * 2);
  let written = false;
  return () => {
    if (written) return address;
    const padded = new Int16Array(wasm.memory.buffer, address, weights.length + 1);
    padded.set(weights);
    padded[weights.length] = 0; // they are taken in pairs
    written = true;
    return address;
  };
}

export function convolveAlong(wasm: EffectsExports, count: number, weights: Int16Array): AlongRow {
  const radius = weights.length - 1;
  const weightsAt = createWeights(wasm, weights);
  const centered = reserveBytes(wasm, rowBytes(count, radius)) + radius * WIDE;
  const table = reserveBytes(wasm, (radius + 2) * 8);
  let written = false;
  return (dst, src, wide) => {
    if (!written) {
      writeTable(wasm, table, radius, (distance) => centered + distance * WIDE);
      written = true;
    }
    wasm.center(centered, src, count);
    wasm.replicate(centered, count, radius);
    wasm.convolve(dst, table, weightsAt(), radius, count, wide ? 1 : 0);
  };
}

/** Convolves `rowCount` rows of centered values down their columns, edges replicated, to wide ones; the last LARGER_ROWS are valid. */
export function convolveDown(
  wasm: EffectsExports,
  centered: (address: number, row: number) => void,
  count: number,
  rowCount: number,
  weights: Int16Array,
): RowSource {
  const radius = weights.length - 1;
  const weightsAt = createWeights(wasm, weights);
  const table = reserveBytes(wasm, (radius + 2) * 8);
  const rows = keepRows(2 * radius + 1, rowBytes(count, 0), wasm, centered);
  return keepRows(LARGER_ROWS, rowBytes(count, 0), wasm, (address, y) => {
    rows(Math.min(y + radius, rowCount - 1));
    writeTable(wasm, table, radius, (distance) => rows(Math.max(0, Math.min(y + distance, rowCount - 1))));
    wasm.convolve(address, table, weightsAt(), radius, count, 1);
  });
}

/** Two addresses for each distance up to radius + 1, which is there because weights are taken in pairs. */
function writeTable(wasm: EffectsExports, table: number, radius: number, addressAt: (distance: number) => number): void {
  const addresses = new Uint32Array(wasm.memory.buffer, table, (radius + 2) * 2);
  for (let d = 0; d <= radius + 1; d++) {
    const distance = Math.min(d, radius);
    addresses[2 * d] = addressAt(-distance);
    addresses[2 * d + 1] = addressAt(distance);
  }
}
