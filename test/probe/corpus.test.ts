import { readdirSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { oriented } from "../../src/core/geometry.ts";
import type { Probe } from "../../src/core/probe.ts";
import { probe, sniff } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";

const FOLDERS = [
  "photos",
  "jpeg",
  "orientation",
  "icc",
  "png",
  "animated",
  "webp",
  "avif",
  "heic",
  "bmp-tiff",
  "logos",
  "edge",
  "oss",
  "bench",
  "broken",
  "svg",
  "jxl",
  "video",
];

/** What sharp says where the two are comparable. */
interface Row {
  readonly format: string;
  /** AVIF and HEIC: after clean aperture and turns, as sharp reports. */
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly alpha: boolean;
  readonly frames: number;
}

/** Files sharp cannot read or reads otherwise, each with the reason. Taken from the corpus README unless the reason says more. */
// biome-ignore format: one row per case
const EXCEPTIONS: Readonly<Record<string, readonly [expected: Partial<Row> | "CORRUPT_IMAGE" | "UNSUPPORTED_FORMAT", reason: string]>> = {
  "animated/ball.apng": [{ frames: 20 }, "sharp reads the first frame of an APNG alone"],
  "animated/character-42.apng": [{ frames: 41 }, "as above; the default image is no frame"],
  "animated/dispose-background.apng": [{ frames: 3 }, "as above; acTL says 3"],
  "animated/blend-over.apng": [{ frames: 2 }, "as above; acTL says 2"],
  "animated/star-8bpc.avifs": [avif(159, 159, { frames: 5 }), "sharp reads no image sequence"],
  "animated/star-8bpc-alpha.avifs": [avif(159, 159, { frames: 5, alpha: true }), "as above"],
  "animated/colors-8bpc.avif": [avif(150, 150, { frames: 5 }), "as above"],
  "heic/uncompressed-rgb.heif": [{ ...avif(30, 20), format: "heic" }, "sharp's libheif reads no ISO 23001-17"],
  "bmp-tiff/pal1.bmp": [bmp(), "sharp reads no BMP"],
  "bmp-tiff/pal4rle.bmp": [bmp(), "as above"],
  "bmp-tiff/pal8.bmp": [bmp(), "as above"],
  "bmp-tiff/pal8rle.bmp": [bmp(), "as above"],
  "bmp-tiff/pal8topdown.bmp": [bmp(), "as above"],
  "bmp-tiff/rgb16-565.bmp": [bmp(), "as above"],
  "bmp-tiff/rgb24.bmp": [bmp(), "as above"],
  "bmp-tiff/rgb32bf.bmp": [bmp(), "as above"],
  "bmp-tiff/rgba32.bmp": [bmp({ alpha: true }), "as above"],
  "broken/reallybig.bmp": [bmp({ width: 3000000, height: 2000000 }), "as above; limits are checked later"],
  "broken/shortfile.bmp": [bmp(), "as above; the header is whole"],
  "broken/badbitcount.bmp": ["CORRUPT_IMAGE", "30000 bits a pixel"],
  "broken/badwidth.bmp": ["CORRUPT_IMAGE", "negative width"],
  "broken/bad_iCCP.png": [still("png", 8363, 1), "libpng refuses the size of its iCCP chunk; the header is whole"],
  "broken/xdtn0g01.png": [still("png", 32, 32), "no IDAT: the decoder notices"],
  "broken/gif-frame-outside-canvas.gif": [{ width: 32, height: 32 }, "libvips grows the canvas to hold the frame; stored is 32x32"],
  "broken/gif-no-frames.gif": [{ ...still("gif", 43, 43), alpha: true }, "its one frame has no data: the decoder notices"],
  "broken/truncated.gif": [still("gif", 575, 800), "ends inside its first frame: the decoder notices"],
  "broken/truncated.webp": [still("webp", 1024, 752), "libwebp wants the whole file"],
  "broken/corrupt-header.jpg": ["CORRUPT_IMAGE", "no frame header"],
  "broken/jpeg-bogus-sampling.jpg": ["CORRUPT_IMAGE", "sampling factors 14x5"],
  "broken/gif-10-bytes.gif": ["CORRUPT_IMAGE", "ends inside its screen descriptor"],
  "broken/webp-bad-riff.webp": ["CORRUPT_IMAGE", "no image chunk"],
  "broken/xc1n0g08.png": ["CORRUPT_IMAGE", "color type 1"],
  "broken/xd3n2c08.png": ["CORRUPT_IMAGE", "bit depth 3"],
  "broken/xs1n0g01.png": ["UNSUPPORTED_FORMAT", "wrong signature"],
  "broken/xlfn0g04.png": ["UNSUPPORTED_FORMAT", "wrong signature"],
  "broken/empty.jpg": ["UNSUPPORTED_FORMAT", "0 bytes"],
  "broken/one-byte.jpg": ["UNSUPPORTED_FORMAT", "1 byte"],
  "broken/html-named.jpg": ["UNSUPPORTED_FORMAT", "HTML"],
  "broken/json-named.webp": ["UNSUPPORTED_FORMAT", "JSON"],
  "broken/mp4-named.jpg": ["UNSUPPORTED_FORMAT", "MP4"],
  "broken/bomb-10000000x10000000.svg": ["UNSUPPORTED_FORMAT", "SVG"],
  "logos/cat-silhouette.svg": ["UNSUPPORTED_FORMAT", "SVG"],
  "bmp-tiff/python.ico": ["UNSUPPORTED_FORMAT", "ICO"],
  "animated/spline.jxl": ["UNSUPPORTED_FORMAT", "JPEG XL"],
};
const UNSUPPORTED_FOLDERS = ["svg", "jxl", "video"];

/** Rows the README gives a second witness for: stored size and turn behind the displayed size of AVIF and HEIC. */
// biome-ignore format: one row per case
const STORED: Readonly<Record<string, Partial<Probe>>> = {
  "avif/kimono.rotate90.avif": { width: 1024, height: 722, orientation: 6 },
  "avif/kimono.mirror-horizontal.avif": { width: 722, height: 1024, orientation: 2 },
  "avif/irot-alpha.avif": { width: 512, height: 256, orientation: 8, alpha: true },
  "avif/fox.profile0.10bpc.yuv420.avif": { bitDepth: 10 },
  "avif/fox.profile2.12bpc.yuv444.avif": { bitDepth: 12 },
  "avif/fox.profile0.8bpc.yuv420.monochrome.avif": { bitDepth: 8, colorSpace: "gray" },
  "heic/mirror.heic": { width: 1280, height: 720, orientation: 4 },
  "heic/rainbow-odd-size.heic": { width: 452, height: 462, cleanAperture: { x: 0, y: 0, width: 451, height: 461 } },
};

/** Profiles, by the README's notes. */
// biome-ignore format: one row per case
const PROFILES: Readonly<Record<string, Probe["icc"]>> = {
  "icc/p3-color-bars.png": "other",
  "icc/p3-8x8.png": "other",
  "icc/gbr-swapped-profile.png": "other",
  "icc/spin-profile.jpg": "other",
  "icc/ycck-swop.jpg": "other",
  "icc/cmyk-swop.jpg": "other",
  "icc/gray-gamma22.jpg": "other",
  "icc/rec2020-linear-16bit.png": "other",
  "icc/rec2020-linear-16bit.srgb-reference.png": "srgb",
  "icc/ycck-no-profile.jpg": "none",
  "icc/gray-no-profile.jpg": "none",
  "heic/iphone-grid-8mp.heic": "other",
  "avif/red-at-12-oclock-with-color-profile-lossy.avif": "other",
  "photos/laptop-22mp.jpg": "srgb",
  "photos/red-panda-10mp.jpg": "srgb",
  "photos/owl-0.7mp.jpg": "srgb",
  "photos/tunnel-0.7mp.png": "srgb",
};

function still(format: string, width: number, height: number): Row {
  return { format, width, height, orientation: 1, alpha: false, frames: 1 };
}
function avif(width: number, height: number, more: Partial<Row> = {}): Row {
  return { ...still("avif", width, height), ...more };
}
function bmp(more: Partial<Row> = {}): Row {
  return { ...still("bmp", 127, 64), ...more };
}

async function askSharp(file: Uint8Array): Promise<Row> {
  const { format, compression, width, height, orientation, hasAlpha, pages } = await sharp(file, {
    limitInputPixels: false,
  }).metadata();
  const heif = format === "heif";
  return {
    format: heif ? (compression === "av1" ? "avif" : "heic") : (format ?? ""),
    width: width ?? 0,
    height: height ?? 0,
    orientation: heif ? 1 : (orientation ?? 1), // sharp has turned it already
    alpha: hasAlpha === true,
    frames: format === "gif" || format === "webp" ? (pages ?? 1) : 1, // pages of TIFF and items of HEIF are no frames
  };
}

function askUs(file: Uint8Array): Row | string {
  try {
    const { format, width, height, orientation, cleanAperture, alpha, frames } = probe(file);
    if (format !== "avif" && format !== "heic") return { format, width, height, orientation, alpha, frames };
    return { format, ...oriented(cleanAperture ?? { width, height }, orientation), orientation: 1, alpha, frames };
  } catch (thrown) {
    return thrown instanceof TransformError ? thrown.code : String(thrown);
  }
}

const NAMES = HAS_CORPUS
  ? FOLDERS.flatMap((folder) =>
      readdirSync(`${CORPUS}/${folder}`)
        .sort()
        .map((name) => `${folder}/${name}`),
    )
  : ["none"];
const read = (name: string) => new Uint8Array(readFileSync(`${CORPUS}/${name}`));

describe.skipIf(!HAS_CORPUS)("corpus (skipped: no folder at OPALENS_CORPUS or ../shared/corpus)", () => {
  test.each(NAMES)("agrees with sharp or has a reason not to: %s", async (name) => {
    const file = read(name);
    const folder = name.split("/")[0] ?? "";
    const [exception] = EXCEPTIONS[name] ?? (UNSUPPORTED_FOLDERS.includes(folder) ? ["UNSUPPORTED_FORMAT"] : [{}]);
    if (typeof exception === "string") return expect(askUs(file)).toBe(exception);
    const isWhole = Object.keys(exception).length === 6;
    return expect(askUs(file)).toEqual(isWhole ? exception : { ...(await askSharp(file)), ...exception });
  });

  test("names no exception that is not there", () => {
    expect(Object.keys({ ...EXCEPTIONS, ...STORED, ...PROFILES }).filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  test.each(Object.entries(STORED))("stores: %s", (name, expected) => {
    expect(probe(read(name))).toMatchObject(expected);
  });

  test.each(Object.entries(PROFILES))("means: %s %s", (name, expected) => {
    expect(probe(read(name)).icc).toBe(expected);
  });

  test("estimates the quality libjpeg was given", () => {
    expect(probe(read("oss/example.jpg")).quality).toBe(82);
    expect(probe(read("photos/flower-3mp-420.jpg")).quality).toBe(85);
  });

  test("sniffs the same from 64 bytes", () => {
    for (const name of NAMES) expect([name, sniff(read(name).subarray(0, 64))]).toEqual([name, sniff(read(name))]);
  });
});
