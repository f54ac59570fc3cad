import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { avif } from "../../src/codecs/avif.ts";
import { withAvifExif } from "../../src/codecs/exif-avif.ts";
import { jpeg } from "../../src/codecs/jpeg.ts";
import { png } from "../../src/codecs/png.ts";
import { webp } from "../../src/codecs/webp.ts";
import { probe } from "../../src/probe/index.ts";
import { fixture } from "../support/library.ts";
import { decodeWithSharp, difference, failureOf, scene } from "../support/pictures.ts";
import { harness } from "./harness.ts";

/** A TIFF stream written by libexif, of that many bytes more than it needs. */
async function streamOf(text: string, padding = 0): Promise<Uint8Array> {
  const exif = { IFD0: { Copyright: text, Artist: "Grace Hopper" }, IFD3: { GPSLatitudeRef: "N" } };
  const file = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .jpeg()
    .withExif(exif)
    .toBuffer();
  const block = new Uint8Array((await sharp(file).metadata()).exif!).subarray(6); // behind "Exif\0\0"
  const stream = new Uint8Array(block.length + padding);
  stream.set(block);
  return stream;
}
/** What libvips finds in a file, without the prefixes of JPEG and HEIF. */
async function exifBySharp(bytes: Uint8Array): Promise<Uint8Array> {
  const block = new Uint8Array((await sharp(bytes).metadata()).exif ?? []);
  const start = Buffer.from(block).indexOf("II*\0", 0, "latin1");
  return block.subarray(start < 0 ? block.length : start);
}

const CODECS = { jpeg, png, webp, avif };
// biome-ignore format: one row per case
const CASES = [
  ["jpeg", "a baseline file",    false, {}],
  ["jpeg", "a progressive file", false, { progressive: true }],
  ["png",  "transparency",       true,  {}],
  ["webp", "a VP8 file",         false, {}],
  ["webp", "a VP8X file",        true,  {}],
  ["webp", "a VP8L file",        false, { lossless: true }],
  ["webp", "a VP8L file with alpha", true, { lossless: true }],
  ["avif", "one item",           false, {}],
  ["avif", "an alpha item",      true,  {}],
  ["avif", "a lossless file",    true,  { lossless: true }],
] as const;

describe.each(CASES)("exif in %s: %s", (name, _what, alpha, options) => {
  const { decode, encode } = harness(CODECS[name]);
  const picture = scene(61, 43, alpha);
  test.each([0, 1, 2, 3, 4000])("is found byte for byte by libvips and by our prober (%i bytes more)", async (padding) => {
    const exif = await streamOf("(c) 1952", padding);
    const bytes = await encode(picture, undefined, alpha, { ...options, exif });
    expect(await exifBySharp(bytes)).toEqual(exif);
    const header = probe(bytes);
    expect(header.exif).toMatchObject({ Copyright: "(c) 1952", Artist: "Grace Hopper" });
    expect(header).toMatchObject({ width: 61, height: 43, alpha, orientation: 1, format: name });
  });
  test("changes no pixel", async () => {
    const plain = await encode(picture, undefined, alpha, options);
    const bytes = await encode(picture, undefined, alpha, { ...options, exif: await streamOf("someone") });
    expect(bytes.length).toBeGreaterThan(plain.length);
    expect(await decode(bytes)).toEqual(await decode(plain));
    const [ours, theirs] = [await decodeWithSharp(bytes), await decodeWithSharp(plain)];
    expect(difference(ours, theirs)).toEqual({ mean: 0, largest: 0 });
  });
});

describe("exif that is too long for a JPEG segment", () => {
  const { encode } = harness(jpeg);
  test("of 65527 bytes is in the file, one byte more is left out", async () => {
    const short = await streamOf("x");
    const longest = await streamOf("x", 65_527 - short.length);
    expect(await exifBySharp(await encode(scene(20, 10), 80, false, { exif: longest }))).toEqual(longest);
    const longer = await streamOf("x", 65_528 - short.length);
    expect(await encode(scene(20, 10), 80, false, { exif: longer })).toEqual(await encode(scene(20, 10), 80, false));
  });
});

test("an AVIF of another writer is refused, not damaged", async () => {
  const foreign = await fixture("irot-alpha.avif");
  const stream = await streamOf("x");
  for (const bytes of [foreign.subarray(0, 100), foreign.subarray(40)]) {
    expect(failureOf(() => withAvifExif(bytes, stream)).code).toBe("INTERNAL");
  }
});
