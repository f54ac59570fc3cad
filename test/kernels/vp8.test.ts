import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { vp8DecodeBytes } from "../../src/kernels/vp8/decoder.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { decodeWithSharp, difference, encodeWithSharp, failureOf, type Pixels, paint, scene } from "../support/pictures.ts";
import { createInstance, createStockDecoder, createStockEncoder, decodePlanes, planesBy, toRgba } from "./vp8-module.ts";

const stock = await createStockDecoder();
const encode = await createStockEncoder();

/** Constants: Numerical Recipes, "ranqd1". */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}
/** Flat on the left, noise on the right, so that modes, tokens and strengths of every kind occur. */
function mixed(width: number, height: number, seed = 7): Pixels {
  const next = random(seed);
  const base = scene(width, height);
  return paint(width, height, (x, y) => {
    const at = (y * width + x) * 4;
    const spread = Math.floor((x / width) * 200);
    const [r, g, b] = [0, 1, 2].map((c) => base.data[at + c]! + next(spread + 1) - spread / 2) as [number, number, number];
    return [Math.max(0, Math.min(255, r)), Math.max(0, Math.min(255, g)), Math.max(0, Math.min(255, b)), 255];
  });
}
/** Both builds give the planes that libwebp makes these very pixels of. */
function expectEqual(bytes: Uint8Array): void {
  const theirs = stock(bytes);
  if (theirs === undefined) throw new Error("libwebp does not read it");
  const ours = toRgba(decodePlanes(bytes, theirs));
  expect([ours.width, ours.height]).toEqual([theirs.width, theirs.height]);
  expect(difference(ours, theirs)).toEqual({ mean: 0, largest: 0 });
}

describe("planes are libwebp's, bit for bit, by both builds", () => {
  // biome-ignore format: one row per case
  test.each([
    [1, 1], [2, 1], [1, 2], [3, 5], [15, 16], [16, 16], [17, 16], [16, 17], [31, 33], [32, 48], [33, 31], [8, 200], [200, 8], [130, 87],
  ])("%ix%i", (width, height) => {
    for (const quality of [5, 60, 100]) expectEqual(encode(mixed(width, height), { quality }));
  });
  // biome-ignore format: one row per case
  test.each([
    ["no filter",                      { filter_strength: 0 }],
    ["the simple filter",              { filter_type: 0, filter_strength: 60 }],
    ["the simple filter, strong",      { filter_type: 0, filter_strength: 100, quality: 10 }],
    ["the normal filter, weak",        { filter_strength: 10 }],
    ["the normal filter, strong",      { filter_strength: 100, quality: 5 }],
    ["sharpness 3",                    { filter_sharpness: 3 }],
    ["sharpness 7",                    { filter_sharpness: 7, filter_strength: 90 }],
    ["a filter chosen by trial",       { autofilter: 1 }],
    ["one segment",                    { segments: 1 }],
    ["two segments, far apart",        { segments: 2, sns_strength: 100 }],
    ["2 partitions",                   { partitions: 1 }],
    ["8 partitions",                   { partitions: 3 }],
    ["whole macroblocks alone",        { partition_limit: 100, method: 0 }],
    ["every mode tried",               { method: 6, pass: 3 }],
    ["quality 0",                      { quality: 0 }],
    ["quality 100",                    { quality: 100, sns_strength: 0 }],
  ])("%s", (_name, options) => {
    expectEqual(encode(mixed(171, 133), options));
    expectEqual(encode(scene(171, 133), options));
  });
  test("extremes: a board of black and white, of every period", () => {
    for (const period of [1, 2, 3, 4, 5, 8, 16]) {
      const board = paint(96, 80, (x, y) => {
        const on = (Math.floor(x / period) + Math.floor(y / period)) % 2 === 0;
        return on ? [255, 255, 255, 255] : [0, 0, y * 3, 255];
      });
      for (const quality of [1, 50, 100]) expectEqual(encode(board, { quality }));
    }
  });
  test("and libvips'", async () => {
    for (const options of [{ quality: 80 }, { quality: 40, smartSubsample: true, effort: 6 }, { preset: "drawing" }]) {
      const bytes = await encodeWithSharp(mixed(203, 97), "webp", options);
      const theirs = await decodeWithSharp(bytes);
      expect(difference(toRgba(decodePlanes(bytes, theirs)), theirs).largest).toBeLessThanOrEqual(1);
    }
  });
  const files = [
    "photo-1024x752",
    "photo-icc-exif",
    "small_1x1",
    "small_31x13",
    "test",
    "vp80-00-comprehensive-008",
    "vp80-05-sharpness-1443",
  ];
  test.skipIf(!HAS_CORPUS).each(files)("%s of the corpus", (name) => {
    expectEqual(new Uint8Array(readFileSync(join(CORPUS, "webp", `${name}.webp`))));
  });
});

test("in full range black is 0, white 255 and gray 128, and what lies between is rounded", () => {
  // Full contrast has samples that lie outside of the range they should be in
  const next = random(3);
  const noise = paint(150, 140, (x, y) => {
    if (y < 70) return [next(256), next(256), next(256), 255];
    const on = next(2) * 255;
    return x < 75 ? [on, on, on, 255] : [on, on, 255 - on, 255];
  });
  const bytes = encode(noise, { quality: 60 });
  const size = probe(bytes);
  const [coded, full] = [decodePlanes(bytes, size), decodePlanes(bytes, size, "full")];
  expect(full.shape).toEqual(coded.shape);
  const seen = new Set<number>();
  for (const [index, plane] of coded.planes.entries()) {
    for (const [i, value] of plane.entries()) {
      const exact = index === 0 ? ((value - 16) * 255) / 219 : ((value - 128) * 255) / 224 + 128;
      const off = Math.abs(full.planes[index]![i]! - Math.max(0, Math.min(255, exact)));
      if (off > 0.504) throw new Error(`${value} of plane ${index} became ${full.planes[index]![i]}`);
      seen.add(index === 0 ? value : 256 + value);
    }
  }
  expect(Math.min(...seen)).toBeLessThan(16);
  expect([...seen].some((value) => value > 235 && value < 256)).toBe(true);
  expect(seen.size).toBeGreaterThan(400);
});

describe("damaged files", () => {
  const sources = [
    encode(scene(90, 70), { quality: 60 }),
    encode(mixed(70, 50), { quality: 30, partitions: 2 }),
    encode(mixed(120, 33), { quality: 95, filter_type: 0 }),
    encode(scene(48, 90), { quality: 10, filter_sharpness: 5 }),
  ];
  /** What libwebp makes of it, or that it refuses it: ours does the same, with CORRUPT_IMAGE. */
  function expectLike(bytes: Uint8Array, size: { width: number; height: number }): boolean {
    const theirs = stock(bytes);
    const refused = (["vectors", "scalar"] as const).map((build) => {
      try {
        planesBy(createInstance(build).api, bytes, size);
        return false;
      } catch (thrown) {
        if (!(thrown instanceof TransformError)) throw thrown;
        expect(thrown.code).toBe("CORRUPT_IMAGE");
        return true;
      }
    });
    expect(refused).toEqual([theirs === undefined, theirs === undefined]);
    if (theirs !== undefined) expectEqual(bytes);
    return theirs !== undefined;
  }
  test.each([0, 1, 2, 3])("300 changes of file %i are read, or refused, as by libwebp", (index) => {
    const source = sources[index]!;
    const size = probe(source);
    const next = random(index + 1);
    let read = 0;
    for (let i = 0; i < 300; i++) {
      const bytes = source.slice();
      // Every third time the frame's header, which is where filters, segments and partitions are
      for (let changes = 1 + next(3); changes > 0; changes--) {
        const at = i % 3 === 0 ? 30 + next(40) : 30 + next(bytes.length - 30);
        // Never 255: a partition that begins with it is outside the coder's range, and builds of libwebp differ on it
        bytes[at] = Math.min(254, next(2) === 0 ? next(256) : bytes[at]! ^ (1 << next(8)));
      }
      if (expectLike(bytes, size)) read++;
    }
    expect(read).toBeGreaterThan(30);
    expect(read).toBeLessThan(300);
  });
  test("cut at any length, with the header it had or one that fits, none is read", () => {
    const source = sources[1]!;
    const size = probe(source);
    for (let length = 30; length < source.length; length += length < 64 ? 1 : 61) {
      const cut = source.slice(0, length);
      expect(expectLike(cut, size)).toBe(false);
      // With sizes that fit, only the partitions tell
      const view = new DataView(cut.buffer);
      view.setUint32(4, length - 8, true);
      view.setUint32(16, length - 20, true);
      expectLike(cut, size);
    }
  });
  // biome-ignore format: one row per case
  test.each([
    ["no key frame",           20, 0x01],
    ["a version there is not", 20, 0x08],
    ["a frame not to be shown", 20, 0x10],
    ["another start code",     23, 0xff],
    ["another name",           12, 0x20],
  ])("%s", (_name, at, flip) => {
    const bytes = sources[0]!.slice();
    bytes[at] = bytes[at]! ^ flip;
    expect(failureOf(() => planesBy(createInstance().api, bytes, { width: 90, height: 70 })).code).toBe("CORRUPT_IMAGE");
    expect(stock(bytes)).toBeUndefined();
  });
  test("a frame of another size than announced", () => {
    expect(failureOf(() => planesBy(createInstance().api, sources[0]!, { width: 91, height: 70 })).code).toBe("CORRUPT_IMAGE");
  });
});

test("rows come as they are decoded, 16 less those that may change at first", () => {
  const bytes = encode(mixed(40, 70), {});
  const counts: number[][] = [[], [], []];
  const begin = () => ({
    write: (plane: number, rows: Uint8Array) => void counts[plane]!.push(rows.length / (plane === 0 ? 40 : 20)),
  });
  let pauses = 0;
  createInstance().api.decode(bytes, { width: 40, height: 70 }, "full", begin, () => void pauses++);
  expect(counts).toEqual([
    [13, 16, 16, 16, 9],
    [5, 8, 8, 8, 6],
    [5, 8, 8, 8, 6],
  ]);
  expect(pauses).toBe(5);
});

test.each([
  [40, 2000],
  [2000, 40],
  [300, 200],
])("%ix%i takes no more memory than announced, and leaves nothing behind", (width, height) => {
  const size = { width, height };
  const bytes = encode(mixed(width, height), { quality: 90 });
  const { api, memoryBytes } = createInstance();
  const first = planesBy(api, bytes, size);
  const held = memoryBytes();
  expect(held).toBeLessThanOrEqual(vp8DecodeBytes(size, bytes.length));
  const second = planesBy(api, bytes, size);
  expect(second).toEqual(first);
  expect(memoryBytes()).toBe(held);
});
