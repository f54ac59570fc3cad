import { expect, test } from "vitest";
import { type ArgSpecs, type ArgValues, parseArgs } from "../../src/core/args.ts";
import { makeCall } from "../../src/core/operation.ts";
import { blur } from "../../src/operations/blur.ts";
import { failureOf } from "../support/pictures.ts";
import { planOf } from "./support.ts";

type Texts = Readonly<Record<string, string>>;
const call = (texts: Texts) => makeCall(blur, parseArgs<ArgSpecs>("blur", blur.args, texts) as ArgValues);

// biome-ignore format: one row per case
test.each<[string, Texts, object]>([
  ["documentation's sample",           { r: "3", s: "2" },    { sigmaMilli: 2000, radius: 3 }],
  ["a radius below the deviation",     { r: "3", s: "25" },   { sigmaMilli: 25000, radius: 3 }],
  ["smallest",                         { r: "1", s: "1" },    { sigmaMilli: 1000, radius: 1 }],
  ["largest",                          { r: "50", s: "50" },  { sigmaMilli: 50000, radius: 50 }],
  ["sigma alone, smallest",            { sigma: "0.3" },      { sigmaMilli: 300, radius: 1 }],
  ["sigma with three digits",          { sigma: "1.234" },    { sigmaMilli: 1234, radius: 4 }],
  ["sigma alone, largest",             { sigma: "250" },      { sigmaMilli: 250000, radius: 750 }],
])("blur.plan: %s", (_name, texts, params) => {
  call(texts);
  expect(planOf(blur, texts, 400, 267)).toEqual([{ kind: "blur", params, output: { width: 400, height: 267 } }]);
});

// OSS IMG reference, section 4.3, EC 241 and 242 (0004-00000243 and 244 for g and p)
// biome-ignore format: one row per case
test.each<[Texts, string, object]>([
  [{ r: "200", s: "25" },             "BAD_ARGUMENT",  { parameter: "r", value: "200" }],
  [{ r: "0", s: "25" },               "BAD_ARGUMENT",  { parameter: "r", value: "0" }],
  [{ r: "abc", s: "25" },             "BAD_ARGUMENT",  { parameter: "r", value: "abc", kind: "digits" }],
  [{ r: "2.5", s: "25" },             "BAD_ARGUMENT",  { parameter: "r", value: "2.5" }],
  [{ r: "25", s: "51" },              "BAD_ARGUMENT",  { parameter: "s", value: "51" }],
  [{ r: "25", s: "-1" },              "BAD_ARGUMENT",  { parameter: "s", value: "-1" }],
  [{ s: "25" },                       "BAD_ARGUMENT",  { parameter: "r", kind: "missing" }],
  [{ r: "25" },                       "BAD_ARGUMENT",  { parameter: "s", kind: "missing" }],
  [{},                                "BAD_ARGUMENT",  { parameter: "r", kind: "missing" }],
  [{ r: "25", s: "50", g: "fac" },    "BAD_ARGUMENT",  { parameter: "g", value: "fac" }],
  [{ r: "25", s: "50", g: "face" },   "NOT_SUPPORTED", { parameter: "g", value: "face" }],
  [{ r: "25", s: "50", g: "faces", p: "150" }, "NOT_SUPPORTED", { parameter: "g", value: "faces" }],
  [{ r: "25", s: "50", p: "201" },    "BAD_ARGUMENT",  { parameter: "p", value: "201" }],
  [{ r: "25", s: "50", p: "150" },    "NOT_SUPPORTED", { parameter: "p", value: "150" }],
  [{ sigma: "0.2" },                  "BAD_ARGUMENT",  { parameter: "sigma", value: "0.2" }],
  [{ sigma: "250.5" },                "BAD_ARGUMENT",  { parameter: "sigma", value: "250.5" }],
  [{ sigma: "2", r: "3" },            "BAD_ARGUMENT",  { parameter: "sigma" }],
])("blur: %j is %s", (texts, code, fault) => {
  expect(failureOf(() => call(texts))).toMatchObject({ code, operation: "blur", ...fault });
});
