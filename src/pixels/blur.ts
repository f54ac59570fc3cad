import { rgbaOf } from "../core/raster.ts";
import { kernelModule } from "../core/wasm.ts";
import { blurMemoryBytes } from "../kernels/effects/blur.ts";
import { blurExtent } from "../kernels/effects/gauss.ts";
import { createEffects } from "../kernels/effects/index.ts";
import type { Stage } from "./stage.ts";

/**
 * Gaussian blur in place, within about a level of the exact convolution; edges are replicated. Figures of what it costs
 * and how exact it is: src/kernels/effects/gauss.ts.
 */
export const blur: Stage<"blur"> = {
  kind: "blur",
  layouts: ["rgba8"],
  scratchBytes: (input, { params: { sigmaMilli, radius } }) => blurMemoryBytes(input, blurExtent(sigmaMilli, radius)),
  apply(input, { params: { sigmaMilli, radius } }, { lease, checkpoint }) {
    const picture = rgbaOf(input);
    const failure = { code: "INTERNAL", message: "blurring failed" } as const;
    return lease(kernelModule("effects"), createEffects, failure, (effects) => {
      effects.blur(picture, sigmaMilli, radius, checkpoint);
      return picture;
    });
  },
};
