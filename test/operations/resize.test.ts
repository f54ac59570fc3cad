import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Size } from "../../src/core/geometry.ts";
import { resize } from "../../src/operations/resize.ts";
import { failureOf, probeOf } from "../support/pictures.ts";
import { explained, planOf, sizeOf, stepsOf } from "./support.ts";

const example = probeOf(400, 267);
const sideways = probeOf(424, 333, { orientation: 7 });

// OSS IMG reference, sections 5.1, 12.1 and 12.2
// biome-ignore format: one row per case
test.each([
  [probeOf(200, 100), "w_150,h_80",                        "150x75"],
  [probeOf(200, 100), "w_150,h_80,m_mfit",                 "160x80"],
  [probeOf(200, 100), "w_150,h_80,m_fill",                 "150x80"],
  [probeOf(200, 100), "w_150,h_80,m_pad",                  "150x80"],
  [probeOf(200, 100), "w_150,h_80,m_fixed",                "150x80"],
  [probeOf(200, 100), "h_100,m_fixed",                     "100x100"],
  [probeOf(200, 100), "h_50,m_fill",                       "50x50"],
  [probeOf(200, 100), "w_50,m_pad",                        "50x50"],
  [probeOf(400, 200), "h_100",                             "200x100"],
  [probeOf(400, 200), "w_100,h_100,m_mfit",                "200x100"],
  [probeOf(400, 300), "p_50",                              "200x150"],
  [probeOf(400, 300), "h_100",                             "133x100"],
  [probeOf(400, 300), "m_fill,w_100,h_100",                "100x100"],
  [probeOf(3924, 2550), "l_900,h_600",                     "923x600"],
  [probeOf(1504, 1120), "w_1500,h_1125,m_fill",            "1504x1120"],
  [probeOf(1504, 1120), "w_1500,h_1125,m_mfit",            "1504x1120"],
  [probeOf(1504, 1120), "w_1500,h_1125,m_pad",             "1504x1120"],
  [probeOf(1504, 1120), "w_1500,h_1125,m_fixed",           "1504x1120"],
  [example, "h_100,m_lfit",                                "150x100"],
  [example, "l_100",                                       "100x67"],
  [example, "s_100",                                       "150x100"],
  [example, "m_lfit,w_100,h_100",                          "100x67"],
  [example, "m_mfit,w_100,h_100",                          "150x100"],
  [example, "m_fixed,w_100,h_100",                         "100x100"],
  [example, "m_fill,w_100,h_100",                          "100x100"],
  [example, "m_pad,w_100,h_100",                           "100x100"],
  [example, "w_200",                                       "200x134"],
  [example, "w_300",                                       "300x200"],
  [example, "w_300,h_300",                                 "300x200"],
  [example, "p_50",                                        "200x134"],
  [example, "p_200",                                       "800x534"],
  [example, "p_100",                                       "400x267"],
  [example, "w_500",                                       "400x267"],
  [example, "w_500,limit_0",                               "500x334"],
  [example, "w_500,h_10,m_fixed",                          "400x267"],
  [example, "w_500,h_10,m_fixed,limit_0",                  "500x10"],
  [example, "w_390,h_300,m_fill",                          "400x267"],
  [example, "w_400,h_267",                                 "400x267"],
  [example, "w_1",                                         "1x1"],
  [probeOf(10000, 2), "w_100",                             "100x1"],
  // One edge of l and s by the longer side, the other by the shorter
  [example, "l_100,s_100",                                 "100x67"],
  [example, "l_100,s_100,m_mfit",                          "150x100"],
  [probeOf(267, 400), "l_100",                             "67x100"],
  [probeOf(267, 400), "s_100",                             "100x150"],
  [probeOf(267, 400), "l_120,s_60,m_fixed",                "60x120"],
  [example, "l_120,s_60,m_fixed",                          "120x60"],
  [example, "l_120,m_fixed",                               "120x120"],
  // Precedence
  [example, "w_100,l_300",                                 "100x67"],
  [example, "h_100,s_10",                                  "150x100"],
  [example, "w_100,p_50",                                  "100x67"],
  [example, "l_100,p_50",                                  "100x67"],
  // auto-orient comes first, wherever it is written
  [sideways, "w_100/auto-orient,0",                        "100x79"],
  [sideways, "w_100/auto-orient,1",                        "100x127"],
  [sideways, "w_100",                                      "100x127"],
  [sideways, "l_100",                                      "79x100"],
  [example, "w_200,h_200/rotate,90",                       "134x200"],
])("resize: %o %s", (source, text, size) => {
  expect(sizeOf(source, `image/resize,${text}`)).toBe(size);
});

// Section 12.3
// biome-ignore format: one row per source
test.each([
  [400, 267,   "100x67",  "150x100", "300x200", "449x300", "132x88"],
  [267, 400,   "100x150", "67x100",  "200x300", "300x449", "88x132"],
  [424, 333,   "100x79",  "127x100", "300x236", "382x300", "140x110"],
  [3924, 2550, "100x65",  "154x100", "300x195", "462x300", "1295x842"],
  [1504, 1120, "100x74",  "134x100", "300x223", "403x300", "496x370"],
])("resize: the formula for %ix%i", (width, height, ...sizes) => {
  const texts = ["w_100", "h_100", "w_300,h_300", "w_300,h_300,m_mfit,limit_0", "p_33"];
  expect(texts.map((text) => sizeOf(probeOf(width, height), `image/resize,${text}`))).toEqual(sizes);
});

describe("resize: steps", () => {
  // biome-ignore format: one row per case
  test.each([
    ["fill scales, then crops the middle",          200, 100, "m_fill,w_150,h_80",            "scale 160x80 | crop 150x80 at 5,0"],
    ["fill crops rows too",                         100, 200, "m_fill,w_80,h_80",             "scale 80x160 | crop 80x80 at 0,40"],
    ["fill floors half of an odd difference",       400, 300, "m_fill,w_100,h_100",           "scale 133x100 | crop 100x100 at 16,0"],
    ["pad scales, then puts it in the middle",      200, 100, "m_pad,w_150,h_80",             "scale 150x75 | extend 150x80 at 0,2 on FFFFFF"],
    ["pad takes the color",                         400, 300, "m_pad,w_100,h_100,color_ff0000", "scale 100x75 | extend 100x100 at 0,12 on FF0000"],
    ["pad puts columns left and right",             100, 200, "m_pad,w_51,h_50",              "scale 25x50 | extend 51x50 at 13,0 on FFFFFF"],
    ["fixed is one scale",                          200, 100, "m_fixed,w_30,h_80",            "scale 30x80"],
    ["fill without a rest does not crop",           200, 100, "m_fill,w_100,h_50",            "scale 100x50"],
    ["fill of the scaled size alone",               200, 100, "m_fill,w_100,h_100",           "crop 100x100 at 50,0"],
    ["the source's size is nothing",                200, 100, "w_200",                        ""],
    ["over the limit is nothing, not even padding", 200, 100, "m_pad,w_201,h_50",             ""],
    ["p of 100 is nothing",                         200, 100, "p_100",                        ""],
  ])("%s", (_name, width, height, text, steps) => {
    expect(stepsOf(probeOf(width, height), `image/resize,${text}`)).toBe(steps);
  });
});

describe("resize: limits of OSS (section 2)", () => {
  // biome-ignore format: one row per case
  test.each([
    ["25 Mpx (EC 007)",            probeOf(400, 267), "m_fixed,w_5000,h_5000,limit_0", "OUTPUT_TOO_LARGE"],
    ["4096² just fits",            probeOf(400, 267), "m_fixed,w_4096,h_4096,limit_0", "4096x4096"],
    ["one row more",               probeOf(400, 267), "m_fixed,w_4096,h_4097,limit_0", "OUTPUT_TOO_LARGE"],
    ["a side over 16384 by ratio", probeOf(300, 10),  "h_600,limit_0",                 "OUTPUT_TOO_LARGE"],
    ["a side of 16384",            probeOf(300, 10),  "w_16384,limit_0",               "16384x546"],
    ["p over the side",            probeOf(2000, 10), "p_1000",                        "OUTPUT_TOO_LARGE"],
    ["a large photograph shrunk",  probeOf(6000, 4000), "w_5600",                      "5600x3733"],
    ["fill judged before the crop", probeOf(3000, 10), "m_fill,w_100,h_100,limit_0",   "OUTPUT_TOO_LARGE"],
  ])("%s", (_name, source, text, expected) => {
    const outcome = () => sizeOf(source, `image/resize,${text}`);
    if (expected.includes("x")) expect(outcome()).toBe(expected);
    else expect(failureOf(outcome).code).toBe(expected);
  });
  test("strict refuses the area in any case", () => {
    expect(failureOf(() => sizeOf(probeOf(6000, 4000), "image/resize,w_5600", { ossStrict: true })).code).toBe(
      "OUTPUT_TOO_LARGE",
    );
  });
});

describe("resize of a mark: relative to the main picture (section 10.2)", () => {
  // biome-ignore format: one row per case
  test.each([
    ["P of a square on a square",       { P: "10" },           [100, 100], { width: 100, height: 100 }, "10x10"],
    ["P follows the main picture",      { P: "10" },           [100, 100], { width: 200, height: 200 }, "20x20"],
    ["P fits into the box by ratio",    { P: "30" },           [200, 100], { width: 400, height: 267 }, "120x60"],
    ["P of a tall mark",                { P: "30" },           [100, 200], { width: 400, height: 267 }, "40x80"],
    ["P may enlarge",                   { P: "100" },          [10, 10],   { width: 400, height: 267 }, "267x267"],
    ["w wins over P",                   { P: "30", w: "50" },  [100, 100], { width: 400, height: 267 }, "50x50"],
    ["pw is the width alone",           { pw: "30" },          [100, 200], { width: 400, height: 267 }, "120x240"],
  ])("%s", (_name, texts, [width, height], main, size) => {
    const output = planOf(resize, texts as Record<string, string>, width!, height!, { main }).at(-1)?.output;
    expect(`${output?.width}x${output?.height}`).toBe(size);
  });
});

const side = fc.integer({ min: 1, max: 9000 });
const edge = fc.option(fc.integer({ min: 1, max: 16384 }), { nil: undefined });
const text = fc
  .record({ w: edge, h: edge, l: edge, s: edge, m: fc.constantFrom("lfit", "mfit", "fill", "pad", "fixed") })
  .filter(({ w, h, l, s }) => [w, h, l, s].some((value) => value !== undefined))
  .map((args) =>
    Object.entries(args)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}_${value}`)
      .join(","),
  );

function outcome(width: number, height: number, process: string): Size | undefined {
  try {
    return explained(probeOf(width, height), process, { maxMemoryBytes: Number.MAX_SAFE_INTEGER });
  } catch (thrown) {
    if ((thrown as { code?: string }).code === "OUTPUT_TOO_LARGE") return undefined;
    throw thrown;
  }
}
test("resize: with limit_1 no side ever exceeds the source's", () => {
  fc.assert(
    fc.property(side, side, text, (width, height, args) => {
      const size = outcome(width, height, `image/resize,${args}`);
      if (size === undefined) return;
      expect(size.width).toBeLessThanOrEqual(width);
      expect(size.height).toBeLessThanOrEqual(height);
    }),
    { numRuns: 500 },
  );
});
test("resize: without a limit every planned size is whole, positive and within OSS's sides", () => {
  fc.assert(
    fc.property(side, side, text, (width, height, args) => {
      const size = outcome(width, height, `image/resize,${args},limit_0`);
      for (const value of size === undefined ? [] : [size.width, size.height]) {
        expect(Number.isInteger(value) && value >= 1 && value <= 16384).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
test("resize: lfit lies in the box and touches it, mfit covers it and touches it", () => {
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (width, height, w, h) => {
      const [lfit, mfit] = [
        outcome(width, height, `image/resize,w_${w},h_${h},limit_0`),
        outcome(width, height, `image/resize,w_${w},h_${h},m_mfit,limit_0`),
      ];
      if (lfit === undefined || mfit === undefined) return;
      expect(lfit.width <= w && lfit.height <= h && (lfit.width === w || lfit.height === h)).toBe(true);
      expect(mfit.width >= w && mfit.height >= h && (mfit.width === w || mfit.height === h)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
