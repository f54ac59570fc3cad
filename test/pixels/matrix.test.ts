import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import type { PixelOperation } from "../../src/core/operation.ts";
import type { StepParams } from "../../src/core/step.ts";
import { bright } from "../../src/operations/bright.ts";
import { contrast } from "../../src/operations/contrast.ts";
import { gray } from "../../src/operations/gray.ts";
import { saturate } from "../../src/operations/saturate.ts";
import { matrix } from "../../src/pixels/matrix.ts";
import { planOf } from "../operations/support.ts";
import { type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

function paramsOf(operation: PixelOperation, value: number): StepParams["matrix"] {
  const step = planOf(operation, { value: String(value) }, 10, 10)[0];
  if (step?.kind !== "matrix") throw new Error(`expected a matrix of ${operation.name},${value}`);
  return step.params;
}

/** R, G and B by libvips in floating point; A as it was. */
async function byPeer({ width, height, data }: Pixels, work: (image: Sharp) => Sharp): Promise<Pixels> {
  const colors = data.filter((_, i) => i % 4 !== 3);
  const worked = await work(sharp(colors, { raw: { width, height, channels: 3 } }))
    .raw()
    .toBuffer();
  return { width, height, data: data.map((value, i) => (i % 4 === 3 ? value : worked[i - Math.floor(i / 4)]!)) };
}
function largestDifference(a: Pixels, b: Pixels): number {
  return a.data.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b.data[i]!)), 0);
}

/** Filter Effects Module Level 1, `saturate`. */
const cssSaturate = (s: number): [number, number, number][] => [
  [0.213 + 0.787 * s, 0.715 - 0.715 * s, 0.072 - 0.072 * s],
  [0.213 - 0.213 * s, 0.715 + 0.285 * s, 0.072 - 0.072 * s],
  [0.213 - 0.213 * s, 0.715 - 0.715 * s, 0.072 + 0.928 * s],
];
const LUMA: [number, number, number] = [0.2126, 0.7152, 0.0722];

/** Every level of every channel, and mixtures that clip on both sides. */
const levels = paint(256, 64, (x, y) => [x, 255 - x, (x * 7 + y * 31) & 255, 255 - y]);

// biome-ignore format: one row per case
const cases: [string, PixelOperation, number, (image: Sharp) => Sharp][] = [
  ["bright,50",       bright,   50,   (image) => image.linear(1, 50)],
  ["bright,-100",     bright,   -100, (image) => image.linear(1, -100)],
  ["contrast,50",     contrast, 50,   (image) => image.linear(1.5, -63.75)],
  ["contrast,-33",    contrast, -33,  (image) => image.linear(0.67, 127.5 * 0.33)],
  ["contrast,100",    contrast, 100,  (image) => image.linear(2, -127.5)],
  ["saturate,100",    saturate, 100,  (image) => image.recomb(cssSaturate(2) as never)],
  ["saturate,-37",    saturate, -37,  (image) => image.recomb(cssSaturate(0.63) as never)],
  ["saturate,-100",   saturate, -100, (image) => image.recomb(cssSaturate(0) as never)],
  ["gray,1",          gray,     1,    (image) => image.recomb([LUMA, LUMA, LUMA] as never)],
];

describe("matrix", () => {
  test.each(cases)("%s is what libvips gives, within a level; alpha stays", async (_name, operation, value, peer) => {
    for (const source of [levels, scene(61, 37, true)]) {
      const output = await runStage(matrix, source, paramsOf(operation, value), { offset: 3 });
      expect(output).toMatchObject({ width: source.width, height: source.height, alpha: true });
      expect(largestDifference(output, await byPeer(source, peer))).toBeLessThanOrEqual(1);
      expect(largestDifference(output, source)).toBeGreaterThan(20);
    }
  });

  test.each([1, 33])("an opaque picture of one column and %i rows stays opaque", async (height) => {
    const source = paint(1, height, (_x, y) => [10 + y, 20, 30, 255]);
    const output = await runStage(matrix, source, paramsOf(bright, 7), { alpha: false });
    expect(output).toMatchObject({ width: 1, height, alpha: false });
    for (let y = 0; y < height; y++) expect(pixelAt(output, 0, y)).toEqual([17 + y, 27, 37, 255]);
  });
});

describe("saturate and gray", () => {
  test("leave grays exactly as they are", async () => {
    const grays = paint(256, 1, (x) => [x, x, x, 255 - x]);
    const all = Array.from({ length: 201 }, (_, i) => i - 100).filter((value) => value !== 0);
    for (const params of [paramsOf(gray, 1), ...all.map((value) => paramsOf(saturate, value))]) {
      expect((await runStage(matrix, grays, params)).data).toEqual(grays.data);
    }
  });
  test.each([
    ["gray,1", gray, 1],
    ["saturate,-100", saturate, -100],
  ] as const)("%s gives equal channels", async (_name, operation, value) => {
    const { data } = await runStage(matrix, levels, paramsOf(operation, value));
    let unequal = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) unequal++;
    expect(unequal).toBe(0);
  });
});

test("contrast: mirrored levels stay mirrored around the middle, and -100 is an even gray", async () => {
  for (const value of [-73, -50, 20, 99]) {
    const output = await runStage(matrix, levels, paramsOf(contrast, value));
    for (let x = 0; x < 256; x++) {
      const [r = 0, g = 0] = pixelAt(output, x, 5);
      expect(Math.abs(r + g - 255)).toBeLessThanOrEqual(1);
    }
  }
  const even = await runStage(matrix, levels, paramsOf(contrast, -100));
  expect(new Set(even.data.filter((_, i) => i % 4 !== 3))).toEqual(new Set([128]));
});
