import { expect, test } from "vitest";
import { BARE, parseArgs } from "../../src/core/args.ts";
import { DEFAULT_SETTINGS } from "../../src/core/plan.ts";
import { lossless } from "../../src/operations/lossless.ts";
import { failureOf } from "../support/pictures.ts";

const set = (value: string) => lossless.set(parseArgs(lossless.name, lossless.args, { [BARE]: value }), DEFAULT_SETTINGS);

test.each([
  ["1", true],
  ["0", false],
])("lossless: %s", (value, expected) => {
  expect(set(value)).toEqual({ ...DEFAULT_SETTINGS, lossless: expected });
});
test("lossless: the last one counts", () => {
  expect(lossless.set({ value: 0 }, set("1")).lossless).toBe(false);
});
test.each(["2", "-1", "yes", "1.0", ""])("lossless: refuses %j", (value) => {
  expect(failureOf(() => set(value))).toMatchObject({
    code: "BAD_ARGUMENT",
    operation: "lossless",
    parameter: "lossless",
    value,
  });
});
test("lossless: is written back, and left out where silence says the same", () => {
  expect(lossless.get(set("1"))).toEqual({ value: "1" });
  expect(lossless.get(set("0"))).toBeUndefined();
});
