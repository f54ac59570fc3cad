import { intersect } from "../core/geometry.ts";
import { rgbaOf, toLayout } from "./convert.ts";
import { BAND_BYTES, type Stage } from "./stage.ts";

/** Draws a mark over the input, clipped to it. Changes the input in place. */
export const composite: Stage<"composite"> = {
  kind: "composite",
  layouts: ["rgba8"],
  scratchBytes: () => 2 * BAND_BYTES,
  async apply(raster, { params }, tools) {
    const target = rgbaOf(raster);
    const mark = rgbaOf(toLayout(await tools.mark(params), ["rgba8"]));
    const shown = intersect({ x: params.x, y: params.y, width: mark.width, height: mark.height }, target);
    if (shown === undefined) return target;
    const targetStart = (shown.y * target.width + shown.x) * 4;
    const markStart = ((shown.y - params.y) * mark.width + (shown.x - params.x)) * 4;
    (await tools.kernels()).composite(
      target.data.subarray(targetStart),
      target.width * 4,
      mark.data.subarray(markStart),
      mark.width * 4,
      shown.width,
      shown.height,
      params.opacity,
    );
    return target;
  },
};
