import { parseColor } from "../core/color.ts";
import { createRgba, rgbaOf } from "../core/raster.ts";
import type { Stage } from "./stage.ts";

/** Puts the input on a larger canvas of one color, or a transparent one. Where the input is transparent the canvas does not show. */
export const extend: Stage<"extend"> = {
  kind: "extend",
  layouts: ["rgba8"],
  scratchBytes: () => 0,
  apply(raster, { params: { x, y, color }, output: size }) {
    const input = rgbaOf(raster);
    const ground = color === undefined ? undefined : parseColor(color);
    const output = createRgba(size.width, size.height, input.alpha || ground === undefined || ground[3] < 255);
    if (ground !== undefined) fill(output.data, ground);
    for (let row = 0; row < input.height; row++) {
      const from = row * input.width * 4;
      output.data.set(input.data.subarray(from, from + input.width * 4), ((y + row) * size.width + x) * 4);
    }
    return output;
  },
};

/** Doubles what is filled until all is: a copy of memory instead of a loop over pixels. */
function fill(data: Uint8Array, pixel: readonly number[]): void {
  data.set(pixel);
  for (let filled = 4; filled < data.length; filled *= 2) data.copyWithin(filled, 0, Math.min(filled, data.length - filled));
}
