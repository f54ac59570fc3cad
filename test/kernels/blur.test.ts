import { describe, expect, test } from "vitest";
import { blurMemoryBytes } from "../../src/kernels/blur.ts";
import { blurKernel, decay, WEIGHT_SUM } from "../../src/kernels/gauss.ts";
import { blur as reference } from "../../src/kernels/reference/blur.ts";
import { copyOf, createInstance, effects, speckled } from "./effects-module.ts";

const none = () => undefined;

// biome-ignore format: one row per case
const SIZES = [[1, 1], [1, 7], [9, 1], [2, 2], [3, 5], [17, 4], [33, 19], [70, 41]] as const;
// Direct: usual, nearly a box, radius 1, longer than the picture; cells: even and odd factors, larger than the picture
// biome-ignore format: one row per case
const KERNELS = [[2000, 6], [25000, 3], [300, 1], [5000, 50], [1000, 50], [8000, 24], [12500, 38], [20000, 50], [100000, 300]] as const;

describe.each(KERNELS)("blur kernels, sigma %i/1000, radius %i", (sigmaMilli, radius) => {
  test.each(SIZES)("equal the reference for %ix%i px, opaque and not", (width, height) => {
    for (const alpha of [false, true]) {
      const picture = speckled(width, height, alpha, width * 31 + height);
      const want = reference(picture.data, width, height, !alpha, blurKernel(sigmaMilli, radius));
      effects.blur(picture, sigmaMilli, radius, none);
      expect(Buffer.compare(picture.data, want), `alpha ${alpha}`).toBe(0);
    }
  });
});

test("a tall picture goes round the ring of rows many times", () => {
  for (const [sigmaMilli, radius] of [
    [2000, 6],
    [9000, 27],
  ] as const) {
    const picture = speckled(3, 500, true);
    const want = reference(picture.data, 3, 500, false, blurKernel(sigmaMilli, radius));
    effects.blur(picture, sigmaMilli, radius, none);
    expect(Buffer.compare(picture.data, want)).toBe(0);
  }
});

test("a picture that starts at an odd byte gives the same", () => {
  const picture = speckled(20, 11, true);
  const shifted = new Uint8Array(picture.data.length + 3).subarray(3);
  shifted.set(picture.data);
  const other = { ...picture, data: shifted };
  for (const each of [picture, other]) effects.blur(each, 1500, 5, none);
  expect(Buffer.compare(picture.data, other.data)).toBe(0);
});

// biome-ignore format: one row per case
test.each([...KERNELS.map((kernel) => [...kernel, 3001, 40] as const), ...[[300, 1, 42_426, 2], [250_000, 750, 42_426, 2]] as const])("memory stays below what is announced: sigma %i/1000, radius %i, %ix%i px", (sigmaMilli, radius, width, height) => {
  const { api, memoryBytes } = createInstance();
  const picture = speckled(width, height, true);
  api.blur(copyOf(picture), sigmaMilli, radius, none);
  const once = memoryBytes();
  api.blur(copyOf(picture), sigmaMilli, radius, none);
  expect(memoryBytes()).toBe(once); // the second picture reuses what the first one took
  const announced = blurMemoryBytes(picture, blurKernel(sigmaMilli, radius));
  expect(once).toBeLessThanOrEqual(announced);
  expect(announced).toBeLessThan(once * 2 + 256 * 1024);
});

test("pause is called often enough and its error stops the work", () => {
  let pauses = 0;
  effects.blur(speckled(4, 400, false), 2000, 6, () => pauses++);
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
  test.each(KERNELS)("weights add up: sigma %i/1000, radius %i", (sigmaMilli, radius) => {
    const kernel = blurKernel(sigmaMilli, radius);
    const weights = kernel.kind === "direct" ? kernel.weights : kernel.down;
    let sum = weights[0]!;
    for (let d = 1; d < weights.length; d++) sum += 2 * weights[d]!;
    if (kernel.kind === "direct") expect(sum).toBe(WEIGHT_SUM);
    else expect(sum).toBeCloseTo(1, 12);
  });
  // biome-ignore format: one row per case
  test.each([[7999, 24, "direct"], [8000, 24, "cells"], [50000, 50, "direct"], [50000, 125, "cells"], [250000, 750, "cells"]])("sigma %i/1000, radius %i: %s", (sigmaMilli, radius, kind) => {
    expect(blurKernel(sigmaMilli, radius).kind).toBe(kind);
  });
  test("radius 3 with a sigma of 25 is nearly a box of 7", () => {
    const { weights } = blurKernel(25000, 3) as { weights: Uint32Array };
    expect(weights).toHaveLength(4);
    for (const weight of weights) expect(Math.abs(weight / WEIGHT_SUM - 1 / 7)).toBeLessThan(0.001);
  });
});
