import { parseColor } from "../core/color.ts";
import { type Raster, type RgbaRaster, rgbaOf } from "../core/raster.ts";
import type { Kernels } from "../kernels/index.ts";

/**
 * Lays a raster over one color RRGGBB or RRGGBBAA, in place. Where the result must be opaque, a translucent color lies on
 * white itself.
 */
export function underlay(raster: Raster, color: string, keepsAlpha: boolean, kernels: Kernels): RgbaRaster {
  const { data, width, height } = rgbaOf(raster);
  const [r, g, b, opacity] = parseColor(color);
  const translucent = opacity < 255 && keepsAlpha;
  if (translucent) kernels.over(data, r, g, b, opacity);
  else kernels.flatten(data, onWhite(r, opacity), onWhite(g, opacity), onWhite(b, opacity));
  return { layout: "rgba8", width, height, data, alpha: translucent };
}

function onWhite(value: number, opacity: number): number {
  return Math.round((value * opacity + 255 * (255 - opacity)) / 255);
}
