import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GRAVITIES } from "../../src/core/geometry.ts";
import { crop } from "../../src/operations/crop.ts";
import { failureOf, probeOf } from "../support/pictures.ts";
import { planOf, sizeOf, stepsOf } from "./support.ts";

// OSS IMG reference, sections 5.2 and 12.2, on 400x267
// biome-ignore format: one row per case
test.each([
  ["x_100,y_50",                       "crop 300x217 at 100,50"],
  ["x_100,y_50,w_100,h_100",           "crop 100x100 at 100,50"],
  ["w_100,h_100,x_100,y_100,r_1",      "crop 100x100 at 100,100"],
  ["x_0,y_0,w_200,h_200,g_se",         "crop 200x200 at 200,67"],
  ["x_10,y_10,w_200,h_200,g_se",       "crop 190x190 at 210,77"],
  ["w_0,h_100",                        "crop 400x100 at 0,0"],
  ["w_100,h_0,x_20",                   "crop 100x267 at 20,0"],
  ["w_9999,h_100",                     "crop 400x100 at 0,0"],
  ["w_9999,h_9999",                    ""],
  ["w_400,h_267",                      ""],
  ["x_399,y_266",                      "crop 1x1 at 399,266"],
  ["w_100,h_50,g_fp:0.5:0.5",          "crop 100x50 at 150,109"],
  ["w_100,h_50,g_fp:0:0",              "crop 100x50 at 0,0"],
  ["w_100,h_50,g_fp:1:1",              "crop 100x50 at 300,217"],
  ["w_100,h_50,g_fp:0.3:0.6",          "crop 100x50 at 70,135"],
])("crop.plan: %s", (text, steps) => {
  expect(stepsOf(probeOf(400, 267), `image/crop,${text}`)).toBe(steps);
});

// The origin table, with halves floored: 400 − 101 = 299 → 149, 267 − 50 = 217 → 108
// biome-ignore format: one row per case
test.each([
  ["nw", 0, 0],    ["north", 149, 0],    ["ne", 299, 0],
  ["west", 0, 108], ["center", 149, 108], ["east", 299, 108],
  ["sw", 0, 217],  ["south", 149, 217],  ["se", 299, 217],
])("crop.plan: the origin at %s is %i,%i, and x and y are added to it", (g, x, y) => {
  expect(stepsOf(probeOf(400, 267), `image/crop,w_101,h_50,g_${g}`)).toBe(`crop 101x50 at ${x},${y}`);
  const moved = { x: Math.min(101, 400 - x - 7), y: Math.min(50, 267 - y - 3) };
  expect(stepsOf(probeOf(400, 267), `image/crop,w_101,h_50,g_${g},x_7,y_3`)).toBe(`crop ${moved.x}x${moved.y} at ${x + 7},${y + 3}`);
});

describe("crop.plan: what lies outside", () => {
  // biome-ignore format: one row per case
  test.each([
    ["x beyond",               "x_500,y_0",              "500,0"],
    ["x at the edge",          "x_400",                  "400,0"],
    ["y at the edge",          "y_267",                  "0,267"],
    ["moved out of a corner",  "w_100,h_100,g_se,x_100", "400,167"],
  ])("%s is BAD_ARGUMENT of kind outside", (_name, text, value) => {
    expect(failureOf(() => stepsOf(probeOf(400, 267), `image/crop,${text}`))).toMatchObject({ code: "BAD_ARGUMENT", operation: "crop", kind: "outside", value });
  });
});

test("crop.plan: clips the large documentation sample", () => {
  expect(sizeOf(probeOf(1600, 1200), "image/crop,w_900,h_900,g_se,x_100,y_100")).toBe("800x800");
});
test("crop.plan: clamps w and h before it looks for the origin", () => {
  expect(stepsOf(probeOf(400, 267), "image/crop,w_500,h_100,g_center")).toBe("crop 400x100 at 0,83");
});
test("crop.plan: is of the upright picture", () => {
  const sideways = probeOf(424, 333, { orientation: 6 });
  expect(sizeOf(sideways, "image/crop,w_400,h_400")).toBe("333x400");
  expect(sizeOf(sideways, "image/crop,w_400,h_400/auto-orient,0")).toBe("400x333");
});
test("crop.plan: follows the operations before it", () => {
  expect(stepsOf(probeOf(400, 267), "image/resize,w_200/crop,x_150")).toBe("scale 200x134 | crop 50x134 at 150,0");
  expect(stepsOf(probeOf(400, 267), "image/crop,x_150/resize,w_50")).toBe("crop 250x267 at 150,0 | scale 50x53");
});

test("crop.plan: stays inside, whatever is asked", () => {
  const nat = fc.nat(700);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 600 }),
      fc.tuple(nat, nat, nat, nat),
      fc.constantFrom(...GRAVITIES),
      (width, height, [w, h, x, y], g) => {
        let step: ReturnType<typeof planOf>[number] | undefined;
        try {
          step = planOf(crop, { w: `${w}`, h: `${h}`, x: `${x}`, y: `${y}`, g }, width, height)[0];
        } catch (thrown) {
          // Only where the origin is outside: x or y moved it at least over the free rest
          expect(x >= Math.min(width, w || width) || y >= Math.min(height, h || height)).toBe(true);
          expect((thrown as { code?: string }).code).toBe("BAD_ARGUMENT");
          return;
        }
        if (step?.kind !== "crop") return;
        const { rect } = step.params;
        expect(rect.x >= 0 && rect.y >= 0 && rect.width >= 1 && rect.height >= 1).toBe(true);
        expect(rect.x + rect.width <= width && rect.y + rect.height <= height).toBe(true);
        expect(rect.width <= (w || width) && rect.height <= (h || height)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});
