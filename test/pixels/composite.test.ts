import { describe, expect, test } from "vitest";
import type { Size } from "../../src/core/geometry.ts";
import type { ResolvedMark, StepParams } from "../../src/core/step.ts";
import { composite } from "../../src/pixels/composite.ts";
import { type Pixels, probeOf, scene } from "../support/pictures.ts";
import { runStage, stageTools } from "./run-stage.ts";

const markOf = (size: Size): ResolvedMark => ({
  kind: "picture",
  key: "m",
  probe: probeOf(size.width, size.height),
  byteLength: 100,
  steps: [],
  size: { width: size.width, height: size.height },
});
const draw = (picture: Pixels, mark: Pixels, params: Omit<StepParams["composite"], "mark" | "opacity">) =>
  runStage(
    composite,
    picture,
    { mark: markOf(mark), opacity: 200, ...params },
    {
      alpha: false,
      tools: stageTools({ mark: async () => ({ layout: "rgba8", ...mark, data: mark.data.slice(), alpha: true }) }),
    },
  );

/** The picture with the mark drawn at every place of the tiling, each by itself. */
async function oneByOne(picture: Pixels, mark: Pixels, x: number, y: number, periodX: number, periodY: number) {
  let result = picture;
  for (let top = (y % periodY) - periodY; top < picture.height; top += periodY) {
    for (let left = (x % periodX) - periodX; left < picture.width; left += periodX) {
      result = await draw(result, mark, { x: left, y: top });
    }
  }
  return result;
}

describe("composite in tiles", () => {
  // Marks of less than a row, of several blocks a row (512 KiB each), and of several rows a block
  // biome-ignore format: one row per case
  test.each([
    ["several blocks side by side",     1000, 450, 290, 200, 0,   0,   300, 210],
    ["blocks that begin before the row", 900, 450, 290, 200, 130, 170, 301, 203],
    ["one block across",                 640, 300, 90,  40,  0,   0,   97,  43],
    ["rows of blocks in one",            130, 700, 20,  12,  11,  5,   20,  12],
    ["a mark wider than the picture",    100, 90,  150, 40,  20,  10,  160, 45],
  ])("%s", async (_name, width, height, markWidth, markHeight, x, y, periodX, periodY) => {
    const picture = scene(width, height);
    const mark = scene(markWidth, markHeight, true);
    const tiled = await draw(picture, mark, { x, y, tile: { periodX, periodY } });
    const want = await oneByOne(picture, mark, x, y, periodX, periodY);
    expect(Buffer.compare(tiled.data, want.data)).toBe(0);
    expect(Buffer.compare(tiled.data, picture.data)).not.toBe(0);
  });

  test("announces the memory of a row of marks", () => {
    const input = { width: 2000, height: 700 };
    const params = { mark: markOf({ width: 40, height: 30 }), x: 0, y: 0, opacity: 255, tile: { periodX: 50, periodY: 35 } };
    const scratch = composite.scratchBytes(input, { kind: "composite", params, output: input }, false);
    expect(scratch).toBeGreaterThanOrEqual(2000 * 30 * 4);
    expect(scratch).toBeLessThan(2 ** 20); // bounded, whatever the picture's width
  });
});
