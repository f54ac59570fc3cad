import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { makeCall } from "../../src/core/operation.ts";
import { roundedCorners } from "../../src/operations/rounded-corners.ts";
import { mask } from "../../src/pixels/mask.ts";
import { runStage } from "../pixels/run-stage.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { decodeWithSharp, failureOf, pixelAt, scene } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("rounded-corners", () => {
  // OSS IMG reference, sections 5.5 and 12.2: the size stays, the radius is at most half the shorter side
  // biome-ignore format: one row per case
  test.each([
    ["30",   400, 267, 60],
    ["10",   100, 100, 20],
    ["133",  400, 267, 266],
    ["134",  400, 267, 267],
    ["4096", 400, 267, 267],
    ["4096", 267, 400, 267],
    ["max",  400, 267, 267],
    ["max",  300, 300, 300],
    ["max",  9000, 8500, 8500],
    ["1",    1,   1,   1],
  ])("r_%s on %ix%i: quarter circles of %i px", (r, width, height, diameter) => {
    expect(planOf(roundedCorners, { r }, width, height)).toEqual([{ kind: "mask", params: { diameter }, output: { width, height } }]);
  });

  test("clears the corners and nothing between them", async () => {
    const source = scene(400, 267);
    const step = planOf(roundedCorners, { r: "30" }, 400, 267)[0];
    if (step?.kind !== "mask") throw new Error("expected a mask");
    const output = await runStage(mask, source, step.params, { alpha: false });
    expect(output).toMatchObject({ width: 400, height: 267, alpha: true });
    for (const [x, y] of [
      [0, 0],
      [399, 0],
      [0, 266],
      [399, 266],
      [7, 7],
    ] as const)
      expect(pixelAt(output, x, y)).toEqual([0, 0, 0, 0]);
    for (const [x, y] of [
      [30, 0],
      [369, 0],
      [0, 30],
      [399, 236],
      [200, 266],
      [9, 9],
      [200, 133],
    ] as const) {
      expect(pixelAt(output, x, y)).toEqual(pixelAt(source, x, y));
    }
  });

  // OSS IMG reference, section 12.2: white where the result cannot hold transparency
  // biome-ignore format: one row per case
  test.each([
    ["image/rounded-corners,r_30",                                        400, 267, "jpeg", [255, 255, 255, 255]],
    ["image/crop,w_100,h_100/rounded-corners,r_10/format,png",            100, 100, "png",  [0, 0, 0, 0]],
    ["image/resize,w_90/rounded-corners,r_max/format,webp",               90,  60,  "webp", [0, 0, 0, 0]],
  ] as const)("%s on example.jpg", async (text, width, height, format, corner) => {
    const result = await testLibrary().transform(await fixture("example.jpg"), text);
    const output = await decodeWithSharp(result.data);
    expect(output).toMatchObject({ width, height, format });
    for (const [x, y] of [[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]] as const) {
      const pixel = pixelAt(output, x, y);
      expect(pixel[3]).toBe(corner[3]);
      if (format === "jpeg") expect(Math.min(...pixel)).toBeGreaterThan(240);
    }
    expect(pixelAt(output, width >> 1, height >> 1)[3]).toBe(255);
    expect(pixelAt(output, width >> 1, 0)[3]).toBe(255);
  });

  // OSS IMG reference, section 4.3, EC 237
  test.each(["0", "4097", "5000", "-1", "abc", "MAX", "1.5"])("r_%s is a bad value", (r) => {
    const failure = failureOf(() => parseArgs(roundedCorners.name, roundedCorners.args, { r }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "rounded-corners", parameter: "r", value: r });
  });

  test("without r it is an error", () => {
    const failure = failureOf(() => makeCall(roundedCorners, parseArgs(roundedCorners.name, roundedCorners.args, {})));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "rounded-corners", kind: "missing" });
    expect(failure.message).toBe("rounded-corners: expected r, an integer from 1 to 4096 or max");
  });
});
