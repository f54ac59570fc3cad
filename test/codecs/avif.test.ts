import { describe, expect, test } from "vitest";
import { avif } from "../../src/codecs/avif.ts";
import { probe } from "../../src/probe/index.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, pixelAt, psnr, scene, ssim } from "../support/pictures.ts";
import { harness, offsetView } from "./harness.ts";
import { testLossless } from "./lossless.ts";

const { decode, encode } = harness(avif);
const picture = scene(130, 87);

describe("avif.decode", () => {
  // biome-ignore format: one row per case
  test.each([
    ["4:4:4",        false, 0.5, { quality: 70, chromaSubsampling: "4:4:4" }],
    ["4:2:0",        false, 2,   { quality: 70, chromaSubsampling: "4:2:0" }], // upsampled differently; 1.74 measured on these hard edges
    ["alpha",        true,  0.5, { quality: 70, chromaSubsampling: "4:4:4" }],
    ["lossless",     false, 0,   { lossless: true }],
  ])("agrees with libvips on %s", async (_name, alpha, most, options) => {
    const bytes = await encodeWithSharp(scene(61, 43, alpha), "avif", { ...options, effort: 0 });
    const [ours, theirs] = [await decode(bytes), await decodeWithSharp(bytes)];
    expect(difference(ours, theirs).mean).toBeLessThanOrEqual(most);
    expect(ours.alpha).toBe(alpha);
  });
  test("agrees with libvips on a photograph", async () => {
    const bytes = await fixture("paris.avif");
    expect(difference(await decode(bytes), await decodeWithSharp(bytes)).mean).toBeLessThanOrEqual(1.5);
  });
  test("a view with another byteOffset gives the same pixels", async () => {
    const bytes = await fixture("paris.avif");
    expect((await decode(offsetView(bytes, 9))).data).toEqual((await decode(bytes)).data);
  });
});

test("avif: irot comes out upright, also where EXIF is not to be applied", async () => {
  const library = testLibrary();
  const bytes = await fixture("irot-alpha.avif");
  const header = await library.probe(bytes);
  expect(header.orientation).not.toBe(1);
  const upright = await decodeWithSharp(bytes); // libheif applies irot and imir
  for (const text of ["image/format,png", "image/format,png/auto-orient,0"]) {
    const { data, width, height } = await library.transform(bytes, text);
    expect([width, height]).toEqual([upright.width, upright.height]);
    const ours = await decodeWithSharp(data);
    expect(difference(ours, upright).mean).toBeLessThanOrEqual(1.5);
  }
});

describe("avif.encode", () => {
  test("is read back by libvips, close to what it was", async () => {
    for (const [quality, least] of [
      [30, 0.85],
      [50, 0.92],
      [90, 0.97],
    ] as const) {
      const back = await decodeWithSharp(await encode(picture, quality, false));
      expect(back).toMatchObject({ width: 130, height: 87, format: "avif" });
      expect(ssim(picture, back), `quality ${quality}`).toBeGreaterThanOrEqual(least);
    }
  });
  test("keeps alpha", async () => {
    const clear = scene(64, 40, true);
    const bytes = await encode(clear, 80);
    expect(probe(bytes).alpha).toBe(true);
    const back = await decodeWithSharp(bytes);
    expect(pixelAt(back, 60, 4)[3]).toBeLessThanOrEqual(4);
    expect(pixelAt(back, 2, 2)[3]).toBeGreaterThanOrEqual(250);
    const alpha = (data: Uint8Array) => data.filter((_, i) => i % 4 === 3);
    const [got, want] = [alpha(back.data), alpha(clear.data)];
    const off = got.reduce((sum, value, i) => sum + Math.abs(value - want[i]!), 0) / want.length;
    expect(off).toBeLessThanOrEqual(3);
  });
  test("more quality is more bytes and more likeness", async () => {
    const results = [];
    for (const quality of [10, 40, 70, 95]) {
      const bytes = await encode(picture, quality, false);
      results.push({ size: bytes.length, psnr: psnr(picture, await decodeWithSharp(bytes)) });
    }
    for (const [i, result] of results.slice(1).entries()) {
      expect(result.size).toBeGreaterThan(results[i]!.size);
      expect(result.psnr).toBeGreaterThan(results[i]!.psnr);
    }
  });
  test.each([
    [1, 1],
    [3, 20],
    [33, 17],
  ])("writes %ix%i", async (width, height) => {
    expect(await decodeWithSharp(await encode(scene(width, height), 80, false))).toMatchObject({ width, height });
  });
  test("the same input gives the same bytes, and is not changed", async () => {
    const before = picture.data.slice();
    expect(await encode(picture, 60, false)).toEqual(
      await encode({ ...picture, data: offsetView(picture.data, 2) }, 60, false),
    );
    expect(picture.data).toEqual(before);
  });
});

describe("avif.encode, lossless", () => testLossless(avif));
