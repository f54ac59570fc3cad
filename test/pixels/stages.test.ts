import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseColor } from "../../src/core/color.ts";
import type { Raster, RgbaRaster } from "../../src/core/raster.ts";
import type { Step } from "../../src/core/step.ts";
import { applyStep, stepScratchBytes } from "../../src/pixels/index.ts";
import { difference, numbered, type Pixels, paint, pixelAt, probeOf, scene } from "../support/pictures.ts";
import { stageTools } from "./run-stage.ts";

const raster = (picture: Pixels, alpha = true): RgbaRaster => ({
  layout: "rgba8",
  ...picture,
  data: picture.data.slice(),
  alpha,
});
async function apply(picture: Pixels, step: Step, options: { alpha?: boolean; mark?: Raster } = {}): Promise<RgbaRaster> {
  const { mark } = options;
  const tools = mark === undefined ? {} : { mark: () => Promise.resolve(mark) };
  const output = await applyStep(raster(picture, options.alpha ?? true), step, stageTools(tools));
  if (output.layout !== "rgba8") throw new Error("expected rgba8");
  return output;
}
const scale = (width: number, height: number): Step => ({
  kind: "scale",
  params: { filter: "lanczos3", linear: false },
  output: { width, height },
});

test("crop: takes exactly the rectangle's pixels", async () => {
  const source = numbered(23, 17);
  const cropped = await apply(
    source,
    { kind: "crop", params: { rect: { x: 5, y: 3, width: 9, height: 7 } }, output: { width: 9, height: 7 } },
    { alpha: false },
  );
  expect(cropped).toMatchObject({ width: 9, height: 7, alpha: false });
  for (let y = 0; y < 7; y++) for (let x = 0; x < 9; x++) expect(pixelAt(cropped, x, y)).toEqual(pixelAt(source, x + 5, y + 3));
});

describe("extend", () => {
  const source = numbered(5, 3);
  const extend = (color?: string): Step => ({
    kind: "extend",
    params: { x: 2, y: 1, ...(color === undefined ? {} : { color }) },
    output: { width: 9, height: 6 },
  });
  test.each([
    ["10FF80", [16, 255, 128, 255]],
    [undefined, [0, 0, 0, 0]],
  ] as const)("puts the picture on %s", async (color, around) => {
    const canvas = await apply(source, extend(color), { alpha: false });
    expect(canvas).toMatchObject({ width: 9, height: 6, alpha: color === undefined });
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 9; x++) {
        const inside = x >= 2 && x < 7 && y >= 1 && y < 4;
        expect(pixelAt(canvas, x, y)).toEqual(inside ? pixelAt(source, x - 2, y - 1) : around);
      }
    }
  });
  test("keeps the transparency of the picture on a color", async () => {
    expect((await apply(source, extend("FFFFFF"), { alpha: true })).alpha).toBe(true);
  });
  test.each([
    [1, 1],
    [3, 1],
    [5, 7],
    [64, 3],
  ])("fills a canvas of %ix%i to its last byte", async (width, height) => {
    const step: Step = { kind: "extend", params: { x: 0, y: 0, color: "010203" }, output: { width, height } };
    const canvas = await apply(
      paint(1, 1, () => [9, 9, 9, 255]),
      step,
    );
    expect([...canvas.data]).toEqual(
      Array.from({ length: width * height }, (_, i) => (i === 0 ? [9, 9, 9, 255] : [1, 2, 3, 255])).flat(),
    );
  });
});

test("parseColor: red, green, blue and opacity", () => {
  expect(parseColor("01FF80")).toEqual([1, 255, 128, 255]);
  expect(parseColor("01FF8007")).toEqual([1, 255, 128, 7]);
});

describe("scale", () => {
  test("a flat color stays flat, in and out of transparency", async () => {
    const side = fc.integer({ min: 1, max: 60 });
    const byte = fc.nat(255);
    await fc.assert(
      fc.asyncProperty(side, side, side, side, fc.tuple(byte, byte, byte), async (w, h, toW, toH, [r, g, b]) => {
        const flat = await apply(
          paint(w, h, () => [r, g, b, 255]),
          scale(toW, toH),
          { alpha: false },
        );
        expect(flat).toMatchObject({ width: toW, height: toH });
        expect(
          difference(
            flat,
            paint(toW, toH, () => [r, g, b, 255]),
          ).largest,
        ).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
  test("an opaque picture gives the same with and without work on alpha", async () => {
    const source = scene(90, 60);
    const [plain, careful] = [
      await apply(source, scale(40, 27), { alpha: false }),
      await apply(source, scale(40, 27), { alpha: true }),
    ];
    expect(difference(plain, careful).largest).toBeLessThanOrEqual(1);
  });
  test("clear pixels do not bleed their color", async () => {
    const source = paint(40, 40, (x) => (x < 20 ? [200, 30, 10, 255] : [0, 255, 0, 0])); // green, but invisible
    const small = await apply(source, scale(10, 10));
    for (let x = 0; x < 10; x++) {
      const [r = 0, g = 0, , a = 0] = pixelAt(small, x, 5);
      if (a > 8) expect(r > 180 && g < 50, `${x}: ${pixelAt(small, x, 5)}`).toBe(true);
    }
    expect(pixelAt(small, 0, 5)[3]).toBe(255);
    expect(pixelAt(small, 9, 5)[3]).toBe(0);
  });
  test("up and down in different directions at once", async () => {
    const output = await apply(scene(64, 48), scale(17, 90), { alpha: false });
    expect(output).toMatchObject({ width: 17, height: 90 });
    expect(output.data).toHaveLength(17 * 90 * 4);
  });
});

describe("composite", () => {
  const mark = paint(4, 3, () => [10, 20, 250, 255]);
  const at = (x: number, y: number, opacity: number, size: Pixels): Step => ({
    kind: "composite",
    params: {
      mark: { kind: "picture", key: "m", probe: probeOf(4, 3), byteLength: 100, steps: [], size: mark },
      x,
      y,
      opacity,
    },
    output: { width: size.width, height: size.height },
  });
  const source = paint(10, 8, (x, y) => [200, x, y, 255]);
  // biome-ignore format: one row per case
  test.each([
    ["inside",                2, 3], ["over the left top", -2, -1], ["over the right bottom", 8, 6], ["exactly in the corner", 6, 5],
    ["beside it",            10, 0], ["above it",           0, -3], ["larger offset",       -50, 90],
  ])("draws %s and nothing else", async (_name, x, y) => {
    const output = await apply(source, at(x, y, 255, source), { mark: raster(mark, false), alpha: false });
    for (let v = 0; v < 8; v++) {
      for (let u = 0; u < 10; u++) {
        const inside = u >= x && u < x + 4 && v >= y && v < y + 3;
        expect(pixelAt(output, u, v)).toEqual(inside ? [10, 20, 250, 255] : [200, u, v, 255]);
      }
    }
  });
  test("memory for a mark larger than the picture, and for its tiles, is announced", () => {
    const size = { width: 9000, height: 30 };
    const long = { kind: "picture", key: "m", probe: probeOf(9000, 30), byteLength: 100, steps: [], size } as const;
    const input = { width: 100, height: 70 };
    const announced = (tile?: { periodX: number; periodY: number }) => {
      const params = { mark: long, x: 0, y: 0, opacity: 255, ...(tile === undefined ? {} : { tile }) };
      return input.width * input.height * 4 + stepScratchBytes({ kind: "composite", params, output: input }, input, false);
    };
    expect(announced()).toBeGreaterThanOrEqual(9000 * 30 * 4);
    expect(announced({ periodX: 9000, periodY: 35 })).toBeGreaterThanOrEqual(9000 * 30 * 4);
  });
  // Periods of 1 to beyond the picture, so that repeated blocks of every shape are cut at the edges
  test.each([
    [4, 3, 0, 0],
    [5, 7, 0, 0],
    [4, 3, 3, 2],
    [9, 4, -2, -5],
    [200, 3, 1, 0],
    [4, 100, 0, 40],
    [500, 400, 7, 5],
  ])("draws tiles %ix%i apart from %i,%i on, and nothing between", async (periodX, periodY, x, y) => {
    const wide = paint(310, 70, (u, v) => [200, u & 255, v, 255]);
    const step = at(x, y, 255, wide);
    if (step.kind !== "composite") throw new Error("no composite");
    const tiled: Step = { ...step, params: { ...step.params, tile: { periodX, periodY } } };
    const output = await apply(wide, tiled, { mark: raster(mark, false), alpha: false });
    const inTile = (value: number, period: number, length: number) => ((value % period) + period) % period < length;
    for (let v = 0; v < 70; v++) {
      for (let u = 0; u < 310; u++) {
        const inside = inTile(u - x, periodX, 4) && inTile(v - y, periodY, 3);
        expect(pixelAt(output, u, v)).toEqual(inside ? [10, 20, 250, 255] : [200, u & 255, v, 255]);
      }
    }
  });
  test("a mark larger than the picture shows its own middle", async () => {
    const large = numbered(20, 16);
    for (let i = 3; i < large.data.length; i += 4) large.data[i] = 255;
    const output = await apply(source, at(-5, -4, 255, source), { mark: raster(large, false), alpha: false });
    for (const [x, y] of [
      [0, 0],
      [9, 7],
      [3, 5],
    ] as const)
      expect(pixelAt(output, x, y)).toEqual(pixelAt(large, x + 5, y + 4));
  });
  test("half opacity is half of both", async () => {
    const output = await apply(source, at(2, 3, 128, source), { mark: raster(mark, false), alpha: false });
    // 10 + (200 − 10) · 127/255 = 104.6
    expect(pixelAt(output, 2, 3)[0]).toBe(105);
  });
  test("a gray mark is converted", async () => {
    const gray: Raster = { layout: "gray8", width: 4, height: 3, data: new Uint8Array(12).fill(77), alpha: false };
    expect(pixelAt(await apply(source, at(0, 0, 255, source), { mark: gray, alpha: false }), 1, 1)).toEqual([77, 77, 77, 255]);
  });
});
