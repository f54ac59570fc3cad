import { expect, test } from "vitest";
import { BARE, parseArgs } from "../../src/core/args.ts";
import { DEFAULT_SETTINGS } from "../../src/core/plan.ts";
import { effort } from "../../src/operations/effort.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { failureOf } from "../support/pictures.ts";

const set = (value: string) => effort.set(parseArgs(effort.name, effort.args, { [BARE]: value }), DEFAULT_SETTINGS);

test("effort: small", () => {
  expect(set("small")).toEqual({ ...DEFAULT_SETTINGS, effort: "small" });
});
test.each(["slow", "9", "", "FAST"])("effort: refuses %j", (value) => {
  expect(failureOf(() => set(value))).toMatchObject({ code: "BAD_ARGUMENT", operation: "effort", parameter: "effort", value });
});
test("effort: is written back, and left out where silence says the same", () => {
  expect(effort.get(set("small"))).toEqual({ value: "small" });
  expect(effort.get(set("fast"))).toBeUndefined();
});
test.each(["jpg", "webp", "png"])("effort: small takes fewer bytes of %s than fast", async (format) => {
  const library = testLibrary();
  const bytes = await fixture("road.jpg");
  const sizeOf = async (effort: string) =>
    (await library.transform(bytes, `w=500&format=${format}&effort=${effort}`)).data.length;
  expect(await sizeOf("small")).toBeLessThan(await sizeOf("fast"));
});
