import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { bright } from "../../src/operations/bright.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("bright", () => {
  // biome-ignore format: one row per case
  test.each([["50", 50], ["-50", -50], ["+7", 7], ["100", 100], ["-100", -100]])("%s adds that many levels to every channel", (value, levels) => {
    const offset = levels * 4096;
    expect(planOf(bright, { value }, 400, 267)).toEqual([
      {
        kind: "matrix",
        params: { matrix: [4096, 0, 0, offset, 0, 4096, 0, offset, 0, 0, 4096, offset] },
        output: { width: 400, height: 267 },
      },
    ]);
  });

  test.each(["0", "-0", "+0"])("%s leaves the picture as it is", (value) => {
    expect(planOf(bright, { value }, 400, 267)).toEqual([]);
  });

  // OSS IMG reference, section 4.3, EC 246
  test.each([
    ["200", undefined],
    ["-101", undefined],
    ["101", undefined],
    ["abc", "digits"],
    ["5.5", "digits"],
    ["v_5", "digits"],
  ])("%s is a bad value of it", (value, kind) => {
    const failure = failureOf(() => parseArgs(bright.name, bright.args, { value }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "bright", parameter: "bright", value });
    expect(failure.kind).toBe(kind);
  });

  test("is written with a bare value", () => {
    expect(bright).toMatchObject({ name: "bright", bare: "value" });
  });
});
