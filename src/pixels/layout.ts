import { TransformError } from "../core/errors.ts";
import type { Layout, Raster } from "../core/raster.ts";
import type { PlaneKernels } from "../kernels/planes.ts";

/** The raster itself where its layout is among those taken, else converted to rgba8, which every codec and step takes. */
export async function toLayout(
  raster: Raster,
  layouts: readonly Layout[],
  planes: () => Promise<PlaneKernels>,
): Promise<Raster> {
  if (layouts.includes(raster.layout)) return raster;
  if (layouts.includes("rgba8")) {
    if (raster.layout === "gray8") return (await planes()).grayToRgba(raster);
    if (raster.layout === "ycbcr8") return (await planes()).ycbcrToRgba(raster);
  }
  throw new TransformError("INTERNAL", `no conversion from ${raster.layout} to ${layouts}`);
}
