import { describe, expect, test } from "vitest";
import { blurKernel } from "../../src/kernels/effects/gauss.ts";
import { blurred } from "../../src/kernels/reference/blur.ts";
import { unsharp as reference } from "../../src/kernels/reference/unsharp.ts";
import { BUILDS, copyOf, effects, extreme, speckled } from "./effects-module.ts";

const none = () => undefined;

// biome-ignore format: one row per case
const SIZES = [[1, 1], [1, 9], [8, 1], [3, 2], [16, 5], [35, 23]] as const;

function expectReference(width: number, height: number, sigmaMilli: number, radius: number, amountMilli: number): void {
  for (const alpha of [false, true]) {
    for (const make of [speckled, extreme]) {
      const picture = make(width, height, alpha, width * 17 + height);
      const before = blurred(picture.data, width, height, !alpha, blurKernel(sigmaMilli, radius));
      const want = reference(picture.data, before, amountMilli);
      for (const build of BUILDS) {
        const got = copyOf(picture);
        effects[build].sharpen(got, sigmaMilli, radius, amountMilli, none);
        expect(Buffer.compare(got.data, want), `${build}, ${width}x${height}, alpha ${alpha}`).toBe(0);
      }
    }
  }
}

describe.each([
  [700, 3, 500],
  [700, 3, 1000],
  [700, 3, 3990],
  [700, 3, 6990],
  [3000, 9, 1000],
  [10000, 30, 1000],
] as const)("unsharp kernel, sigma %i/1000, radius %i, amount %i/1000", (sigmaMilli, radius, amountMilli) => {
  test.each(SIZES)("equals the reference for %ix%i px, opaque and not", (width, height) => {
    expectReference(width, height, sigmaMilli, radius, amountMilli);
  });
});

test("unsharp equals the reference at every length of a row", () => {
  for (let width = 1; width <= 40; width++) expectReference(width, 3, 700, 3, 1370);
});

test.each(BUILDS)("%s keeps every alpha, and clear pixels to their hidden color", (build) => {
  const picture = speckled(31, 17, true, 5);
  const got = copyOf(picture);
  effects[build].sharpen(got, 700, 3, 3990, none);
  for (let i = 0; i < got.data.length; i += 4) {
    expect(got.data[i + 3]).toBe(picture.data[i + 3]);
    if (picture.data[i + 3] === 0) expect(got.data.slice(i, i + 4)).toEqual(picture.data.slice(i, i + 4));
  }
  expect(Buffer.compare(got.data, picture.data)).not.toBe(0);
});
