import { readFileSync } from "node:fs";
import { createKernels, type PixelExports } from "../../src/kernels/index.ts";
import { createPlaneKernels, type PlaneExports } from "../../src/kernels/planes.ts";

/** A build of the module and what is made of it. */
export interface PixelsBuild {
  readonly module: WebAssembly.Module;
  readonly kernels: ReturnType<typeof createKernels>;
  readonly planes: ReturnType<typeof createPlaneKernels>;
  /** A fresh instance, without the copying of createKernels. */
  instantiate(): PixelExports & PlaneExports;
}

function build(file: string): PixelsBuild {
  const module = new WebAssembly.Module(readFileSync(new URL(`../../wasm/build/${file}.wasm`, import.meta.url)));
  return {
    module,
    kernels: createKernels(module),
    planes: createPlaneKernels(module),
    instantiate: () => new WebAssembly.Instance(module, {}).exports as unknown as PixelExports & PlaneExports,
  };
}

/** For describe.each: both builds must do all that is said of one. */
export const BUILDS: readonly (readonly [string, PixelsBuild])[] = [
  ["SIMD", build("pixels")],
  ["scalar", build("pixels_scalar")],
];

/** Counts around powers of two: every tail a vector of 2, 4, 8 or 16 pixels can leave. */
export const TAILS = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33];
