import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  GRAVITIES,
  intersect,
  isWhole,
  type Orientation,
  orientationOfAngle,
  oriented,
  place,
  scaleEdge,
  toStored,
  turnOf,
} from "../../src/core/geometry.ts";
import { turn } from "../../src/kernels/index.ts";
import { numbered, paint, pixelAt } from "../support/pictures.ts";

const ALL: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Where EXIF 2.32 (section 4.6.4, tag 0x0112) shows the stored pixel x, y of a w×h picture; written out, not computed by the code under test. */
const SHOWN: Readonly<Record<Orientation, (x: number, y: number, w: number, h: number) => readonly [number, number]>> = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _w, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _w, h) => [h - 1 - y, x],
  7: (x, y, w, h) => [h - 1 - y, w - 1 - x],
  8: (x, y, w) => [y, w - 1 - x],
};

describe.each(ALL)("orientation %i", (orientation) => {
  const stored = numbered(7, 4);
  const upright = { ...oriented(stored, orientation), data: turn(stored.data, 7, 4, turnOf(orientation)) };

  test("turns every pixel to where EXIF shows it", () => {
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 7; x++) {
        const [u, v] = SHOWN[orientation](x, y, 7, 4);
        expect(pixelAt(upright, u, v)).toEqual(pixelAt(stored, x, y));
      }
    }
  });

  test("toStored names the stored pixels of every upright rectangle, brute-forced", () => {
    for (let y = 0; y < upright.height; y++) {
      for (let x = 0; x < upright.width; x++) {
        for (const [width, height] of [
          [1, 1],
          [2, 1],
          [1, 3],
          [3, 2],
        ] as const) {
          if (x + width > upright.width || y + height > upright.height) continue;
          const rect = toStored({ x, y, width, height }, stored, orientation);
          const shown = cellsOf(rect).map(([u, v]) => SHOWN[orientation](u, v, 7, 4).join());
          expect(shown.sort()).toEqual(cellsOf({ x, y, width, height }).map(String).sort());
        }
      }
    }
  });
  test("toStored of the whole is the whole", () => {
    expect(toStored({ x: 0, y: 0, width: upright.width, height: upright.height }, stored, orientation)).toEqual({
      x: 0,
      y: 0,
      width: 7,
      height: 4,
    });
  });
});

function cellsOf({
  x,
  y,
  width,
  height,
}: {
  x: number;
  y: number;
  width: number;
  height: number;
}): readonly (readonly [number, number])[] {
  return Array.from({ length: width * height }, (_, i) => [x + (i % width), y + Math.floor(i / width)] as const);
}

// A red pixel at the top left, turned clockwise
// biome-ignore format: one row per case
test.each([[0, 0, 0], [90, 3, 0], [180, 4, 3], [270, 0, 4]] as const)("%i° clockwise moves the top left of 5x4 to %i,%i", (angle, x, y) => {
  const picture = paint(5, 4, (u, v) => [u === 0 && v === 0 ? 255 : 0, 0, 0, 255]);
  const orientation = orientationOfAngle(angle);
  const turned = { ...oriented(picture, orientation), data: turn(picture.data, 5, 4, turnOf(orientation)) };
  expect(pixelAt(turned, x, y)[0]).toBe(255);
});

describe("scaleEdge", () => {
  // biome-ignore format: one row per case
  test.each([
    [267, 200, 400, 134, "half is rounded up"], [267, 100, 400, 67, "66.75"], [333, 100, 424, 79, "78.54"], [424, 100, 333, 127, "127.33"],
    [2550, 900, 3924, 585, "584.86"], [1, 1, 16384, 1, "never 0"], [5, 1, 2, 3, "2.5"], [7, 1, 2, 4, "3.5"], [30000, 16384, 1, 491_520_000, "large products"],
  ])("%i·%i/%i is %i (%s)", (edge, numerator, denominator, expected) => {
    expect(scaleEdge(edge, numerator, denominator)).toBe(expected);
  });
  test("is the nearest whole number, halves up, for all edges", () => {
    const n = fc.integer({ min: 1, max: 30000 });
    fc.assert(
      fc.property(n, n, n, (edge, numerator, denominator) => {
        const product = BigInt(edge) * BigInt(numerator) * 2n + BigInt(denominator);
        const exact = Number(product / (BigInt(denominator) * 2n));
        expect(scaleEdge(edge, numerator, denominator)).toBe(Math.max(1, exact));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("place", () => {
  test("puts a smaller box at the nine positions, halves floored", () => {
    const box = { width: 10, height: 4 };
    const at = GRAVITIES.map((g) => Object.values(place(box, { width: 31, height: 9 }, g)).join());
    expect(at).toEqual(["0,0", "10,0", "21,0", "0,2", "10,2", "21,2", "0,5", "10,5", "21,5"]);
  });
  test("lets a larger box stick out, floored away from zero", () => {
    expect(place({ width: 13, height: 4 }, { width: 10, height: 4 }, "center")).toEqual({ x: -2, y: 0 });
    expect(place({ width: 13, height: 4 }, { width: 10, height: 1 }, "se")).toEqual({ x: -3, y: -3 });
  });
  test("centers on a focal point as far as the edges allow", () => {
    const at = (fx: number, fy: number) => place({ width: 10, height: 10 }, { width: 100, height: 50 }, { fx, fy });
    expect([at(0, 0), at(0.5, 0.5), at(0.3, 0.9), at(1, 1)]).toEqual([
      { x: 0, y: 0 },
      { x: 45, y: 20 },
      { x: 25, y: 40 },
      { x: 90, y: 40 },
    ]);
    expect(place({ width: 20, height: 5 }, { width: 10, height: 5 }, { fx: 0.5, fy: 0.5 })).toEqual({ x: -5, y: 0 });
    expect(place({ width: 20, height: 5 }, { width: 10, height: 5 }, { fx: 0, fy: 0 })).toEqual({ x: -10, y: 0 });
  });
  test("a focal point never leaves the picture", () => {
    const side = fc.integer({ min: 1, max: 300 });
    const fraction = fc.nat(10000).map((n) => n / 10000);
    fc.assert(
      fc.property(side, side, side, side, fraction, fraction, (a, b, c, d, fx, fy) => {
        const [box, outer] = [
          { width: Math.min(a, c), height: Math.min(b, d) },
          { width: c, height: d },
        ];
        const { x, y } = place(box, outer, { fx, fy });
        expect(Number.isInteger(x) && Number.isInteger(y)).toBe(true);
        expect(x >= 0 && y >= 0 && x + box.width <= outer.width && y + box.height <= outer.height).toBe(true);
      }),
    );
  });
});

test("intersect and isWhole", () => {
  const bounds = { width: 10, height: 8 };
  expect(intersect({ x: 5, y: 6, width: 9, height: 9 }, bounds)).toEqual({ x: 5, y: 6, width: 5, height: 2 });
  expect(intersect({ x: -3, y: -1, width: 5, height: 4 }, bounds)).toEqual({ x: 0, y: 0, width: 2, height: 3 });
  expect(intersect({ x: 10, y: 0, width: 1, height: 1 }, bounds)).toBeUndefined();
  expect(intersect({ x: 0, y: -4, width: 5, height: 4 }, bounds)).toBeUndefined();
  expect(isWhole({ x: 0, y: 0, width: 10, height: 8 }, bounds)).toBe(true);
  for (const rect of [
    { x: 1, y: 0, width: 10, height: 8 },
    { x: 0, y: 0, width: 9, height: 8 },
    { x: 0, y: 0, width: 10, height: 7 },
    { x: 0, y: 1, width: 10, height: 8 },
  ]) {
    expect(isWhole(rect, bounds)).toBe(false);
  }
});
