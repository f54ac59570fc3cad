import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { flip } from "../../src/operations/flip.ts";
import { turn } from "../../src/pixels/turn.ts";
import { runStage } from "../pixels/run-stage.ts";
import { failureOf, numbered, pixelAt } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("flip", () => {
  // biome-ignore format: one row per case
  test.each([
    ["h",  true,  false],
    ["v",  false, true],
    ["hv", true,  true],
  ])("%s mirrors the pixels; the size stays", async (value, leftRight, topBottom) => {
    const source = numbered(23, 17);
    const [step, ...rest] = planOf(flip, { value }, 23, 17);
    expect(rest).toEqual([]);
    if (step?.kind !== "turn") throw new Error("expected a turn");
    expect(step.output).toEqual({ width: 23, height: 17 });
    const output = await runStage(turn, source, step.params);
    for (let y = 0; y < 17; y++) {
      for (let x = 0; x < 23; x++) {
        expect(pixelAt(output, x, y)).toEqual(pixelAt(source, leftRight ? 22 - x : x, topBottom ? 16 - y : y));
      }
    }
  });

  test.each(["", "vh", "H", "x", "1"])("%j is a bad value of it", (value) => {
    const failure = failureOf(() => parseArgs(flip.name, flip.args, { value }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "flip", parameter: "flip", value });
    expect(failure.message).toContain("one of h, v, hv");
  });

  test("is written with a bare value", () => {
    expect(flip).toMatchObject({ name: "flip", bare: "value" });
  });
});
