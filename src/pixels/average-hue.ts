import type { RgbaRaster } from "../core/raster.ts";

/**
 * Furthest from the mean hue, in degrees, that a pixel may be to count. OSS does not publish it; all of 45.4 to 46.8 give the
 * color that the service gives for the documentation's picture (OSS IMG reference, section 7.5), 47 misses it by a level.
 */
const NEAR_DEG = 46;

/**
 * Average tone as R, G and B of 0..255, as OSS's average-hue finds it (OSS IMG reference, section 7.5): the mean of the HSV
 * hues in degrees from 0 to 360 (grays are 0), then the mean color, truncated, of the pixels whose hue is near it.
 * Pixels count by their alpha, which OSS does not document. Where none is near, all count; a clear picture is black.
 */
export function averageHue(raster: RgbaRaster): readonly [number, number, number] {
  const { data } = raster;
  let hues = 0;
  let weights = 0;
  for (let at = 0; at < data.length; at += 4) {
    const a = data[at + 3]!;
    hues += hueOf(data[at]!, data[at + 1]!, data[at + 2]!) * a;
    weights += a;
  }
  if (weights === 0) return [0, 0, 0];
  const mean = hues / weights;
  return meanColor(data, mean, NEAR_DEG) ?? meanColor(data, mean, 360) ?? [0, 0, 0];
}

/** undefined where no pixel that can be seen has a hue within `near` degrees of `hue`. */
function meanColor(data: Uint8Array, hue: number, near: number): readonly [number, number, number] | undefined {
  let [r, g, b, weights] = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (Math.abs(hueOf(data[at]!, data[at + 1]!, data[at + 2]!) - hue) > near) continue;
    const a = data[at + 3]!;
    r += data[at]! * a;
    g += data[at + 1]! * a;
    b += data[at + 2]! * a;
    weights += a;
  }
  if (weights === 0) return undefined;
  return [Math.floor(r / weights), Math.floor(g / weights), Math.floor(b / weights)];
}

/** Smith 1978: 0 ≤ hue < 360 in degrees, 0 for grays. */
function hueOf(r: number, g: number, b: number): number {
  const max = r > g ? (r > b ? r : b) : g > b ? g : b;
  const min = r < g ? (r < b ? r : b) : g < b ? g : b;
  if (max === min) return 0;
  const chroma = max - min;
  if (max === r) return (60 * (g - b)) / chroma + (g < b ? 360 : 0);
  return max === g ? (60 * (b - r)) / chroma + 120 : (60 * (r - g)) / chroma + 240;
}
