import { expect, test } from "vitest";
import { applyCandidate, isChosen, rowsOf, shareOfLargest, smallestOf } from "../../../src/studio/code/cards.ts";
import { docOf, planOf } from "../../../src/studio/state/document.ts";
import type { Candidate } from "../../../src/studio/state/store.ts";
import { printPlan } from "../../../src/syntax/print.ts";
import { parseText } from "../../../src/syntax/request.ts";

const jpeg: Candidate = { format: "jpeg", state: "made", bytes: 400 };
const webp: Candidate = { format: "webp", state: "made", bytes: 300 };
const avif: Candidate = { format: "avif", state: "made", bytes: 200 };
const webp50: Candidate = { format: "webp", quality: 50, state: "waiting" };
const docOfText = (text: string) => docOf(parseText(text));
function applied(text: string, candidate: Candidate): string {
  const planned = planOf(applyCandidate(docOfText(text), candidate));
  return "plan" in planned ? printPlan(planned.plan) : planned.problem.error.message;
}

test("rowsOf: formats, and qualities of one of them", () => {
  expect(rowsOf([jpeg, webp, webp50])).toEqual({ formats: [jpeg, webp], qualities: [webp50] });
});

// biome-ignore format: one row per case
test.each([
  ["the fewest bytes",                    [jpeg, avif, webp],                                            avif],
  ["of those that could be made",         [jpeg, webp, { format: "avif", state: "failed" } as const],    webp],
  ["none before all are made",            [jpeg, avif, { format: "webp", state: "making" } as const],    undefined],
  ["none of one",                         [jpeg],                                                        undefined],
])("smallestOf: %s", (_name, candidates, expected) => {
  expect(smallestOf(candidates)).toEqual(expected);
});

test("shareOfLargest: 1 for the largest, 0 for what is not made", () => {
  expect([jpeg, avif, webp50].map((card) => shareOfLargest(card, [jpeg, avif, webp50]))).toEqual([1, 0.5, 0]);
  expect(shareOfLargest(webp50, [webp50])).toBe(0);
});

// biome-ignore format: one row per case
test.each([
  ["image/resize,w_5",                                      webp,                              "image/resize,w_5/format,webp/quality,d_format"],
  ["image/resize,w_5/format,jpg/quality,a_90",              webp50,                            "image/resize,w_5/format,webp/quality,a_50"],
  ["image/format,webp/lossless,1",                          jpeg,                              "image/format,jpg/quality,d_format"],
  ["image/format,jpg/quality,a_90/chroma,444",              webp,                              "image/format,webp/quality,d_format"],
  ["image/format,jpg/quality,a_90/chroma,444",              avif,                              "image/format,avif/quality,d_format/chroma,444"],
  ["image/format,jpg/quality,a_90",                         { format: "png", state: "made" },  "image/format,png"],
  ["image/format,jpg/maxbytes,900",                         webp,                              "image/format,webp/quality,d_format/maxbytes,900"],
] as const)("applyCandidate: %s", (text, candidate, expected) => {
  expect(applied(text, candidate)).toBe(expected);
});

test("isChosen: by what the document says, or by a result that is the very same", () => {
  expect(isChosen(docOfText("image/format,webp/quality,a_50"), webp50, undefined)).toBe(true);
  expect(isChosen(docOfText("image/format,webp/quality,a_65"), webp50, undefined)).toBe(false);
  // OSS's default and WebP's own are the same picture, though not the same text
  expect(isChosen(docOfText("image/format,webp"), webp, { format: "webp", bytes: 300 })).toBe(true);
  expect(isChosen(docOfText("image/format,webp"), webp, { format: "jpeg", bytes: 300 })).toBe(false);
});
