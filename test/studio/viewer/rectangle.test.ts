import fc from "fast-check";
import { expect, test } from "vitest";
import { GRIPS, grippedRect, movedRect, RATIOS, ratioLabel, ratioOf, withRatio } from "../../../src/studio/viewer/rectangle.ts";

const BOUNDS = { width: 400, height: 300 };
const RECT = { x: 100, y: 50, width: 200, height: 100 };

// biome-ignore format: one row per case
test.each([
  ["by whole px",             { x: 10.4, y: -5.6 },  { ...RECT, x: 110, y: 44 }],
  ["to the left and top",     { x: -900, y: -900 },  { ...RECT, x: 0, y: 0 }],
  ["to the right and bottom", { x: 900, y: 900 },    { ...RECT, x: 200, y: 200 }],
])("movedRect: %s", (_name, by, expected) => {
  expect(movedRect(RECT, by, BOUNDS)).toEqual(expected);
});

// biome-ignore format: one row per case
test.each([
  ["the corner opposite stays",        "nw", { x: 20, y: 10 },    undefined, { x: 120, y: 60, width: 180, height: 90 }],
  ["an edge moves along its axis",     "e",  { x: 20, y: 99 },    undefined, { x: 100, y: 50, width: 220, height: 100 }],
  ["it ends at the picture's edge",    "se", { x: 999, y: 999 },  undefined, { x: 100, y: 50, width: 300, height: 250 }],
  ["it keeps a px",                    "s",  { x: 0, y: -999 },   undefined, { x: 100, y: 50, width: 200, height: 1 }],
  ["it does not turn over",            "w",  { x: 999, y: 0 },    undefined, { x: 299, y: 50, width: 1, height: 100 }],
  ["a corner keeps the ratio",         "se", { x: 40, y: 0 },     2,         { x: 100, y: 50, width: 240, height: 120 }],
  ["an edge keeps it about its middle","e",  { x: -40, y: 0 },    2,         { x: 100, y: 60, width: 160, height: 80 }],
  ["a top edge grows to both sides",   "n",  { x: 0, y: -20 },    2,         { x: 80, y: 30, width: 240, height: 120 }],
  ["the ratio ends at either edge",    "se", { x: 999, y: 0 },    2,         { x: 100, y: 50, width: 300, height: 150 }],
] as const)("grippedRect: %s", (_name, grip, by, ratio, expected) => {
  expect(grippedRect(RECT, grip, by, BOUNDS, ratio)).toEqual(expected);
});

const size = fc.record({ width: fc.integer({ min: 1, max: 5000 }), height: fc.integer({ min: 1, max: 5000 }) });
const anyRect = size.chain((bounds) =>
  fc.record({
    bounds: fc.constant(bounds),
    x: fc.integer({ min: 0, max: bounds.width - 1 }),
    y: fc.integer({ min: 0, max: bounds.height - 1 }),
    right: fc.integer({ min: 1, max: bounds.width }),
    bottom: fc.integer({ min: 1, max: bounds.height }),
  }),
);
const by = fc.record({
  x: fc.double({ min: -9000, max: 9000, noNaN: true }),
  y: fc.double({ min: -9000, max: 9000, noNaN: true }),
});

test("whatever is dragged, the rectangle has whole px and lies in the picture", () => {
  fc.assert(
    fc.property(
      anyRect,
      by,
      fc.constantFrom(...GRIPS),
      fc.constantFrom(...RATIOS),
      ({ bounds, x, y, right, bottom }, by, grip, name) => {
        const rect = { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
        const ratio = ratioOf(name, bounds);
        const results = [movedRect(rect, by, bounds), grippedRect(rect, grip, by, bounds, ratio)];
        if (ratio !== undefined) results.push(withRatio(rect, ratio, bounds));
        for (const result of results) {
          expect(Object.values(result).every(Number.isInteger)).toBe(true);
          expect(Math.min(result.x, result.y)).toBeGreaterThanOrEqual(0);
          expect(Math.min(result.width, result.height)).toBeGreaterThanOrEqual(1);
          expect(result.x + result.width).toBeLessThanOrEqual(bounds.width);
          expect(result.y + result.height).toBeLessThanOrEqual(bounds.height);
        }
      },
    ),
  );
});

// biome-ignore format: one row per case
test.each([
  ["of about the same area, about the same middle", RECT,                                      1,      { x: 130, y: 30, width: 141, height: 141 }],
  ["as large as the picture allows",                { x: 0, y: 0, width: 400, height: 300 },   1,      { x: 50, y: 0, width: 300, height: 300 }],
  ["moved in where its middle is near an edge",     { x: 300, y: 200, width: 100, height: 100 }, 16 / 9, { x: 267, y: 213, width: 133, height: 75 }],
])("withRatio: %s", (_name, rect, ratio, expected) => {
  expect(withRatio(rect, ratio, BOUNDS)).toEqual(expected);
});

test("ratios stand on a standing picture", () => {
  const standing = { width: 300, height: 400 };
  expect([ratioOf("4:3", BOUNDS), ratioOf("4:3", standing), ratioOf("original", standing), ratioOf("free", standing)]).toEqual([
    4 / 3,
    3 / 4,
    3 / 4,
    undefined,
  ]);
  expect([ratioLabel("16:9", BOUNDS), ratioLabel("16:9", standing)]).toEqual(["16:9", "9:16"]);
});
