import type { CreateInstance } from "../../core/lease.ts";
import type { Effort } from "../../core/plan.ts";
import type { GrayRaster, RgbaRaster } from "../../core/raster.ts";
import type { RowShape } from "../../core/rows.ts";
import type { PlaneWriter } from "../jpeg/decoder.ts";
import { decodePng } from "./decoder.ts";
import { encodePng } from "./encoder.ts";
import type { PngDecoderExports, PngEncoderExports } from "./exports.ts";

export { pngDecodeBytes } from "./decoder.ts";
export { pngEncodeBytes } from "./encoder.ts";

/** `pause` is called every few rows and may throw to give up. After a throw the instance is of no more use. */
export interface PngKernels {
  /**
   * Decodes by bands of rows; `begin` is called once, before the first. `alpha`: RGBA, which may have alpha, is given; else
   * gray for gray and opaque RGBA for the rest. Interlaced pictures come once all passes are read. 16-bit samples are cut to
   * their high byte. CORRUPT_IMAGE where the file is damaged or not whole; rows may have been given then.
   */
  decode(bytes: Uint8Array, alpha: boolean, begin: (shape: RowShape) => PlaneWriter, pause: () => void): void;
  /**
   * A whole file that holds every pixel of a gray8 or rgba8 raster as it is, also those under full transparency: as gray,
   * RGB, palette (up to 256 colors), gray with alpha or RGBA, whatever the pixels allow. `small` looks harder for what
   * repeats, and tries filtered and unfiltered rows.
   */
  encode(raster: RgbaRaster | GrayRaster, effort: Effort, pause: () => void): Uint8Array;
}

/** PNG on an instance of wasm/build/png.wasm. */
export const createPng: CreateInstance<PngKernels> = (module) => {
  const wasm = new WebAssembly.Instance(module, {}).exports as unknown as PngDecoderExports & PngEncoderExports;
  /** Gives back what a call reserves. */
  const run = <T>(work: () => T): T => {
    const start = wasm.mark();
    const result = work();
    wasm.reset(start);
    return result;
  };
  return {
    api: {
      decode: (bytes, alpha, begin, pause) => run(() => decodePng(wasm, bytes, alpha, begin, pause)),
      encode: (raster, effort, pause) => run(() => encodePng(wasm, raster, effort, pause)),
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};
