import { createRgba, rgbaOf } from "../core/raster.ts";
import type { Stage } from "./stage.ts";

export const crop: Stage<"crop"> = {
  kind: "crop",
  layouts: ["rgba8"],
  scratchBytes: () => 0,
  apply(raster, { params: { rect } }) {
    const input = rgbaOf(raster);
    const output = createRgba(rect.width, rect.height, input.alpha);
    for (let row = 0; row < rect.height; row++) {
      const start = ((rect.y + row) * input.width + rect.x) * 4;
      output.data.set(input.data.subarray(start, start + rect.width * 4), row * rect.width * 4);
    }
    return output;
  },
};
