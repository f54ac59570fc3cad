import { expect, test } from "vitest";
import type { Probe } from "../../../src/core/probe.ts";
import { createStep, type Doc, type Texts } from "../../../src/studio/state/document.ts";
import {
  canFocus,
  cropRect,
  cropTexts,
  focalPoint,
  focalText,
  inputOf,
  isFocal,
  keptPart,
  startSize,
} from "../../../src/studio/viewer/input.ts";

const SOURCE = { width: 400, height: 300 };
const crop = createStep("crop");
function docWith(...before: readonly ReturnType<typeof createStep>[]): Doc {
  return { steps: [...before, crop, createStep("blur", { sigma: "2" })], settings: { format: { value: "webp" } } };
}

// biome-ignore format: one row per case
test.each([
  ["the source where nothing comes before",   [],                                                      { size: SOURCE, isMoved: false, isBound: false }],
  ["the source where effects come before",    [createStep("blur", { sigma: "3" })],                    { size: SOURCE, isMoved: false, isBound: false }],
  ["what resize and rotate leave",            [createStep("resize", { w: "200" }), createStep("rotate", { value: "90" })], { size: { width: 150, height: 200 }, isMoved: true, isBound: false }],
  ["not what a step that is off would leave", [createStep("resize", { w: "200" }, false)],             { size: SOURCE, isMoved: false, isBound: false }],
  ["as it is through a watermark",            [createStep("watermark", { text: "Hello" })],            { size: SOURCE, isMoved: false, isBound: false }],
  ["at most what trim is given",              [createStep("trim", { value: "10" })],                   { size: SOURCE, isMoved: true, isBound: true }],
  ["mirrored, which changes no size",         [createStep("flip", { value: "h" })],                    { size: SOURCE, isMoved: true, isBound: false }],
] as const)("inputOf: %s", (_name, before, expected) => {
  expect(inputOf(docWith(...before), crop.id, SOURCE)).toMatchObject(expected);
});

test("inputOf: makes the document of the steps before, with nothing but the orientation of the settings", () => {
  const resize = createStep("resize", { w: "200" });
  const doc = {
    ...docWith(resize, createStep("gray", { value: "1" }, false)),
    settings: { quality: { Q: "80" }, "auto-orient": { value: "0" } },
  };
  expect(inputOf(doc, crop.id, SOURCE)?.doc).toEqual({ steps: [resize], settings: { "auto-orient": { value: "0" } } });
});

test("inputOf: there is none behind a step that is wrong, or of a step that is not there", () => {
  expect(inputOf(docWith(createStep("resize", { w: "many" })), crop.id, SOURCE)).toBeUndefined();
  expect(inputOf(docWith(), "step-none", SOURCE)).toBeUndefined();
});

test("startSize: as stored where EXIF is not applied, except where the container turns the picture", () => {
  const probe = (format: "jpeg" | "avif") => ({ format, orientation: 6 }) as Probe;
  const stored = { steps: [], settings: { "auto-orient": { value: "0" } } };
  expect(startSize({ steps: [], settings: {} }, SOURCE, probe("jpeg"))).toEqual(SOURCE);
  expect(startSize(stored, SOURCE, probe("jpeg"))).toEqual({ width: 300, height: 400 });
  expect(startSize(stored, SOURCE, probe("avif"))).toEqual(SOURCE);
});

// biome-ignore format: one row per case
test.each<readonly [string, Texts, object]>([
  ["nothing said",                  {},                                              { x: 0, y: 0, width: 400, height: 300 }],
  ["a rectangle",                   { w: "100", h: "50", x: "20", y: "30" },         { x: 20, y: 30, width: 100, height: 50 }],
  ["a gravity",                     { w: "100", h: "50", g: "se" },                  { x: 300, y: 250, width: 100, height: 50 }],
  ["what sticks out",               { w: "100", h: "50", x: "350", y: "280" },       { x: 350, y: 280, width: 50, height: 20 }],
  ["an origin outside, moved in",   { w: "100", h: "50", x: "5000", y: "10" },       { x: 300, y: 10, width: 100, height: 50 }],
  ["a cleared field",               { w: "100", h: "", x: "" },                      { x: 0, y: 0, width: 100, height: 300 }],
  ["a field that is no number yet", { w: "1x", h: "50" },                            { x: 0, y: 0, width: 400, height: 50 }],
])("cropRect: %s", (_name, texts, expected) => {
  expect(cropRect(texts, SOURCE)).toEqual(expected);
});

test("cropTexts: says the rectangle again, from the top left", () => {
  const rect = { x: 0, y: 30, width: 100, height: 50 };
  const { g, ...texts } = cropTexts(rect);
  expect(g).toBeUndefined();
  expect(texts).toEqual({ w: "100", h: "50", x: "0", y: "30" });
  expect(cropRect(texts as Texts, SOURCE)).toEqual(rect);
});

test("focal points: fractions of at most four decimals inside the picture, and named positions as points", () => {
  expect(focalText({ x: 1 / 3, y: 0.5 })).toBe("fp:0.3333:0.5");
  expect(focalText({ x: -0.2, y: 1.7 })).toBe("fp:0:1");
  expect(focalText({ x: 0.00001, y: 0.99999 })).toBe("fp:0:1");
  expect(focalPoint({ g: "fp:0.3333:0.5" })).toEqual({ x: 0.3333, y: 0.5 });
  expect([focalPoint({}), focalPoint({ g: "ne" }), focalPoint({ g: "fp:2:x" })]).toEqual([
    { x: 0.5, y: 0.5 },
    { x: 1, y: 0 },
    { x: 0.5, y: 0.5 },
  ]);
  expect([isFocal({ g: "fp:0:0" }), isFocal({ g: "north" }), isFocal({})]).toEqual([true, false, false]);
});

test("canFocus: a fit that cuts, which it does unless told otherwise", () => {
  const fit = (m?: string) => createStep("fit", m === undefined ? {} : { m });
  expect([
    canFocus(fit()),
    canFocus(fit("cover")),
    canFocus(fit("pad")),
    canFocus(createStep("resize", { m: "fill" })),
  ]).toEqual([true, true, false, false]);
});

test("keptPart: what a cover leaves of the picture around its focal point", () => {
  expect(keptPart({ w: "100", h: "100", g: "fp:1:0.5" }, SOURCE)).toEqual({
    x: expect.closeTo(0.25, 2),
    y: 0,
    width: expect.closeTo(0.75, 2),
    height: 1,
  });
  expect(keptPart({ w: "200", h: "150" }, SOURCE)).toBeUndefined(); // the same proportions: nothing is cut
  expect(keptPart({ w: "200" }, SOURCE)).toBeUndefined();
});
