import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { avif } from "../../src/codecs/avif.ts";
import { jpeg } from "../../src/codecs/jpeg.ts";
import type { MetaRule } from "../../src/core/plan.ts";
import { metadataFor } from "../../src/metadata/index.ts";
import { type Exif, readExif } from "../../src/probe/exif.ts";
import { probe } from "../../src/probe/index.ts";
import { harness } from "../codecs/harness.ts";
import { bytes, chunk, ihdr, png, riffChunk, short, text, tiff, vp8, vp8x, webp } from "../probe/build.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { probeOf, scene } from "../support/pictures.ts";

/** Tags as libvips writes them: IFD2 is its name of the Exif directory, IFD3 of the GPS directory. */
const EXIF = {
  IFD0: { Copyright: "(c) 1952 Navy", Artist: "Grace Hopper", Make: "Acme", Model: "Roadrunner 7", Software: "film 2" },
  IFD2: { FNumber: "28/10", ExposureTime: "1/250", UserComment: "on the road", ColorSpace: "65535" },
  IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 51/1 2952/100", GPSLongitudeRef: "E", GPSLongitude: "2/1 17/1 4021/100" },
};
type Format = "jpeg" | "png" | "webp" | "avif" | "tiff";
async function source(format: Format, exif: object = EXIF, orientation = 6): Promise<Uint8Array> {
  if (format === "tiff") return asTiff(await source("jpeg", exif, orientation));
  const { width, height, data } = scene(60, 40);
  const image = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
  return new Uint8Array(await image.toFormat(format).withExif(exif).withMetadata({ orientation }).toBuffer());
}
/** The EXIF block of a JPEG as a TIFF file of its own; libvips writes no such tags into TIFF. */
async function asTiff(file: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array((await sharp(file).metadata()).exif!).subarray(6);
}
const streamFor = (bytes: Uint8Array, rule: MetaRule) =>
  metadataFor(bytes, bytes[0] === 0x49 ? probeOf(60, 40, { format: "tiff" }) : probe(bytes), rule, 1);
function read(stream: Uint8Array | undefined): Exif {
  const exif = stream === undefined ? undefined : readExif(stream);
  if (exif === undefined) throw new Error("expected a TIFF stream");
  return exif;
}

describe.each(["jpeg", "png", "webp", "avif", "tiff"] as const)("metadata of %s", (format) => {
  test("strip carries nothing", async () => {
    expect(streamFor(await source(format), "strip")).toBeUndefined();
  });
  test("copyright carries author and rights alone", async () => {
    const exif = read(streamFor(await source(format), "copyright"));
    expect(exif).toEqual({ tags: { Artist: "Grace Hopper", Copyright: "(c) 1952 Navy" } });
  });
  test("keep carries what the tags say, upright and sRGB", async () => {
    const { tags, orientation } = read(streamFor(await source(format), "keep"));
    expect(orientation).toBe(format === "avif" ? orientation : 1);
    expect(tags).toMatchObject(EXIF.IFD0);
    expect(tags).toMatchObject({ FNumber: "28/10", ExposureTime: "1/250", ColorSpace: "1" });
    expect(tags).toMatchObject({ GPSLatitudeRef: "North", GPSLongitudeRef: "East" });
    for (const name of ["PixelXDimension", "PixelYDimension", "ImageWidth", "ImageLength", "Compression", "BitsPerSample"]) {
      expect(Object.keys(tags)).not.toContain(name);
    }
  });
});

test("an upright result of a turned source is not turned again", async () => {
  for (const name of ["landscape-6.jpg", "landscape-7.jpg"]) {
    const bytes = await fixture(name);
    expect(probe(bytes).orientation).toBeGreaterThan(1);
    const { encode } = harness(jpeg);
    const result = await encode(scene(33, 20), 80, false, { exif: streamFor(bytes, "keep")! });
    expect(probe(result).orientation).toBe(1);
    expect((await sharp(result).metadata()).orientation).toBe(1);
  }
});

test("a TIFF file's strips, size and compression are not carried", async () => {
  const { width, height, data } = scene(60, 40);
  const file = await sharp(data, { raw: { width, height, channels: 4 } })
    .withMetadata({ orientation: 3 })
    .tiff()
    .toBuffer();
  const { tags } = read(streamFor(new Uint8Array(file), "keep"));
  expect(Object.keys(tags).sort()).toEqual(["Orientation", "ResolutionUnit", "XResolution", "YResolution"]);
});

describe("streams written by hand", () => {
  /** A stream of IFD0 entries [tag, type, count, value or bytes], in either byte order. */
  function stream(entries: readonly (readonly [number, number, number, number | Uint8Array])[], little: boolean): Uint8Array {
    const bytes = new Uint8Array(100_000);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, little ? 0x4949 : 0x4d4d);
    view.setUint16(2, 42, little);
    view.setUint32(4, 8, little);
    view.setUint16(8, entries.length, little);
    let outside = 10 + entries.length * 12 + 4;
    for (const [i, [tag, type, count, value]] of entries.entries()) {
      const at = 10 + i * 12;
      view.setUint16(at, tag, little);
      view.setUint16(at + 2, type, little);
      view.setUint32(at + 4, count, little);
      if (typeof value === "number") view.setUint32(at + 8, value, little);
      else {
        view.setUint32(at + 8, outside, little);
        bytes.set(value, outside);
        outside += value.length;
      }
    }
    return bytes.subarray(0, outside);
  }
  const text = (value: string) => new TextEncoder().encode(value);
  const from = (bytes: Uint8Array, rule: MetaRule) => metadataFor(bytes, probeOf(9, 9, { format: "tiff" }), rule, 1);

  test.each([true, false])("keep their byte order (little endian %s) and sorted tags", (little) => {
    const entries = [
      [0x8298, 2, 6, text("Hopper")],
      [0x010f, 2, 5, text("Acme\0")],
    ] as const;
    const result = from(stream(entries, little), "keep")!;
    expect(String.fromCharCode(result[0]!)).toBe(little ? "I" : "M");
    expect(read(result).tags).toEqual({ Make: "Acme", Copyright: "Hopper" });
    const view = new DataView(result.buffer);
    expect([view.getUint16(10, little), view.getUint16(22, little)]).toEqual([0x010f, 0x8298]);
  });
  test("blanks are no copyright, and no tags are no stream", () => {
    expect(from(stream([[0x8298, 2, 8, text("       \0")]], true), "copyright")).toBeUndefined();
    expect(from(stream([], true), "keep")).toBeUndefined();
    expect(from(stream([[0x0111, 4, 1, 8]], true), "keep")).toBeUndefined(); // an offset of strips alone
  });
  test("what does not fit into a JPEG segment is left out, the largest value first", () => {
    const long = (length: number) => new Uint8Array(length).fill(0x41);
    const entries = [
      [0x010e, 2, 50_000, long(50_000)],
      [0x010f, 2, 20_000, long(20_000)],
      [0x8298, 2, 6, text("Hopper")],
    ] as const;
    const result = from(stream(entries, true), "keep")!;
    expect(result.length).toBeLessThanOrEqual(65_527);
    expect(Object.keys(read(result).tags).sort()).toEqual(["Copyright", "Make"]);
    const exact = from(stream([[0x010e, 2, 65_400, long(65_400)]], true), "keep")!;
    expect(exact.length).toBeGreaterThan(65_400);
  });
  test("values outside the stream, directories that point at themselves and unknown tags are left out", () => {
    const entries = [
      [0x010f, 2, 5, 0x7fffffff],
      [0x0110, 2, 0xffffffff, 8],
      [0x8298, 2, 6, text("Hopper")],
      [0x8769, 4, 1, 8],
      [0x8825, 4, 1, 8],
      [0x927c, 7, 6, text("\x01\x02\x03\x04\x05\x06")],
      [0xc634, 7, 6, text("secret")],
    ] as const;
    const result = from(stream(entries, false), "keep")!;
    expect(read(result).tags).toEqual({ Copyright: "Hopper" });
    expect(Buffer.from(result).includes("secret")).toBe(false);
  });
});

describe("hostile metadata", () => {
  test.each(["jpeg", "png", "webp", "avif", "tiff"] as const)(
    "%s: cut or damaged anywhere, it ends without a throw",
    async (format) => {
      const bytes = await source(format);
      const header = { ...probe(await source("jpeg")), format };
      for (let i = 0; i < 600; i++) {
        const damaged = bytes.slice(0, i % 3 === 0 ? (i * 7919) % bytes.length : bytes.length);
        for (let hit = 0; hit < 3; hit++)
          damaged[(i * 31 + hit * 7 * i) % Math.min(damaged.length, 700)] = (i * 101 + hit * 59) & 255;
        for (const rule of ["copyright", "keep"] as const) {
          const result = metadataFor(damaged, header, rule, 1);
          expect(result === undefined || (result.length <= 65_527 && readExif(result) !== undefined)).toBe(true);
        }
      }
    },
  );
  test("formats without EXIF have none", () => {
    for (const format of ["gif", "bmp"] as const) {
      expect(metadataFor(new Uint8Array(100), probeOf(9, 9, { format }), "keep", 1)).toBeUndefined();
    }
  });
  test("a block where the prober does not look is none: behind the end of a PNG, in a WebP without VP8X", () => {
    const block = tiff([short(0x0112, 6), text(0x013b, "Grace Hopper")]);
    const header = ihdr(9, 9, 8, 2);
    const inside = png(header, chunk("eXIf", block));
    const behind = bytes(png(header), chunk("eXIf", block));
    const extended = webp(vp8x(8, 9, 9), vp8(9, 9), riffChunk("EXIF", block));
    const simple = webp(vp8(9, 9), riffChunk("EXIF", block));
    for (const [file, isRead] of [
      [inside, true],
      [behind, false],
      [extended, true],
      [simple, false],
    ] as const) {
      expect([probe(file).exif["Artist"], streamFor(file, "copyright") !== undefined]).toEqual([
        isRead ? "Grace Hopper" : undefined,
        isRead,
      ]);
    }
  });
  test("a maker note of 64 KiB and a thumbnail do not make the result large", async () => {
    const bytes = await fixture("landscape-6.jpg");
    const result = streamFor(bytes, "keep")!;
    expect(result.length).toBeLessThan(4000);
  });
});

test("what is kept of a JPEG is what libvips reads in an AVIF", async () => {
  const stream = streamFor(await source("jpeg"), "keep")!;
  const { encode } = harness(avif);
  const block = Buffer.from((await sharp(await encode(scene(20, 30), 50, false, { exif: stream })).metadata()).exif!);
  expect(block.subarray(block.length - stream.length)).toEqual(Buffer.from(stream));
});

test("metadataFor: pixels that were left as stored keep their orientation", async () => {
  const source = await fixture("landscape-6.jpg");
  const library = testLibrary();
  for (const [text, orientation] of [
    ["image/meta,keep", 1],
    ["image/auto-orient,0/meta,keep", 6],
  ] as const) {
    const { data } = await library.transform(source, text);
    expect((await sharp(data).metadata()).orientation ?? 1, text).toBe(orientation);
  }
});
