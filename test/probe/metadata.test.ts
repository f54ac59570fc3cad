import { describe, expect, test } from "vitest";
import { readExif } from "../../src/probe/exif.ts";
import { iccMeaning } from "../../src/probe/icc.ts";
import { probe } from "../../src/probe/index.ts";
import { estimateQuality } from "../../src/probe/jpeg-quality.ts";
import {
  bytes,
  directory,
  frame,
  gamma,
  iccp,
  ihdr,
  jpeg,
  long,
  P3_PRIMARIES,
  png,
  profile,
  rational,
  rgbProfile,
  SRGB_PARA,
  SRGB_PRIMARIES,
  sampled,
  segment,
  short,
  srgbCurve,
  text,
  tiff,
  u16,
  u32,
  zeros,
} from "./build.ts";
import { EXIF, SRGB } from "./samples.ts";

describe("readExif", () => {
  test("prints values in the forms OSS prints", () => {
    expect(readExif(EXIF)).toEqual({
      orientation: 6,
      tags: {
        Orientation: "6",
        DateTime: "2015:02:11 15:38:27",
        ExifTag: "200",
        GPSTag: "300",
        ExposureTime: "4/300",
        ExifVersion: "48 50 50 48",
        GPSVersionID: "2 2 0 0",
        GPSLatitudeRef: "North",
        GPSLatitude: "43deg 28' 2.814\" ",
        GPSLongitudeRef: "West",
        GPSLongitude: "0deg ",
        Compression: "6",
        JPEGInterchangeFormat: "500",
      },
    });
  });

  // biome-ignore format: one row per case
  test.each([
    ["stops a text at its NUL", [0x010f, 2, 6, bytes("ab\0cd\0")], { Make: "ab" }],
    ["reads a text without NUL", [0x010f, 2, 5, bytes("abcde")], { Make: "abcde" }],
    ["reads a text as UTF-8", [0x013b, 2, 6, bytes(0x46, 0xc3, 0xb6, 0x68, 0x6e, 0)], { Artist: "Föhn" }],
    ["turns control characters into blanks", [0x010f, 2, 4, bytes("a\nb\0")], { Make: "a b" }],
    ["cuts a long text", text(0x010e, "x".repeat(1000)), { ImageDescription: "x".repeat(256) }],
    ["prints the first 64 of many numbers", [0x012d, 3, 300, bytes(...Array.from({ length: 300 }, () => u16(7)))], { TransferFunction: Array.from({ length: 64 }, () => "7").join(" ") }],
    ["prints signed rationals", [0x0214, 10, 1, bytes(u32(-2), u32(3))], { ReferenceBlackWhite: "-2/3" }],
    ["leaves out values that lie outside", [0x010f, 2, 0xffffffff, u32(26)], {}],
    ["leaves out unknown tags", short(0x1234, 1), {}],
    ["leaves out unknown types", [0x010f, 99, 1, u32(1)], {}],
    ["takes no object's own names for words", [0x010f, 2, 12, bytes("constructor\0")], { Make: "constructor" }],
  ] as const)("%s", (_name, field, expected) => {
    expect(readExif(tiff([field]))?.tags).toEqual(expected);
  });

  test("names words of GPS references only from its own table", () => {
    const block = bytes(tiff([long(0x8825, 26)]), directory(26, [text(0x01, "valueOf"), text(0x02, "x")]));
    expect(readExif(block)?.tags).toMatchObject({ GPSLatitudeRef: "valueOf" });
  });

  test("prints a position with a zero denominator as plain rationals", () => {
    const block = bytes(tiff([long(0x8825, 26)]), directory(26, [rational(0x02, [1, 0], [2, 1], [3, 1])]));
    expect(readExif(block)?.tags["GPSLatitude"]).toBe("1/0 2/1 3/1");
  });

  test("accepts the JPEG prefix and little-endian blocks", () => {
    const little = bytes("II*\0", [8, 0, 0, 0], [1, 0], [0x12, 1, 3, 0, 1, 0, 0, 0, 5, 0, 0, 0], zeros(4));
    expect(readExif(bytes("Exif\0\0", little))?.orientation).toBe(5);
    expect(readExif(little)?.orientation).toBe(5);
  });

  test.each([
    ["that point to themselves", tiff([short(0x0112, 6), long(0x8769, 8), long(0x8825, 8)], 8)],
    ["that point outside", tiff([short(0x0112, 6), long(0x8769, 0xffffffff), long(0x8825, 0x7fffffff)], 0xfffffff0)],
  ])("survives directories %s", (_name, block) => {
    expect(readExif(block)).toMatchObject({ orientation: 6 });
  });

  test("reads at most 200 entries and gives no EXIF for anything without a TIFF header", () => {
    const padding = Array.from({ length: 200 }, () => short(0x1234, 1));
    expect(readExif(tiff([...padding, short(0x0112, 6)]))).toEqual({ tags: {} });
    expect(readExif(bytes("MM", u16(42)))).toBeUndefined();
    expect(readExif(bytes("something else"))).toBeUndefined();
  });
});

describe("iccMeaning", () => {
  const gray = (curve: Uint8Array) => profile("GRAY", [["kTRC", curve]]);
  const changed = (at: number, value: number) => {
    const copy = SRGB.slice();
    copy[at] = value;
    return copy;
  };

  // biome-ignore format: one row per case
  test.each([
    ["sRGB with parametric curves", SRGB, "rgb", "srgb"],
    ["sRGB with a table of 1024", rgbProfile(SRGB_PRIMARIES, sampled(1024, srgbCurve)), "rgb", "srgb"],
    ["sRGB with a table of 26", rgbProfile(SRGB_PRIMARIES, sampled(26, srgbCurve)), "rgb", "srgb"],
    ["sRGB primaries with gamma 2.2", rgbProfile(SRGB_PRIMARIES, gamma(2.2)), "rgb", "other"],
    ["sRGB primaries with a table of gamma 2.2", rgbProfile(SRGB_PRIMARIES, sampled(1024, (x) => x ** 2.2)), "rgb", "other"],
    ["linear sRGB", rgbProfile(SRGB_PRIMARIES, bytes("curv", zeros(8))), "rgb", "other"],
    ["Display P3", rgbProfile(P3_PRIMARIES, SRGB_PARA), "rgb", "other"],
    ["swapped primaries", rgbProfile([...SRGB_PRIMARIES].reverse(), SRGB_PARA), "rgb", "other"],
    ["a table beside the matrix", profile("RGB ", [["A2B0", zeros(16)]]), "rgb", "other"],
    ["gray with the sRGB curve", gray(SRGB_PARA), "gray", "srgb"],
    ["gray with gamma 2.2", gray(gamma(2.2)), "gray", "other"],
    ["CMYK", profile("CMYK", [["A2B0", zeros(16)]]), "ycck", "other"],
    ["RGB under a gray picture", SRGB, "gray", "none"],
    ["gray under an RGB picture", gray(SRGB_PARA), "rgb", "none"],
    ["no bytes", zeros(0), "rgb", "none"],
    ["no tags", profile("RGB ", []), "rgb", "none"],
    ["a wrong signature", changed(36, 0), "rgb", "none"],
    ["an unknown class", changed(12, 0), "rgb", "none"],
    ["a size over its end", changed(0, 1), "rgb", "none"],
    ["a tag outside", changed(136, 1), "rgb", "none"],
    ["a cut", SRGB.subarray(0, 200), "rgb", "none"],
    ["a curve table over its end", rgbProfile(SRGB_PRIMARIES, bytes("curv", zeros(4), u32(0x7fffffff), zeros(8))), "rgb", "none"],
  ] as const)("%s is %s under %s: %s", (_name, data, colorSpace, expected) => {
    expect(iccMeaning(data, colorSpace)).toBe(expected);
  });

  // biome-ignore format: one row per case
  test.each([
    ["deflated", iccp(SRGB), "srgb"],
    ["deflated Display P3", iccp(rgbProfile(P3_PRIMARIES, SRGB_PARA)), "other"],
    ["deflated with a long table", iccp(rgbProfile(SRGB_PRIMARIES, sampled(4096, srgbCurve))), "srgb"],
    ["over 64 KiB", iccp(rgbProfile(SRGB_PRIMARIES, sampled(16384, srgbCurve))), "other"],
    ["damaged in its stream", iccp(SRGB).map((byte, i) => (i > 40 && i < 60 ? 0xff : byte)), "none"],
  ])("reads the profile of a PNG: %s", (_name, iccpChunk, expected) => {
    expect(probe(png(ihdr(31, 17, 8, 2), iccpChunk)).icc).toBe(expected);
  });
});

describe("estimateQuality", () => {
  /** ITU-T T.81 annex K.1 in zigzag order, scaled as libjpeg does. */
  const STANDARD = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57,
    51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120,
    92, 101, 103, 99,
  ];
  const scaled = (quality: number, ceiling: number) => {
    const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2;
    return STANDARD.map((base) => Math.min(ceiling, Math.max(1, Math.floor((base * scale + 50) / 100))));
  };
  const QUALITIES = Array.from({ length: 100 }, (_, i) => i + 1);

  test.each([255, 32767])("is exact on IJG tables clamped to %i", (ceiling) => {
    expect(QUALITIES.map((quality) => estimateQuality(scaled(quality, ceiling)))).toEqual(QUALITIES);
  });

  test("is near on tables that are not quite IJG's", () => {
    for (const quality of [30, 60, 90]) {
      const near = scaled(quality, 255).map((value, i) => value + (i % 2));
      expect(Math.abs(estimateQuality(near) - quality)).toBeLessThanOrEqual(3);
    }
  });

  test("uses the table of the first component, in 8 and 16 bits", () => {
    const wide = segment(0xdb, 0x11, ...scaled(13, 32767).map(u16));
    const narrow = segment(0xdb, 0x00, ...scaled(90, 255));
    const components = [[1, 0x11, 1]] as const;
    expect(probe(jpeg(wide, narrow, frame({ components }))).quality).toBe(13);
    expect(probe(jpeg(wide, narrow, frame())).quality).toBe(90);
    expect(probe(jpeg(frame()))).not.toHaveProperty("quality");
  });
});
