import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pixelate } from "../../src/pixels/pixelate.ts";
import { type Color, difference, numbered, type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

/** Means in floating point, straight from the definition: color weighted by alpha. */
function naive(source: Pixels, block: number): Pixels {
  const columns = Math.ceil(source.width / block);
  const squares = Array.from({ length: columns * Math.ceil(source.height / block) }, () => ({ sums: [0, 0, 0, 0], count: 0 }));
  const squareAt = (x: number, y: number) => squares[Math.floor(y / block) * columns + Math.floor(x / block)]!;
  for (let y = 0; y < source.height; y++) {
    for (let x = 0; x < source.width; x++) {
      const [r = 0, g = 0, b = 0, a = 0] = pixelAt(source, x, y);
      const square = squareAt(x, y);
      square.sums = [r * a, g * a, b * a, a].map((value, c) => square.sums[c]! + value);
      square.count++;
    }
  }
  return paint(source.width, source.height, (x, y) => {
    const { sums, count } = squareAt(x, y);
    const [r = 0, g = 0, b = 0, a = 0] = sums;
    return a === 0 ? [0, 0, 0, 0] : ([r / a, g / a, b / a, a / count].map(Math.round) as unknown as Color);
  });
}

describe("pixelate", () => {
  // biome-ignore format: one row per case
  test.each([
    [48, 30, 8], [61, 37, 8], [61, 37, 2], [61, 37, 40], [61, 37, 256], [1, 1, 2], [1, 29, 5], [29, 1, 5], [2, 2, 2], [7, 3, 3],
  ])("%ix%i in squares of %i px: each square in its mean", async (width, height, block) => {
    for (const source of [scene(width, height, true), numbered(width, height)]) {
      const output = await runStage(pixelate, source, { block }, { offset: 5 });
      expect(output).toMatchObject({ width, height, alpha: true });
      expect([...output.data]).toEqual([...naive(source, block).data]);
    }
    const opaque = scene(width, height);
    const output = await runStage(pixelate, opaque, { block }, { alpha: false });
    expect(output.alpha).toBe(false);
    expect([...output.data]).toEqual([...naive(opaque, block).data]);
  });

  test("an opaque picture gives the same with and without work on alpha", async () => {
    const source = scene(90, 61);
    const [plain, careful] = [
      await runStage(pixelate, source, { block: 7 }, { alpha: false }),
      await runStage(pixelate, source, { block: 7 }, { alpha: true }),
    ];
    expect(difference(plain, careful).largest).toBe(0);
  });

  test("what is clear gives no color to its square, and a clear square has none", async () => {
    const source = paint(12, 4, (x) => (x < 6 ? [200, 30, 10, 255] : [0, 255, 0, 0])); // green, but invisible
    const output = await runStage(pixelate, source, { block: 4 });
    expect([0, 4, 8].map((x) => pixelAt(output, x, 1))).toEqual([
      [200, 30, 10, 255],
      [200, 30, 10, 128],
      [0, 0, 0, 0],
    ]);
  });

  test("halves are rounded up, and the largest sums stay exact", async () => {
    const halves = paint(2, 1, (x) => [x, 7 + x, 254 + x, 255]);
    expect([...(await runStage(pixelate, halves, { block: 2 }, { alpha: false })).data.subarray(0, 4)]).toEqual([
      1, 8, 255, 255,
    ]);
    const white = paint(256, 256, (x, y) => (x === 255 && y === 255 ? [255, 255, 255, 254] : [255, 255, 255, 255]));
    expect(pixelAt(await runStage(pixelate, white, { block: 256 }), 100, 100)).toEqual([255, 255, 255, 255]);
  });

  test("a second time changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.nat(40), fc.integer({ min: 2, max: 50 }), async (w, h, block) => {
        const once = await runStage(pixelate, numbered(w + 1, h + 1), { block });
        const copy = { ...once, data: once.data.slice() };
        expect((await runStage(pixelate, once, { block })).data).toEqual(copy.data);
      }),
      { numRuns: 50 },
    );
  });
});
