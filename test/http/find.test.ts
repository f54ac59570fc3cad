import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { findOriginal } from "../../src/http/find.ts";
import { parseQueryString, printPlan } from "../../src/syntax/index.ts";
import { rejectionOf } from "../support/pictures.ts";
import { fakeOptions, fakeSource } from "./support.ts";

/** Finds `key` among the objects and tells what would be made of which, and everything that was opened or discarded. */
async function find(key: string, objects: readonly string[], query = "", options = {}) {
  const source = fakeSource(key, Object.fromEntries(objects.map((name) => [name, {}])));
  const asked = parseQueryString(query);
  const { key: original, plan, grammar, failure } = await findOriginal(key, asked, source, fakeOptions(options));
  return { original, plan: plan && printPlan(plan), grammar, failure: failure?.code, calls: source.calls };
}

// biome-ignore format: one row per case
test.each([
  ["an object of the very name",                     "a.jpg",          ["a.jpg"],                "",     "a.jpg",     undefined,                     undefined],
  ["… with arguments",                               "a.jpg",          ["a.jpg"],                "w=5",  "a.jpg",     "image/resize,w_5/quality,a_auto", "query"],
  ["… although its name holds arguments",            "a.jpg!w_7",      ["a.jpg", "a.jpg!w_7"],   "",     "a.jpg!w_7", undefined,                     undefined],
  ["… although its name holds a style",              "a.jpg!thumb",    ["a.jpg", "a.jpg!thumb"], "",     "a.jpg!thumb", undefined,                   undefined],
  ["a style",                                        "a.jpg!thumb",    ["a.jpg"],                "",     "a.jpg",     "image/resize,w_60",           "oss"],
  ["a style before arguments that look like it",     "a.jpg!w_9",      ["a.jpg"],                "",     "a.jpg",     "image/resize,w_999",          "oss"],
  ["arguments",                                      "a.jpg!w_7",      ["a.jpg"],                "",     "a.jpg",     "image/resize,w_7/quality,a_auto", "key"],
  ["the query before arguments in the key",          "a.jpg!w_7",      ["a.jpg"],                "w=5",  "a.jpg",     "image/resize,w_5/quality,a_auto", "query"],
  ["… and before a style",                           "a.jpg!thumb",    ["a.jpg"],                "x-oss-process=image/resize,w_5", "a.jpg", "image/resize,w_5", "oss"],
  ["arguments before a format mapping",              "a.png!w_7",      ["a.png", "a.jpg"],       "",     "a.png",     "image/resize,w_7/quality,a_auto", "key"],
  ["the last separator counts",                      "a!b.jpg!w_7",    ["a!b.jpg"],              "",     "a!b.jpg",   "image/resize,w_7/quality,a_auto", "key"],
])("find: %s", async (_name, key, objects, query, original, plan, grammar) => {
  const found = await find(key, objects, query);
  expect(found.original).toBe(original);
  expect(found.grammar).toBe(grammar);
  if (plan === undefined) expect(found.plan).toBeUndefined();
  else expect(found.plan?.split("/")[1]).toBe(plan.split("/")[1]); // the pixel operation; how quality prints is tested with the syntax
});

describe("find: a format mapping", () => {
  // biome-ignore format: one row per case
  test.each([
    ["a.webp",       ["a.jpg"],          "",                 "a.jpg",  /format,webp/],
    ["a.webp",       ["a.png", "a.jpg"], "",                 "a.jpg",  /format,webp/],
    ["d/a.jpg",      ["d/a.webp"],       "",                 "d/a.webp", /format,jpg/],
    ["a.webp",       ["a.png"],          "w=5",              "a.png",  /resize,w_5.*format,webp/],
    ["a.webp",       ["a.png"],          "w=5&format=avif",  "a.png",  /resize,w_5.*format,avif/],
    ["a.webp",       ["a.png"],          "info=1",           "a.png",  /^image\/info$/],
    ["a.webp!w_7",   ["a.png"],          "",                 "a.png",  /resize,w_7.*format,webp/],
    ["a.webp!thumb", ["a.png"],          "",                 "a.png",  /resize,w_60.*format,webp/],
    ["a.b.webp",     ["a.b.png"],        "",                 "a.b.png", /format,webp/],
  ])("%s from %j with %j", async (key, objects, query, original, plan) => {
    const found = await find(key, objects, query);
    expect(found.original).toBe(original);
    expect(found.plan).toMatch(plan);
  });

  test("candidates in order, each that is missing is discarded", async () => {
    const { calls } = await find("a.gif", ["a.webp"]);
    expect(calls).toEqual([
      "open a.gif",
      "discard a.gif",
      "open a.jpg",
      "discard a.jpg",
      "open a.png",
      "discard a.png",
      "open a.webp",
    ]);
  });

  test.each(["a.txt", "a", ".webp", "d.webp/a", "d/.webp", "a.webp!hello", "!w_7", "a.jpg!", "d!w_7/a.txt"])(
    "%s is just missing",
    async (key) => {
      const source = fakeSource(key, { "a.jpg": {}, ".jpg": {}, "d.jpg": {} });
      expect(await rejectionOf(findOriginal(key, undefined, source, fakeOptions()))).toMatchObject({
        code: "SOURCE_NOT_FOUND",
      });
      const opened = source.calls.filter((call) => call.startsWith("open")).length;
      expect(source.calls.filter((call) => call.startsWith("discard"))).toHaveLength(opened);
    },
  );

  test("a candidate that may not be read ends the search: another must not stand in for it", async () => {
    const source = fakeSource("a.webp", { "a.jpg": { status: 403 }, "a.png": {} });
    const { object } = await findOriginal("a.webp", undefined, source, fakeOptions());
    expect(object.status).toBe(403);
  });
});

test("find: a separator of one's own, or none", async () => {
  expect((await find("a.jpg--w_7", ["a.jpg"], "", { keySeparator: "--" })).original).toBe("a.jpg");
  for (const keySeparator of ["--", ""]) {
    await expect(find("a.jpg!w_7", ["a.jpg"], "", { keySeparator })).rejects.toThrow(TransformError);
  }
});

test("find: a bad argument in the key is an error before anything else is opened, or the original stands in", async () => {
  const source = fakeSource("a.jpg!w_0", { "a.jpg": {} });
  expect(await rejectionOf(findOriginal("a.jpg!w_0", undefined, source, fakeOptions()))).toMatchObject({
    code: "BAD_ARGUMENT",
  });
  expect(source.calls).toEqual(["open a.jpg!w_0", "discard a.jpg!w_0"]);
  const found = await find("a.jpg!w_0", ["a.jpg"], "", { onError: "original" });
  expect(found).toMatchObject({ original: "a.jpg", plan: undefined, failure: "BAD_ARGUMENT" });
  expect(await find("a.jpg!w_0", ["a.jpg"], "w=5", { onError: "original" })).toMatchObject({
    failure: undefined,
    grammar: "query",
  });
});

test("find: styles are own properties: a key cannot reach what every object inherits", async () => {
  await expect(find("a.jpg!constructor", ["a.jpg"])).rejects.toThrow("The specified key does not exist.");
});
