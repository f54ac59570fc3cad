import fc from "fast-check";
import { expect, test } from "vitest";
import {
  alike,
  type Camera,
  FIT,
  fitZoom,
  isLarger,
  nextZoom,
  panBy,
  placed,
  toFraction,
  wheelFactor,
  zoomTo,
} from "../../../src/studio/viewer/camera.ts";

const PANE = { width: 800, height: 500 };
const PHOTO = { width: 4000, height: 3000 };

// biome-ignore format: one row per case
test.each([
  ["as tall as the pane",       PHOTO,                        { x: 67, y: 0, width: 667, height: 500 }],
  ["as wide as the pane",       { width: 1600, height: 200 }, { x: 0, y: 200, width: 800, height: 100 }],
  ["in its own px where small", { width: 100, height: 60 },   { x: 350, y: 220, width: 100, height: 60 }],
  ["never without a px",        { width: 9000, height: 1 },   { x: 0, y: 250, width: 800, height: 1 }],
])("placed: fit lies in the middle, %s", (_name, picture, expected) => {
  expect(placed(FIT, picture, PANE)).toEqual(expected);
});

test("placed: a picture larger than the pane leaves no gap at any edge", () => {
  const at = (x: number, y: number) => placed({ zoom: 1, center: { x, y } }, PHOTO, PANE);
  expect(at(0, 0)).toMatchObject({ x: 0, y: 0 });
  expect(at(1, 1)).toMatchObject({ x: 800 - 4000, y: 500 - 3000 });
  expect(at(0.5, 0.5)).toMatchObject({ x: 400 - 2000, y: 250 - 1500 });
});

test("zoomTo: the px under the pointer stays there while there is room to", () => {
  const point = { x: 300, y: 200 };
  fc.assert(
    fc.property(fc.double({ min: 0.6, max: 8, noNaN: true }), fc.double({ min: 0.6, max: 8, noNaN: true }), (first, second) => {
      const camera = zoomTo(FIT, first, point, PHOTO, PANE);
      const next = zoomTo(camera, second, point, PHOTO, PANE);
      const [a, b] = [toFraction(point, placed(camera, PHOTO, PANE)), toFraction(point, placed(next, PHOTO, PANE))];
      // Both are laid out in whole px
      expect(Math.abs(a.x - b.x) * PHOTO.width * Math.min(first, second)).toBeLessThan(1.5);
      expect(Math.abs(a.y - b.y) * PHOTO.height * Math.min(first, second)).toBeLessThan(1.5);
    }),
  );
});

test("zoomTo: stays between its limits", () => {
  expect(zoomTo(FIT, 1000, { x: 0, y: 0 }, PHOTO, PANE).zoom).toBe(32);
  expect(zoomTo(FIT, 0, { x: 0, y: 0 }, PHOTO, PANE).zoom).toBe(0.02);
});

test("panBy: follows the pointer, and answers at once on the way back from an edge", () => {
  const camera: Camera = { zoom: 1, center: { x: 0.5, y: 0.5 } };
  const before = placed(camera, PHOTO, PANE);
  expect(placed(panBy(camera, { x: 30, y: -20 }, PHOTO, PANE), PHOTO, PANE)).toMatchObject({
    x: before.x + 30,
    y: before.y - 20,
  });
  const edge = panBy(camera, { x: 99_999, y: 0 }, PHOTO, PANE);
  expect(placed(edge, PHOTO, PANE).x).toBe(0);
  expect(placed(panBy(edge, { x: -10, y: 0 }, PHOTO, PANE), PHOTO, PANE).x).toBe(-10);
});

test("isLarger: one side is enough", () => {
  const at = (width: number, height: number) => isLarger({ x: 0, y: 0, width, height }, PANE);
  expect([at(800, 500), at(801, 10), at(10, 501)]).toEqual([false, true, true]);
});

test("nextZoom: goes to the stop above or below, also from between two, and ends at the last", () => {
  expect([nextZoom(1, 1), nextZoom(1, -1), nextZoom(0.92, 1), nextZoom(0.92, -1)]).toEqual([1.5, 0.75, 1, 0.75]);
  expect([nextZoom(32, 1), nextZoom(0.02, -1)]).toEqual([32, 0.02]);
});

test("wheelFactor: away makes larger, back undoes it, lines count as px, a pinch is finer", () => {
  expect(wheelFactor(-100, 0, false)).toBeGreaterThan(1.1);
  expect(wheelFactor(-100, 0, false) * wheelFactor(100, 0, false)).toBeCloseTo(1);
  expect(wheelFactor(3, 1, false)).toBe(wheelFactor(48, 0, false));
  expect(wheelFactor(10, 0, true)).toBeLessThan(wheelFactor(10, 0, false));
});

test("alike: two pictures are as far over their fit, and fit stays fit", () => {
  const [small, half] = [
    { width: 400, height: 300 },
    { width: 400, height: 500 },
  ];
  const camera: Camera = { zoom: 3 * fitZoom(PHOTO, PANE), center: { x: 0.2, y: 0.3 } };
  const other = alike(camera, PHOTO, PANE, small, half);
  expect(other.zoom).toBeCloseTo(3 * fitZoom(small, half));
  expect(other.center).toEqual(camera.center);
  expect(alike(FIT, PHOTO, PANE, small, half)).toBe(FIT);
});
