import { rgbaOf } from "../core/raster.ts";
import { BAND_BYTES } from "../kernels/index.ts";
import type { Stage } from "./stage.ts";

/** Every color through a matrix, in gamma space as CSS filters and libvips' linear do. Changes the input in place; A is kept. */
export const matrix: Stage<"matrix"> = {
  kind: "matrix",
  layouts: ["rgba8"],
  scratchBytes: () => 2 * BAND_BYTES,
  async apply(raster, { params }, tools) {
    const input = rgbaOf(raster);
    (await tools.kernels()).matrix(input.data, params.matrix);
    return input;
  },
};
