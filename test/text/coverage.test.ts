import fc from "fast-check";
import { expect, test } from "vitest";
import type { Size } from "../../src/core/geometry.ts";
import { cover } from "../../src/text/coverage.ts";
import { CUBIC, flatten, LINE, MOVE, type Outline, QUAD } from "../../src/text/outline.ts";

const AS_IS = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

function plane(edges: readonly number[], size: Size): Uint8Array {
  const data = new Uint8Array(size.width * size.height);
  cover(edges, size, (x, y, row, count) => data.set(row.subarray(0, count), y * size.width + x));
  return data;
}
function polygon(...points: readonly number[]): number[] {
  const edges: number[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const next = (i + 2) % points.length;
    edges.push(points[i] ?? 0, points[i + 1] ?? 0, points[next] ?? 0, points[next + 1] ?? 0);
  }
  return edges;
}
const sum = (data: Uint8Array): number => data.reduce((total, value) => total + value, 0) / 255;
/** Shoelace formula. */
function area(edges: readonly number[]): number {
  let twice = 0;
  for (let i = 0; i < edges.length; i += 4) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = edges.slice(i, i + 4);
    twice += x0 * y1 - x1 * y0;
  }
  return Math.abs(twice) / 2;
}

test("cover: a rectangle between pixels covers each by its exact share", () => {
  const got = plane(polygon(1.25, 0.5, 3.75, 0.5, 3.75, 2, 1.25, 2), { width: 5, height: 3 });
  expect([...got]).toEqual([0, 96, 128, 96, 0, 0, 191, 255, 191, 0, 0, 0, 0, 0, 0]);
});

test("cover: a triangle's pixels hold its exact areas on flat and steep slants", () => {
  // Below the line from (0, 0) to (4, 1): ramps of 1/8, 3/8, 5/8, 7/8
  const flat = plane(polygon(0, 0, 4, 1, 0, 1), { width: 4, height: 1 });
  expect([...flat]).toEqual([223, 159, 96, 32]);
  const steep = plane(polygon(0, 0, 1, 4, 0, 4), { width: 1, height: 4 });
  expect([...steep]).toEqual([32, 96, 159, 223]);
});

test("cover: contours of one direction that overlap do not cancel, a hole of the other direction does", () => {
  const outer = polygon(0, 0, 6, 0, 6, 6, 0, 6);
  const size = { width: 8, height: 8 };
  expect(sum(plane([...outer, ...polygon(3, 3, 8, 3, 8, 8, 3, 8)], size))).toBe(36 + 25 - 9);
  expect(sum(plane([...outer, ...polygon(1, 1, 1, 5, 5, 5, 5, 1)], size))).toBe(36 - 16);
});

test("cover: the sum over any triangle is its area", () => {
  const inside = fc.double({ min: 0, max: 60, noNaN: true });
  fc.assert(
    fc.property(fc.array(inside, { minLength: 6, maxLength: 6 }), (points) => {
      const edges = polygon(...points);
      // Every pixel is rounded to 1/255, and 61 × 61 of them may err alike
      expect(Math.abs(sum(plane(edges, { width: 61, height: 61 })) - area(edges))).toBeLessThan(4);
    }),
    { numRuns: 300 },
  );
});

test("cover: pixels agree with a count of 32 × 32 points each", () => {
  const edges = polygon(2.3, 1.1, 17.9, 6.4, 11.2, 18.7, 8.8, 7.3);
  const size = { width: 20, height: 20 };
  const got = plane(edges, size);
  const inside = (x: number, y: number): boolean => {
    let winding = 0;
    for (let i = 0; i < edges.length; i += 4) {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = edges.slice(i, i + 4);
      if (y0 <= y !== y1 <= y && x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) < x) winding += y0 < y1 ? 1 : -1;
    }
    return winding !== 0;
  };
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      let hits = 0;
      for (let i = 0; i < 1024; i++) if (inside(x + ((i % 32) + 0.5) / 32, y + (Math.floor(i / 32) + 0.5) / 32)) hits++;
      expect(Math.abs((got[y * size.width + x] ?? 0) - (hits / 1024) * 255), `${x},${y}`).toBeLessThan(5);
    }
  }
});

test("cover: what lies outside the raster is cut off there", () => {
  const got = plane(polygon(-5, -5, 100, -5, 100, 2.5, -5, 2.5), { width: 3, height: 4 });
  expect([...got]).toEqual([255, 255, 255, 255, 255, 255, 128, 128, 128, 0, 0, 0]);
  expect(sum(plane(polygon(-9, -9, -1, -9, -1, -1), { width: 3, height: 4 }))).toBe(0);
});

test("flatten: circles of quadratic and of cubic curves have the area of a circle at any size", () => {
  const k = 0.5522847498; // the usual cubic quarter circle, right to 3 in 10000
  const t = 0.41421356237; // tan(22.5°): eight parabolas, right to 2 in 1000
  const h = Math.SQRT1_2;
  // biome-ignore format: one quarter a line
  const cubic: Outline = [
    MOVE, 1, 0, CUBIC, 1, k, k, 1, 0, 1, CUBIC, -k, 1, -1, k, -1, 0,
    CUBIC, -1, -k, -k, -1, 0, -1, CUBIC, k, -1, 1, -k, 1, 0,
  ];
  // biome-ignore format: one quarter a line
  const quadratic: Outline = [
    MOVE, 1, 0, QUAD, 1, t, h, h, QUAD, t, 1, 0, 1, QUAD, -t, 1, -h, h, QUAD, -1, t, -1, 0,
    QUAD, -1, -t, -h, -h, QUAD, -t, -1, 0, -1, QUAD, t, -1, h, -h, QUAD, 1, -t, 1, 0,
  ];
  for (const radius of [3, 40, 700]) {
    const map = { ...AS_IS, a: radius, d: radius };
    expect(area(flatten(cubic, map)) / (radius * radius)).toBeGreaterThan(radius < 10 ? 3.08 : 3.13);
    expect(area(flatten(quadratic, map)) / (radius * radius)).toBeGreaterThan(radius < 10 ? 3.08 : 3.13);
    expect(area(flatten(cubic, map)) / (radius * radius)).toBeLessThan(3.146);
    expect(area(flatten(quadratic, map)) / (radius * radius)).toBeLessThan(3.155);
  }
});

test("flatten: contours that are left open are closed", () => {
  const open: Outline = [MOVE, 0, 0, LINE, 4, 0, LINE, 4, 4, MOVE, 10, 0, LINE, 12, 0, LINE, 12, 2];
  expect(area(flatten(open, AS_IS))).toBe(8 + 2);
});
