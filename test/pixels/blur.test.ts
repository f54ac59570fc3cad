import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import type { RgbaRaster } from "../../src/core/raster.ts";
import { blur } from "../../src/pixels/blur.ts";
import { speckled } from "../kernels/effects-module.ts";
import { fixture } from "../support/library.ts";
import {
  type Color,
  decodeWithSharp,
  difference,
  type Pixels,
  paint,
  pixelAt,
  rejectionOf,
  scene,
} from "../support/pictures.ts";
import { runStage, stageTools } from "./run-stage.ts";

const rasterOf = ({ width, height, data }: Pixels, alpha: boolean): RgbaRaster => ({
  layout: "rgba8",
  width,
  height,
  data: data.slice(),
  alpha,
});
async function blurOf(picture: RgbaRaster, sigmaMilli: number, radius: number): Promise<RgbaRaster> {
  return runStage(blur, picture, { sigmaMilli, radius }, { alpha: picture.alpha });
}

/** The definition in doubles: both axes, normalized, edges replicated, premultiplied, rounded once. */
function exact({ width, height, data }: Pixels, sigma: number, radius: number): Pixels {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pass = (from: Float64Array, size: number, stepOf: (x: number, y: number) => [number, number, number]) => {
    const to = new Float64Array(from.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [start, step, own] = stepOf(x, y);
        for (let d = -radius; d <= radius; d++) {
          const at = (start + Math.max(0, Math.min(own + d, size - 1)) * step) * 4;
          const weight = weights[d + radius]! / total;
          for (let c = 0; c < 4; c++) to[(y * width + x) * 4 + c]! += weight * from[at + c]!;
        }
      }
    }
    return to;
  };
  const premultiplied = Float64Array.from(data, (v, i) => (i % 4 === 3 ? v : (v * data[i - (i % 4) + 3]!) / 255));
  const rows = pass(premultiplied, width, (x, y) => [y * width, 1, x]);
  const both = pass(rows, height, (x, y) => [x, width, y]);
  const straight = both.map((v, i) => {
    const a = both[i - (i % 4) + 3]!;
    return i % 4 === 3 || a < 0.5 ? (a < 0.5 ? 0 : v) : (v * 255) / a;
  });
  return { width, height, data: Uint8Array.from(straight, (v) => Math.max(0, Math.min(255, Math.round(v)))) };
}

/** Edges of all kinds: black and white blocks, single lines and dots, and a photograph's gradients. */
const hard = paint(150, 110, (x, y) => {
  const on = x < 60 ? (x >> 3) + (y >> 3) : x < 90 ? Number(x === 75 || y === 50) : x > 110 && y > 40 ? 1 : 0;
  return [on % 2 ? 255 : 0, y < 55 ? 255 : (x * 2) & 255, (x * 7 + y * 3) & 255, 255];
});

describe("blur is the exact Gaussian", () => {
  // OSS's pairs, where the radius may cut the curve anywhere, and sigma with its radius of 3 sigma
  // biome-ignore format: one row per case
  test.each([
    [2000, 3], [25000, 3], [1000, 50], [50000, 50], [50000, 20], [5000, 50], [8000, 20], [10000, 25], [15000, 50], [20000, 50],
    [10000, 12], [10000, 20], [25000, 25], [25000, 50],
    [300, 1], [500, 2], [1000, 3], [1999, 6], [2000, 6], [2500, 8], [4000, 12], [4400, 14], [7999, 24], [8800, 27], [12000, 36], [16000, 48], [30000, 90], [100000, 300],
  ])("sigma %i/1000 cut off at %i px: largest difference ≤ 1, mean ≤ 0.15", async (sigmaMilli, radius) => {
    const { mean, largest } = difference(
      await blurOf(rasterOf(hard, false), sigmaMilli, radius),
      exact(hard, sigmaMilli / 1000, radius),
    );
    expect(largest).toBeLessThanOrEqual(1);
    expect(mean).toBeLessThanOrEqual(0.15);
  });

  test.each([
    [2000, 6],
    [12000, 36],
  ])("also where there is alpha: sigma %i/1000", async (sigmaMilli, radius) => {
    const picture = paint(120, 90, (x, y) => [x * 2, y * 2, 255 - x, (x - 50) ** 2 + (y - 40) ** 2 < 900 ? 255 - y : 0]);
    const got = await blurOf(rasterOf(picture, true), sigmaMilli, radius);
    expect(difference(got, exact(picture, sigmaMilli / 1000, radius)).largest).toBeLessThanOrEqual(1);
  });
});

test("bars as far apart as px of a smaller picture, which averages could not place, are within 1 level", async () => {
  for (const [sigmaMilli, period] of [
    [32000, 8],
    [100000, 25],
  ] as const) {
    const bars = paint(9 * period, 12, (x, y) => (x % period < period / 2 ? [0, 255, y, 255] : [255, 0, y, 255]));
    const radius = (3 * sigmaMilli) / 1000;
    const got = await blurOf(rasterOf(bars, false), sigmaMilli, radius);
    expect(difference(got, exact(bars, sigmaMilli / 1000, radius)).largest).toBeLessThanOrEqual(1);
  }
});

// Without these options libvips cuts off at 1.8 sigma and rounds weights to twentieths; e^(-9/2) is the weight at 3 sigma
test.each([0.5, 1, 2, 5, 10, 30])("blur agrees with libvips, sigma %d: mean < 0.6", async (sigma) => {
  for (const picture of [scene(300, 200), await decodeWithSharp(await fixture("example.jpg"))]) {
    const { width, height } = picture;
    const judge = await sharp(picture.data, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .blur({ sigma, precision: "float", minAmplitude: 0.0111 })
      .ensureAlpha()
      .raw()
      .toBuffer();
    const got = await blurOf(rasterOf(picture, false), sigma * 1000, Math.ceil(3 * sigma));
    expect(difference(got, { width, height, data: new Uint8Array(judge) }).mean).toBeLessThan(0.6);
  }
});

describe("blur", () => {
  test.each([
    [3000, 9],
    [20000, 60],
  ])("a flat color stays flat, with and without alpha: sigma %i/1000", async (sigmaMilli, radius) => {
    for (const alpha of [255, 254, 128, 17]) {
      const flat = paint(40, 30, () => [201, 3, 77, alpha]);
      expect(difference(await blurOf(rasterOf(flat, alpha < 255), sigmaMilli, radius), flat).largest).toBe(0);
    }
  });

  test.each([
    [3000, 9],
    [20000, 60],
  ])("hidden colors do not bleed, and what becomes clear has no color: sigma %i/1000", async (sigmaMilli, radius) => {
    const picture = paint(150, 20, (x) => (x < 30 ? [200, 30, 10, 255] : [0, 255, 0, 0])); // green, but invisible
    const got = await blurOf(rasterOf(picture, true), sigmaMilli, radius);
    const color = [200, 30, 10] as const;
    for (let x = 0; x < 150; x++) {
      const pixel = pixelAt(got, x, 9);
      if (pixel[3] === 0) expect(pixel).toEqual([0, 0, 0, 0]);
      else if (pixel[3]! > 8) for (const c of [0, 1, 2] as const) expect(Math.abs(pixel[c]! - color[c])).toBeLessThanOrEqual(1);
    }
    expect(pixelAt(got, 149, 9)).toEqual([0, 0, 0, 0]);
  });

  test("an opaque picture gives the same with and without work on alpha", async () => {
    for (const sigmaMilli of [2000, 20000]) {
      const picture = scene(90, 60);
      const radius = (3 * sigmaMilli) / 1000;
      const plain = await blurOf(rasterOf(picture, false), sigmaMilli, radius);
      expect(difference(plain, await blurOf(rasterOf(picture, true), sigmaMilli, radius)).largest).toBeLessThanOrEqual(1);
    }
  });

  test("is symmetric: a turned picture blurs to the turned result", async () => {
    const picture = speckled(37, 37, false);
    const swap = (from: RgbaRaster) => {
      const pixels = paint(37, 37, (x, y) => pixelAt(from, y, x) as Color);
      return rasterOf(pixels, false);
    };
    const [a, b] = [await blurOf(swap(picture), 9000, 27), swap(await blurOf(picture, 9000, 27))];
    expect(difference(a, b).largest).toBeLessThanOrEqual(1);
  });

  test("a deadline stops it between rows", async () => {
    const step = { kind: "blur", params: { sigmaMilli: 2000, radius: 6 }, output: { width: 4, height: 400 } } as const;
    const late = stageTools({
      checkpoint() {
        throw new TransformError("TIMEOUT", "past the deadline");
      },
    });
    const picture = speckled(4, 400, false);
    await expect(rejectionOf(blur.apply(picture, step, late) as Promise<unknown>)).resolves.toMatchObject({ code: "TIMEOUT" });
  });
});
