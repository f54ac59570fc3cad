import { rgbaOf } from "../core/raster.ts";
import { BAND_BYTES } from "../kernels/index.ts";
import type { Stage } from "./stage.ts";

/** Samples along either side of a px: 256 of them are as many steps of coverage as alpha can show. */
const SAMPLES = 16;

/**
 * Rounds the corners with quarter circles of `diameter` px, at most the shorter side; where that is both sides, a disc is
 * left. A px is kept as far as its 16×16 samples lie within the shape; what lies beyond is cleared. All in integers, so the
 * four corners are each other's mirror images and a quarter turn of the picture turns the result. Changes the input in place.
 */
export const mask: Stage<"mask"> = {
  kind: "mask",
  layouts: ["rgba8"],
  scratchBytes: (input) => 2 * BAND_BYTES + input.width,
  async apply(raster, { params: { diameter } }, tools) {
    const { data, width, height } = rgbaOf(raster);
    const kernels = await tools.kernels();
    for (let y = 0; 2 * y < diameter; y++) {
      const left = coverageOfRow(y, diameter, width, height);
      const right = left.slice().reverse();
      // A px in the middle of an odd width is in both ends of the row, and one row of an odd height in both halves
      const shared = 2 * left.length > width ? 1 : 0;
      for (const row of 2 * y + 1 === height ? [y] : [y, height - 1 - y]) {
        const start = row * width * 4;
        const end = start + width * 4;
        kernels.mask(data.subarray(start, start + left.length * 4), left);
        kernels.mask(data.subarray(end - (right.length - shared) * 4, end), right.subarray(shared));
      }
    }
    return { layout: "rgba8", width, height, data, alpha: true };
  },
};

/** Coverage of the px at the left end of row y that the arc cuts or leaves out; 2y < diameter. */
function coverageOfRow(y: number, diameter: number, width: number, height: number): Uint8Array {
  const outside = new Array<number>(SAMPLES);
  for (let i = 0; i < SAMPLES; i++) {
    const line = y * SAMPLES + i;
    outside[i] = samplesOutside(Math.min(line, height * SAMPLES - 1 - line), diameter);
  }
  const coverage = new Uint8Array(Math.ceil(Math.max(...outside) / SAMPLES));
  for (let x = Math.floor(Math.min(...outside) / SAMPLES); x < coverage.length; x++) {
    let inside = 0;
    for (const skipped of outside) {
      const from = Math.max(x * SAMPLES, skipped);
      const to = Math.min((x + 1) * SAMPLES, width * SAMPLES - skipped); // the arc at the right reaches into the middle px of a disc
      inside += Math.max(0, to - from);
    }
    coverage[x] = Math.floor((inside * 255 + (SAMPLES * SAMPLES) / 2) / (SAMPLES * SAMPLES));
  }
  return coverage;
}

/**
 * How many samples of a line of them, counted from the top edge, lie left of the arc. In halves of a sample's distance, so
 * that sample k is at 2k + 1 and the center of the circle at diameter · SAMPLES: integers, exact as long as squares are.
 */
function samplesOutside(line: number, diameter: number): number {
  const center = diameter * SAMPLES;
  const dy = center - (2 * line + 1);
  if (dy <= 0) return 0; // below the quarter circle
  const reach = center * center - dy * dy;
  const isInside = (sample: number) => (center - (2 * sample + 1)) * (center - (2 * sample + 1)) <= reach;
  // The root only says where to look, so that its rounding cannot count
  let count = Math.max(0, Math.floor((center - Math.sqrt(reach) - 1) / 2));
  while (count > 0 && isInside(count - 1)) count--;
  while (!isInside(count)) count++;
  return count;
}
