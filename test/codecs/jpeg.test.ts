import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { jpeg } from "../../src/codecs/jpeg.ts";
import { createLessor } from "../../src/core/lease.ts";
import type { Probe } from "../../src/core/probe.ts";
import { probe } from "../../src/probe/index.ts";
import { fixture, loadWasm } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, paint, psnr, scene, ssim } from "../support/pictures.ts";
import { codecTools, harness, OF_LIBJPEG, offsetView } from "./harness.ts";

const { decode, encode } = harness(jpeg);
const picture = scene(130, 87);

// biome-ignore format: one row per case
test.each([
  ["8 of 8 of what is reduced by 3.4, all chroma", 400, 300, false, 1360],
  ["4 of 8 of what is reduced by 3.4, if halved",  400, 300, true,  680 ],
  ["4 of 8 from 3.5 on, all chroma",               388, 291, false, 680 ],
  ["3 of 8 from 4 on, if halved",                  340, 255, true,  510 ],
  ["4 of 8 there, all chroma",                     340, 255, false, 680 ],
  ["2 of 8",                                       194, 145, false, 340 ],
  ["1 of 8",                                       90,  67,  false, 170 ],
])("jpeg keeps %s", (_name, width, height, halvedChroma, kept) => {
  const header = { format: "jpeg", width: 1360, height: 1020, colorSpace: "rgb" } as Probe;
  const region = { x: 0, y: 0, width: 1360, height: 1020 };
  expect(jpeg.rowsOf?.(header, { region, size: { width, height }, halvedChroma })?.width).toBe(kept);
});

describe("jpeg.decode", () => {
  // biome-ignore format: one row per case
  test.each([
    ["4:2:0",         { chromaSubsampling: "4:2:0" }],
    ["4:4:4",         { chromaSubsampling: "4:4:4" }],
    ["progressive",   { progressive: true, mozjpeg: false }],
    ["restart-less optimized", { optimizeCoding: true }],
    ["mozjpeg's own scans", { mozjpeg: true }],
    ["low quality",   { quality: 5 }],
  ])("agrees with libvips on %s", async (_name, options) => {
    const bytes = await encodeWithSharp(picture, "jpeg", options);
    const ours = await decode(bytes);
    const { mean, largest } = difference(ours, await decodeWithSharp(bytes));
    expect(mean).toBeLessThanOrEqual(OF_LIBJPEG.mean);
    expect(largest).toBeLessThanOrEqual(OF_LIBJPEG.largest);
    expect(ours.alpha).toBe(false);
  });
  test("reads gray", async () => {
    const gray = paint(61, 40, (x, y) => [(x * 4) & 255, (x * 4) & 255, (x * 4) & 255, 255 - (y - y)]);
    const bytes = await encodeWithSharp(gray, "jpeg", { quality: 95 });
    const sharp = (await import("sharp")).default;
    const single = new Uint8Array(await sharp(bytes).toColourspace("b-w").jpeg({ quality: 95 }).toBuffer());
    expect(probe(single).colorSpace).toBe("gray");
    expect(difference(await decode(single), await decodeWithSharp(single)).largest).toBeLessThanOrEqual(1);
  });
  test.each([
    [1, 1],
    [1, 50],
    [50, 1],
    [7, 9],
    [8, 8],
    [17, 16],
    [33, 31],
  ])("reads %ix%i", async (width, height) => {
    const bytes = await encodeWithSharp(scene(width, height), "jpeg", { quality: 90 });
    const { mean, largest } = difference(await decode(bytes), await decodeWithSharp(bytes));
    expect(mean).toBeLessThanOrEqual(0.3); // a single odd sample weighs much in a picture of one
    expect(largest).toBeLessThanOrEqual(OF_LIBJPEG.largest);
  });
  test("leaves the EXIF orientation to the plan", async () => {
    const bytes = await fixture("landscape-6.jpg");
    const { width, height } = probe(bytes);
    expect(await decode(bytes)).toMatchObject({ width, height });
  });
  test("a view with another byteOffset gives the same pixels", async () => {
    const bytes = await encodeWithSharp(picture, "jpeg");
    for (const offset of [1, 7, 4096]) expect(await decode(offsetView(bytes, offset))).toEqual(await decode(bytes));
  });
});

describe("jpeg.encode", () => {
  test("is read back by libvips, close to what it was", async () => {
    for (const [quality, least] of [
      [60, 0.92],
      [82, 0.96],
      [95, 0.975],
    ] as const) {
      const back = await decodeWithSharp(await encode(picture, quality, false));
      expect(back.format).toBe("jpeg");
      expect(ssim(picture, back), `quality ${quality}`).toBeGreaterThanOrEqual(least);
    }
    expect(psnr(picture, await decodeWithSharp(await encode(picture, 95, false)))).toBeGreaterThan(30);
  });
  test("a photograph at the default quality keeps its structure", async () => {
    const original = await decode(await fixture("example.jpg"));
    expect(ssim(original, await decodeWithSharp(await encode(original, undefined, false)))).toBeGreaterThanOrEqual(0.97);
  });
  test("is baseline 4:2:0 with the IJG quality exactly as asked, at every quality", async () => {
    const small = scene(24, 16);
    const wrong: string[] = [];
    for (let quality = 1; quality <= 100; quality++) {
      const header = probe(await encode(small, quality, false));
      if (header.quality !== quality || header.coding !== "baseline" || header.chroma !== "4:2:0" || header.bitDepth !== 8) {
        wrong.push(`${quality}: ${header.quality} ${header.coding} ${header.chroma}`);
      }
    }
    expect(wrong).toEqual([]);
  });
  test("carries no metadata", async () => {
    const header = probe(await encode(picture, 82, false));
    expect(header).toMatchObject({ exif: {}, icc: "none", orientation: 1, width: 130, height: 87 });
  });
  test("more quality is more bytes and more likeness", async () => {
    const sizes: number[] = [];
    const likeness: number[] = [];
    for (const quality of [10, 30, 50, 70, 90]) {
      const bytes = await encode(picture, quality, false);
      sizes.push(bytes.length);
      likeness.push(psnr(picture, await decodeWithSharp(bytes)));
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(likeness).toEqual([...likeness].sort((a, b) => a - b));
    expect(new Set(sizes).size).toBe(5);
  });
  test.each([
    [1, 1],
    [1, 40],
    [40, 1],
    [15, 17],
  ])("writes %ix%i", async (width, height) => {
    const source = scene(width, height);
    const back = await decodeWithSharp(await encode(source, 95, false));
    expect([back.width, back.height]).toEqual([width, height]);
  });
  test("does not change its input, and gives the same bytes again", async () => {
    const before = picture.data.slice();
    const [first, second] = [
      await encode(picture, 80, false),
      await encode({ ...picture, data: offsetView(picture.data, 3) }, 80, false),
    ];
    expect(second).toEqual(first);
    expect(picture.data).toEqual(before);
  });
  test("writes gray as one component", async () => {
    const data = Uint8Array.from({ length: 12 * 7 }, (_, i) => (i * 37) & 255);
    const options = { quality: 95, progressive: false, lossless: false, effort: "fast", chroma: "420" } as const;
    const raster = { layout: "gray8", width: 12, height: 7, data, alpha: false } as const;
    const bytes = await jpeg.encode(raster, options, codecTools(createLessor(loadWasm, () => undefined)));
    expect(probe(bytes)).toMatchObject({ width: 12, height: 7, colorSpace: "gray", quality: 95 });
  });
});

describe("jpeg.encode, progressive", () => {
  const progressive = { progressive: true };
  test("is progressive with the quality as asked, and shows what the baseline one does", async () => {
    for (const quality of [24, 60, 80, 100]) {
      const bytes = await encode(picture, quality, false, progressive);
      expect(probe(bytes)).toMatchObject({ coding: "progressive", quality, chroma: "4:2:0", bitDepth: 8 });
      expect((await sharp(bytes).metadata()).isProgressive).toBe(true);
      const shown = await decodeWithSharp(bytes);
      expect(difference(shown, await decodeWithSharp(await encode(picture, quality, false))).largest).toBe(0);
      expect(difference(await decode(bytes), shown).mean).toBeLessThanOrEqual(OF_LIBJPEG.mean);
    }
  });
  test("has no 16-bit quantization table at any quality; the smallest one is baseline where that takes one", async () => {
    const wrong: string[] = [];
    for (let quality = 1; quality <= 100; quality++) {
      for (const effort of ["fast", "small"] as const) {
        const bytes = await encode(scene(24, 16), quality, false, { ...progressive, effort });
        const header = probe(bytes);
        const wide = tablePrecisions(bytes).some((precision) => precision !== 0);
        const coding = effort === "small" && quality < 24 ? "baseline" : "progressive";
        if (wide || header.coding !== coding || header.quality !== quality)
          wrong.push(`${quality}: ${effort} ${header.coding}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** Precision of each quantization table of a file whose DQT segments hold one table each (ITU-T T.81 section B.2.4.1). */
function tablePrecisions(bytes: Uint8Array): readonly number[] {
  const found: number[] = [];
  for (let at = 2; bytes[at + 1] !== 0xda; at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!) {
    if (bytes[at + 1] === 0xdb) found.push(bytes[at + 4]! >> 4);
  }
  expect(found.length).toBeGreaterThan(0);
  return found;
}
