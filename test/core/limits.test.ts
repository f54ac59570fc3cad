import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOutput, checkSource, DEFAULT_LIMITS } from "../../src/core/limits.ts";
import { explainPlan } from "../../src/engine.ts";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { parseProcess } from "../../src/syntax/oss-process.ts";
import { testLibrary } from "../support/library.ts";
import { encodeWithSharp, failureOf, probeOf, rejectionOf, scene } from "../support/pictures.ts";

const check = (width: number, height: number, bytes = 1, frames = 1, limits = {}) =>
  checkSource(probeOf(width, height, { frames }), bytes, { ...DEFAULT_LIMITS, ...limits });

// Each limit just at it, and just over it
// biome-ignore format: one row per case
test.each([
  ["bytes",  () => check(1, 1, 1000, 1, { maxBytes: 1000 }),          () => check(1, 1, 1001, 1, { maxBytes: 1000 })],
  ["width",  () => check(30000, 1),                                   () => check(30001, 1)],
  ["height", () => check(1, 30000),                                   () => check(1, 30001)],
  ["pixels", () => check(100, 100, 1, 1, { maxPixels: 10000 }),       () => check(100, 101, 1, 1, { maxPixels: 10000 })],
  ["pixels of all frames", () => check(100, 100, 1, 3, { maxPixels: 30000 }), () => check(100, 100, 1, 4, { maxPixels: 30000 })],
  ["frames", () => check(1, 1, 1, 5, { maxFrames: 5 }),               () => check(1, 1, 1, 6, { maxFrames: 5 })],
])("checkSource: %s", (_name, at, over) => {
  expect(at()).toBeUndefined();
  expect(failureOf(over).code).toBe("SOURCE_TOO_LARGE");
});
test("checkOutput: pixels", () => {
  const limits = { ...DEFAULT_LIMITS, maxOutputPixels: 1000 };
  expect(checkOutput({ width: 100, height: 10 }, limits)).toBeUndefined();
  expect(failureOf(() => checkOutput({ width: 91, height: 11 }, limits)).code).toBe("OUTPUT_TOO_LARGE");
});

describe("a plan within the limits", () => {
  const explain = (text: string, limits: object, source = probeOf(400, 267)) =>
    explainPlan(parseProcess(text), source, 1000, limits);
  // biome-ignore format: one row per case
  test.each([
    ["the result",                        "image/resize,w_200",                                { maxOutputPixels: 200 * 134 }, { maxOutputPixels: 200 * 134 - 1 }],
    ["the picture itself, re-encoded",    "image/format,png",                                  { maxOutputPixels: 400 * 267 }, { maxOutputPixels: 400 * 267 - 1 }],
    ["a step before a smaller result",    "image/resize,w_800,limit_0/crop,w_5,h_5",           { maxOutputPixels: 800 * 534 }, { maxOutputPixels: 800 * 534 - 1 }],
    ["a canvas",                          "image/resize,m_pad,w_300,h_300,limit_0",            { maxOutputPixels: 90000 },     { maxOutputPixels: 89999 }],
  ])("bounds %s", (_name, text, at, over) => {
    expect(explain(text, at)).toBeDefined();
    expect(failureOf(() => explain(text, over)).code).toBe("OUTPUT_TOO_LARGE");
  });
  test("bounds memory by its own estimate", () => {
    const { memoryBytes } = explain("image/resize,w_200", {});
    expect(explain("image/resize,w_200", { maxMemoryBytes: memoryBytes }).memoryBytes).toBe(memoryBytes);
    const failure = failureOf(() => explain("image/resize,w_200", { maxMemoryBytes: memoryBytes - 1 }));
    expect(failure).toMatchObject({ code: "SOURCE_TOO_LARGE" });
    expect(failure.message).toContain("MemLimitExceeded");
  });
  test("a chain that multiplies is refused before its numbers grow", () => {
    expect(failureOf(() => explain(`image${"/resize,p_1000".repeat(50)}`, {})).code).toBe("OUTPUT_TOO_LARGE");
  });
  test("no planned step or result exceeds them, whatever is asked", () => {
    const step = fc.oneof(
      fc
        .tuple(
          fc.constantFrom("lfit", "mfit", "fill", "pad", "fixed"),
          fc.integer({ min: 1, max: 3000 }),
          fc.integer({ min: 1, max: 3000 }),
        )
        .map(([m, w, h]) => `resize,m_${m},w_${w},h_${h},limit_0`),
      fc.integer({ min: 1, max: 1000 }).map((p) => `resize,p_${p}`),
      fc.integer({ min: 1, max: 3000 }).map((w) => `crop,w_${w}`),
      fc.constant("rotate,90"),
    );
    const maxOutputPixels = 1_000_000;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 1, max: 4000 }),
        (steps, width, height) => {
          try {
            const plan = explain(`image/${steps.join("/")}`, { maxOutputPixels }, probeOf(width, height, { orientation: 6 }));
            for (const size of [...plan.steps, plan]) expect(size.width * size.height).toBeLessThanOrEqual(maxOutputPixels);
          } catch (thrown) {
            expect((thrown as { code?: string }).code).toBe("OUTPUT_TOO_LARGE");
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("marks", () => {
  const library = testLibrary();
  const picture = () => encodeWithSharp(scene(40, 30), "png");
  const text = "image/watermark,image_bQ";
  test("are bounded like sources: bytes, pixels", async () => {
    const [source, mark] = [await picture(), await encodeWithSharp(scene(200, 100), "png")];
    const options = (limits: object) => ({ fetchObject: async () => mark, limits });
    expect((await library.transform(source, text, options({ maxBytes: mark.length, maxPixels: 20000 }))).width).toBe(40);
    expect((await rejectionOf(library.transform(source, text, options({ maxPixels: 19999 })))).code).toBe("SOURCE_TOO_LARGE");
    expect((await rejectionOf(library.transform(source, text, options({ maxBytes: mark.length - 1 })))).code).toBe(
      "SOURCE_TOO_LARGE",
    );
  });
  test("are bounded while they are prepared, not only where they are drawn", async () => {
    const source = await picture();
    const nested = encodeBase64Url("m?x-oss-process=image/resize,p_200/crop,w_5,h_5"); // 80x60 on the way to 5x5
    const draw = (maxOutputPixels: number) =>
      library.transform(source, `image/watermark,image_${nested}`, {
        fetchObject: async () => source,
        limits: { maxOutputPixels },
      });
    expect((await draw(80 * 60)).width).toBe(40);
    expect((await rejectionOf(draw(80 * 60 - 1))).code).toBe("OUTPUT_TOO_LARGE");
  });
  test("count in the memory that is allowed", async () => {
    const source = await picture();
    const mark = await encodeWithSharp(scene(3000, 2000), "png", { compressionLevel: 1 });
    const { memoryBytes } = library.explain(text, await library.probe(source), { byteLength: source.length });
    const options = { fetchObject: async () => mark, limits: { maxMemoryBytes: memoryBytes + 1_000_000 } };
    expect((await rejectionOf(library.transform(source, text, options))).code).toBe("SOURCE_TOO_LARGE");
  });
});
