import { describe, expect, test } from "vitest";
import { formatOfExtension } from "../../src/operations/format.ts";
import { failureOf, probeOf } from "../support/pictures.ts";
import { explained, sizeOf } from "./support.ts";

const jpeg = probeOf(400, 267);
const png = probeOf(400, 267, { format: "png", alpha: true });

// OSS IMG reference, section 7.2
// biome-ignore format: one row per case
test.each([
  ["silence keeps the source's",        jpeg, "image/resize,w_10",           "jpeg", "image/jpeg"],
  ["silence keeps the source's (PNG)",  png,  "image/resize,w_10",           "png",  "image/png"],
  ["jpg",                               png,  "image/format,jpg",            "jpeg", "image/jpeg"],
  ["jpeg, as the console writes",       png,  "image/format,jpeg",           "jpeg", "image/jpeg"],
  ["png",                               jpeg, "image/format,png",            "png",  "image/png"],
  ["webp",                              jpeg, "image/format,webp",           "webp", "image/webp"],
  ["avif",                              jpeg, "image/format,avif",           "avif", "image/avif"],
  ["tiff",                              jpeg, "image/format,tiff",           "tiff", "image/tiff"],
  ["bmp",                               jpeg, "image/format,bmp",            "bmp",  "image/bmp"],
  ["silence keeps the source's (TIFF)", probeOf(9, 9, { format: "tiff" }), "image/quality,80", "tiff", "image/tiff"],
  ["silence keeps the source's (BMP)",  probeOf(9, 9, { format: "bmp" }),  "image/quality,80", "bmp",  "image/bmp"],
  ["in front of the chain",             jpeg, "image/format,webp/resize,w_5", "webp", "image/webp"],
  ["the last of two",                   jpeg, "image/format,webp/format,png", "png",  "image/png"],
  ["gif keeps a source that is none",   jpeg, "image/resize,w_200/format,gif", "jpeg", "image/jpeg"],
  ["gif keeps PNG",                     png,  "image/format,gif",            "png",  "image/png"],
  ["of the plain grammar",              jpeg, "f=webp",                      "webp", "image/webp"],
])("format: %s", (_name, source, text, format, mimeType) => {
  expect(explained(source, text)).toMatchObject({ format, mimeType });
});

// biome-ignore format: one row per case
test.each([
  ["a GIF source",            probeOf(9, 9, { format: "gif" }),  "image/resize,w_5", "UNSUPPORTED_FORMAT"],
  ["a HEIC source",           probeOf(9, 9, { format: "heic" }), "image/resize,w_5", "UNSUPPORTED_FORMAT"],
  ["a lossless JPEG",         probeOf(9, 9, { coding: "lossless" }), "image/format,png", "UNSUPPORTED_FORMAT"],
  ["an arithmetic JPEG",      probeOf(9, 9, { coding: "arithmetic" }), "image/format,png", "UNSUPPORTED_FORMAT"],
  ["a JPEG of 12 bits",       probeOf(9, 9, { bitDepth: 12 }),   "image/format,png", "UNSUPPORTED_FORMAT"],
  ["an animated WebP",        probeOf(9, 9, { format: "webp", frames: 2 }), "image/format,png", "UNSUPPORTED_FORMAT"],
  ["heic as the result",      jpeg,                              "image/format,heic", "NOT_SUPPORTED"],
  ["a word",                  jpeg,                              "image/format,dng", "BAD_ARGUMENT"],
])("format: %s", (_name, source, text, code) => {
  expect(failureOf(() => explained(source, text)).code).toBe(code);
});

test("format: WebP holds 16383 px a side, with OSS's own sentence", () => {
  expect(sizeOf(probeOf(16383, 10), "image/format,webp")).toBe("16383x10");
  expect(failureOf(() => sizeOf(probeOf(16384, 10), "image/format,webp"))).toMatchObject({
    code: "OUTPUT_TOO_LARGE",
    message: "Maximum width and height allowed is 16383 pixels for converting webp",
  });
  expect(sizeOf(probeOf(16384, 10), "image/format,png")).toBe("16384x10");
  expect(sizeOf(probeOf(10, 16384), "image/resize,h_100/format,webp")).toBe("1x100");
});

describe("formatOfExtension", () => {
  // biome-ignore format: one row per case
  test.each([
    ["jpg", "jpeg"], ["JPEG", "jpeg"], ["png", "png"], ["WebP", "webp"], ["avif", "avif"], ["tif", "tiff"], ["tiff", "tiff"], ["heif", "heic"],
    ["gif", "gif"], ["bmp", "bmp"], ["txt", undefined], ["", undefined], ["constructor", undefined], ["__proto__", undefined],
  ])("%j is %s", (extension, format) => {
    expect(formatOfExtension(extension)).toBe(format);
  });
});
