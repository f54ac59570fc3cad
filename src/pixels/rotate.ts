import { createRgba, rgbaOf } from "../core/raster.ts";
import { kernelModule } from "../core/wasm.ts";
import { createEffects } from "../kernels/effects/index.ts";
import { ROTATE_MEMORY_BYTES } from "../kernels/effects/rotate.ts";
import type { Stage } from "./stage.ts";

/** Turns clockwise by any whole degrees; the corners of the canvas are clear, and color comes from visible pixels alone. */
export const rotate: Stage<"rotate"> = {
  kind: "rotate",
  layouts: ["rgba8"],
  scratchBytes: () => ROTATE_MEMORY_BYTES,
  apply(input, { params: { angleDeg }, output: { width, height } }, { lease, checkpoint }) {
    const picture = rgbaOf(input);
    const failure = { code: "INTERNAL", message: "rotating failed" } as const;
    return lease(kernelModule("effects"), createEffects, failure, (effects) => {
      const output = createRgba(width, height, true);
      effects.rotate(picture, angleDeg, output, checkpoint);
      return output;
    });
  },
};
