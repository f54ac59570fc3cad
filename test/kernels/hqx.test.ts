import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import type { Leased } from "../../src/core/lease.ts";
import { createHqx, type Hqx, hqxBytes, hqxFactor } from "../../src/kernels/hqx.ts";
import { type Color, paint, pixelAt } from "../support/pictures.ts";

const file = createRequire(import.meta.url).resolve("@jsquash/resize/lib/hqx/pkg/squooshhqx_bg.wasm");
const MODULE = new WebAssembly.Module(readFileSync(file));
const create = () => createHqx(MODULE) as Leased<Hqx>;
const hqx = create().api;

const RED: Color = [230, 20, 10, 255];
const BLUE: Color = [10, 40, 200, 255];
/** Below and above a diagonal, which hqx makes straight and plain enlargement leaves in steps. */
const diagonal = (below: Color, above: Color) => paint(12, 9, (x, y) => (x > y ? above : below));

describe("hqx", () => {
  test.each([2, 3, 4] as const)("enlarges by %i, with the corners and colors in their places", (factor) => {
    const picture = diagonal(RED, BLUE);
    const data = hqx.enlarge(picture.data, picture, factor, false);
    const large = { data, width: 12 * factor, height: 9 * factor };
    expect(data.length).toBe(12 * 9 * 4 * factor * factor);
    expect(pixelAt(large, 0, 9 * factor - 1)).toEqual(RED);
    expect(pixelAt(large, 12 * factor - 1, 0)).toEqual(BLUE);
    for (let i = 3; i < data.length; i += 4) expect(data[i]).toBe(255);
  });

  test("smooths the steps of a diagonal and keeps flat color", () => {
    const picture = diagonal(RED, BLUE);
    const data = hqx.enlarge(picture.data, picture, 4, false);
    const colors = new Set(Array.from({ length: data.length / 4 }, (_, i) => data.subarray(i * 4, i * 4 + 4).join()));
    expect(colors.size).toBeGreaterThan(2); // repeating pixels would give the two
    const flat = paint(5, 4, () => [1, 2, 3, 255]);
    expect(new Set(hqx.enlarge(flat.data, flat, 3, false))).toEqual(new Set([1, 2, 3, 255]));
  });

  test("the color of clear pixels does not bleed out, and the input is left alone", () => {
    const [white, green] = [diagonal(RED, [255, 255, 255, 0]), diagonal(RED, [0, 255, 0, 0])];
    const before = white.data.slice();
    const result = hqx.enlarge(white.data, white, 3, true);
    expect(white.data).toEqual(before);
    expect(result).toEqual(hqx.enlarge(green.data, green, 3, true));
    let soft = 0;
    for (let i = 0; i < result.length; i += 4) {
      const a = result[i + 3]!;
      if (a === 0) expect([...result.subarray(i, i + 4)]).toEqual([0, 0, 0, 0]);
      else for (let c = 0; c < 3; c++) expect(Math.abs(result[i + c]! - RED[c]!)).toBeLessThanOrEqual(Math.ceil(255 / a));
      if (a > 0 && a < 255) soft++;
    }
    expect(soft).toBeGreaterThan(0);
  });

  test("hqxBytes bounds what is held", () => {
    for (const factor of [2, 4] as const) {
      const size = { width: 300, height: 200 };
      const instance = create();
      const output = instance.api.enlarge(new Uint8Array(300 * 200 * 4).fill(9), size, factor, false);
      const held = instance.memoryBytes() + output.length;
      expect(hqxBytes(size, factor)).toBeGreaterThanOrEqual(held);
      expect(hqxBytes(size, factor)).toBeLessThan(held * 1.2);
    }
  });

  test.each([
    [{ width: 100, height: 100 }, { width: 100, height: 80 }, undefined],
    [{ width: 100, height: 100 }, { width: 101, height: 80 }, 2],
    [{ width: 100, height: 100 }, { width: 200, height: 200 }, 2],
    [{ width: 100, height: 100 }, { width: 90, height: 201 }, 3],
    [{ width: 100, height: 100 }, { width: 1600, height: 1600 }, 4],
  ] as const)("hqxFactor of %o to %o", (input, output, factor) => {
    expect(hqxFactor(input, output)).toBe(factor);
  });
});
