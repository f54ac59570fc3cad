import { createRgba } from "../core/raster.ts";
import { parseColor } from "./color.ts";
import { rgbaOf } from "./convert.ts";
import type { Stage } from "./stage.ts";

/** Puts the input on a larger canvas. The canvas is opaque in its color, or transparent without one. */
export const extend: Stage<"extend"> = {
  kind: "extend",
  layouts: ["rgba8"],
  scratchBytes: () => 0,
  apply(raster, { params: { x, y, color }, output: size }) {
    const input = rgbaOf(raster);
    const output = createRgba(size.width, size.height, input.alpha || color === undefined);
    if (color !== undefined) fill(output.data, parseColor(color));
    for (let row = 0; row < input.height; row++) {
      const from = row * input.width * 4;
      output.data.set(input.data.subarray(from, from + input.width * 4), ((y + row) * size.width + x) * 4);
    }
    return output;
  },
};

/** Doubles what is filled until all is: a copy of memory instead of a loop over pixels. */
function fill(data: Uint8Array, [r, g, b]: readonly [number, number, number]): void {
  data.set([r, g, b, 255]);
  for (let filled = 4; filled < data.length; filled *= 2) data.copyWithin(filled, 0, Math.min(filled, data.length - filled));
}
