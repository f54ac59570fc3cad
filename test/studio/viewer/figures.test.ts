import { expect, test } from "vitest";
import { resultName, savingsOf, stagesOf } from "../../../src/studio/viewer/figures.ts";

test("savingsOf: part of the original's bytes, and a million times the difference", () => {
  expect(savingsOf(1000, 250)).toEqual({ fraction: 0.75, isWorse: false, perMillion: 750_000_000 });
  expect(savingsOf(1000, 1500)).toEqual({ fraction: -0.5, isWorse: true, perMillion: -500_000_000 });
  expect(savingsOf(1000, 1000)).toEqual({ fraction: 0, isWorse: false, perMillion: 0 });
});

test("stagesOf: in order, with what is too short or between them as the rest", () => {
  const stages = stagesOf({ probe: 0.1, decode: 30, scale: 20, marks: 0, encode: 45 }, 100);
  expect(stages.map(({ name, ms }) => [name, Math.round(ms * 10) / 10])).toEqual([
    ["decode", 30],
    ["scale", 20],
    ["encode", 45],
    ["rest", 5],
  ]);
  expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

test("stagesOf: nothing for no time, and never more than the whole", () => {
  expect(stagesOf({}, 0)).toEqual([]);
  expect(stagesOf({ decode: 10 }, 5)).toEqual([{ name: "decode", ms: 10, share: 1 }]);
});

// biome-ignore format: one row per case
test.each([
  ["owl.jpg", "webp", "owl.webp"], ["a/b/owl.jpg", "avif", "owl.avif"], ["owl.JPEG", "jpeg", "owl.JPEG"], ["owl.png", "jpeg", "owl.jpg"],
  ["scan.tif", "tiff", "scan.tif"], ["owl", "png", "owl.png"], [".hidden", "png", ".hidden.png"], ["v1.2.jpg", "webp", "v1.2.webp"], ["folder/", "png", "picture.png"],
])("resultName: %s as %s is %s", (source, format, expected) => {
  expect(resultName(source, format)).toBe(expected);
});
