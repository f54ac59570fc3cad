import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { avif } from "../../src/codecs/avif.ts";
import { jpeg } from "../../src/codecs/jpeg.ts";
import { png } from "../../src/codecs/png.ts";
import { webp } from "../../src/codecs/webp.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, type Pixels, paint, scene } from "../support/pictures.ts";
import { harness, OF_LIBJPEG } from "./harness.ts";

/** What decoders make of every coding of a picture, held against libvips; codings that no encoder here writes come from the corpus. */

const codecs = { jpeg: harness(jpeg), png: harness(png), webp: harness(webp), avif: harness(avif) };
function decode(file: Uint8Array): Promise<Pixels> {
  const { format } = probe(file);
  if (!(format in codecs)) throw new Error(`no decoder for ${format}`);
  return codecs[format as keyof typeof codecs].decode(file);
}
/** libvips without its color management, which is a step of its own here. */
async function stored(file: Uint8Array): Promise<Pixels> {
  const image = sharp(file, { ignoreIcc: true }).toColourspace("srgb").ensureAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** The two are one picture, but for the roundings that are left to a JPEG decoder. */
function expectOneJpeg(a: Pixels, b: Pixels, most: number = OF_LIBJPEG.mean): void {
  const { mean, largest } = difference(a, b);
  expect(mean).toBeLessThanOrEqual(most);
  expect(largest).toBeLessThanOrEqual(OF_LIBJPEG.largest);
}

/** Sampling factors of the first component, written into the frame header of a file whose MCU holds as many blocks. */
function resampled(file: Uint8Array, factors: number): Uint8Array {
  const copy = file.slice();
  const frame = copy.findIndex((byte, i) => byte === 0xff && (copy[i + 1] === 0xc0 || copy[i + 1] === 0xc2));
  copy[frame + 11] = factors;
  return copy;
}

describe("JPEG as libvips reads it", () => {
  // 64×64 px are 16 MCUs at 2x2, 4x1 and 1x4 alike: the same blocks make a sound, if scrambled, picture
  const square = scene(64, 64);
  test.each([
    ["4:1:1", 0x41, "4:1:1", false],
    ["4:1:1 progressive", 0x41, "4:1:1", true],
    ["one chroma sample for four rows", 0x14, undefined, false],
    ["4:2:0", 0x22, "4:2:0", false],
    ["4:2:0 progressive", 0x22, "4:2:0", true],
  ])("%s", async (_name, factors, chroma, progressive) => {
    const options = { chromaSubsampling: "4:2:0", progressive, quality: 90 };
    const file = resampled(await encodeWithSharp(square, "jpeg", options), factors);
    expect(probe(file).chroma).toBe(chroma);
    expectOneJpeg(await decode(file), await stored(file));
  });
  test("RGB under an Adobe marker is not taken for YCbCr", async () => {
    const file = await encodeWithSharp(scene(61, 43), "jpeg", { chromaSubsampling: "4:4:4", quality: 95 });
    const adobe = Uint8Array.from([0xff, 0xee, 0, 14, ...new TextEncoder().encode("Adobe"), 0, 100, 0, 0, 0, 0, 0]);
    expect([...file.subarray(2, 4)]).not.toEqual([0xff, 0xe0]); // no JFIF segment, which would mean YCbCr
    const rgb = new Uint8Array([...file.subarray(0, 2), ...adobe, ...file.subarray(2)]);
    const picture = await decode(rgb);
    const { mean, largest } = difference(picture, await stored(rgb));
    expect(mean).toBeLessThanOrEqual(OF_LIBJPEG.mean);
    expect(largest).toBeLessThanOrEqual(1); // no color conversion makes more of it
    expect(difference(picture, scene(61, 43)).mean).toBeGreaterThan(30); // the numbers are YCbCr's, shown as RGB
  });
});

describe("PNG as libvips reads it", () => {
  /** All 65,536 levels of a sample. */
  test("16 bits a sample become 8 by their high byte, as in libvips: every level", async () => {
    const levels = Uint16Array.from({ length: 65_536 * 3 }, (_, i) => Math.floor(i / 3));
    const raw = sharp(levels, { raw: { width: 256, height: 256, channels: 3 } });
    const file = new Uint8Array(await raw.toColourspace("rgb16").png().toBuffer());
    expect(probe(file).bitDepth).toBe(16);
    const { data } = await decode(file);
    for (const level of [0, 255, 256, 257, 32_767, 32_768, 65_279, 65_280, 65_535]) expect(data[level * 4]).toBe(level >> 8);
    expect(difference({ width: 256, height: 256, data }, await stored(file)).largest).toBe(0);
  });
});

describe("AVIF of 10 and 12 bits", () => {
  test.each([10, 12] as const)("%i bits reach from black to white, alpha too", async (bitdepth) => {
    const ramp = paint(256, 8, (x, y) => [x, 255 - x, (x * 3) & 255, y < 4 ? 255 : x]);
    const file = await encodeWithSharp(ramp, "avif", { bitdepth, quality: 100, chromaSubsampling: "4:4:4", effort: 0 });
    expect(probe(file).bitDepth).toBe(bitdepth);
    const ours = await decode(file);
    const { mean, largest } = difference(ours, await stored(file));
    expect(mean).toBeLessThanOrEqual(0.5); // libheif cuts the extra bits off, libavif rounds
    expect(largest).toBeLessThanOrEqual(1);
    expect(difference(ours, ramp).mean).toBeLessThanOrEqual(1.5);
  });
  test.skipIf(!HAS_CORPUS)(
    "corpus: limited range without color is stretched as with color (skipped without the corpus)",
    async () => {
      const read = (name: string) => new Uint8Array(readFileSync(join(CORPUS, name)));
      const gray = await decode(read("avif/fox.profile0.8bpc.yuv420.monochrome.avif"));
      const photo = await decodeWithSharp(read("photos/fox-1mp-progressive.jpg"));
      // ITU-T H.273 matrix 9, which the file names. libheif leaves the range as it is: 9.9 off
      const luma = paint(photo.width, photo.height, (x, y) => {
        const at = (y * photo.width + x) * 4;
        const [r = 0, g = 0, b = 0] = photo.data.subarray(at, at + 3);
        const value = Math.round(0.2627 * r + 0.678 * g + 0.0593 * b);
        return [value, value, value, 255];
      });
      expect(difference(gray, luma).mean).toBeLessThanOrEqual(1.7);
    },
  );
});

describe("orientation is read alike in every container", () => {
  const turned = (file: Uint8Array) => sharp(file).autoOrient().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const containers = ["jpeg", "png", "webp", "tiff"] as const;
  // Planes are turned before their chroma is enlarged, in which libjpeg rounds up in every other column: 0.05 as stored, 0.19 mirrored
  const TURNED = 0.2;
  test.each(containers.flatMap((format) => [2, 3, 4, 5, 6, 7, 8].map((orientation) => [format, orientation] as const)))(
    "%s of orientation %i comes out as libvips turns it",
    async (format, orientation) => {
      const { width, height, data } = scene(64, 40);
      const raw = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
      const options = {
        ...(format === "webp" ? { lossless: true } : {}),
        ...(format === "tiff" ? { compression: "lzw" } : {}),
      };
      const file = new Uint8Array(await raw.withMetadata({ orientation }).toFormat(format, options).toBuffer());
      expect(probe(file).orientation).toBe(orientation);
      const result = await testLibrary().transform(file, "image/auto-orient,1/format,png");
      const theirs = await turned(file);
      const ours = await decodeWithSharp(result.data);
      expect([ours.width, ours.height]).toEqual([theirs.info.width, theirs.info.height]);
      const expected = { ...ours, data: new Uint8Array(theirs.data) };
      if (format === "jpeg") expectOneJpeg(ours, expected, TURNED);
      else expect(difference(ours, expected).largest).toBeLessThanOrEqual(1);
    },
  );
  test.each(["landscape-6.jpg", "landscape-7.jpg", "orientation-6.png"])("%s", async (name) => {
    const file = await fixture(name);
    const { data } = await testLibrary().transform(file, "image/auto-orient,1/format,png");
    const theirs = await turned(file);
    const ours = await decodeWithSharp(data);
    expect([ours.width, ours.height]).toEqual([theirs.info.width, theirs.info.height]);
    const expected = { ...ours, data: new Uint8Array(theirs.data) };
    if (name.endsWith(".jpg")) expectOneJpeg(ours, expected, TURNED);
    else expect(difference(ours, expected).largest).toBeLessThanOrEqual(1);
  });
});

describe.skipIf(!HAS_CORPUS)("the corpus as libvips reads it (skipped without the corpus)", () => {
  // biome-ignore format: one row per folder
  test.each([
    ["png", 0, 0, /./],
    ["webp", 0, 0, /./],
    ["jpeg", OF_LIBJPEG.mean, OF_LIBJPEG.largest, /baseline-227|16-bit|exif|restart|non-inter|ultrahdr/], // the rest are refused: 12 bits, arithmetic coding
    ["orientation", OF_LIBJPEG.mean, OF_LIBJPEG.largest, /jpg/],
    ["orientation", 0, 0, /png|webp/],
    ["logos", 0, 0, /png/],
    ["icc", OF_LIBJPEG.mean, OF_LIBJPEG.largest, /(gray|spin).*jpg/], // the others are CMYK, whose colors are test/pixels/convert.test.ts's
    ["icc", 0, 0, /png/],
    ["avif", 1.1, 48, /fox|grid|icc|plum/], // chroma is upsampled by another filter
  ])("%s: mean %d, largest %i", async (folder, mean, largest, names) => {
    const { readdirSync } = await import("node:fs");
    for (const name of readdirSync(join(CORPUS, folder)).filter((each) => names.test(each) && !each.includes("monochrome"))) {
      const file = new Uint8Array(readFileSync(join(CORPUS, folder, name)));
      const found = difference(await decode(file), await stored(file));
      expect(found.mean, name).toBeLessThanOrEqual(mean);
      expect(found.largest, name).toBeLessThanOrEqual(largest);
    }
  });
});
