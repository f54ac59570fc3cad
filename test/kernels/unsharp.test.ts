import { describe, expect, test } from "vitest";
import { blurKernel } from "../../src/kernels/gauss.ts";
import { blurred } from "../../src/kernels/reference/blur.ts";
import { unsharp as reference } from "../../src/kernels/reference/unsharp.ts";
import { copyOf, effects, speckled } from "./effects-module.ts";

const none = () => undefined;

// biome-ignore format: one row per case
const SIZES = [[1, 1], [1, 9], [8, 1], [3, 2], [16, 5], [35, 23]] as const;

describe.each([
  [700, 3, 500],
  [700, 3, 1000],
  [700, 3, 3990],
  [3000, 9, 1000],
  [10000, 30, 1000],
] as const)("unsharp kernel, sigma %i/1000, radius %i, amount %i/1000", (sigmaMilli, radius, amountMilli) => {
  test.each(SIZES)("equals the reference for %ix%i px, opaque and not", (width, height) => {
    for (const alpha of [false, true]) {
      const picture = speckled(width, height, alpha, width * 17 + height);
      const before = blurred(picture.data, width, height, !alpha, blurKernel(sigmaMilli, radius));
      const want = reference(picture.data, before as Uint16Array, amountMilli);
      const got = copyOf(picture);
      effects.sharpen(got, sigmaMilli, radius, amountMilli, none);
      expect(Buffer.compare(got.data, want), `alpha ${alpha}`).toBe(0);
    }
  });
});

test("unsharp keeps every alpha, and clear pixels to their hidden color", () => {
  const picture = speckled(31, 17, true, 5);
  const got = copyOf(picture);
  effects.sharpen(got, 700, 3, 3990, none);
  for (let i = 0; i < got.data.length; i += 4) {
    expect(got.data[i + 3]).toBe(picture.data[i + 3]);
    if (picture.data[i + 3] === 0) expect(got.data.slice(i, i + 4)).toEqual(picture.data.slice(i, i + 4));
  }
  expect(Buffer.compare(got.data, picture.data)).not.toBe(0);
});
