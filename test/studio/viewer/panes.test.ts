import { expect, test } from "vitest";
import { panesOf } from "../../../src/studio/viewer/panes.ts";

const INSETS = { side: 20, top: 40, bottom: 60 };

test("panesOf: one pane keeps what floats off the picture", () => {
  expect(panesOf({ width: 1000, height: 600 }, INSETS, false)).toEqual([
    { x: 20, y: 40, width: 960, height: 500, clip: { x: 0, y: 0, width: 1000, height: 600 } },
  ]);
});

test("panesOf: two lie beside each other, on a narrow stage one above the other, and share the stage without a gap", () => {
  const [left, right] = panesOf({ width: 1001, height: 600 }, INSETS, true);
  expect([left.clip, right?.clip]).toEqual([
    { x: 0, y: 0, width: 500, height: 600 },
    { x: 500, y: 0, width: 501, height: 600 },
  ]);
  const [top, bottom] = panesOf({ width: 390, height: 301 }, INSETS, true);
  expect(top.clip.height + (bottom?.clip.height ?? 0)).toBe(301);
  expect(bottom?.clip.y).toBe(top.clip.height);
  expect(bottom?.y).toBeGreaterThan(top.y + top.height);
});

test("panesOf: a stage without room still has panes", () => {
  for (const isDouble of [false, true]) {
    for (const { width, height } of panesOf({ width: 10, height: 10 }, INSETS, isDouble))
      expect(Math.min(width, height)).toBe(1);
  }
});
