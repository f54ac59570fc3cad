import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { codePointsMean } from "../../src/core/cicp.ts";
import type { ColorMeaning } from "../../src/core/probe.ts";
import { MAX_PROFILE_BYTES, readColor } from "../../src/probe/color.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture } from "../support/library.ts";
import {
  avif,
  box,
  bytes,
  chunk,
  frame,
  gamma,
  iccp,
  ihdr,
  jpeg,
  le32,
  long,
  P3_PRIMARIES,
  png,
  profile,
  rgbProfile,
  riffChunk,
  SRGB_PARA,
  segment,
  short,
  tiff,
  u16,
  u32,
  vp8,
  vp8x,
  webp,
  zeros,
} from "./build.ts";
import { SRGB } from "./samples.ts";

const P3 = rgbProfile(P3_PRIMARIES, SRGB_PARA);
const GRAY = profile("GRAY", [["kTRC", gamma(2.2)]]);
const app2 = (part: number, parts: number, data: Uint8Array) => segment(0xe2, "ICC_PROFILE\0", part, parts, data);
const nclx = (primaries: number, transfer: number) => box("colr", "nclx", u16(primaries), u16(transfer), u16(6), 0x80);
const prof = (data: Uint8Array) => box("colr", "prof", data);
const cicp = (primaries: number, transfer: number, matrix = 0, range = 1) => chunk("cICP", primaries, transfer, matrix, range);
const RGB = ihdr(31, 17, 8, 2);
const bmpV5 = (data: Uint8Array) => {
  const file = bytes("BM", zeros(12), le32(124), le32(31), le32(17), 1, 0, 24, 0, zeros(108), data);
  const view = new DataView(file.buffer);
  view.setUint32(70, 0x4d424544, true);
  view.setUint32(126, 124, true);
  view.setUint32(130, data.length, true);
  return file;
};

const icc = (data: Uint8Array): ColorMeaning => ({ kind: "icc", profile: data });
const codes = (primaries: number, transfer: number): ColorMeaning => ({ kind: "cicp", primaries, transfer });

describe("readColor", () => {
  // biome-ignore format: one row per case
  test.each<readonly [string, Uint8Array, ColorMeaning | undefined]>([
    ["JPEG without a profile",              jpeg(frame()), undefined],
    ["JPEG with sRGB",                      jpeg(app2(1, 1, SRGB), frame()), undefined],
    ["JPEG with Display P3",                jpeg(app2(1, 1, P3), frame()), icc(P3)],
    ["JPEG with a profile in parts, last first", jpeg(app2(2, 2, P3.subarray(100)), app2(1, 2, P3.subarray(0, 100)), frame()), icc(P3)],
    ["JPEG with a part missing",            jpeg(app2(2, 2, P3.subarray(100)), frame()), undefined],
    ["JPEG with bytes behind its profile",  jpeg(app2(1, 1, bytes(P3, zeros(50))), frame()), icc(P3)],
    ["gray JPEG with a gray profile",       jpeg(app2(1, 1, GRAY), frame({ components: [[1, 0x11, 0]] })), icc(GRAY)],
    ["gray JPEG with an RGB profile",       jpeg(app2(1, 1, P3), frame({ components: [[1, 0x11, 0]] })), undefined],
    ["PNG with Display P3",                 png(RGB, iccp(P3)), icc(P3)],
    ["PNG with a damaged profile",          png(RGB, iccp(P3.subarray(0, 100))), undefined],
    ["PNG with code points",                png(RGB, cicp(12, 13)), codes(12, 13)],
    ["PNG with code points of sRGB before a profile", png(RGB, iccp(P3), cicp(1, 13)), undefined],
    ["PNG with code points before a profile of sRGB", png(RGB, cicp(9, 14), iccp(SRGB)), codes(9, 14)],
    ["PNG with PQ before a profile",        png(RGB, cicp(9, 16), iccp(P3)), icc(P3)],
    ["PNG with PQ alone",                   png(RGB, cicp(9, 16)), undefined],
    ["PNG with code points of narrow range", png(RGB, cicp(12, 13, 0, 0)), undefined],
    ["PNG with code points of YCbCr",       png(RGB, cicp(12, 13, 1)), undefined],
    ["PNG with an sRGB chunk and a profile", png(RGB, chunk("sRGB", 0), iccp(P3)), icc(P3)],
    ["PNG with gamma and chromaticities",   png(RGB, chunk("gAMA", u32(100000)), chunk("cHRM", zeros(32))), undefined],
    ["WebP with Display P3",                webp(vp8x(0x20, 31, 17), riffChunk("ICCP", P3), vp8(31, 17)), icc(P3)],
    ["WebP with sRGB",                      webp(vp8x(0x20, 31, 17), riffChunk("ICCP", SRGB), vp8(31, 17)), undefined],
    ["simple WebP",                         webp(vp8(31, 17)), undefined],
    ["AVIF with Display P3",                avif(31, 17, prof(P3)), icc(P3)],
    ["AVIF with code points",               avif(31, 17, nclx(12, 13)), codes(12, 13)],
    ["AVIF with code points of sRGB",       avif(31, 17, nclx(1, 13)), undefined],
    ["AVIF as ffmpeg writes it",            avif(31, 17, nclx(1, 1)), undefined],
    ["AVIF without words",                  avif(31, 17, nclx(2, 2)), undefined],
    ["AVIF with PQ",                        avif(31, 17, nclx(9, 16)), undefined],
    ["AVIF with both: the profile counts",  avif(31, 17, nclx(1, 13), prof(P3)), icc(P3)],
    ["AVIF with both: the profile counts, also sRGB", avif(31, 17, prof(SRGB), nclx(9, 14)), undefined],
    ["AVIF with a damaged profile and code points", avif(31, 17, prof(zeros(200)), nclx(12, 13)), codes(12, 13)],
    ["TIFF with Display P3",                tiff([short(256, 31), short(257, 17), short(262, 2), long(277, 3), [34675, 7, P3.length, P3]]), icc(P3)],
    ["BMP with Display P3",                 bmpV5(P3), icc(P3)],
  ])("%s", (_name, file, expected) => {
    const header = probe(file);
    expect(header.colorimetry).toBe(expected === undefined ? "srgb" : "other");
    expect(readColor(file, header)).toEqual(expected);
  });

  test("code points alone are no profile", () => {
    expect(probe(avif(31, 17, nclx(12, 13)))).toMatchObject({ icc: "none", colorimetry: "other" });
    expect(probe(png(RGB, cicp(12, 13)))).toMatchObject({ icc: "none", colorimetry: "other" });
  });
  test("reads profiles up to 4 MiB, and a deflated one that is larger costs no more", () => {
    const sized = (size: number) => {
      const data = bytes(P3, new Uint8Array(size - P3.length));
      new DataView(data.buffer).setUint32(0, size);
      return data;
    };
    const fits = png(RGB, iccp(sized(MAX_PROFILE_BYTES)));
    const meaning = readColor(fits, probe(fits));
    expect(meaning?.kind === "icc" ? meaning.profile.length : 0).toBe(MAX_PROFILE_BYTES);
    const tooLarge = png(RGB, iccp(sized(MAX_PROFILE_BYTES * 8)));
    const started = performance.now();
    expect(probe(tooLarge).colorimetry).toBe("other");
    expect(readColor(tooLarge, probe(tooLarge))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(3000);
  });
  test("parts of a JPEG profile beyond 4 MiB are not put together", () => {
    const part = new Uint8Array(65_000);
    const first = bytes(P3, part.subarray(P3.length));
    const parts = Array.from({ length: 70 }, (_, i) => app2(i + 1, 70, i === 0 ? first : part));
    const file = jpeg(...parts, frame());
    const meaning = readColor(file, probe(file));
    if (meaning?.kind !== "icc") throw new Error("expected a profile");
    expect(meaning.profile).toEqual(P3);
    expect(meaning.profile.buffer.byteLength).toBeLessThanOrEqual(MAX_PROFILE_BYTES);
  });
  test.each(["p3.png", "gray-gamma22.jpg", "spin.avif"])("%s: the very profile that libvips finds", async (name) => {
    const file = await fixture(name);
    const meaning = readColor(file, probe(file));
    const { icc: expected } = await sharp(file).metadata();
    expect(meaning).toEqual(icc(new Uint8Array(expected ?? [])));
  });
  test.skipIf(!HAS_CORPUS).each([
    "icc/ycck-swop.jpg", // 557 kB in nine segments
    "icc/cmyk-swop.jpg",
    "icc/rec2020-linear-16bit.png",
    "jpeg/ultrahdr-gainmap.jpg",
  ])("corpus: %s (skipped without the corpus)", async (name) => {
    const file = new Uint8Array(readFileSync(join(CORPUS, name)));
    const { icc: expected } = await sharp(file).metadata();
    expect(readColor(file, probe(file))).toEqual(icc(new Uint8Array(expected ?? [])));
  });
});

test.each([
  [1, 13, "srgb"],
  [1, 1, "srgb"],
  [2, 2, "srgb"],
  [2, 13, "srgb"],
  [12, 2, "other"],
  [1, 4, "other"],
  [6, 6, "other"],
  [9, 16, undefined],
  [9, 18, undefined],
  [1, 0, undefined],
  [3, 13, undefined],
] as const)("primaries %i with transfer %i mean %s", (primaries, transfer, expected) => {
  expect(codePointsMean(primaries, transfer)).toBe(expected);
});
