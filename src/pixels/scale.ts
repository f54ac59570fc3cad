import { createBindgen } from "../codecs/bindgen.ts";
import { rgbaOf } from "../core/raster.ts";
import type { Stage } from "./stage.ts";

/** Index of lanczos3 in the filters of @jsquash/resize. */
const LANCZOS3 = 3;

/**
 * Resamples the whole raster to the step's size with @jsquash/resize: Lanczos with 3 lobes, in gamma space as OSS,
 * libvips and browsers do. Color is premultiplied only where there is alpha, which costs 16 bytes a px of both pictures.
 */
export const scale: Stage<"scale"> = {
  kind: "scale",
  layouts: ["rgba8"],
  scratchBytes(input, { output }, alpha) {
    const perPixel = alpha ? 20 : 4;
    return (input.width * input.height + output.width * output.height) * perPixel + input.height * output.width * 16;
  },
  async apply(input, { output: { width, height } }, { lease }) {
    const { data, alpha, width: fromWidth, height: fromHeight } = rgbaOf(input);
    const failure = { code: "INTERNAL", message: "resampling failed" } as const;
    const resized = await lease("squoosh_resize_bg", createBindgen, failure, (instance) => {
      const address = instance.pass(data);
      const sizes = [fromWidth, fromHeight, width, height];
      return instance.callForBytes("resize", address, data.length, ...sizes, LANCZOS3, alpha ? 1 : 0, 0);
    });
    return { layout: "rgba8", width, height, data: resized, alpha };
  },
};
