import { expect, test } from "vitest";
import { BARE, parseArgs } from "../../src/core/args.ts";
import { DEFAULT_SETTINGS } from "../../src/core/plan.ts";
import { meta } from "../../src/operations/meta.ts";
import { failureOf } from "../support/pictures.ts";

const set = (value: string) => meta.set(parseArgs(meta.name, meta.args, { [BARE]: value }), DEFAULT_SETTINGS);

test.each(["strip", "copyright", "keep"])("meta: %s", (value) => {
  expect(set(value)).toEqual({ ...DEFAULT_SETTINGS, meta: value });
});
test.each(["all", "Keep", "1", "toString", ""])("meta: refuses %j", (value) => {
  expect(failureOf(() => set(value))).toMatchObject({ code: "BAD_ARGUMENT", operation: "meta", parameter: "meta", value });
});
test("meta: is written back, and left out where silence says the same", () => {
  expect(meta.get(set("copyright"))).toEqual({ value: "copyright" });
  expect(meta.get(set("keep"))).toEqual({ value: "keep" });
  expect(meta.get(set("strip"))).toBeUndefined();
});
