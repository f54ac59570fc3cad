import { turnOf } from "../core/geometry.ts";
import { rgbaOf } from "../core/raster.ts";
import { turn as turnPixels } from "../kernels/index.ts";
import type { Stage } from "./stage.ts";

export const turn: Stage<"turn"> = {
  kind: "turn",
  layouts: ["rgba8"],
  scratchBytes: () => 0,
  apply(raster, { params: { orientation }, output }) {
    const { data, width, height, alpha } = rgbaOf(raster);
    const turned = turnPixels(data, width, height, turnOf(orientation));
    return { layout: "rgba8", width: output.width, height: output.height, data: turned, alpha };
  },
};
