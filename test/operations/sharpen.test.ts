import { expect, test } from "vitest";
import { type ArgSpecs, type ArgValues, parseArgs } from "../../src/core/args.ts";
import { makeCall } from "../../src/core/operation.ts";
import { sharpen } from "../../src/operations/sharpen.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

type Texts = Readonly<Record<string, string>>;
const call = (texts: Texts) => makeCall(sharpen, parseArgs<ArgSpecs>("sharpen", sharpen.args, texts) as ArgValues);

// biome-ignore format: one row per case
test.each<[string, Texts, object]>([
  ["the recommended strength", { value: "100" },  { sigmaMilli: 700, amountMilli: 1000 }],
  ["the weakest",              { value: "50" },   { sigmaMilli: 700, amountMilli: 500 }],
  ["the strongest",            { value: "399" },  { sigmaMilli: 700, amountMilli: 3990 }],
  ["our sigma",                { sigma: "1.5" },  { sigmaMilli: 1500, amountMilli: 1000 }],
  ["the smallest sigma",       { sigma: "0.3" },  { sigmaMilli: 300, amountMilli: 1000 }],
  ["the largest sigma",        { sigma: "10" },   { sigmaMilli: 10000, amountMilli: 1000 }],
])("sharpen.plan: %s", (_name, texts, params) => {
  call(texts);
  expect(planOf(sharpen, texts, 400, 267)).toEqual([{ kind: "sharpen", params, output: { width: 400, height: 267 } }]);
});

// OSS IMG reference, section 4.3, EC 279 and 280; a bare value is named after its operation
// biome-ignore format: one row per case
test.each<[Texts, object]>([
  [{ value: "10" },                 { parameter: "sharpen", value: "10" }],
  [{ value: "49" },                 { parameter: "sharpen", value: "49" }],
  [{ value: "400" },                { parameter: "sharpen", value: "400" }],
  [{ value: "abc" },                { parameter: "sharpen", value: "abc", kind: "digits" }],
  [{ value: "100.5" },              { parameter: "sharpen", value: "100.5" }],
  [{},                              { kind: "missing" }],
  [{ sigma: "0.29" },               { parameter: "sigma", value: "0.29" }],
  [{ sigma: "10.1" },               { parameter: "sigma", value: "10.1" }],
  [{ value: "100", sigma: "1" },    { parameter: "sigma", value: "1" }],
])("sharpen: %j is refused", (texts, fault) => {
  expect(failureOf(() => call(texts))).toMatchObject({ code: "BAD_ARGUMENT", operation: "sharpen", ...fault });
});
