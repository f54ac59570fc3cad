import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { scale } from "../../src/pixels/scale.ts";
import { difference, type Pixels, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

const resample = (source: Pixels, width: number, height: number) =>
  runStage(scale, source, { filter: "lanczos3", linear: false }, { alpha: false, output: { width, height } });

/** sin(πx)/πx · sin(πx/3)/(πx/3) for |x| < 3. */
function lanczos3(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  return (3 * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / 3)) / (Math.PI * Math.PI * x * x);
}
/** One axis in doubles: weights of every source px around each center, stretched when shrinking, summing to 1. */
function resampleAxis(data: Float64Array, count: number, from: number, to: number, stride: number, step: number): Float64Array {
  const output = new Float64Array((data.length / from) * to);
  const ratio = from / to;
  const stretch = Math.max(1, ratio);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * ratio;
    const taps: [number, number][] = [];
    for (let j = Math.floor(center - 3 * stretch); j < Math.ceil(center + 3 * stretch); j++) {
      taps.push([Math.min(from - 1, Math.max(0, j)), lanczos3((j + 0.5 - center) / stretch)]); // edges are replicated
    }
    const total = taps.reduce((sum, [, weight]) => sum + weight, 0);
    for (let line = 0; line < count; line++) {
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (const [j, weight] of taps) sum += weight * data[line * (stride === 4 ? from * 4 : 4) + j * step + c]!;
        output[line * (stride === 4 ? to * 4 : 4) + i * (stride === 4 ? 4 : count * 4) + c] = sum / total;
      }
    }
  }
  return output;
}
/** The definition of Lanczos-3 resampling, in floating point and without any shortcut. */
function reference(source: Pixels, width: number, height: number): Pixels {
  const rows = resampleAxis(Float64Array.from(source.data), source.height, source.width, width, 4, 4);
  const both = resampleAxis(rows, width, source.height, height, 0, width * 4);
  return { width, height, data: Uint8Array.from(both, (value) => Math.min(255, Math.max(0, Math.round(value)))) };
}

describe("scale equals the definition of Lanczos-3", () => {
  const source = scene(120, 80);
  // biome-ignore format: one row per case
  test.each([[60, 40], [37, 29], [10, 7], [1, 1], [119, 79], [240, 160], [133, 91], [20, 200], [300, 10]])("120x80 to %ix%i: mean ≤ 0.25, largest ≤ 2", async (width, height) => {
    const { mean, largest } = difference(await resample(source, width, height), reference(source, width, height));
    expect(mean).toBeLessThanOrEqual(0.25);
    expect(largest).toBeLessThanOrEqual(2);
  });
});

test("scale agrees with libvips' lanczos3 when shrinking", async () => {
  const source = scene(400, 267);
  for (const [width, height] of [
    [200, 134],
    [100, 67],
    [333, 222],
    [50, 200],
  ] as const) {
    const data = await sharp(source.data, { raw: { width: 400, height: 267, channels: 4 } })
      .resize(width, height, { kernel: "lanczos3", fit: "fill" })
      .raw()
      .toBuffer();
    const { mean } = difference(await resample(source, width, height), { width, height, data: new Uint8Array(data) });
    expect(mean, `${width}x${height}`).toBeLessThanOrEqual(1); // libvips shrinks by whole factors first and rounds in between
  }
});

test("scale leaves its input as it is", async () => {
  const source = scene(30, 20);
  const before = source.data.slice();
  await resample(source, 15, 10);
  expect(source.data).toEqual(before);
});
