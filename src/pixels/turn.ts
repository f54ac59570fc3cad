import { turnOf } from "../core/geometry.ts";
import type { Plane, Raster } from "../core/raster.ts";
import { turn as turnPixels } from "../kernels/turn.ts";
import type { Stage } from "./stage.ts";

export const turn: Stage<"turn"> = {
  kind: "turn",
  layouts: ["rgba8", "gray8", "cmyk8"],
  /** A mirrored picture of odd width would begin with the half chroma sample that it ends with. */
  takesPlanes({ width, height, subsampleX, subsampleY }, { params: { orientation } }) {
    const { mirrorX, mirrorY, swap } = turnOf(orientation);
    const [flipsX, flipsY] = swap ? [mirrorY, mirrorX] : [mirrorX, mirrorY];
    return (!flipsX || width % subsampleX === 0) && (!flipsY || height % subsampleY === 0);
  },
  scratchBytes: () => 0,
  async apply(raster, { params: { orientation }, output: { width, height } }, tools): Promise<Raster> {
    const way = turnOf(orientation);
    const { turnPlane } = await tools.planes();
    if (raster.layout === "ycbcr8") {
      const turned = (plane: Plane): Plane => ({
        width: way.swap ? plane.height : plane.width,
        height: way.swap ? plane.width : plane.height,
        data: turnPlane(plane.data, plane.width, plane.height, way),
      });
      const [luma, blue, red] = raster.planes;
      const { subsampleX, subsampleY } = raster;
      return {
        ...raster,
        width,
        height,
        subsampleX: way.swap ? subsampleY : subsampleX,
        subsampleY: way.swap ? subsampleX : subsampleY,
        planes: [turned(luma), turned(blue), turned(red)],
      };
    }
    const turnData = raster.layout === "gray8" ? turnPlane : turnPixels;
    return { ...raster, width, height, data: turnData(raster.data, raster.width, raster.height, way) };
  },
};
