import sharp from "sharp";
import { expect, test } from "vitest";
import type { Raster } from "../../src/core/raster.ts";
import { jpegEncodeBytes } from "../../src/kernels/jpeg/encoder.ts";
import { fixture } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { createInstance, decode, planar, rgba } from "./jpeg-encoder-module.ts";

const none = () => undefined;

/** Planes of 0 and 255: nothing takes more bytes. */
function worst(width: number, height: number, subsample: 1 | 2): Raster {
  const random = noise(width * height * 3, 7);
  return planar(width, height, [subsample, subsample], (c, x, y) => (random[(c * height + y) * width + x]! >> 7) * 255);
}

async function photo(): Promise<Raster> {
  const { data, info } = await sharp(await fixture("road.jpg"))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return rgba({ width: info.width, height: info.height, data: new Uint8Array(data) });
}

// biome-ignore format: one row per case
test.each([[1, 1], [17, 9], [640, 480], [1501, 999], [65_500, 8], [40_000, 17]])("noise of %ix%i px at quality 100 stays below what is announced", (width, height) => {
  for (const chroma of ["420", "444"] as const) {
    for (const progressive of [false, true]) {
      const { api, memoryBytes } = createInstance();
      const raster = worst(width, height, chroma === "420" ? 2 : 1);
      const file = api.encode(raster, { quality: 100, chroma, progressive }, none);
      const once = memoryBytes();
      api.encode(raster, { quality: 100, chroma, progressive }, none);
      expect(memoryBytes()).toBe(once); // the second picture reuses what the first one took
      const announced = jpegEncodeBytes(width, height, chroma, progressive);
      expect(once + file.length, `${chroma} ${progressive}`).toBeLessThanOrEqual(announced);
      expect(announced).toBeLessThan(1.7 * (once + file.length) + (1 << 20));
    }
  }
});

test("a photo stays far below it", async () => {
  const raster = await photo();
  for (const progressive of [false, true]) {
    const { api, memoryBytes } = createInstance();
    const file = api.encode(raster, { quality: 80, chroma: "420", progressive }, none);
    const announced = jpegEncodeBytes(raster.width, raster.height, "420", progressive);
    expect(memoryBytes() + file.length).toBeLessThan(announced * 0.75);
  }
});

// 7.5 million coefficients a megapixel and 4 bytes each: beyond the 64 MiB (progressive: 8 MiB) that a scan's tokens may take
test("scans too large to be kept are gone through twice and give the same pixels", async () => {
  const raster = worst(2608, 2208, 1);
  const { api, memoryBytes } = createInstance();
  let pauses = 0;
  const sequential = api.encode(raster, { quality: 100, chroma: "444", progressive: false }, () => pauses++);
  expect(pauses).toBeGreaterThan(2 * (2208 / 8 / 8) - 1);
  expect(memoryBytes()).toBeLessThan(1.1 * (1 << 26) + sequential.length);
  const progressive = createInstance().api.encode(raster, { quality: 100, chroma: "444", progressive: true }, none);
  const [one, several] = [await decode(sequential), await decode(progressive)];
  expect([one.width, one.height]).toEqual([2608, 2208]);
  expect(Buffer.compare(one.data, several.data)).toBe(0);
});
