import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { saturate } from "../../src/operations/saturate.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("saturate", () => {
  test("rows of every matrix add up to exactly 1 and are CSS's within the fixed point", () => {
    for (let value = -100; value <= 100; value++) {
      const step = planOf(saturate, { value: String(value) }, 40, 30)[0];
      if (value === 0) {
        expect(step).toBeUndefined();
        continue;
      }
      if (step?.kind !== "matrix") throw new Error(`expected a matrix for ${value}`);
      expect(step.output).toEqual({ width: 40, height: 30 });
      const s = 1 + value / 100;
      // Filter Effects Module Level 1, `saturate`
      const css = [
        ...[0.213 + 0.787 * s, 0.715 - 0.715 * s, 0.072 - 0.072 * s, 0],
        ...[0.213 - 0.213 * s, 0.715 + 0.285 * s, 0.072 - 0.072 * s, 0],
        ...[0.213 - 0.213 * s, 0.715 - 0.715 * s, 0.072 + 0.928 * s, 0],
      ];
      step.params.matrix.forEach((coefficient, i) => {
        expect(Number.isInteger(coefficient)).toBe(true);
        expect(Math.abs(coefficient - css[i]! * 4096)).toBeLessThanOrEqual(1.01);
      });
      for (const row of [0, 4, 8]) {
        const [r = 0, g = 0, b = 0] = step.params.matrix.slice(row, row + 3);
        expect(r + g + b).toBe(4096);
      }
    }
  });

  test.each(["101", "-101", "red", "0.5"])("%s is a bad value of it", (value) => {
    const failure = failureOf(() => parseArgs(saturate.name, saturate.args, { value }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "saturate", parameter: "saturate", value });
  });

  test("is written with a bare value", () => {
    expect(saturate).toMatchObject({ name: "saturate", bare: "value" });
  });
});
