import { TransformError } from "../core/errors.ts";
import { createRgba, type GrayRaster, type Layout, type Raster, type RgbaRaster, type YcbcrRaster } from "../core/raster.ts";

/** The raster itself where its layout is among those taken, else converted to rgba8, which every codec and step takes. */
export function toLayout(raster: Raster, layouts: readonly Layout[]): Raster {
  if (layouts.includes(raster.layout)) return raster;
  if (!layouts.includes("rgba8")) throw new TransformError("INTERNAL", `no conversion from ${raster.layout} to ${layouts}`);
  if (raster.layout === "gray8") return grayToRgba(raster);
  return raster.layout === "ycbcr8" ? ycbcrToRgba(raster) : raster;
}

function grayToRgba({ width, height, data }: GrayRaster): RgbaRaster {
  const output = createRgba(width, height, false);
  for (let i = 0, at = 0; i < data.length; i++, at += 4) {
    const value = data[i]!;
    output.data[at] = value;
    output.data[at + 1] = value;
    output.data[at + 2] = value;
    output.data[at + 3] = 255;
  }
  return output;
}

/**
 * JFIF 1.02 page 3, in 16-bit fixed point: R = Y + 1.402 Cr, G = Y − 0.344136 Cb − 0.714136 Cr, B = Y + 1.772 Cb.
 * Each pixel takes the chroma sample that covers it.
 */
function ycbcrToRgba(raster: YcbcrRaster): RgbaRaster {
  const { width, height, planes, subsampleX, subsampleY } = raster;
  const [luma, blue, red] = planes;
  const output = createRgba(width, height, false);
  for (let y = 0, at = 0; y < height; y++) {
    const chromaRow = Math.floor(y / subsampleY) * blue.width;
    for (let x = 0; x < width; x++, at += 4) {
      const chroma = chromaRow + Math.floor(x / subsampleX);
      const level = (luma.data[y * width + x]! << 16) + 0x8000;
      const cb = blue.data[chroma]! - 128;
      const cr = red.data[chroma]! - 128;
      output.data[at] = clamp((level + 91881 * cr) >> 16);
      output.data[at + 1] = clamp((level - 22554 * cb - 46802 * cr) >> 16);
      output.data[at + 2] = clamp((level + 116130 * cb) >> 16);
      output.data[at + 3] = 255;
    }
  }
  return output;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
