import type { Rect } from "../core/geometry.ts";
import { allocate, type Plane, type Raster } from "../core/raster.ts";
import type { PlanesShape, Stage } from "./stage.ts";

export const crop: Stage<"crop"> = {
  kind: "crop",
  layouts: ["rgba8", "gray8", "cmyk8"],
  /** Where the rectangle begins between two chroma samples there would be none that lies right. */
  takesPlanes: ({ subsampleX, subsampleY }: PlanesShape, { params: { rect } }) =>
    rect.x % subsampleX === 0 && rect.y % subsampleY === 0,
  scratchBytes: () => 0,
  apply(input, { params: { rect } }): Raster {
    const { width, height } = rect;
    if (input.layout !== "ycbcr8") {
      const data = cut(input.data, input.width, rect, input.layout === "gray8" ? 1 : 4);
      return { ...input, width, height, data };
    }
    const { subsampleX, subsampleY, planes } = input;
    const part = (plane: Plane, across: number, down: number): Plane => {
      const x = rect.x / across;
      const y = rect.y / down;
      const size = { width: Math.ceil(width / across), height: Math.ceil(height / down) };
      return { ...size, data: cut(plane.data, plane.width, { x, y, ...size }, 1) };
    };
    const [luma, blue, red] = planes;
    const chroma = (plane: Plane) => part(plane, subsampleX, subsampleY);
    return { ...input, width, height, planes: [part(luma, 1, 1), chroma(blue), chroma(red)] };
  },
};

/** Rows of a rectangle of samples of `bytes` bytes, packed. */
function cut(data: Uint8Array, sourceWidth: number, { x, y, width, height }: Rect, bytes: number): Uint8Array {
  const output = allocate(width * height * bytes);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * sourceWidth + x) * bytes;
    output.set(data.subarray(start, start + width * bytes), row * width * bytes);
  }
  return output;
}
