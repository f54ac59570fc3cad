import { describe, expect, test } from "vitest";
import { blurMemoryBytes } from "../../src/kernels/effects/blur.ts";
import { blurExtent, blurKernel, decay, WEIGHT_SUM } from "../../src/kernels/effects/gauss.ts";
import { blur as reference } from "../../src/kernels/reference/blur.ts";
import { BUILDS, copyOf, createInstance, effects, extreme, speckled } from "./effects-module.ts";

const none = () => undefined;

// biome-ignore format: one row per case
const SIZES = [[1, 1], [1, 7], [9, 1], [2, 2], [3, 5], [17, 4], [33, 19], [70, 41]] as const;
const FULL = process.env["OPALENS_TEST_FULL"] === "1";
// The twin takes ten seconds for each
const WIDE_SIZES = FULL ? SIZES.slice(4, 6) : SIZES.slice(4, 5);
// On the picture itself: usual, nearly a box, radius 1, longer than the picture; on 1 to 7 smaller ones, the curve whole and cut off
// biome-ignore format: one row per case
const KERNELS = [[2000, 6], [25000, 3], [300, 1], [2900, 50], [1000, 50], [50000, 50], [30000, 20], [9000, 21], [12000, 19], [2100, 7], [3000, 9], [8000, 24], [12500, 38], [20000, 50], [60000, 180], [250000, 750]] as const;

describe.each(FULL ? KERNELS : KERNELS.slice(0, -1))("blur kernels, sigma %i/1000, radius %i", (sigmaMilli, radius) => {
  // The twin is slow on what is halved often: few sizes are enough for that
  test.each(sigmaMilli < 50_000 || radius < 100 ? SIZES : WIDE_SIZES)(
    "equal the reference for %ix%i px, opaque and not",
    (width, height) => {
      for (const alpha of [false, true]) {
        for (const make of [speckled, extreme]) {
          const picture = make(width, height, alpha, width * 31 + height);
          const want = reference(picture.data, width, height, !alpha, blurKernel(sigmaMilli, radius));
          for (const build of BUILDS) {
            const got = copyOf(picture);
            effects[build].blur(got, sigmaMilli, radius, none);
            expect(Buffer.compare(got.data, want), `${build}, alpha ${alpha}`).toBe(0);
          }
        }
      }
    },
  );
});

test.each([
  [1000, 3],
  [2000, 6],
  [3000, 9],
  [6000, 18],
  [50000, 25],
] as const)("every length of a row and of a column: sigma %i/1000, radius %i", (sigmaMilli, radius) => {
  for (let size = 1; size <= 40; size++) {
    for (const [width, height] of [
      [size, 5],
      [6, size],
    ] as const) {
      for (const alpha of [false, true]) {
        const picture = speckled(width, height, alpha, size);
        const want = reference(picture.data, width, height, !alpha, blurKernel(sigmaMilli, radius));
        for (const build of BUILDS) {
          const got = copyOf(picture);
          effects[build].blur(got, sigmaMilli, radius, none);
          expect(Buffer.compare(got.data, want), `${build}, ${width}x${height}, alpha ${alpha}`).toBe(0);
        }
      }
    }
  }
});

test("a tall picture goes round the rings of rows many times", () => {
  for (const [sigmaMilli, radius] of [
    [2000, 6],
    [9000, 27],
    [50000, 50],
  ] as const) {
    for (const build of BUILDS) {
      const picture = speckled(3, 500, true);
      const want = reference(picture.data, 3, 500, false, blurKernel(sigmaMilli, radius));
      effects[build].blur(picture, sigmaMilli, radius, none);
      expect(Buffer.compare(picture.data, want)).toBe(0);
    }
  }
});

test("a picture that starts at an odd byte gives the same", () => {
  const picture = speckled(20, 11, true);
  const shifted = new Uint8Array(picture.data.length + 3).subarray(3);
  shifted.set(picture.data);
  const other = { ...picture, data: shifted };
  for (const each of [picture, other]) effects.effects.blur(each, 1500, 5, none);
  expect(Buffer.compare(picture.data, other.data)).toBe(0);
});

// biome-ignore format: one row per case
test.each([...KERNELS.map((kernel) => [...kernel, 3001, 40] as const), ...[[300, 1, 42_426, 2], [3000, 9, 42_426, 20], [50_000, 50, 42_426, 60], [250_000, 750, 42_426, 2]] as const])("memory stays below what is announced: sigma %i/1000, radius %i, %ix%i px", (sigmaMilli, radius, width, height) => {
  const { api, memoryBytes } = createInstance();
  const picture = speckled(width, height, true);
  api.sharpen(copyOf(picture), sigmaMilli, radius, 1000, none);
  const once = memoryBytes();
  api.sharpen(copyOf(picture), sigmaMilli, radius, 1000, none);
  expect(memoryBytes()).toBe(once); // the second picture reuses what the first one took
  const announced = blurMemoryBytes(picture, blurExtent(sigmaMilli, radius));
  expect(once).toBeLessThanOrEqual(announced);
  expect(announced).toBeLessThan(once * 2 + 256 * 1024);
});

test("pause is called often enough and its error stops the work", () => {
  let pauses = 0;
  effects.effects.blur(speckled(4, 400, false), 2000, 6, () => pauses++);
  expect(pauses).toBeGreaterThan(10);
  const { api } = createInstance();
  expect(() =>
    api.blur(speckled(4, 400, false), 20000, 60, () => {
      throw new Error("late");
    }),
  ).toThrow("late");
});

test("decay: e^-x to 1e-12", () => {
  for (let x = 0; x < 70; x += 0.0137) expect(Math.abs(decay(x) - Math.exp(-x))).toBeLessThan(1e-12);
  expect(decay(0)).toBe(1);
  expect(decay(1e6)).toBe(0);
});

describe("blurKernel", () => {
  const every = [...KERNELS];
  for (let sigmaMilli = 300; sigmaMilli <= 250_000; sigmaMilli = Math.ceil(sigmaMilli * 1.07)) {
    every.push([sigmaMilli, Math.ceil((3 * sigmaMilli) / 1000)] as never);
  }
  test("weights add up to one, and their radius is at most what memory is reckoned with", () => {
    for (const [sigmaMilli, radius] of every) {
      const kernel = blurKernel(sigmaMilli, radius);
      let sum = kernel.weights[0]!;
      for (let d = 1; d < kernel.weights.length; d++) sum += 2 * kernel.weights[d]!;
      expect(sum, `sigma ${sigmaMilli}`).toBe(WEIGHT_SUM);
      const extent = blurExtent(sigmaMilli, radius);
      expect(kernel.levels).toBe(extent.levels);
      expect(kernel.weights.length - 1).toBeLessThanOrEqual(Math.max(1, extent.radius));
    }
  });
  test("sums of products stay in 32 bits, and partial ones too", () => {
    for (const [sigmaMilli, radius] of every) {
      const { weights } = blurKernel(sigmaMilli, radius);
      let size = Math.abs(weights[0]!);
      for (let d = 1; d < weights.length; d++) size += 2 * Math.abs(weights[d]!);
      expect(size * 16384, `sigma ${sigmaMilli}`).toBeLessThan(2 ** 31 - 16384);
    }
  });
  // biome-ignore format: one row per case
  test.each([[1999, 6, 0], [2000, 6, 1], [4399, 14, 1], [4400, 14, 2], [50000, 50, 2], [50000, 19, 0], [8000, 20, 1], [50000, 150, 5], [250000, 750, 7]])("sigma %i/1000, radius %i: halved %i times", (sigmaMilli, radius, levels) => {
    expect(blurKernel(sigmaMilli, radius).levels).toBe(levels);
  });
  test("the number of weights does not grow with sigma", () => {
    for (const [sigmaMilli, radius] of every) {
      if (radius >= (5 * sigmaMilli) / 2000 || radius >= 20)
        expect(blurKernel(sigmaMilli, radius).weights.length).toBeLessThanOrEqual(16);
    }
  });
  test("radius 3 with a sigma of 25 is nearly a box of 7", () => {
    const { weights } = blurKernel(25000, 3);
    expect(weights).toHaveLength(4);
    for (const weight of weights) expect(Math.abs(weight / WEIGHT_SUM - 1 / 7)).toBeLessThan(0.001);
  });
});
