import { describe, expect, test } from "vitest";
import type { Size } from "../../../src/core/geometry.ts";
import { initialTexts } from "../../../src/studio/presentation/initial.ts";
import { sizeAfterStep, sizesOf } from "../../../src/studio/presentation/sizes.ts";
import { keepsRatio, lockRatio, oneEdge, WAYS } from "../../../src/studio/presentation/ways.ts";
import { createStep, EMPTY_DOC, PIXEL_OPERATIONS, planOf, setTexts, type Texts } from "../../../src/studio/state/document.ts";

const SIZES: readonly Size[] = [
  { width: 1600, height: 1067 },
  { width: 24, height: 36 },
  { width: 12_000, height: 9000 },
];

describe.each(PIXEL_OPERATIONS.map(({ name }) => name))("a new step of %s", (name) => {
  test.each(SIZES)("is a plan for $width×$height", (size) => {
    const step = createStep(name, initialTexts(name, size));
    expect(planOf({ ...EMPTY_DOC, steps: [step] })).toHaveProperty("plan");
  });
});

// biome-ignore format: one row per case
test.each([
  ["resize", { width: 800, height: 534 }],
  ["fit", { width: 1067, height: 1067 }],
  ["crop", { width: 1280, height: 853 }],
  ["indexcrop", { width: 533, height: 1067 }],
  ["rotate", { width: 1067, height: 1600 }],
  ["circle", { width: 1067, height: 1067 }],
  ["blur", { width: 1600, height: 1067 }],
])("a new step of %s shows its effect", (name, after) => {
  const size = { width: 1600, height: 1067 };
  expect(sizeAfterStep({ name, texts: initialTexts(name, size) }, size)).toEqual(after);
});

test("sizes follow the chain; what is off or wrong leaves them", () => {
  const steps = [
    createStep("resize", { w: "800" }),
    createStep("rotate", { value: "90" }, false),
    createStep("crop", { w: "abc" }),
    createStep("crop", { w: "100", h: "" }),
    createStep("watermark", { text: "字" }),
  ];
  const { steps: sizes, end } = sizesOf({ steps }, { width: 1600, height: 1067 });
  expect(steps.map(({ id }) => sizes.get(id)?.before)).toEqual([
    { width: 1600, height: 1067 },
    { width: 800, height: 534 },
    { width: 800, height: 534 },
    { width: 800, height: 534 },
    { width: 100, height: 534 },
  ]);
  expect(end).toEqual({ width: 100, height: 534 });
});

describe("going over to another way", () => {
  const before = { width: 1600, height: 1000 };
  const after = { width: 800, height: 500 };
  // biome-ignore format: one row per case
  test.each<[string, string, Texts, Texts]>([
    ["resize",    "edges",    { w: "800", h: "300", m: "pad", color: "00FF00" }, { l: "800" }],
    ["resize",    "percent",  { w: "800", limit: "0", filter: "box" },           { p: "50", filter: "box" }],
    ["resize",    "box",      { p: "50" },                                       { w: "800" }],
    ["indexcrop", "rows",     { x: "100", i: "2" },                              { y: "333", i: "1" }],
    ["blur",      "oss",      { sigma: "4" },                                    { r: "12", s: "4" }],
    ["blur",      "sigma",    { r: "9", s: "3" },                                { sigma: "3" }],
    ["sharpen",   "sigma",    { value: "100" },                                  { sigma: "1" }],
    ["watermark", "picture",  { text: "a", size: "9", t: "50", order: "1" },     { t: "50", image: "" }],
    ["watermark", "both",     { text: "a" },                                     { text: "a", image: "" }],
    ["watermark", "text",     { text: "a", image: "b.png", interval: "4" },      { text: "a" }],
  ])("%s to %s takes away what clashes and keeps the rest", (name, way, texts, expected) => {
    const ways = WAYS[name];
    expect(ways?.of(texts)).not.toBe(way);
    const step = createStep(name, texts);
    const changed = setTexts({ ...EMPTY_DOC, steps: [step] }, step.id, ways?.to(way, texts, { before, after }) ?? {}).steps[0];
    expect(changed?.texts).toEqual(expected);
    expect(ways?.of(changed?.texts ?? {})).toBe(way);
  });

  test("gives the same size where it can", () => {
    const resize = WAYS["resize"];
    const sizes = { before, after };
    for (const way of ["box", "edges", "percent"]) {
      const texts = Object.fromEntries(
        Object.entries(resize?.to(way, {}, sizes) ?? {}).filter(([, text]) => text !== undefined),
      );
      expect(sizeAfterStep({ name: "resize", texts: texts as Texts }, before), way).toEqual(after);
    }
  });

  test("a cleared field is still of its way", () => {
    expect(WAYS["resize"]?.of({ l: "" })).toBe("edges");
    expect(WAYS["watermark"]?.of({ image: "" })).toBe("picture");
  });
});

describe("the ratio of a box", () => {
  test("is kept by one edge, and not by both or by a mode that would make a square", () => {
    expect([{ w: "9" }, { h: "9" }, { w: "9", h: "" }, { w: "9", m: "mfit" }].map(keepsRatio)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(
      [
        { w: "9", h: "9" },
        { w: "9", m: "fill" },
      ].map(keepsRatio),
    ).toEqual([false, false]);
  });
  test("is freed at the size that is there, and kept again by one edge alone", () => {
    expect(lockRatio(false, { w: "800" }, { width: 800, height: 534 })).toEqual({ w: "800", h: "534" });
    expect(lockRatio(true, { w: "800", h: "300", m: "pad" }, { width: 800, height: 300 })).toEqual({
      ...{ h: undefined, m: undefined, color: undefined },
    });
    expect(oneEdge("h", "300")).toEqual({ w: undefined, h: "300" });
  });
});
