import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { png } from "../../src/codecs/png.ts";
import { probe } from "../../src/probe/index.ts";
import { fixture } from "../support/library.ts";
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
