import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { webp } from "../../src/codecs/webp.ts";
import { createLibrary } from "../../src/library.ts";
import { probe } from "../../src/probe/index.ts";
import { fixture, loadWasm } from "../support/library.ts";
import {
  decodeWithSharp,
  difference,
  encodeWithSharp,
  type Pixels,
  paint,
  pixelAt,
  psnr,
  rejectionOf,
  scene,
  ssim,
} from "../support/pictures.ts";
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

describe("webp.decode, resampled", () => {
  /** The result's pixels, and which of the two decoders was loaded. */
  async function transform(bytes: Uint8Array, request: string) {
    const loaded = new Set<string>();
    const spy: typeof loadWasm = (name) => {
      loaded.add(name);
      return loadWasm(name);
    };
    const noFonts = () => Promise.reject(new Error("no text"));
    const { data } = await createLibrary(spy, noFonts, () => 0).transform(bytes, `${request}/format,png`);
    const decoders = [...loaded].filter((name) => name === "webp_dec" || name.startsWith("vp8"));
    return { pixels: await decodeWithSharp(data), decoders };
  }
  async function bySharp(bytes: Uint8Array, width: number, height: number): Promise<Pixels> {
    const resized = await sharp(bytes, { failOn: "none" })
      .ensureAlpha()
      .resize(width, height, { fit: "fill", fastShrinkOnLoad: false });
    return { width, height, data: new Uint8Array(await resized.raw().toBuffer()) };
  }
  const large = scene(403, 251);

  // biome-ignore format: one row per case
  test.each([
    ["lossy, smaller",             false, { quality: 80 },    "image/resize,w_101,h_63,m_fixed", ["vp8"]],
    ["lossy, hardly smaller",      false, { quality: 80 },    "image/resize,w_390,h_240,m_fixed", ["vp8"]],
    ["lossy, larger",              false, { quality: 80 },    "image/resize,w_520,h_320,m_fixed,limit_0", ["webp_dec"]],
    ["lossy, as it is",            false, { quality: 80 },    "image/auto-orient,1",             ["webp_dec"]],
    ["lossy with alpha, smaller",  true,  { quality: 80 },    "image/resize,w_101,h_63,m_fixed", ["webp_dec"]],
    ["lossless, smaller",          false, { lossless: true }, "image/resize,w_101,h_63,m_fixed", ["webp_dec"]],
  ] as const)("%s", async (_name, alpha, options, request, decoders) => {
    const bytes = await encodeWithSharp(alpha ? scene(403, 251, true) : large, "webp", options);
    const ours = await transform(bytes, request);
    expect(ours.decoders).toEqual(decoders);
    const { mean } = difference(ours.pixels, await bySharp(bytes, ours.pixels.width, ours.pixels.height));
    expect(mean).toBeLessThan(1);
  });
  test("a part of a picture with a profile, EXIF and its own place for both", async () => {
    const plain = sharp(large.data, { raw: { width: 403, height: 251, channels: 4 } }).removeAlpha();
    const bytes = new Uint8Array(
      await plain
        .withExif({ IFD0: { Copyright: "nobody" } })
        .webp({ quality: 90 })
        .toBuffer(),
    );
    expect(String.fromCharCode(...bytes.subarray(12, 16))).toBe("VP8X");
    const { pixels, decoders } = await transform(bytes, "image/crop,x_101,y_51,w_200,h_150/resize,w_100,h_75,m_fixed");
    expect(decoders).toEqual(["vp8"]);
    const part = sharp(bytes).ensureAlpha().extract({ left: 101, top: 51, width: 200, height: 150 });
    const data = new Uint8Array(
      await sharp(await part.png().toBuffer())
        .resize(100, 75, { fit: "fill" })
        .ensureAlpha()
        .raw()
        .toBuffer(),
    );
    expect(difference(pixels, { width: 100, height: 75, data }).mean).toBeLessThan(1);
  });
  test("colors, black and white keep their full range", async () => {
    const colors = [
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [230, 20, 30, 255],
      [20, 200, 40, 255],
      [30, 40, 220, 255],
    ] as const;
    const bytes = await encodeWithSharp(
      paint(320, 64, (x) => colors[Math.floor(x / 64)]!),
      "webp",
      { quality: 100 },
    );
    const { pixels } = await transform(bytes, "image/resize,w_160,h_32,m_fixed");
    for (const [i, color] of colors.entries()) {
      for (const [c, value] of pixelAt(pixels, 16 + 32 * i, 16).entries())
        expect(Math.abs(value - color[c]!)).toBeLessThanOrEqual(3);
    }
  });
  test("what ends early or is damaged is CORRUPT_IMAGE", async () => {
    const bytes = await encodeWithSharp(large, "webp");
    for (const length of [40, 60, 200, bytes.length >> 1, bytes.length - 1]) {
      const { code } = await rejectionOf(transform(bytes.slice(0, length), "image/resize,w_100"));
      expect(code).toBe("CORRUPT_IMAGE");
    }
  });
  // biome-ignore format: one row per case
  test.each([
    ["lossy",                 false, { quality: 80 },    true],
    ["lossless",              false, { lossless: true }, false],
    ["lossy with alpha",      true,  { quality: 80 },    true],
    ["lossless with alpha",   true,  { lossless: true }, false],
  ])("the probe tells %s", async (_name, alpha, options, lossy) => {
    expect(probe(await encodeWithSharp(scene(61, 43, alpha), "webp", options)).lossy).toBe(lossy);
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
