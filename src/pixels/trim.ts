import type { Rect } from "../core/geometry.ts";
import { type RgbaRaster, rgbaOf } from "../core/raster.ts";
import { crop } from "./crop.ts";
import type { Stage } from "./stage.ts";

/**
 * Cuts the rows and columns at the edges that are all border: whose px differ from the one at the top left by at most
 * `tolerance` in every channel, color premultiplied where there is alpha. A picture that is all border is left as it is.
 */
export const trim: Stage<"trim"> = {
  kind: "trim",
  layouts: ["rgba8"],
  scratchBytes: () => 0,
  apply(raster, { params: { tolerance } }, tools) {
    const input = rgbaOf(raster);
    const rect = contentOf(input, tolerance);
    if (rect === undefined || (rect.width === input.width && rect.height === input.height)) return input;
    return crop.apply(input, { kind: "crop", params: { rect }, output: rect }, tools);
  },
};

/**
 * The smallest rectangle around all that is no border. In TypeScript: it stops at the first px of content from each side,
 * so most pictures are hardly read, and a kernel would have to be handed whole rows.
 */
function contentOf({ data, width, height, alpha }: RgbaRaster, tolerance: number): Rect | undefined {
  const isContent = alpha ? differsWithAlpha(data, tolerance) : differs(data, tolerance);
  const rowHasContent = (y: number) => {
    for (let at = y * width * 4; at < (y + 1) * width * 4; at += 4) if (isContent(at)) return true;
    return false;
  };
  let top = 0;
  while (top < height && !rowHasContent(top)) top++;
  if (top === height) return undefined;
  let bottom = height;
  while (!rowHasContent(bottom - 1)) bottom--;
  let left = width;
  let right = 0;
  for (let y = top; y < bottom; y++) {
    const row = y * width * 4;
    for (let x = 0; x < left; x++) if (isContent(row + x * 4)) left = x;
    for (let x = width - 1; x >= right; x--) if (isContent(row + x * 4)) right = x + 1;
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function differs(data: Uint8Array, tolerance: number): (at: number) => boolean {
  const [r, g, b] = [data[0]!, data[1]!, data[2]!];
  return (at) =>
    Math.abs(data[at]! - r) > tolerance || Math.abs(data[at + 1]! - g) > tolerance || Math.abs(data[at + 2]! - b) > tolerance;
}

/** In 1/255 of a level, so that nothing is rounded. */
function differsWithAlpha(data: Uint8Array, tolerance: number): (at: number) => boolean {
  const a = data[3]!;
  const [r, g, b] = [data[0]! * a, data[1]! * a, data[2]! * a];
  const most = tolerance * 255;
  return (at) => {
    const alpha = data[at + 3]!;
    return (
      Math.abs(alpha - a) > tolerance ||
      Math.abs(data[at]! * alpha - r) > most ||
      Math.abs(data[at + 1]! * alpha - g) > most ||
      Math.abs(data[at + 2]! * alpha - b) > most
    );
  };
}
