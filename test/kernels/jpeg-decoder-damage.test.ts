import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { KEPT } from "../../src/kernels/jpeg/decoder.ts";
import { fixture } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { encodeFlat, type FlatJpeg } from "./jpeg-blocks.ts";
import {
  type Build,
  createInstance,
  type DecodedPlanes,
  decodePlanes,
  difference,
  isSame,
  toPixels,
} from "./jpeg-decoder-module.ts";

const SIZE = { width: 150, height: 110 };

/** A photograph, so that damage shows. */
async function photo(progressive: boolean, gray = false): Promise<Uint8Array> {
  const image = sharp(await fixture("owl.jpg")).resize(SIZE.width, SIZE.height);
  return (gray ? image.toColourspace("b-w") : image).jpeg({ progressive, quality: 80 }).toBuffer();
}

/** What became of a file: planes, or the code of a typed error; anything else is thrown on. */
function outcome(bytes: Uint8Array, kept = 8, build: Build = "simd"): DecodedPlanes | string {
  try {
    return decodePlanes(createInstance(build), bytes, { kept });
  } catch (thrown) {
    if (!(thrown instanceof TransformError)) throw thrown;
    return thrown.code;
  }
}

const STRIPES: FlatJpeg = {
  width: 64,
  height: 64,
  components: [{ across: 1, down: 1, dc: Array.from({ length: 64 }, (_, i) => i - 30) }],
  restartInterval: 8,
};

describe("a file that ends early", () => {
  test("shows what was there, and gray where libjpeg shows gray", async () => {
    const bytes = await fixture("truncated.jpg");
    const decoded = decodePlanes(createInstance(), bytes);
    expect(decoded.damage).toBe("the image data ends early");
    const pixels = toPixels(decoded);
    const judged = await sharp(bytes, { failOn: "none", ignoreIcc: true }).raw().toBuffer();
    expect(difference(pixels, judged).max).toBeLessThanOrEqual(4);
    expect(new Set(pixels.subarray(0, 30_000)).size).toBeGreaterThan(50);
    expect([...pixels.subarray(-3)]).toEqual([128, 128, 128]);
  });

  test("gray ones are libjpeg's at every length", async () => {
    const bytes = await photo(false, true);
    for (let length = bytes.indexOf(0xda) + 20; length < bytes.length - 2; length += 97) {
      const part = bytes.slice(0, length);
      const decoded = decodePlanes(createInstance(), part);
      expect(decoded.damage).toBe("the image data ends early");
      const judged = await sharp(part, { failOn: "none" }).toColourspace("b-w").raw().toBuffer();
      expect(difference(decoded.planes[0]!, judged).max).toBeLessThanOrEqual(2);
    }
  });

  test.each([false, true])("progressive %s: is a picture or CORRUPT_IMAGE at any length", async (progressive) => {
    const bytes = await photo(progressive);
    const header = bytes.length - 1;
    for (let length = 0; length < header; length += length < 700 ? 7 : 131) {
      const found = outcome(bytes.slice(0, length), KEPT[length % KEPT.length]);
      if (typeof found === "string") expect(found).toBe("CORRUPT_IMAGE");
      else expect(found.damage).toMatch(/ends early|damaged/);
    }
  });

  test("more of a progressive file is a better picture", async () => {
    const bytes = await photo(true);
    const whole = decodePlanes(createInstance(), bytes).planes[0]!;
    const errors = [0.3, 0.6, 0.9, 1].map((share) => {
      const found = decodePlanes(createInstance(), bytes.slice(0, Math.floor(bytes.length * share)));
      return difference(found.planes[0]!, whole).mean;
    });
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors[0]).toBeGreaterThan(1);
    expect(errors[3]).toBe(0);
  });
});

describe("restart markers", () => {
  const bytes = encodeFlat(STRIPES);
  const whole = decodePlanes(createInstance(), bytes).planes[0]!;
  const marker = (number: number) => bytes.findIndex((v, i) => v === 0xff && bytes[i + 1] === 0xd0 + number);
  const row = (plane: Uint8Array, y: number) => [...plane.subarray(y * 8 * 64, y * 8 * 64 + 64)];

  test("a segment that is missing stays gray, and those behind it are right", () => {
    const cut = Uint8Array.from([...bytes.subarray(0, marker(2)), ...bytes.subarray(marker(3))]);
    const { planes, damage } = decodePlanes(createInstance(), cut);
    expect(damage).toBe("the image data is damaged");
    for (const y of [0, 1, 2, 4, 5, 6, 7]) expect(row(planes[0]!, y)).toEqual(row(whole, y));
    expect(row(planes[0]!, 3)).toEqual(new Array(64).fill(128));
  });

  test("damage ends at the next marker", () => {
    const bad = bytes.slice();
    bad.fill(0x55, marker(1) + 2, marker(2));
    const { planes } = decodePlanes(createInstance(), bad);
    for (const y of [0, 1, 3, 4, 5, 6, 7]) expect(row(planes[0]!, y)).toEqual(row(whole, y));
  });
});

describe("what cannot be decoded", () => {
  const flat = encodeFlat(STRIPES);
  const at = (code: number, from = flat) => from.findIndex((v, i) => v === 0xff && from[i + 1] === code);
  const changed = (offset: number, ...values: number[]) => {
    const bytes = flat.slice();
    bytes.set(values, offset);
    return bytes;
  };
  // biome-ignore format: one row per case
  test.each([
    ["12 bits a sample",             changed(at(0xc0) + 4, 12),                             "UNSUPPORTED_FORMAT"],
    ["arithmetic coding",            changed(at(0xc0) + 1, 0xc9),                           "UNSUPPORTED_FORMAT"],
    ["lossless",                     changed(at(0xc0) + 1, 0xc3),                           "UNSUPPORTED_FORMAT"],
    ["hierarchical",                 changed(at(0xc0) + 1, 0xc5),                           "UNSUPPORTED_FORMAT"],
    ["JPEG-LS",                      changed(at(0xc0) + 1, 0xf7),                           "UNSUPPORTED_FORMAT"],
    ["a height told later",          changed(at(0xc0) + 5, 0, 0),                           "CORRUPT_IMAGE"],
    ["two components",               changed(at(0xc0) + 9, 2),                              "CORRUPT_IMAGE"],
    ["a sampling factor of 0",       changed(at(0xc0) + 11, 0x01),                          "CORRUPT_IMAGE"],
    ["a sampling factor of 5",       changed(at(0xc0) + 11, 0x51),                          "CORRUPT_IMAGE"],
    ["a missing quantization table", changed(at(0xc0) + 12, 1),                             "CORRUPT_IMAGE"],
    ["a missing Huffman table",      changed(at(0xda) + 6, 0x22),                           "CORRUPT_IMAGE"],
    ["more codes than there are",    changed(at(0xc4) + 5, 3, 0, 0, 0, 0, 0, 0, 0, 0),      "CORRUPT_IMAGE"],
    ["a scan of no component",       changed(at(0xda) + 4, 0),                              "CORRUPT_IMAGE"],
    ["a scan of another component",  changed(at(0xda) + 5, 9),                              "CORRUPT_IMAGE"],
    ["no frame",                     changed(at(0xc0) + 1, 0xe5),                           "CORRUPT_IMAGE"],
    ["no image data",                flat.slice(0, at(0xda)),                               "CORRUPT_IMAGE"],
    ["65,500 px a side in scans",    changed(at(0xc0) + 1, 0xc2, 0, 11, 8, 255, 220, 255, 220), "SOURCE_TOO_LARGE"],
    ["nothing",                      new Uint8Array(0),                                     "CORRUPT_IMAGE"],
  ])("%s: %s", (_name, bytes, code) => {
    expect(outcome(bytes)).toBe(code);
  });

  test("a progressive file of 101 scans is refused, however small they are", async () => {
    const bytes = await photo(true, true);
    const scan = at(0xda, bytes);
    const end = bytes.findIndex((v, i) => i > scan + 10 && v === 0xff && bytes[i + 1]! >= 0xc0);
    const repeat = (times: number) =>
      Uint8Array.from([
        ...bytes.subarray(0, end),
        ...new Array(times - 1).fill([...bytes.subarray(scan, end)]).flat(),
        0xff,
        0xd9,
      ]);
    expect(outcome(repeat(100))).toMatchObject({ damage: undefined });
    expect(outcome(repeat(101))).toBe("CORRUPT_IMAGE");
  });
});

test("changed bytes end in a picture or a typed error, alike with and without SIMD", async () => {
  const files = [await photo(false), await photo(true), await photo(true, true), encodeFlat(STRIPES)];
  const found = { pictures: 0, errors: 0 };
  for (let round = 0; round < 400; round++) {
    const random = noise(30, round + 1);
    const bytes = files[round % 4]!.slice();
    const reach = round % 3 === 0 ? 700 : bytes.length;
    for (let i = 0; i < 30; i += 3) {
      if (i > random[0]! >> 4) break;
      bytes[((random[i]! << 8) | random[i + 1]!) % Math.min(reach, bytes.length)] = round % 5 === 0 ? 0xff : random[i + 2]!;
    }
    if (claimsMuch(bytes)) continue;
    const kept = KEPT[random[1]! % KEPT.length]!;
    const [a, b] = [outcome(bytes, kept), outcome(bytes, kept, "scalar")];
    if (typeof a === "string" || typeof b === "string") expect(a).toBe(b);
    else expect(isSame(a, b)).toBe(true);
    if (typeof a === "string") found.errors++;
    else found.pictures++;
  }
  expect(Math.min(found.pictures, found.errors)).toBeGreaterThan(40);
});

/** Sizes that callers refuse before they decode. */
function claimsMuch(bytes: Uint8Array): boolean {
  const frame = bytes.findIndex((v, i) => v === 0xff && (bytes[i + 1] === 0xc0 || bytes[i + 1] === 0xc2));
  const [a, b, c, d] = bytes.subarray(frame + 5, frame + 9);
  return ((a! << 8) | b!) * ((c! << 8) | d!) > 1e6;
}
