import type { CreateInstance } from "../../core/lease.ts";
import type { RgbaRaster } from "../../core/raster.ts";
import { blurRows } from "./blur.ts";
import type { BlurTarget } from "./blur-rows.ts";
import type { EffectsExports } from "./exports.ts";
import { blurKernel } from "./gauss.ts";
import { rotateTiles } from "./rotate.ts";

/**
 * Effects on pictures of straight-alpha RGBA in JavaScript memory. `pause` is called every few rows and may throw to give
 * up; the picture is half done then.
 */
export interface Effects {
  /** Gaussian blur in place; see StepParams. Edges are replicated, color is premultiplied where there is alpha. */
  blur(picture: RgbaRaster, sigmaMilli: number, radius: number, pause: () => void): void;
  /** Unsharp mask in place; see StepParams. */
  sharpen(picture: RgbaRaster, sigmaMilli: number, radius: number, amountMilli: number, pause: () => void): void;
  /** The picture turned clockwise into the middle of `output`, which is all zeros and has alpha. */
  rotate(picture: RgbaRaster, angleDeg: number, output: RgbaRaster, pause: () => void): void;
}

/** Effects on an instance of wasm/build/effects.wasm. After a throw the instance is of no more use. */
export const createEffects: CreateInstance<Effects> = (module) => {
  const wasm = new WebAssembly.Instance(module, {}).exports as unknown as EffectsExports;
  const run = (task: () => void) => {
    const start = wasm.mark();
    task();
    wasm.reset(start);
  };
  const blurWith = (target: BlurTarget, sigmaMilli: number, radius: number) =>
    run(() => blurRows(wasm, target, blurKernel(sigmaMilli, radius)));
  return {
    api: {
      blur: (picture, sigmaMilli, radius, pause) => blurWith({ picture, pause }, sigmaMilli, radius),
      sharpen: (picture, sigmaMilli, radius, amountMilli, pause) =>
        blurWith({ picture, pause, amountMilli }, sigmaMilli, radius),
      rotate: (picture, angleDeg, output, pause) => run(() => rotateTiles(wasm, picture, angleDeg, output, pause)),
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};
