import { describe, expect, test } from "vitest";
import { printInfo } from "../../src/operations/info.ts";
import { parseText } from "../../src/syntax/request.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { failureOf, probeOf } from "../support/pictures.ts";
import { explained } from "./support.ts";

const density = { unit: 1, x: "1/1", y: "1/1" } as const;

// OSS IMG reference, section 7.4: asserted byte for byte by two SDK suites
test("printInfo: is the published text, byte for byte", () => {
  expect(printInfo(probeOf(100, 100, { density }), 3267)).toBe(
    `{
    "FileSize": {"value": "3267"},
    "Format": {"value": "jpg"},
    "FrameCount": {"value": "1"},
    "ImageHeight": {"value": "100"},
    "ImageWidth": {"value": "100"},
    "ResolutionUnit": {"value": "1"},
    "XResolution": {"value": "1/1"},
    "YResolution": {"value": "1/1"}}`,
  );
});

describe("printInfo", () => {
  test("sorts EXIF tags among the rest and lets EXIF's resolution win", () => {
    const exif = {
      Orientation: "7",
      DateTime: "2015:02:11 15:38:27",
      ResolutionUnit: "2",
      XResolution: "96/1",
      YResolution: "96/1",
      Compression: "6",
    };
    const values = JSON.parse(printInfo(probeOf(424, 333, { orientation: 7, density, exif }), 23471));
    expect(Object.keys(values)).toEqual([
      "Compression",
      "DateTime",
      "FileSize",
      "Format",
      "FrameCount",
      "ImageHeight",
      "ImageWidth",
      "Orientation",
      "ResolutionUnit",
      "XResolution",
      "YResolution",
    ]);
    expect(values).toMatchObject({
      FileSize: { value: "23471" },
      ImageHeight: { value: "333" },
      ImageWidth: { value: "424" },
      ResolutionUnit: { value: "2" },
      XResolution: { value: "96/1" },
    });
  });
  test("EXIF cannot lie about the picture or break the JSON", () => {
    const exif = { ImageWidth: "1", Format: "exe", Artist: 'a"b\\c\n', __proto__: "x" };
    const values = JSON.parse(printInfo(probeOf(9, 7, { exif }), 5));
    expect(values).toMatchObject({ ImageWidth: { value: "9" }, Format: { value: "jpg" }, Artist: { value: 'a"b\\c\n' } });
  });
  test("without a density there is none", () => {
    expect(JSON.parse(printInfo(probeOf(9, 7, { format: "png" }), 5))).toEqual({
      FileSize: { value: "5" },
      Format: { value: "png" },
      FrameCount: { value: "1" },
      ImageHeight: { value: "7" },
      ImageWidth: { value: "9" },
    });
  });
  test.each(["png", "webp", "avif", "gif", "bmp", "tiff", "heic"] as const)("calls %s by its name", (format) => {
    expect(JSON.parse(printInfo(probeOf(2, 3, { format, frames: 4 }), 5))).toMatchObject({
      Format: { value: format },
      FrameCount: { value: "4" },
    });
  });
});

test("info: of example.jpg, through transform", async () => {
  const result = await testLibrary().transform(await fixture("example.jpg"), "image/info");
  expect(result).toMatchObject({ format: "json", mimeType: "application/json" });
  expect(JSON.parse(new TextDecoder().decode(result.data))).toEqual({
    FileSize: { value: "21839" },
    Format: { value: "jpg" },
    FrameCount: { value: "1" },
    ImageHeight: { value: "267" },
    ImageWidth: { value: "400" },
    ResolutionUnit: { value: "1" },
    XResolution: { value: "1/1" },
    YResolution: { value: "1/1" },
  });
});
test("info: gives the stored size of a picture that lies on its side", async () => {
  const library = testLibrary();
  const bytes = await fixture("landscape-6.jpg");
  const { width, height } = await library.probe(bytes);
  const values = JSON.parse(new TextDecoder().decode((await library.transform(bytes, "info=1")).data));
  expect(values).toMatchObject({
    ImageWidth: { value: String(width) },
    ImageHeight: { value: String(height) },
    Orientation: { value: "6" },
  });
  expect(width).toBeLessThan(height);
});
test("info: works on sources that cannot be decoded yet, and is explained without steps", () => {
  expect(explained(probeOf(9, 7, { format: "gif" }), "image/info")).toMatchObject({
    steps: [],
    format: "json",
    width: 9,
    height: 7,
  });
});
test("info: stands alone", () => {
  for (const text of ["image/info/resize,w_5", "image/resize,w_5/info", "image/info/info"]) {
    expect(failureOf(() => parseText(text))).toMatchObject({ code: "BAD_ARGUMENT", operation: "info" });
  }
});
