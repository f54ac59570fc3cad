import { readFileSync } from "node:fs";
import { createKernels, type PixelExports } from "../../src/kernels/index.ts";

export const PIXELS = new WebAssembly.Module(readFileSync(new URL("../../wasm/build/pixels.wasm", import.meta.url)));

/** Counts around powers of two: every tail a vector of 2, 4, 8 or 16 pixels can leave. */
export const TAILS = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33];

/** A fresh instance, without the copying of createKernels. */
export function instantiate(): PixelExports {
  return new WebAssembly.Instance(PIXELS, {}).exports as unknown as PixelExports;
}

export const kernels = createKernels(PIXELS);
