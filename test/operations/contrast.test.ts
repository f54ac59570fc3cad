import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { contrast } from "../../src/operations/contrast.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("contrast", () => {
  // Gain 1 + value / 100; the offset keeps 127.5 where it is: 127.5 · (4096 − gain)
  // biome-ignore format: one row per case
  test.each([
    ["50",   6144, -261120],
    ["-50",  2048,  261120],
    ["100",  8192, -522240],
    ["-100", 0,     522240],
  ])("%s is a gain of %i/4096 around the middle", (value, gain, offset) => {
    expect(planOf(contrast, { value }, 400, 267)).toEqual([
      {
        kind: "matrix",
        params: { matrix: [gain, 0, 0, offset, 0, gain, 0, offset, 0, 0, gain, offset] },
        output: { width: 400, height: 267 },
      },
    ]);
  });

  test("every coefficient is a whole number, and the middle stays within a hundredth of a level", () => {
    for (let value = -100; value <= 100; value++) {
      const step = planOf(contrast, { value: String(value) }, 4, 3)[0];
      if (value === 0) expect(step).toBeUndefined();
      else if (step?.kind !== "matrix") throw new Error(`expected a matrix for ${value}`);
      else {
        const [gain, , , offset] = step.params.matrix;
        expect(step.params.matrix.every(Number.isInteger)).toBe(true);
        expect(Math.abs((127.5 * gain + offset) / 4096 - 127.5)).toBeLessThan(0.01);
        expect(Math.abs(gain / 4096 - (1 + value / 100))).toBeLessThan(0.0002);
      }
    }
  });

  // The same check as bright's is assumed (OSS IMG reference, section 4.3)
  test.each(["101", "-101", "abc", "1.5"])("%s is a bad value of it", (value) => {
    const failure = failureOf(() => parseArgs(contrast.name, contrast.args, { value }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "contrast", parameter: "contrast", value });
  });

  test("is written with a bare value", () => {
    expect(contrast).toMatchObject({ name: "contrast", bare: "value" });
  });
});
