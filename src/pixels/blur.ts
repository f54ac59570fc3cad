import { rgbaOf } from "../core/raster.ts";
import { blurMemoryBytes } from "../kernels/blur.ts";
import { createEffects } from "../kernels/effects.ts";
import { blurKernel } from "../kernels/gauss.ts";
import type { Stage } from "./stage.ts";

/**
 * Gaussian blur in place, within a level or two of the exact convolution; edges are replicated. Figures of what it costs
 * and how exact it is: src/kernels/gauss.ts.
 */
export const blur: Stage<"blur"> = {
  kind: "blur",
  layouts: ["rgba8"],
  scratchBytes: (input, { params: { sigmaMilli, radius } }) => blurMemoryBytes(input, blurKernel(sigmaMilli, radius)),
  apply(input, { params: { sigmaMilli, radius } }, { lease, checkpoint }) {
    const picture = rgbaOf(input);
    const failure = { code: "INTERNAL", message: "blurring failed" } as const;
    return lease("effects", createEffects, failure, (effects) => {
      effects.blur(picture, sigmaMilli, radius, checkpoint);
      return picture;
    });
  },
};
