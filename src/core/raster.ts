import { TransformError } from "./errors.ts";

/**
 * `rgba8`: packed, straight alpha, top-down. `gray8`: one plane. `ycbcr8`: three planes, BT.601 full range as in JFIF.
 * `cmyk8`: packed C, M, Y, K, 0 no ink and 255 full; it lasts until it is converted to sRGB, and nothing encodes it.
 */
export type Layout = "rgba8" | "gray8" | "ycbcr8" | "cmyk8";

/** One plane of 8-bit samples, rows packed (stride equals width). */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface RgbaRaster {
  readonly layout: "rgba8";
  readonly width: number;
  readonly height: number;
  /** width × height × 4 bytes: R, G, B, A; color is not premultiplied. */
  readonly data: Uint8Array;
  /** False promises that every A is 255, so work on alpha can be left out. */
  readonly alpha: boolean;
}
export interface GrayRaster {
  readonly layout: "gray8";
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly alpha: false;
}
export interface CmykRaster {
  readonly layout: "cmyk8";
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly alpha: false;
}
/** Chroma planes are ceil(width / subsampleX) × ceil(height / subsampleY), sited at the center of the pixels they cover. */
export interface YcbcrRaster {
  readonly layout: "ycbcr8";
  readonly width: number;
  readonly height: number;
  readonly subsampleX: 1 | 2 | 4;
  readonly subsampleY: 1 | 2 | 4;
  readonly planes: readonly [Plane, Plane, Plane];
  readonly alpha: false;
}

/** 8-bit pixels in one of the layouts, of sRGB but for cmyk8. A step owns the raster it is given and may reuse its memory. */
export type Raster = RgbaRaster | GrayRaster | YcbcrRaster | CmykRaster;

/** For code that takes rgba8 alone and must have been given it: INTERNAL otherwise. */
export function rgbaOf(raster: Raster): RgbaRaster {
  if (raster.layout === "rgba8") return raster;
  throw new TransformError("INTERNAL", `rgba8 was expected, not ${raster.layout}`);
}

export function createRgba(width: number, height: number, alpha: boolean): RgbaRaster {
  return { layout: "rgba8", width, height, data: allocate(width * height * 4), alpha };
}

/** A Uint8Array, or OUTPUT_TOO_LARGE where the runtime cannot give that much. */
export function allocate(bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new TransformError("OUTPUT_TOO_LARGE", `cannot get ${bytes} bytes of memory`, { cause });
  }
}

export function rasterBytes(raster: Raster): number {
  if (raster.layout !== "ycbcr8") return raster.data.length;
  return raster.planes.reduce((sum, plane) => sum + plane.data.length, 0);
}
