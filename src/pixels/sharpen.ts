import { rgbaOf } from "../core/raster.ts";
import { kernelModule } from "../core/wasm.ts";
import { blurMemoryBytes } from "../kernels/effects/blur.ts";
import { blurExtent } from "../kernels/effects/gauss.ts";
import { createEffects } from "../kernels/effects/index.ts";
import type { Stage } from "./stage.ts";

/** Unsharp mask in place, on R, G and B each; the blur is cut off at 3 sigma and is not rounded to whole levels. */
export const sharpen: Stage<"sharpen"> = {
  kind: "sharpen",
  layouts: ["rgba8"],
  scratchBytes: (input, { params: { sigmaMilli } }) => blurMemoryBytes(input, blurExtent(sigmaMilli, radiusOf(sigmaMilli))),
  apply(input, { params: { sigmaMilli, amountMilli } }, { lease, checkpoint }) {
    const picture = rgbaOf(input);
    const failure = { code: "INTERNAL", message: "sharpening failed" } as const;
    return lease(kernelModule("effects"), createEffects, failure, (effects) => {
      effects.sharpen(picture, sigmaMilli, radiusOf(sigmaMilli), amountMilli, checkpoint);
      return picture;
    });
  },
};

function radiusOf(sigmaMilli: number): number {
  return Math.ceil((3 * sigmaMilli) / 1000);
}
