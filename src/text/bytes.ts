import type { Size } from "../core/geometry.ts";

/** Rows worked on at a time: bounds the scratch memory, and 32 rows of a text of 1000 px keep in the cache. */
export const BAND = 32;

/** Memory of the shaper with all nine fonts in it. */
const SHAPER_BYTES = 20 * 1024 * 1024;

/**
 * Bytes held at most while a text of this size is drawn: the shaper and its fonts, the raster, one plane of coverage, the
 * rasterizer's band of doubles and its row, 1 MiB of outlines. In a file of its own, so that planning needs nothing else of the text engine.
 */
export function textBytes({ width, height }: Size): number {
  return width * height * 5 + (width + 2) * BAND * 8 + width + 1024 * 1024 + SHAPER_BYTES;
}
