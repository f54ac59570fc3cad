import { expect, test } from "vitest";
import type { Result, Shown } from "../../../src/studio/state/store.ts";
import { arrived, canShow, isAlike, layoutSize, pictureOf } from "../../../src/studio/viewer/shown.ts";

function picture(url: string, format = "webp"): Result {
  return { url, format, process: url, width: 10, height: 10 } as Result;
}
const url = (shown: Shown | undefined) => shown?.url;

test("the result side follows drafts until the exact result is there, and keeps it until something newer comes", () => {
  const [first, second] = [picture("draft 1"), picture("draft 2")];
  const result = picture("result 1");
  let seen = arrived({}, first, undefined);
  expect(url(pictureOf(seen, false))).toBe("draft 1");
  seen = arrived(seen, first, result);
  expect(url(pictureOf(seen, true))).toBe("result 1");
  // Asked for something else: the result is better than its own draft until the next draft comes
  expect(url(pictureOf(seen, false))).toBe("result 1");
  seen = arrived(seen, second, result);
  expect(url(pictureOf(seen, false))).toBe("draft 2");
  // Back to what the result shows
  expect(url(pictureOf(seen, true))).toBe("result 1");
  expect(pictureOf(arrived(seen, undefined, undefined), false)).toBeUndefined();
});

test("of a format that browsers cannot show the draft stands in", () => {
  const seen = arrived({}, picture("draft", "bmp"), picture("result", "tiff"));
  expect(url(pictureOf(seen, true))).toBe("draft");
  expect(pictureOf(arrived({}, undefined, picture("result", "tiff")), true)).toBeUndefined();
  expect([canShow("avif"), canShow("webp"), canShow("tiff"), canShow("heic")]).toEqual([true, true, false, false]);
});

// biome-ignore format: one row per case
test.each([
  ["its own size where none is planned",      { width: 80, height: 60 },   undefined,                     { width: 80, height: 60 }],
  ["the planned size",                        { width: 80, height: 60 },   { width: 800, height: 600 },   { width: 800, height: 600 }],
  ["the planned size where sides are rounded",{ width: 67, height: 50 },   { width: 800, height: 600 },   { width: 800, height: 600 }],
  ["within an upper bound",                   { width: 40, height: 60 },   { width: 800, height: 600 },   { width: 400, height: 600 }],
  ["thin pictures",                           { width: 100, height: 1 },   { width: 1000, height: 2 },    { width: 200, height: 2 }],
])("layoutSize: %s", (_name, shown, planned, expected) => {
  expect(layoutSize(shown, planned)).toEqual(expected);
});

test("isAlike: proportions within a percent", () => {
  expect(isAlike({ width: 4000, height: 3000 }, { width: 401, height: 300 })).toBe(true);
  expect(isAlike({ width: 4000, height: 3000 }, { width: 300, height: 400 })).toBe(false);
});
