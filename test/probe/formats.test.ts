import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { probe, sniff } from "../../src/probe/index.ts";
import {
  av1C,
  avif,
  bmp,
  box,
  bytes,
  chunk,
  frame,
  ftyp,
  fullBox,
  GIF_FRAME,
  gif,
  graphicControl,
  ihdr,
  ispe,
  jpeg,
  le16,
  le32,
  long,
  meta,
  png,
  rational,
  references,
  riffChunk,
  segment,
  short,
  tiff,
  u16,
  u32,
  vp8,
  vp8l,
  vp8x,
  webp,
  YCC,
  zeros,
} from "./build.ts";
import { EXIF, RICH_AVIF, SAMPLES, SEQUENCE } from "./samples.ts";

const CMYK = [1, 2, 3, 4].map((id) => [id, 0x11, 0] as const);
const GRAY = [[1, 0x11, 0]] as const;
const adobe = (transform: number) => segment(0xee, "Adobe", u16(100), zeros(4), transform);
const exif = (orientation: number) => segment(0xe1, "Exif\0\0", tiff([short(0x0112, orientation)]));
const sampling = (luma: number) => YCC.map(([id, factors, table]) => [id, id === 1 ? luma : factors, table] as const);
const apng = (claimed: number, ...frames: Uint8Array[]) =>
  png(ihdr(31, 17, 8, 6), chunk("acTL", u32(claimed), u32(0)), ...frames);
const fcTL = chunk("fcTL", zeros(26));
const irot = (turns: number) => box("irot", turns);
const imir = (axis: number) => box("imir", axis);
const clap = (width: number, height: number, x: number, y: number, half = 1) =>
  box("clap", u32(width), u32(1), u32(height), u32(1), u32(x), u32(half), u32(y), u32(half));
const bigTiff = bytes(
  ["II", le16(43), le16(8), le16(0), le32(16), le32(0), le32(2), le32(0)],
  [le16(256), le16(16), le32(1), le32(0), le32(31), le32(0)],
  [le16(257), le16(3), le32(1), le32(0), le16(17), zeros(6)],
  zeros(8),
);

// biome-ignore format: one row per case
const READABLE: readonly (readonly [string, Uint8Array, object])[] = [
  ["baseline JPEG", jpeg(frame()), { format: "jpeg", width: 31, height: 17, coding: "baseline", chroma: "4:2:0", colorSpace: "rgb", orientation: 1, icc: "none" }],
  ["12 bit extended JPEG", jpeg(frame({ marker: 0xc1, precision: 12 })), { bitDepth: 12, coding: "extended" }],
  ["progressive JPEG", jpeg(frame({ marker: 0xc2, components: sampling(0x21) })), { coding: "progressive", chroma: "4:2:2" }],
  ["lossless JPEG", jpeg(frame({ marker: 0xc3, components: sampling(0x11) })), { coding: "lossless", chroma: "4:4:4" }],
  ["arithmetic JPEG", jpeg(frame({ marker: 0xc9, components: sampling(0x12) })), { coding: "arithmetic", chroma: "4:4:0" }],
  ["4:1:1 JPEG", jpeg(frame({ components: sampling(0x41) })), { chroma: "4:1:1" }],
  ["JPEG with unnamed subsampling", jpeg(frame({ components: sampling(0x31) })), { chroma: undefined }],
  ["gray JPEG", jpeg(frame({ components: GRAY })), { colorSpace: "gray", chroma: undefined }],
  ["Adobe RGB-coded JPEG", jpeg(adobe(0), frame()), { colorSpace: "rgb" }],
  ["CMYK JPEG", jpeg(adobe(0), frame({ components: CMYK })), { colorSpace: "cmyk" }],
  ["CMYK JPEG without Adobe segment", jpeg(frame({ components: CMYK })), { colorSpace: "cmyk" }],
  ["YCCK JPEG", jpeg(adobe(2), frame({ components: CMYK })), { colorSpace: "ycck" }],
  ["JPEG with fill bytes, standalone markers and garbage", jpeg([0xff, 0xff, 0xff, 0xd0], [7, 8, 9], [0xff, 0], frame()), { width: 31, height: 17 }],
  ["JPEG whose first EXIF is broken", jpeg(segment(0xe1, "Exif\0\0", "??"), exif(6), exif(3), frame()), { orientation: 6 }],
  ["JPEG with an unknown orientation", jpeg(exif(9), frame()), { orientation: 1 }],
  ["JPEG with density in inches", jpeg(segment(0xe0, "JFIF\0", 1, 2, 1, u16(96), u16(97), 0, 0), frame()), { density: { unit: 2, x: "96/1", y: "97/1" } }],
  ["JPEG that ends after its frame header", bytes(0xff, 0xd8, frame()), { width: 31, height: 17 }],
  ["JPEG with a cut segment after its frame header", bytes(0xff, 0xd8, frame(), 0xff, 0xe1, 0xff, 0xff, 1), { width: 31, height: 17 }],
  ["JPEG with an incomplete profile", jpeg(segment(0xe2, "ICC_PROFILE\0", 2, 2, zeros(200)), frame()), { icc: "none" }],
  ["JPEG with everything", SAMPLES["jpeg"]!, { orientation: 6, icc: "srgb", density: { unit: 2, x: "96/1", y: "97/1" } }],
  ["JPEG over all limits", jpeg(frame({ width: 65535, height: 65535 })), { width: 65535, height: 65535 }],
  ["RGB PNG", png(ihdr(31, 17, 8, 2)), { format: "png", width: 31, height: 17, alpha: false, bitDepth: 8, colorSpace: "rgb", frames: 1 }],
  ["1 bit gray PNG", png(ihdr(31, 17, 1, 0)), { colorSpace: "gray", bitDepth: 1, alpha: false }],
  ["16 bit gray PNG with alpha", png(ihdr(31, 17, 16, 4)), { colorSpace: "gray", bitDepth: 16, alpha: true }],
  ["RGBA PNG", png(ihdr(31, 17, 8, 6, 1)), { colorSpace: "rgb", alpha: true }],
  ["palette PNG: samples have 8 bits", png(ihdr(31, 17, 2, 3)), { colorSpace: "rgb", bitDepth: 8, alpha: false }],
  ["palette PNG with transparency", png(ihdr(31, 17, 2, 3), chunk("tRNS", 0)), { alpha: true }],
  ["PNG with a second, empty tRNS", png(ihdr(31, 17, 8, 2), chunk("tRNS", zeros(6)), chunk("tRNS")), { alpha: true }],
  ["PNG with EXIF after its image data", bytes(png(ihdr(31, 17, 8, 2)).slice(0, -12), chunk("eXIf", EXIF)), { orientation: 6 }],
  ["PNG without image data", bytes(png(ihdr(31, 17, 8, 2)).slice(0, 33)), { width: 31, height: 17 }],
  ["PNG with an endless IDAT", bytes(png(ihdr(31, 17, 8, 2)).slice(0, 33), u32(0xffffffff), "IDAT"), { width: 31, height: 17 }],
  ["PNG with pixels per meter", png(ihdr(31, 17, 8, 2), chunk("pHYs", u32(11811), u32(2835), 1)), { density: { unit: 3, x: "118/1", y: "28/1" } }],
  ["PNG with everything", SAMPLES["png"]!, { icc: "srgb", alpha: true, orientation: 6 }],
  ["APNG", apng(2, fcTL, chunk("IDAT"), fcTL), { frames: 2 }],
  ["APNG that claims more frames than it has", apng(4294967295, fcTL, chunk("IDAT"), fcTL, fcTL), { frames: 3 }],
  ["lossy WebP", webp(vp8(31, 17)), { format: "webp", width: 31, height: 17, alpha: false, bitDepth: 8 }],
  ["lossless WebP", webp(vp8l(31, 17, false)), { width: 31, height: 17, alpha: false }],
  ["lossless WebP with alpha", webp(vp8l(16384, 16384, true)), { width: 16384, height: 16384, alpha: true }],
  ["extended WebP", SAMPLES["webp"]!, { width: 31, height: 17, alpha: true, icc: "srgb", orientation: 6, frames: 1 }],
  ["animated WebP", webp(vp8x(2, 31, 17), riffChunk("ANMF", zeros(17)), riffChunk("ANMF", zeros(16))), { frames: 2, alpha: false }],
  ["WebP with a false RIFF size", bytes("RIFF", le32(0xffffffff), "WEBP", vp8(31, 17)), { width: 31, height: 17 }],
  ["GIF", gif(31, 17, GIF_FRAME), { format: "gif", width: 31, height: 17, frames: 1, alpha: false }],
  ["GIF animation with transparency", SAMPLES["gif"]!, { frames: 2, alpha: true }],
  ["GIF with a comment and no trailer", gif(31, 17, [0x21, 0xfe, 2, 0x2c, 0x2c, 0], GIF_FRAME, GIF_FRAME).slice(0, -1), { frames: 2 }],
  ["GIF that goes on in garbage", gif(31, 17, graphicControl(0), GIF_FRAME, [0x77], GIF_FRAME), { frames: 1 }],
  ["BMP", bmp(40, 31, 17, 24, bytes(zeros(8), le32(2835), le32(2835))), { format: "bmp", width: 31, height: 17, alpha: false, density: { unit: 3, x: "28/1", y: "28/1" } }],
  ["top-down BMP", bmp(40, 31, -17, 24), { width: 31, height: 17 }],
  ["OS/2 BMP", bytes("BM", zeros(12), le32(12), le16(31), le16(17), le16(1), le16(8)), { width: 31, height: 17 }],
  ["BMP with an alpha mask", bmp(124, 31, 17, 32, bytes(zeros(36), le32(0xff000000 | 0))), { alpha: true }],
  ["TIFF", SAMPLES["tiff"]!, { format: "tiff", width: 31, height: 17, orientation: 6, bitDepth: 8, colorSpace: "rgb", frames: 1 }],
  ["CMYK TIFF with density", tiff([long(256, 31), long(257, 17), short(262, 5), rational(282, [300, 1]), rational(283, [300, 2])]), { colorSpace: "cmyk", density: { unit: 2, x: "300/1", y: "300/2" } }],
  ["TIFF with alpha", tiff([short(256, 31), short(257, 17), short(262, 1), short(338, 2)]), { colorSpace: "gray", alpha: true, bitDepth: 1 }],
  ["TIFF whose directory points to itself", tiff([short(256, 31), short(257, 17)], 8), { width: 31, height: 17 }],
  ["BigTIFF", bigTiff, { format: "tiff", width: 31, height: 17 }],
  ["AVIF", avif(31, 17), { format: "avif", width: 31, height: 17, orientation: 1, bitDepth: 8, alpha: false, icc: "none", cleanAperture: undefined }],
  ["AVIF grid whose tiles have alpha", bytes(ftyp("avif", "mif1"), meta(1, [{ id: 1, type: "grid", properties: [1] }, { id: 2, type: "av01", properties: [1, 2] }, { id: 3, type: "av01", properties: [1, 3] }], [ispe(64, 48), av1C(0), fullBox("auxC", 0, 0, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", 0)], references(["dimg", 1, 2, 2], ["auxl", 3, 2]))), { width: 64, alpha: true }],
  ["AVIF grid with alpha, irot, profile and Exif", RICH_AVIF, { format: "avif", width: 64, height: 48, orientation: 8, bitDepth: 10, colorSpace: "gray", alpha: true, icc: "none", exif: expect.objectContaining({ Orientation: "6" }) }],
  ["AVIF turned 90° clockwise", avif(31, 17, irot(3)), { width: 31, height: 17, orientation: 6 }],
  ["AVIF turned 180°", avif(31, 17, irot(2)), { orientation: 3 }],
  ["AVIF mirrored left to right", avif(31, 17, imir(1)), { orientation: 2 }],
  ["AVIF mirrored top to bottom", avif(31, 17, imir(0)), { orientation: 4 }],
  ["AVIF turned counterclockwise, then mirrored left to right", avif(31, 17, irot(1), imir(1)), { orientation: 7 }],
  ["AVIF turned clockwise, then mirrored left to right", avif(31, 17, irot(3), imir(1)), { orientation: 5 }],
  ["AVIF mirrored left to right, then turned clockwise", avif(31, 17, imir(1), irot(3)), { orientation: 7 }],
  ["AVIF with a clean aperture", avif(31, 17, clap(11, 7, -4, 2)), { width: 31, height: 17, cleanAperture: { x: 6, y: 7, width: 11, height: 7 } }],
  ["AVIF with a clean aperture after a turn", avif(31, 17, irot(3), clap(7, 11, 0, 0)), { cleanAperture: { x: 10, y: 5, width: 11, height: 7 } }],
  ["AVIF with a clean aperture on half pixels", avif(31, 17, clap(10, 7, 0, 0)), { cleanAperture: { x: 10, y: 5, width: 10, height: 7 } }],
  ["AVIF with a clean aperture made whole by a half", avif(31, 17, clap(10, 8, 1, 1, 2)), { cleanAperture: { x: 11, y: 5, width: 10, height: 8 } }],
  ["AVIF with a clean aperture outside", avif(31, 17, clap(11, 7, 20, 0)), { cleanAperture: undefined }],
  ["AVIF with a clean aperture that cuts nothing", avif(31, 17, clap(31, 17, 0, 0)), { cleanAperture: undefined }],
  ["12 bit AVIF", bytes(ftyp("mif1", "avif"), meta(1, [{ id: 1, type: "av01", properties: [1, 2] }], [ispe(31, 17), av1C(0x60)])), { format: "avif", bitDepth: 12 }],
  ["AVIF whose brands leave the codec open", bytes(ftyp("mif1"), meta(1, [{ id: 1, type: "av01", properties: [1] }], [ispe(31, 17)])), { format: "avif" }],
  ["AVIF behind a 64-bit mdat", bytes(ftyp("avif"), u32(1), "mdat", u32(0), u32(20), zeros(4), avif(31, 17).slice(20)), { width: 31, height: 17 }],
  ["10 bit HEIC", SAMPLES["heic"]!, { format: "heic", width: 31, height: 17, bitDepth: 10, colorSpace: "rgb" }],
  ["image sequence without a still", SEQUENCE, { format: "avif", width: 40, height: 30, frames: 3, alpha: true, bitDepth: 10 }],
  ["sequence that claims more samples than fit", bytes(avif(31, 17), box("moov", box("trak", box("mdia", fullBox("hdlr", 0, 0, u32(0), "pict", zeros(12)), box("minf", box("stbl", fullBox("stsd", 0, 0, u32(1), box("av01", zeros(78))), fullBox("stsz", 0, 0, u32(0), u32(0xffffffff), u32(9)))))))), { frames: 1 }],
];

describe("probe", () => {
  test.each(READABLE)("reads: %s", (_name, file, expected) => {
    expect(probe(file)).toMatchObject(withoutUndefined(expected));
    for (const [key, value] of Object.entries(expected)) if (value === undefined) expect(probe(file)).not.toHaveProperty(key);
  });

  // biome-ignore format: one row per case
  test.each([
    ["a JPEG without frame header", jpeg()],
    ["a JPEG of height 0 (left to DNL)", jpeg(frame({ height: 0 }))],
    ["a JPEG of width 0", jpeg(frame({ width: 0 }))],
    ["a JPEG of two components", jpeg(frame({ components: [[1, 0x11, 0], [2, 0x11, 0]] }))],
    ["a JPEG with impossible sampling", jpeg(frame({ components: sampling(0x05) }))],
    ["a JPEG with two frame headers", jpeg(frame(), frame())],
    ["a JPEG that ends in its first segment", bytes(0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, "Exif")],
    ["a PNG whose first chunk is another", png(chunk("CgBI", 0, 0, 0, 0), ihdr(31, 17, 8, 2))],
    ["a PNG of width 0", png(ihdr(0, 17, 8, 2))],
    ["a PNG of color type 1", png(ihdr(31, 17, 8, 1))],
    ["a PNG with 4 bits a sample in RGB", png(ihdr(31, 17, 4, 2))],
    ["a PNG interlaced some other way", png(ihdr(31, 17, 8, 2, 2))],
    ["a PNG of side 2^31", png(ihdr(0x80000000, 17, 8, 2))],
    ["a PNG of 10,001 chunks before its image data", png(ihdr(31, 17, 8, 2), new Uint8Array(10_001 * 12).fill(0x41).map((byte, i) => (i % 12 < 4 ? 0 : byte)))],
    ["a WebP without image chunk", webp(riffChunk("JUNK", 1, 2))],
    ["a WebP of size 0", webp(vp8(0, 17))],
    ["a lossless WebP of version 1", webp(riffChunk("VP8L", 0x2f, le32(1 << 29)))],
    ["a GIF without frame", gif(31, 17, graphicControl(1))],
    ["a GIF of height 0", gif(31, 0, GIF_FRAME)],
    ["a BMP of negative width", bmp(40, -31, 17, 24)],
    ["a BMP of 30000 bits", bmp(40, 31, 17, 30000)],
    ["a TIFF without height", tiff([short(256, 31)])],
    ["a TIFF of width 0", tiff([short(256, 0), short(257, 17)])],
    ["an AVIF without meta box", ftyp("avif")],
    ["an AVIF without size", bytes(ftyp("avif"), meta(1, [{ id: 1, type: "av01", properties: [1] }], [av1C(0)]))],
    ["an AVIF whose primary item has no properties", bytes(ftyp("avif"), meta(2, [{ id: 1, type: "av01", properties: [1] }], [ispe(31, 17)]))],
    ["an AVIF of height 0", avif(31, 0)],
  ])("refuses as CORRUPT_IMAGE: %s", (_name, file) => {
    expect(codeOf(file)).toBe("CORRUPT_IMAGE");
  });

  // biome-ignore format: one row per case
  test.each([
    ["nothing", bytes()],
    ["one byte", bytes(0xff)],
    ["text", bytes("hello")],
    ["text that begins like a BMP", bytes("BMW builds cars in Munich")],
    ["SVG", bytes("<svg xmlns='http://www.w3.org/2000/svg'/>")],
    ["JPEG XL", bytes(0xff, 0x0a, zeros(60))],
    ["JPEG XL in a container", bytes(u32(12), "JXL \r\n", 0x87, "\n", zeros(40))],
    ["ICO", bytes(0, 0, 1, 0, 1, 0, 16, 16, zeros(40))],
    ["MP4", bytes(ftyp("isom", "iso2", "av01", "mp41"), box("moov"))],
    ["QuickTime", bytes(ftyp("qt  ", "qt  "), box("moov"))],
    ["a PNG with a wrong signature", bytes(0x88, png(ihdr(31, 17, 8, 2)).slice(1))],
  ])("refuses as UNSUPPORTED_FORMAT: %s", (_name, file) => {
    expect(codeOf(file)).toBe("UNSUPPORTED_FORMAT");
    expect(() => probe(file)).toThrow("This image format is not supported.");
  });

  test.each(Object.entries(SAMPLES))("gives the same for a view into a larger buffer: %s", (_name, file) => {
    const buffer = new Uint8Array(file.length + 40).fill(0xff);
    buffer.set(file, 23);
    expect(probe(buffer.subarray(23, 23 + file.length))).toEqual(probe(file));
  });
});

describe("sniff", () => {
  test.each(Object.entries(SAMPLES))("needs 64 bytes: %s", (name, file) => {
    const expected = name === "sequence" || name === "plain" ? "avif" : name;
    expect(sniff(file)).toBe(expected);
    expect(sniff(file.subarray(0, 64))).toBe(expected);
  });

  // biome-ignore format: one row per case
  test.each([
    ["the major brand decides", ftyp("heic", "avif"), "heic"],
    ["then the first compatible one", ftyp("mif1", "miaf", "avis", "heic"), "avif"],
    ["an open brand is HEIF", ftyp("msf1"), "heic"],
    ["a WebP that holds <svg", webp(vp8(31, 17), riffChunk("XMP ", "<svg xmlns=''/>")), "webp"],
    ["a video brand is none", ftyp("mp42", "isom"), undefined],
  ])("%s", (_name, file, expected) => {
    expect(sniff(file)).toBe(expected);
  });
});

function codeOf(file: Uint8Array): string | undefined {
  try {
    probe(file);
    return undefined;
  } catch (thrown) {
    return thrown instanceof TransformError ? thrown.code : String(thrown);
  }
}

function withoutUndefined(expected: object): object {
  return Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined));
}
