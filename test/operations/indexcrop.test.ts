import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { makeCall } from "../../src/core/operation.ts";
import { indexcrop } from "../../src/operations/indexcrop.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

function planned(texts: Readonly<Record<string, string>>): string {
  const steps = planOf(indexcrop, texts, 400, 267);
  return steps
    .map(({ kind, params, output }) => {
      const { rect } = params as { rect: { x: number; y: number; width: number; height: number } };
      expect(output).toMatchObject({ width: rect.width, height: rect.height });
      return `${kind} ${rect.width}x${rect.height} at ${rect.x},${rect.y}`;
    })
    .join(" | ");
}

describe("indexcrop", () => {
  // OSS IMG reference, sections 5.3 and 12.2, on 400x267
  // biome-ignore format: one row per case
  test.each([
    ["the first slice",                       { x: "100", i: "0" },            "crop 100x267 at 0,0"],
    ["i is 0 where it is not given",          { x: "100" },                    "crop 100x267 at 0,0"],
    ["the last slice",                        { x: "100", i: "3" },            "crop 100x267 at 300,0"],
    ["just beyond the last: the source",      { x: "100", i: "4" },            ""],
    ["far beyond the last: the source",       { x: "100", i: "100" },          ""],
    ["rows beyond the last: the source",      { y: "100", i: "10" },           ""],
    ["rows",                                  { y: "100", i: "1" },            "crop 400x100 at 0,100"],
    ["what is left for the last row",         { y: "100", i: "2" },            "crop 400x67 at 0,200"],
    ["what is left for the last column",      { x: "150", i: "2" },            "crop 100x267 at 300,0"],
    ["y wins over x",                         { x: "100", y: "50", i: "1" },   "crop 400x50 at 0,50"],
    ["a slice as wide as the picture",        { x: "400" },                    ""],
    ["a wider one",                           { x: "30000" },                  ""],
    ["a wider one, beyond",                   { x: "30000", i: "1" },          ""],
    ["a slice of one px",                     { y: "1", i: "266" },            "crop 400x1 at 0,266"],
    ["the largest number",                    { x: "30000", i: "999999999" },  ""],
  ])("%s", (_name, texts, steps) => {
    expect(planned(texts)).toBe(steps);
  });

  test("slices put side by side are the picture", () => {
    for (const [name, side] of [
      ["x", 400],
      ["y", 267],
    ] as const) {
      for (const length of [1, 37, 133, 266]) {
        let covered = 0;
        for (let i = 0; i * length < side; i++) {
          const step = planOf(indexcrop, { [name]: `${length}`, i: `${i}` }, 400, 267)[0];
          if (step?.kind !== "crop") throw new Error("expected a crop");
          expect(step.params.rect[name]).toBe(covered);
          covered += name === "x" ? step.params.rect.width : step.params.rect.height;
        }
        expect(covered).toBe(side);
      }
    }
  });

  // OSS IMG reference, section 4.3, EC 229 and 230
  // biome-ignore format: one row per case
  test.each([
    ["x", { x: "0", i: "0" },    "0"],
    ["y", { y: "0" },            "0"],
    ["x", { x: "0", y: "0" },    "0"],
    ["y", { y: "-1" },           "-1"],
    ["x", { x: "abc" },          "abc"],
    ["i", { x: "10", i: "abc" }, "abc"],
    ["i", { x: "10", i: "-1" },  "-1"],
  ])("a bad %s: %j", (parameter, texts, value) => {
    const failure = failureOf(() => parseArgs(indexcrop.name, indexcrop.args, texts as Record<string, string>));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "indexcrop", parameter, value });
  });

  test.each([[{}], [{ i: "1" }]])("neither x nor y: %j", (texts) => {
    const failure = failureOf(() =>
      makeCall(indexcrop, parseArgs(indexcrop.name, indexcrop.args, texts as Record<string, string>)),
    );
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "indexcrop", kind: "missing" });
  });
});
