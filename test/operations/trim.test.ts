import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { trim } from "../../src/operations/trim.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("trim", () => {
  test.each([0, 10, 255])("a tolerance of %i; the planned size is the size before", (tolerance) => {
    expect(planOf(trim, { value: String(tolerance) }, 400, 267)).toEqual([
      { kind: "trim", params: { tolerance }, output: { width: 400, height: 267 } },
    ]);
  });

  test.each(["-1", "256", "auto", "1.5"])("%s is a bad value of it", (value) => {
    const failure = failureOf(() => parseArgs(trim.name, trim.args, { value }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "trim", parameter: "trim", value });
  });

  test("is written with a bare value", () => {
    expect(trim).toMatchObject({ name: "trim", bare: "value" });
  });
});
