import { readFileSync } from "node:fs";
import { createKernels } from "../../src/kernels/index.ts";

export const PIXELS = new WebAssembly.Module(readFileSync(new URL("../../wasm/build/pixels.wasm", import.meta.url)));

/** Counts around powers of two: every tail a vector of 2, 4, 8 or 16 pixels can leave. */
export const TAILS = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33];

export interface PixelExports {
  readonly memory: WebAssembly.Memory;
  reserve(bytes: number): number;
  mark(): number;
  reset(to: number): void;
  composite(dst: number, src: number, count: number, opacity: number): void;
  flatten(dst: number, count: number, r: number, g: number, b: number): void;
  over(dst: number, count: number, r: number, g: number, b: number, a: number): void;
  matrix(dst: number, count: number, coefficients: number): void;
  mask(dst: number, coverage: number, count: number): void;
}

/** A fresh instance, without the copying of createKernels. */
export function instantiate(): PixelExports {
  return new WebAssembly.Instance(PIXELS, {}).exports as unknown as PixelExports;
}

export const kernels = createKernels(PIXELS);

/** Reproducible bytes for pictures so large that fast-check would be slow. Constants: Numerical Recipes, "ranqd1". */
export function noise(bytes: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}
