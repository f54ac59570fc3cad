import { describe, expect, test } from "vitest";
import { parseArgs } from "../../src/core/args.ts";
import { pixelate } from "../../src/operations/pixelate.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

describe("pixelate", () => {
  test.each([2, 17, 256])("squares of %i px; the size stays", (block) => {
    expect(planOf(pixelate, { value: String(block) }, 400, 267)).toEqual([
      { kind: "pixelate", params: { block }, output: { width: 400, height: 267 } },
    ]);
  });

  test.each(["1", "0", "257", "-2", "big", "2.5"])("%s is a bad value of it", (value) => {
    const failure = failureOf(() => parseArgs(pixelate.name, pixelate.args, { value }));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "pixelate", parameter: "pixelate", value });
  });

  test("is written with a bare value", () => {
    expect(pixelate).toMatchObject({ name: "pixelate", bare: "value" });
  });
});
