import { expect, test } from "vitest";
import { BARE, parseArgs } from "../../src/core/args.ts";
import { DEFAULT_SETTINGS } from "../../src/core/plan.ts";
import { interlace } from "../../src/operations/interlace.ts";
import { failureOf } from "../support/pictures.ts";

const set = (value: string) => interlace.set(parseArgs(interlace.name, interlace.args, { [BARE]: value }), DEFAULT_SETTINGS);

test.each([
  ["1", true],
  ["0", false],
])("interlace: %s", (value, progressive) => {
  expect(set(value)).toEqual({ ...DEFAULT_SETTINGS, progressive });
});
test("interlace: the last one counts", () => {
  expect(interlace.set({ value: 0 }, set("1")).progressive).toBe(false);
});
test.each(["2", "-1", "yes", "1.0", ""])("interlace: refuses %j", (value) => {
  expect(failureOf(() => set(value))).toMatchObject({
    code: "BAD_ARGUMENT",
    operation: "interlace",
    parameter: "interlace",
    value,
  });
});
test("interlace: is written back, and left out where silence says the same", () => {
  expect(interlace.get(set("1"))).toEqual({ value: "1" });
  expect(interlace.get(set("0"))).toBeUndefined();
});
