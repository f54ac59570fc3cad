import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { gray } from "../../src/operations/gray.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("gray", () => {
  test("1 gives every channel the same shares, which add up to exactly 1", () => {
    const [step, ...rest] = planOf(gray, { value: "1" }, 400, 267);
    expect(rest).toEqual([]);
    expect(step).toMatchObject({ kind: "matrix", output: { width: 400, height: 267 } });
    if (step?.kind !== "matrix") return;
    const rows = [0, 4, 8].map((at) => step.params.matrix.slice(at, at + 4));
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[2]).toEqual(rows[0]);
    const [r = 0, g = 0, b = 0, offset] = rows[0]!;
    expect([r + g + b, offset]).toEqual([4096, 0]);
    // Filter Effects Module Level 1, `grayscale`
    for (const [share, css] of [
      [r, 0.2126],
      [g, 0.7152],
      [b, 0.0722],
    ] as const) {
      expect(Math.abs(share / 4096 - css)).toBeLessThan(0.0002);
    }
  });

  test("0 and silence leave the colors", () => {
    expect(planOf(gray, { value: "0" }, 400, 267)).toEqual([]);
    expect(planOf(gray, {}, 400, 267)).toEqual([]);
  });

  test.each(["2", "-1", "true"])("%s is a bad value of it", (value) => {
    const failure = failureOf(() => parseArgs(gray.name, gray.args, { value }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "gray", parameter: "gray", value });
  });

  test("is written with a bare value", () => {
    expect(gray).toMatchObject({ name: "gray", bare: "value" });
  });
});
