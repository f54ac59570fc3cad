import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { makeCall } from "../../src/core/operation.ts";
import { circle } from "../../src/operations/circle.ts";
import { crop } from "../../src/pixels/crop.ts";
import { mask } from "../../src/pixels/mask.ts";
import { runStage } from "../pixels/run-stage.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { decodeWithSharp, failureOf, pixelAt, scene } from "../support/pictures.ts";
import { planOf } from "./support.ts";

/** E.g. "crop 201x201 at 99,33 | mask 201x201 by 201". */
function planned(r: string, width: number, height: number): string {
  const lines = planOf(circle, { r }, width, height).map(({ kind, params, output }) => {
    const size = `${kind} ${output.width}x${output.height}`;
    if ("rect" in params) return `${size} at ${params.rect.x},${params.rect.y}`;
    return "diameter" in params ? `${size} by ${params.diameter}` : size;
  });
  return lines.join(" | ");
}

describe("circle", () => {
  // OSS IMG reference, sections 5.4 and 12.2
  // biome-ignore format: one row per case
  test.each([
    ["100",  400, 267, "crop 201x201 at 99,33 | mask 201x201 by 201"],
    ["4096", 400, 267, "crop 267x267 at 66,0 | mask 267x267 by 267"],
    ["133",  400, 267, "crop 267x267 at 66,0 | mask 267x267 by 267"],
    ["132",  400, 267, "crop 265x265 at 67,1 | mask 265x265 by 265"],
    ["1",    400, 267, "crop 3x3 at 198,132 | mask 3x3 by 3"],
    ["50",   100, 100, "crop 99x99 at 0,0 | mask 99x99 by 99"],
    ["49",   100, 300, "crop 99x99 at 0,100 | mask 99x99 by 99"],
    ["50",   101, 101, "mask 101x101 by 101"],
    ["9",    2,   2,   "crop 1x1 at 0,0 | mask 1x1 by 1"],
    ["9",    1,   40,  "crop 1x1 at 0,19 | mask 1x1 by 1"],
    ["9",    1,   1,   "mask 1x1 by 1"],
  ])("r_%s on %ix%i: %s", (r, width, height, steps) => {
    expect(planned(r, width, height)).toBe(steps);
  });

  test("keeps the middle of the picture and clears the corners of its square", async () => {
    const source = scene(400, 267);
    const steps = planOf(circle, { r: "100" }, 400, 267);
    if (steps[0]?.kind !== "crop" || steps[1]?.kind !== "mask") throw new Error("expected a crop and a mask");
    const square = await runStage(crop, source, steps[0].params, { alpha: false, output: steps[0].output });
    const output = await runStage(mask, square, steps[1].params, { alpha: false });
    expect(output).toMatchObject({ width: 201, height: 201, alpha: true });
    for (const [x, y] of [
      [0, 0],
      [200, 0],
      [0, 200],
      [200, 200],
      [28, 28],
    ] as const)
      expect(pixelAt(output, x, y)).toEqual([0, 0, 0, 0]);
    for (const [x, y] of [
      [100, 0],
      [0, 100],
      [200, 100],
      [100, 200],
      [100, 100],
      [31, 31],
    ] as const) {
      expect(pixelAt(output, x, y).slice(0, 3)).toEqual(pixelAt(source, x + 99, y + 33).slice(0, 3));
      expect(pixelAt(output, x, y)[3]).toBeGreaterThan(240);
    }
  });

  // OSS IMG reference, section 12.2: white where the result cannot hold transparency
  test.each([
    ["image/circle,r_100", "jpeg", [255, 255, 255, 255]],
    ["image/circle,r_100/format,png", "png", [0, 0, 0, 0]],
  ] as const)("%s on example.jpg", async (text, format, corner) => {
    const result = await testLibrary().transform(await fixture("example.jpg"), text);
    expect(result).toMatchObject({ width: 201, height: 201, format });
    const [output, source] = [await decodeWithSharp(result.data), await decodeWithSharp(await fixture("example.jpg"))];
    expect(output).toMatchObject({ width: 201, height: 201, format });
    for (const [x, y] of [
      [0, 0],
      [200, 0],
      [0, 200],
      [200, 200],
    ] as const) {
      const off = pixelAt(output, x, y).map((value, c) => Math.abs(value - corner[c]!));
      expect(Math.max(...off)).toBeLessThanOrEqual(format === "png" ? 0 : 4);
    }
    const off = pixelAt(output, 100, 60).map((value, c) => Math.abs(value - pixelAt(source, 199, 93)[c]!));
    expect(Math.max(...off)).toBeLessThanOrEqual(format === "png" ? 0 : 12);
  });

  // OSS IMG reference, section 4.3, EC 233
  test.each([
    ["5000", undefined],
    ["4097", undefined],
    ["0", undefined],
    ["-1", undefined],
    ["abc", "digits"],
    ["max", "digits"],
  ])("r_%s is a bad value", (r, kind) => {
    const failure = failureOf(() => parseArgs(circle.name, circle.args, { r }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "circle", parameter: "r", value: r });
    if (kind !== undefined) expect(failure.kind).toBe(kind);
  });

  test("without r it is an error", () => {
    const failure = failureOf(() => makeCall(circle, parseArgs(circle.name, circle.args, {})));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "circle", kind: "missing" });
    expect(failure.message).toBe("circle: expected r, an integer from 1 to 4096");
  });
});
