import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import type { GrayRaster, RgbaRaster } from "../../src/core/raster.ts";
import { type PngKernels, pngEncodeBytes } from "../../src/kernels/png/index.ts";
import { fixture } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { failureOf, numbered, type Pixels, paint, scene } from "../support/pictures.ts";
import { BUILDS, collect, pngKernels, toRgba } from "./png-module.ts";

let [vectors, scalar]: (PngKernels & { memoryBytes(): number })[] = [];
beforeAll(async () => {
  [vectors, scalar] = await Promise.all(BUILDS.map(pngKernels));
});
const none = () => undefined;
const EFFORTS = ["fast", "small"] as const;

function rgba({ width, height, data }: Pixels, alpha = true): RgbaRaster {
  return { layout: "rgba8", width, height, data, alpha };
}
function gray(width: number, height: number, sample: (x: number, y: number) => number): GrayRaster {
  const data = Uint8Array.from({ length: width * height }, (_, i) => sample(i % width, Math.floor(i / width)));
  return { layout: "gray8", width, height, data, alpha: false };
}
/** Color type and bit depth of the header. PNG 3rd edition section 11.2.1. */
function formOf(file: Uint8Array): string {
  return `${file[25]}/${file[24]}`;
}
async function viaSharp(file: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await sharp(file).toColourspace("srgb").ensureAlpha().raw().toBuffer());
}

/** Encodes with both efforts and builds, checks that libvips and our decoder give every pixel back; the quick file. */
async function roundTrip(raster: RgbaRaster | GrayRaster): Promise<Uint8Array> {
  const before = raster.data.slice();
  const expected =
    raster.layout === "rgba8"
      ? before
      : Uint8Array.from({ length: before.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : before[i >> 2]!));
  const files = EFFORTS.map((effort) => vectors!.encode(raster, effort, none));
  for (const [i, file] of files.entries()) {
    expect(Buffer.compare(scalar!.encode(raster, EFFORTS[i]!, none), file), "SIMD and scalar build").toBe(0);
    expect(Buffer.compare(await viaSharp(file), expected), `libvips, ${EFFORTS[i]}`).toBe(0);
    expect(Buffer.compare(toRgba(collect(vectors!, file, true)), expected), `our decoder, ${EFFORTS[i]}`).toBe(0);
  }
  expect(files[1]!.length).toBeLessThanOrEqual(files[0]!.length);
  expect(Buffer.compare(raster.data, before), "the picture is left as it was").toBe(0);
  return files[0]!;
}

describe("every pixel comes back", () => {
  const kinds: readonly (readonly [string, (width: number, height: number) => RgbaRaster | GrayRaster])[] = [
    ["opaque", (w, h) => rgba(scene(w, h), false)],
    ["opaque, not known to be", (w, h) => rgba(scene(w, h))],
    ["with alpha", (w, h) => rgba(scene(w, h, true))],
    ["every pixel different", (w, h) => rgba(numbered(w, h))],
    ["noise", (w, h) => rgba({ width: w, height: h, data: noise(w * h * 4, w * 21 + h) })],
    ["gray", (w, h) => gray(w, h, (x, y) => (x * 13 + y * 29) & 255)],
    ["few grays", (w, h) => gray(w, h, (x, y) => ((x * y) % 3) * 100)],
    [
      "gray with alpha",
      (w, h) => rgba(paint(w, h, (x, y) => [(x * 9) & 255, (x * 9) & 255, (x * 9) & 255, (y * 31 + x) & 255])),
    ],
    ["one color", (w, h) => rgba(paint(w, h, () => [7, 80, 200, 255]))],
    ["clear, with colors", (w, h) => rgba(paint(w, h, (x, y) => [x & 255, y & 255, 3, 0]))],
  ];
  test.each(kinds)("%s, sizes 1 to 20", async (_name, make) => {
    for (let size = 1; size <= 20; size++) await roundTrip(make(size, ((size * 13) % 20) + 1));
  });
  test.each(kinds)("%s, larger than bands and blocks", async (_name, make) => {
    await roundTrip(make(411, 333));
  });
  test("very wide, and very high", async () => {
    await roundTrip(rgba(scene(20_000, 3, true)));
    await roundTrip(rgba(scene(3, 5000)));
    await roundTrip(gray(1, 70_000, (_, y) => (y * y) >> 9));
  });
  test.each(["dice.png", "boxes.png", "p3.png", "orientation-6.png"])("%s", async (name) => {
    const { data, info } = await sharp(await fixture(name))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    await roundTrip(rgba({ width: info.width, height: info.height, data: new Uint8Array(data) }));
  });
});

describe("the smallest form that holds the pixels", () => {
  const colors = (count: number, alpha: (i: number) => number = () => 255) =>
    rgba(
      paint(40, 40, (x, y) => {
        const i = (y * 40 + x) % count;
        return [i & 255, (i * 7) & 255, (i >> 3) & 255, alpha(i)];
      }),
    );
  const levels = (count: number) => gray(40, 40, (x, y) => ((y * 40 + x) % count) * 3);
  const same = (v: number, a: number) => [v, v, v, a] as const;
  // biome-ignore format: one row per case
  test.each([
    ["an opaque photograph as RGB",               rgba(scene(40, 40)),                                                    "2/8"],
    ["one with alpha as RGBA",                    rgba(scene(40, 40, true)),                                              "6/8"],
    ["2 colors in a bit",                         colors(2),                                                              "3/1"],
    ["3 colors in two bits",                      colors(3),                                                              "3/2"],
    ["5 colors in four bits",                     colors(5),                                                              "3/4"],
    ["17 colors in eight bits",                   colors(17),                                                             "3/8"],
    ["256 colors in a palette",                   colors(256),                                                            "3/8"],
    ["257 colors as RGB",                         colors(257),                                                            "2/8"],
    ["256 colors of which some are clear",        colors(256, (i) => (i % 9 === 0 ? 0 : 255)),                            "3/8"],
    ["257 colors of which some are clear",        colors(257, (i) => (i % 9 === 0 ? 0 : 255)),                            "6/8"],
    ["gray as gray",                              gray(40, 40, (x, y) => x * 5 + y),                                      "0/8"],
    ["16 grays in four bits",                     levels(16),                                                             "3/4"],
    ["17 grays as gray",                          levels(17),                                                             "0/8"],
    ["gray that comes as RGBA",                   rgba(paint(40, 40, (x, y) => [...same(x * 5 + y, 255)] as [number, number, number, number])), "0/8"],
    ["gray with alpha of many kinds",             rgba(paint(40, 40, (x, y) => [...same(x * 5, y * 6)] as [number, number, number, number])),     "4/8"],
    ["one pixel without a palette of its own",    rgba(paint(1, 1, () => [1, 2, 3, 255])),                                "2/8"],
  ])("%s", async (_name, raster, form) => {
    expect(formOf(await roundTrip(raster))).toBe(form);
  });
  test("the last pixel alone decides", async () => {
    for (const [at, form] of [
      [3, "6/8"],
      [0, "2/8"],
    ] as const) {
      const { width, height, data } = paint(
        300,
        200,
        (x, y) => [...same((x + y) & 255, 255)] as [number, number, number, number],
      );
      expect(formOf(await roundTrip(rgba({ width, height, data })))).toBe("0/8");
      data[data.length - 4 + at]! ^= 1;
      expect(formOf(await roundTrip(rgba({ width, height, data })))).toBe(at === 3 ? "4/8" : form);
    }
  });
  test("tRNS ends with the last color that is not opaque", async () => {
    const file = await roundTrip(colors(100, (i) => (i === 99 ? 17 : 255)));
    const at = Buffer.from(file).indexOf("tRNS");
    expect([...file.subarray(at - 4, at + 5)]).toEqual(
      [0, 0, 0, 1, ..."tRNS"].map((c) => (typeof c === "string" ? c.charCodeAt(0) : c)).concat(17),
    );
  });
});

describe("bytes", () => {
  const photo = async (width: number, options: object = {}) => {
    const { data, info } = await sharp(await fixture("road.jpg"))
      .resize(width, undefined, options)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: new Uint8Array(data) };
  };
  test("a photograph takes far less than libvips' default, and thoroughly no more than its best", async () => {
    const picture = await photo(700);
    const raw = sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 4 } }).removeAlpha();
    const usual = (await raw.clone().png().toBuffer()).length;
    const best = (await raw.clone().png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer()).length;
    expect(vectors!.encode(rgba(picture, false), "fast", none).length).toBeLessThan(0.8 * usual);
    expect(vectors!.encode(rgba(picture, false), "small", none).length).toBeLessThan(1.01 * best);
  });
  test("text on a plain ground goes without filters, and takes no more than libvips' default", async () => {
    const lines = Array.from(
      { length: 20 },
      (_, i) =>
        `<text x="9" y="${20 + i * 19}" font-size="15" fill="hsl(${i * 31},60%,35%)">Line ${i}: ${"quick brown fox ".repeat(4)}</text>`,
    );
    const svg = `<svg width="700" height="420" xmlns="http://www.w3.org/2000/svg"><rect width="700" height="420" fill="#fafafa"/>${lines.join("")}</svg>`;
    const { data, info } = await sharp(Buffer.from(svg))
      .removeAlpha()
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const picture = rgba({ width: info.width, height: info.height, data: new Uint8Array(data) }, false);
    const usual = (
      await sharp(data, { raw: { width: 700, height: 420, channels: 4 } })
        .removeAlpha()
        .png()
        .toBuffer()
    ).length;
    const file = await roundTrip(picture);
    expect(formOf(file)).toBe("2/8");
    expect(file.length).toBeLessThan(1.03 * usual);
  });
  test("the same from an instance that has worked, from a new one and however often", async () => {
    const pictures = [rgba(await photo(300), false), rgba(scene(500, 400, true))];
    for (const picture of pictures) {
      for (const effort of EFFORTS) {
        const first = vectors!.encode(picture, effort, none);
        vectors!.encode(rgba({ width: 90, height: 80, data: noise(90 * 80 * 4, first.length) }), "small", none);
        collect(vectors!, first, true);
        expect(Buffer.compare(vectors!.encode(picture, effort, none), first)).toBe(0);
        expect(Buffer.compare((await pngKernels("png")).encode(picture, effort, none), first)).toBe(0);
      }
    }
  });
});

describe("limits", () => {
  test("memory does not grow with the height, and stays within what is promised", async () => {
    for (const width of [1, 300, 30_000]) {
      for (const effort of EFFORTS) {
        const height = width === 30_000 ? 20 : 900;
        const kernels = await pngKernels("png");
        const file = kernels.encode(rgba({ width, height, data: noise(width * height * 4) }), effort, none);
        expect(kernels.memoryBytes() + 2 * file.length).toBeLessThanOrEqual(pngEncodeBytes({ width, height }, true, effort));
        const memory = kernels.memoryBytes();
        for (let i = 0; i < 3; i++) kernels.encode(rgba({ width, height, data: noise(width * height * 4) }), effort, none);
        expect(kernels.memoryBytes()).toBe(memory);
      }
    }
  });
  test("it pauses, and may be stopped there", async () => {
    let pauses = 0;
    const picture = rgba(scene(800, 600, true));
    vectors!.encode(picture, "fast", () => pauses++);
    expect(pauses).toBeGreaterThan(10);
    const kernels = await pngKernels("png");
    const stop = () => {
      throw new TransformError("TIMEOUT", "stop");
    };
    expect(failureOf(() => kernels.encode(picture, "fast", stop)).code).toBe("TIMEOUT");
  });
});
