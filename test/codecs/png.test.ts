import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { png } from "../../src/codecs/png.ts";
import { createLessor } from "../../src/core/lease.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture, loadWasm } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, numbered, paint, rejectionOf, scene } from "../support/pictures.ts";
import { harness, offsetView } from "./harness.ts";

const { decode, encode } = harness(png);
const raw = (picture: { width: number; height: number; data: Uint8Array }) =>
  sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 4 } });

describe("png", () => {
  test.each([
    [1, 1],
    [1, 9],
    [9, 1],
    [7, 5],
    [61, 43],
    [200, 3],
  ])("round trip of %ix%i is exact, transparency too", async (width, height) => {
    const picture = numbered(width, height);
    const bytes = await encode(picture);
    const { data, alpha } = await decode(bytes);
    expect(data).toEqual(picture.data);
    expect(alpha).toBe(true);
    expect(await decodeWithSharp(bytes)).toMatchObject({ width, height, format: "png", data: picture.data });
  });
  test("color under full transparency is kept", async () => {
    const picture = paint(5, 4, (x, y) => [x * 50, y * 60, 77, 0]);
    expect((await decode(await encode(picture))).data).toEqual(picture.data);
  });

  // biome-ignore format: one row per case
  test.each([
    ["RGB",                  () => encodeWithSharp(scene(40, 30), "png")],
    ["RGBA",                 () => encodeWithSharp(scene(40, 30, true), "png")],
    ["interlaced",           () => encodeWithSharp(scene(41, 31, true), "png", { progressive: true })],
    ["a palette",            () => encodeWithSharp(scene(40, 30), "png", { palette: true, colours: 16 })],
    ["a palette with transparency", () => encodeWithSharp(scene(40, 30, true), "png", { palette: true })],
    ["gray",                 async () => new Uint8Array(await raw(scene(40, 30)).removeAlpha().toColourspace("b-w").png().toBuffer())],
    ["gray with alpha",      async () => new Uint8Array(await raw(scene(40, 30, true)).toColourspace("b-w").png().toBuffer())],
    ["one bit",              async () => new Uint8Array(await raw(scene(40, 30)).removeAlpha().toColourspace("b-w").threshold().png({ palette: true, colours: 2 }).toBuffer())],
  ])("decode agrees with libvips on %s", async (_name, make) => {
    const bytes = await make();
    const [ours, theirs] = [await decode(bytes), await decodeWithSharp(bytes)];
    expect(difference(ours, theirs).largest).toBe(0);
    expect(ours.alpha).toBe(probe(bytes).alpha);
  });
  test("16 bits a sample become 8, within 1 of libvips", async () => {
    const bytes = new Uint8Array(await raw(scene(40, 30)).removeAlpha().toColourspace("rgb16").png().toBuffer());
    expect(probe(bytes).bitDepth).toBe(16);
    expect(difference(await decode(bytes), await decodeWithSharp(bytes)).largest).toBeLessThanOrEqual(1);
  });
  test.each(["boxes.png", "dice.png"])("decode agrees with libvips on %s", async (name) => {
    const bytes = await fixture(name);
    expect(difference(await decode(bytes), await decodeWithSharp(bytes)).largest).toBe(0);
  });

  test("a view with another byteOffset gives the same", async () => {
    const picture = scene(30, 20, true);
    const bytes = await encode(picture);
    expect(await encode({ ...picture, data: offsetView(picture.data, 5) })).toEqual(bytes);
    expect(await decode(offsetView(bytes, 13))).toEqual(await decode(bytes));
  });
  test("encode does not change its input", async () => {
    const picture = scene(30, 20, true);
    const before = picture.data.slice();
    await encode(picture);
    expect(picture.data).toEqual(before);
  });
  test("bytes that are no whole picture are CORRUPT_IMAGE", async () => {
    const bytes = await encode(scene(60, 50));
    const damaged = bytes.slice();
    damaged[Math.floor(bytes.length / 2)]! ^= 0x55; // a checksum or the zlib stream notices
    for (const broken of [bytes.subarray(0, 60), bytes.subarray(0, Math.floor(bytes.length / 2)), damaged]) {
      expect((await rejectionOf(decode(broken))).code).toBe("CORRUPT_IMAGE");
    }
    expect((await decode(bytes)).data).toEqual(scene(60, 50).data);
  });
});

describe("gray rasters and efforts", () => {
  const tools = { lease: createLessor(loadWasm, () => undefined), checkpoint: () => undefined };
  const OPTIONS = { quality: 100, progressive: false, lossless: true, effort: "fast", chroma: "420" } as const;
  test("gray8 is written as gray and comes back as RGBA", async () => {
    const data = Uint8Array.from({ length: 50 * 30 }, (_, i) => (i * 7) & 255);
    const raster = { layout: "gray8", width: 50, height: 30, data, alpha: false } as const;
    const bytes = await png.encode(raster, OPTIONS, tools);
    expect(probe(bytes)).toMatchObject({ width: 50, height: 30, colorSpace: "gray", alpha: false, bitDepth: 8 });
    const decoded = await decode(bytes);
    expect(decoded.data).toEqual(Uint8Array.from({ length: 50 * 30 * 4 }, (_, i) => (i % 4 === 3 ? 255 : data[i >> 2]!)));
    expect(decoded.alpha).toBe(false);
  });
  test("small is smaller and the same picture", async () => {
    const picture = scene(300, 200, true);
    const [fast, small] = [await encode(picture), await encode(picture, 100, true, { effort: "small" })];
    expect(small.length).toBeLessThan(fast.length);
    expect((await decode(small)).data).toEqual(picture.data);
  });
  test("an instance that failed is not used again", async () => {
    const good = await encode(scene(70, 60));
    const before = await decode(good);
    for (let length = 40; length < good.length; length += 97) {
      expect((await rejectionOf(decode(good.subarray(0, length)))).code).toBe("CORRUPT_IMAGE");
      expect(await decode(good)).toEqual(before);
    }
  });
});

const FOLDERS = ["png", "logos", "icc", "edge", "broken", "animated", "orientation", "photos"];
const files = HAS_CORPUS
  ? FOLDERS.flatMap((folder) => readdirSync(join(CORPUS, folder)).map((name) => `${folder}/${name}`)).filter((name) =>
      /png$/.test(name),
    )
  : [];
/** Damaged beyond use, or not whole: libvips, asked to go on, shows what there is of the last three. */
const REFUSED = [
  ...["bad_iCCP", "xdtn0g01", "xd3n2c08", "xc1n0g08", "xlfn0g04", "xs1n0g01"],
  ...["broken_data_stream", "huge_IDAT", "truncated"],
];
/** Not a PNG, or one whose header claims too much for a decoder to be asked. */
const OTHERS = ["broken/jpeg-named.png", "broken/bomb-16384x16384.png"];

describe.skipIf(files.length === 0)("files of the corpus", () => {
  test.each(files.filter((name) => !OTHERS.includes(name)))("%s", async (name) => {
    const bytes = new Uint8Array(readFileSync(join(CORPUS, name)));
    const refused = name.startsWith("broken/") && REFUSED.some((stem) => name.includes(stem));
    if (refused) {
      const read = async () => decode(bytes);
      expect(["CORRUPT_IMAGE", "UNSUPPORTED_FORMAT"]).toContain((await rejectionOf(read())).code);
      return;
    }
    const ours = await decode(bytes);
    // Without the conversion that libvips makes of a profile: pixels as they are stored
    const theirs = sharp(withoutProfile(bytes), { failOn: "none" }).toColourspace("srgb").ensureAlpha();
    expect(Buffer.compare(ours.data, new Uint8Array(await theirs.raw().toBuffer()))).toBe(0);
    const again = await encode(ours, 100, ours.alpha);
    expect(Buffer.compare((await decode(again)).data, ours.data)).toBe(0);
  });
});

/** The file with the type of its color chunks changed to one that nobody knows. */
function withoutProfile(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  for (const name of ["iCCP", "cICP", "gAMA", "cHRM"]) {
    const at = Buffer.from(copy.buffer, copy.byteOffset, copy.length).indexOf(name);
    if (at > 0) copy.set(Buffer.from("zzZz"), at);
  }
  return copy;
}
