import { expect, test } from "vitest";
import { BARE, parseArgs } from "../../src/core/args.ts";
import { DEFAULT_SETTINGS } from "../../src/core/plan.ts";
import { chroma } from "../../src/operations/chroma.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { failureOf, rejectionOf } from "../support/pictures.ts";

const set = (value: string) => chroma.set(parseArgs(chroma.name, chroma.args, { [BARE]: value }), DEFAULT_SETTINGS);

test("chroma: 444", () => {
  expect(set("444")).toEqual({ ...DEFAULT_SETTINGS, chroma: "444" });
});
test.each(["422", "4:2:0", "", "1"])("chroma: refuses %j", (value) => {
  expect(failureOf(() => set(value))).toMatchObject({ code: "BAD_ARGUMENT", operation: "chroma", parameter: "chroma", value });
});
test("chroma: is written back, and left out where nothing was asked for", () => {
  expect(chroma.get(set("420"))).toEqual({ value: "420" });
  expect(chroma.get(DEFAULT_SETTINGS)).toBeUndefined();
});
test("chroma: results have the resolution that was asked for, by either encoder, and 4:2:0 without", async () => {
  const library = testLibrary();
  const bytes = await fixture("example.jpg");
  const chromaOf = async (text: string) => (await library.probe((await library.transform(bytes, text)).data)).chroma;
  expect(await chromaOf("image/resize,w_200/chroma,444")).toBe("4:4:4");
  expect(await chromaOf("image/resize,w_200/chroma,420")).toBe("4:2:0");
  expect(await chromaOf("image/resize,w_200")).toBe("4:2:0");
  expect(await chromaOf("image/resize,w_200/chroma,444/effort,small")).toBe("4:4:4");
  expect(await chromaOf("w=200&chroma=444")).toBe("4:4:4");
});
test.each(["png", "webp", "bmp"])("chroma: %s has no choice", async (format) => {
  const failure = await rejectionOf(testLibrary().transform(await fixture("example.jpg"), `image/format,${format}/chroma,444`));
  expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "chroma" });
});
