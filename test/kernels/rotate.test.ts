import { describe, expect, test } from "vitest";
import { rotatedSize } from "../../src/core/angle.ts";
import { createRgba, type RgbaRaster } from "../../src/core/raster.ts";
import { ROTATE_MEMORY_BYTES } from "../../src/kernels/effects/rotate.ts";
import { rotate as reference } from "../../src/kernels/reference/rotate.ts";
import { BUILDS, type Build, createInstance, effects, extreme, speckled } from "./effects-module.ts";

const none = () => undefined;
function turned(picture: RgbaRaster, angleDeg: number, build: Build = "effects"): RgbaRaster {
  const { width, height } = rotatedSize(picture, angleDeg);
  const output = createRgba(width, height, true);
  effects[build].rotate(picture, angleDeg, output, none);
  return output;
}
function expectReference(picture: RgbaRaster, angleDeg: number): void {
  const want = reference(picture.data, picture, !picture.alpha, angleDeg, rotatedSize(picture, angleDeg));
  for (const build of BUILDS) {
    const got = turned(picture, angleDeg, build);
    expect(Buffer.compare(got.data, want), `${build}, ${angleDeg} degrees, alpha ${picture.alpha}`).toBe(0);
  }
}

describe("rotate kernel", () => {
  // Up to several tiles of 64 px and parts of them in both directions
  // biome-ignore format: one row per case
  test.each([[1, 1], [1, 40], [50, 1], [2, 3], [64, 64], [63, 20], [97, 150], [3, 300]])("equals the reference for %ix%i px, opaque and not", (width, height) => {
    for (const alpha of [false, true]) {
      for (const make of [speckled, extreme]) {
        const picture = make(width, height, alpha, width + 7 * height);
        for (const angleDeg of [1, 17, 45, 70, 89, 91, 133, 200, 271, 359]) expectReference(picture, angleDeg);
      }
    }
  });

  test("equals the reference for every width up to 40 px", () => {
    for (let width = 1; width <= 40; width++) {
      for (const alpha of [false, true]) expectReference(speckled(width, 9, alpha, width), 30);
    }
  });

  test("equals the reference for every angle", { timeout: 30_000 }, () => {
    const picture = speckled(41, 23, true, 3);
    for (let angleDeg = 1; angleDeg < 360; angleDeg++) expectReference(picture, angleDeg);
  });

  test("a picture that starts at an odd byte gives the same", () => {
    const picture = speckled(80, 33, true);
    const shifted = new Uint8Array(picture.data.length + 1).subarray(1);
    shifted.set(picture.data);
    expect(Buffer.compare(turned({ ...picture, data: shifted }, 33).data, turned(picture, 33).data)).toBe(0);
  });

  test("leaves its input as it is", () => {
    const picture = speckled(40, 30, true);
    turned(picture, 12);
    expect(Buffer.compare(picture.data, speckled(40, 30, true).data)).toBe(0);
  });

  test("memory does not grow with the picture and stays below what is announced", () => {
    const { api, memoryBytes } = createInstance();
    for (const side of [300, 900]) {
      const picture = speckled(side, 200, false);
      api.rotate(picture, 45, createRgba(rotatedSize(picture, 45).width, rotatedSize(picture, 45).height, true), none);
      expect(memoryBytes()).toBeLessThanOrEqual(ROTATE_MEMORY_BYTES);
    }
  });
});
