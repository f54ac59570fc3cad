import { describe, expect, test } from "vitest";
import { webp } from "../../src/codecs/webp.ts";
import { probe } from "../../src/probe/index.ts";
import { fixture } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, paint, pixelAt, psnr, scene, ssim } from "../support/pictures.ts";
import { harness, offsetView } from "./harness.ts";
import { testLossless } from "./lossless.ts";

const { decode, encode } = harness(webp);
const picture = scene(130, 87);

describe("webp.decode", () => {
  // biome-ignore format: one row per case
  test.each([
    ["lossy",             false, { quality: 80 }],
    ["lossy with alpha",  true,  { quality: 80 }],
    ["lossless",          false, { lossless: true }],
    ["lossless with alpha", true, { lossless: true }],
  ])("agrees with libvips on %s", async (_name, alpha, options) => {
    const bytes = await encodeWithSharp(scene(61, 43, alpha), "webp", options);
    const [ours, theirs] = [await decode(bytes), await decodeWithSharp(bytes)];
    expect(difference(ours, theirs).largest).toBeLessThanOrEqual(1); // both are libwebp
    expect(ours.alpha).toBe(alpha);
  });
  test("agrees with libvips on a picture of Google's gallery", async () => {
    const bytes = await fixture("lossy_alpha1.webp");
    expect(difference(await decode(bytes), await decodeWithSharp(bytes)).largest).toBeLessThanOrEqual(1);
  });
  test.each([
    [1, 1],
    [1, 30],
    [30, 1],
    [17, 16],
  ])("reads and writes %ix%i", async (width, height) => {
    const bytes = await encode(scene(width, height), 90, false);
    expect(await decode(bytes)).toMatchObject({ width, height });
    expect(await decodeWithSharp(bytes)).toMatchObject({ width, height, format: "webp" });
  });
  // The flags of a VP8X chunk are at 20; alpha_is_used of a VP8L chunk is bit 28 behind its signature byte (RFC 9649 section 3.4)
  test.each([
    ["VP8X", { quality: 80 }, 20],
    ["VP8L", { lossless: true }, 24],
  ])("alpha that the header of %s denies is not shown, as by libvips", async (name, options, flagsAt) => {
    const bytes = (await encodeWithSharp(scene(61, 43, true), "webp", options)).slice();
    expect(String.fromCharCode(...bytes.subarray(12, 16))).toBe(name);
    bytes[flagsAt] = bytes[flagsAt]! & ~0x10;
    const [ours, theirs] = [await decode(bytes), await decodeWithSharp(bytes)];
    expect(ours.alpha).toBe(false);
    expect(difference(ours, theirs).largest).toBeLessThanOrEqual(1);
    expect(ours.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });
  test("a view with another byteOffset gives the same pixels", async () => {
    const bytes = await encodeWithSharp(picture, "webp");
    expect(await decode(offsetView(bytes, 9))).toEqual(await decode(bytes));
  });
});

describe("webp.encode", () => {
  test("is read back by libvips, close to what it was", async () => {
    for (const [quality, least] of [
      [50, 0.9],
      [80, 0.95],
      [95, 0.97],
    ] as const) {
      expect(
        ssim(picture, await decodeWithSharp(await encode(picture, quality, false))),
        `quality ${quality}`,
      ).toBeGreaterThanOrEqual(least);
    }
  });
  test("keeps alpha exactly", async () => {
    const clear = scene(64, 40, true);
    const bytes = await encode(clear, 80);
    expect(probe(bytes).alpha).toBe(true);
    const back = await decodeWithSharp(bytes);
    for (let i = 3; i < clear.data.length; i += 4) expect(back.data[i]).toBe(clear.data[i]);
  });
  test("an opaque picture is written without alpha", async () => {
    expect(probe(await encode(picture, 80, false)).alpha).toBe(false);
  });
  test("more quality is more bytes and more likeness", async () => {
    const results = [];
    for (const quality of [5, 30, 60, 90]) {
      const bytes = await encode(picture, quality, false);
      results.push({ size: bytes.length, psnr: psnr(picture, await decodeWithSharp(bytes)) });
    }
    for (const [i, result] of results.slice(1).entries()) {
      expect(result.size).toBeGreaterThan(results[i]!.size);
      expect(result.psnr).toBeGreaterThan(results[i]!.psnr);
    }
  });
  test("red, green and blue stay where they are", async () => {
    const flags = paint(48, 32, (x) => (x < 16 ? [230, 20, 30, 255] : x < 32 ? [20, 200, 40, 255] : [30, 40, 220, 255]));
    const back = await decodeWithSharp(await encode(flags, 95, false));
    for (const x of [8, 24, 40]) {
      for (const [c, value] of pixelAt(flags, x, 16).entries())
        expect(Math.abs(pixelAt(back, x, 16)[c]! - value)).toBeLessThanOrEqual(8);
    }
  });
  test("the same input gives the same bytes, and is not changed", async () => {
    const before = picture.data.slice();
    expect(await encode(picture, 70, false)).toEqual(
      await encode({ ...picture, data: offsetView(picture.data, 1) }, 70, false),
    );
    expect(picture.data).toEqual(before);
  });
});

describe("webp.encode, lossless", () => testLossless(webp));
