import { rgbaOf } from "../core/raster.ts";
import type { Stage } from "./stage.ts";

/**
 * Rounds the corners with quarter circles of `diameter` px, at most the shorter side; where that is both sides, a disc is
 * left. A px is kept as far as its 16×16 samples lie within the shape; what lies beyond is cleared. Changes the input in place.
 */
export const mask: Stage<"mask"> = {
  kind: "mask",
  layouts: ["rgba8"],
  scratchBytes: (input) => Math.max(input.width, input.height),
  async apply(raster, { params: { diameter } }, tools) {
    const { data, width, height } = rgbaOf(raster);
    (await tools.kernels()).corners(data, width, height, diameter);
    return { layout: "rgba8", width, height, data, alpha: true };
  },
};
