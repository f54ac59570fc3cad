import { expect, test } from "vitest";
import { BARE, parseArgs } from "../../src/core/args.ts";
import { DEFAULT_SETTINGS } from "../../src/core/plan.ts";
import { maxbytes } from "../../src/operations/maxbytes.ts";
import { failureOf } from "../support/pictures.ts";

const set = (value: string) => maxbytes.set(parseArgs(maxbytes.name, maxbytes.args, { [BARE]: value }), DEFAULT_SETTINGS);

test.each([
  ["1", 1],
  ["20480", 20_480],
  ["67108864", 64 * 1024 * 1024],
])("maxbytes: %s", (value, maxBytes) => {
  expect(set(value)).toEqual({ ...DEFAULT_SETTINGS, maxBytes });
});
test.each(["0", "67108865", "-5", "20k", "1e4", ""])("maxbytes: refuses %j", (value) => {
  expect(failureOf(() => set(value))).toMatchObject({
    code: "BAD_ARGUMENT",
    operation: "maxbytes",
    parameter: "maxbytes",
    value,
  });
});
test("maxbytes: is written back, and left out where nothing was asked for", () => {
  expect(maxbytes.get(set("20480"))).toEqual({ value: "20480" });
  expect(maxbytes.get(DEFAULT_SETTINGS)).toBeUndefined();
});
