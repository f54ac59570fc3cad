import { expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { fetchMarks } from "../../src/core/marks.ts";
import { parseText } from "../../src/syntax/index.ts";
import { rejectionOf } from "../support/pictures.ts";

const twoMarks = parseText("image/watermark,image_YQ/watermark,image_Yg,g_nw/watermark,image_YQ,g_ne"); // a, b, a

test("fetchMarks: each object once, all at the same time", async () => {
  const asked: string[] = [];
  let release: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    release = resolve;
  });
  const marks = await fetchMarks(twoMarks, async (key) => {
    asked.push(key);
    if (asked.length === 2) release();
    await both; // one after the other would wait for ever
    return new TextEncoder().encode(key);
  });
  expect(asked).toEqual(["a", "b"]);
  expect([...marks].map(([key, bytes]) => [key, bytes[0]])).toEqual([
    ["a", 97],
    ["b", 98],
  ]);
});

test("fetchMarks: a missing object and no way to fetch are WATERMARK_FAILED, naming the key", async () => {
  for (const fetchObject of [async () => undefined, undefined]) {
    expect(await rejectionOf(fetchMarks(twoMarks, fetchObject))).toMatchObject({ code: "WATERMARK_FAILED" });
  }
});

test("fetchMarks: a failure of the fetch is UPSTREAM_FAILED, a typed one passes", async () => {
  const fails = (error: Error) => rejectionOf(fetchMarks(twoMarks, async () => Promise.reject(error)));
  expect(await fails(new Error("socket hang up"))).toMatchObject({ code: "UPSTREAM_FAILED" });
  expect(await fails(new TransformError("ACCESS_DENIED", "no"))).toMatchObject({ code: "ACCESS_DENIED" });
});
