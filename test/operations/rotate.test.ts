import { expect, test } from "vitest";
import { rotate } from "../../src/operations/rotate.ts";
import { failureOf, probeOf } from "../support/pictures.ts";
import { planOf, sizeOf, stepsOf } from "./support.ts";

// biome-ignore format: one row per case
test.each([
  ["rotate,0",                       ""],
  ["rotate,90",                      "turn 267x400 as 6"],
  ["rotate,180",                     "turn 400x267 as 3"],
  ["rotate,270",                     "turn 267x400 as 8"],
  ["rotate,360",                     ""],
  ["resize,w_200,h_200/rotate,90",   "scale 200x134 | turn 134x200 as 6"],
  ["rotate,90/resize,w_100",         "turn 267x400 as 6 | scale 100x150"],
  ["rotate,90/rotate,90",            "turn 267x400 as 6 | turn 400x267 as 6"],
])("rotate.plan: %s on 400x267", (text, steps) => {
  expect(stepsOf(probeOf(400, 267), `image/${text}`)).toBe(steps);
});

// Sizes by |w·cos| + |h·sin| and |w·sin| + |h·cos|, rounded up; 70° is in the OSS IMG reference, section 12.2
// biome-ignore format: one row per case
test.each([
  ["rotate,70",                      "rotate 388x468"],
  ["rotate,110",                     "rotate 388x468"],
  ["rotate,250",                     "rotate 388x468"],
  ["rotate,1",                       "rotate 405x274"],
  ["rotate,45",                      "rotate 472x472"],
  ["rotate,359",                     "rotate 405x274"],
  ["resize,w_100/rotate,45",         "scale 100x67 | rotate 119x119"],
  ["rotate,70/rotate,90",            "rotate 388x468 | turn 468x388 as 6"],
])("rotate.plan: %s on 400x267 enlarges the canvas", (text, steps) => {
  expect(stepsOf(probeOf(400, 267), `image/${text}`)).toBe(steps);
});

test("rotate.plan: the step carries the angle", () => {
  expect(planOf(rotate, { value: "70" }, 400, 267)).toEqual([
    { kind: "rotate", params: { angleDeg: 70 }, output: { width: 388, height: 468 } },
  ]);
});

// OSS IMG reference, section 4.3, EC 216, 217 and 203
test.each(["361", "-1", "a_90", "45.5", "90,200,300", ""])("rotate,%s is refused", (value) => {
  expect(failureOf(() => sizeOf(probeOf(400, 267), `image/rotate,${value}`))).toMatchObject({
    code: "BAD_ARGUMENT",
    operation: "rotate",
  });
});

test("rotate: comes after the turn to upright", () => {
  expect(stepsOf(probeOf(424, 333, { orientation: 6 }), "image/rotate,90")).toBe("turn 333x424 as 6 | turn 424x333 as 6");
  expect(stepsOf(probeOf(424, 333, { orientation: 6 }), "image/rotate,90/auto-orient,0")).toBe("turn 333x424 as 6");
});

// OSS IMG reference, section 2, EC 006
// biome-ignore format: one row per case
test.each([
  ["4096 a side is the most", probeOf(4096, 4096), true,  "4096x4096"],
  ["a wider source",          probeOf(4097, 10),   true,  "SOURCE_TOO_LARGE"],
  ["a taller source",         probeOf(10, 4097),   true,  "SOURCE_TOO_LARGE"],
  ["a 22 MP photograph where OSS's limits do not count", probeOf(5500, 4000), false, "4000x5500"],
])("rotate: %s", (_name, source, ossStrict, expected) => {
  const outcome = () => sizeOf(source, "image/rotate,90", { ossStrict });
  if (expected.includes("x")) expect(outcome()).toBe(expected);
  else expect(failureOf(outcome)).toMatchObject({ code: expected, message: "Picture exceed the maximum allowable rotation range" });
});
test("rotate: the limit is of the picture that is rotated, not of the source", () => {
  expect(sizeOf(probeOf(8000, 100), "image/resize,w_4000/rotate,90", { ossStrict: true })).toBe("50x4000");
});
