import fc from "fast-check";
import { expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { GRAVITIES } from "../../src/core/geometry.ts";
import { explainPlan } from "../../src/engine.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { parseProcess } from "../../src/syntax/oss-process.ts";
import { printPlan } from "../../src/syntax/print.ts";
import { parseQuery } from "../../src/syntax/query.ts";
import { probeOf } from "../support/pictures.ts";

// biome-ignore format: one row per case
test.each([
  ["arguments in declared order",         "image/resize,h_5,m_fill,w_7",                  "image/resize,w_7,h_5,m_fill"],
  ["without initial values",              "image/resize,w_7,m_lfit,limit_1,color_ffffff", "image/resize,w_7"],
  ["without unknown keys",                "image/crop,w_100,h_100,x_100,y_100,r_1",       "image/crop,w_100,h_100,x_100,y_100"],
  ["without doubled keys and commas",     "image/resize,w_1,,w_7,",                       "image/resize,w_7"],
  ["numbers without zeros in front",      "image/resize,w_007",                           "image/resize,w_7"],
  ["colors in upper case",                "image/resize,w_7,h_9,m_pad,color_ff00aa",      "image/resize,w_7,h_9,m_pad,color_FF00AA"],
  ["settings at the end",                 "image/format,png/resize,w_7/quality,80",       "image/resize,w_7/format,png/quality,Q_80"],
  ["the last of each setting",            "image/format,png/quality,q_5/format,webp",     "image/format,webp/quality,q_5"],
  ["jpeg as jpg",                         "image/format,jpeg",                            "image/format,jpg"],
  ["nothing to do as auto-orient,1",      "image/auto-orient,1",                          "image/auto-orient,1"],
  ["a bare value at its initial value",   "image/rotate,0",                               "image/rotate,0"],
  ["operations in written order",         "image/rotate,90/crop/resize,p_50",             "image/rotate,90/crop/resize,p_50"],
  ["info",                                "image/info,",                                  "image/info"],
  ["both of w and l",                     "image/resize,l_9,w_7",                         "image/resize,w_7,l_9"],
  ["marks without padding",               "image/watermark,image_YQ==,x_10,t_50",         "image/watermark,t_50,image_YQ"],
  ["a mark's preparation canonically too",
    `image/watermark,image_${encodeBase64Url("a.png?x-oss-process=image/resize,m_lfit,P_30")}`,
    `image/watermark,image_${encodeBase64Url("a.png?x-oss-process=image/resize,P_30")}`],
])("printPlan: %s", (_name, text, canonical) => {
  expect(printPlan(parseProcess(text))).toBe(canonical);
  expect(printPlan(parseProcess(canonical))).toBe(canonical);
});

const px = (max = 16384) => fc.integer({ min: 1, max });
const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => value.toString(16).padStart(6, "0"));
const gravity = fc.constantFrom(...GRAVITIES);
const anchor = fc.oneof(
  gravity,
  fc
    .tuple(fc.integer({ min: 0, max: 10000 }), fc.integer({ min: 0, max: 10000 }))
    .map(([x, y]) => `fp:${x / 10000}:${y / 10000}`),
);
/** `name,key_value,…` with each optional key there or not and in any order. */
function operation(name: string, keys: Readonly<Record<string, fc.Arbitrary<string | number>>>): fc.Arbitrary<string> {
  return fc
    .record(keys, { requiredKeys: [] })
    .chain((values) => fc.shuffledSubarray(Object.entries(values), { minLength: Object.keys(values).length }))
    .map((entries) => [name, ...entries.map(([key, value]) => `${key}_${value}`)].join(","));
}
const flag = fc.integer({ min: 0, max: 1 });
const resizeKeys = {
  w: px(),
  h: px(),
  l: px(),
  s: px(),
  p: px(1000),
  m: fc.constantFrom("lfit", "mfit", "fill", "pad", "fixed"),
  limit: flag,
  color: hex,
};
const resize = operation("resize", resizeKeys).map((text) => (/,[whlsp]_/.test(text) ? text : `${text},w_5`));
const crop = operation("crop", { w: fc.nat(16384), h: fc.nat(16384), x: fc.nat(16384), y: fc.nat(16384), g: anchor });
const fit = fc
  .tuple(operation("fit", { m: fc.constantFrom("cover", "pad", "fill"), enlarge: flag, g: anchor, color: hex }), px(), px())
  .map(([text, w, h]) => `${text},h_${h},w_${w}`);
const rotate = fc.constantFrom(0, 90, 180, 270, 360).map((angle) => `rotate,${angle}`);
const markResize = fc.oneof(
  resize,
  px(100).map((P) => `resize,P_${P}`),
  px(100).map((pw) => `resize,pw_${pw}`),
);
const preparation = fc
  .array(fc.oneof(markResize, crop, rotate, fit), { minLength: 1, maxLength: 3 })
  .map((steps) => `image/${steps.join("/")}`);
const markText = fc
  .tuple(fc.constantFrom("a.png", "Ü/图.webp", "x_y?z=1&w"), fc.option(preparation))
  .map(([key, prepared]) => encodeBase64Url(prepared === null ? key : `${key}?x-oss-process=${prepared}`));
const watermark = fc
  .tuple(
    operation("watermark", {
      t: fc.nat(100),
      g: gravity,
      x: fc.nat(4096),
      y: fc.nat(4096),
      voffset: fc.integer({ min: -1000, max: 1000 }),
      align: fc.nat(2),
    }),
    markText,
  )
  .map(([text, image]) => `${text},image_${image}`);
const settings = fc.oneof(
  fc.constantFrom("jpg", "jpeg", "png", "webp", "avif", "gif").map((name) => `format,${name}`),
  fc.tuple(fc.constantFrom("Q_", "q_", "a_", ""), px(100)).map(([key, value]) => `quality,${key}${value}`),
  fc.constant("quality,d_format"),
  flag.map((value) => `auto-orient,${value}`),
  hex.map((value) => `background,${value}`),
);
const process = fc
  .array(fc.oneof(resize, crop, fit, rotate, watermark, settings), { minLength: 1, maxLength: 6 })
  .map((segments) => `image/${segments.join("/")}`);

test("the generator uses every operation of the table", () => {
  const seen = new Set(fc.sample(process, 400).flatMap((text) => text.split("/").map((segment) => segment.split(",")[0])));
  expect([...OPERATIONS.keys()].filter((name) => name !== "info" && !seen.has(name))).toEqual([]);
});

test("printPlan: parsing what was printed gives the plan, and printing it again the same text", () => {
  fc.assert(
    fc.property(process, (text) => {
      const plan = parseProcess(text);
      const printed = printPlan(plan);
      const again = parseProcess(printed);
      expect(again).toEqual(plan);
      expect(printPlan(again)).toBe(printed);
    }),
    { numRuns: 500 },
  );
});

test("printPlan: plans of the plain grammar too", () => {
  const query = fc.record(
    {
      w: px().map(String),
      h: px().map(String),
      fit: fc.constantFrom("inside", "outside", "cover", "pad", "fill"),
      enlarge: flag.map(String),
      g: anchor,
      bg: hex,
      crop: fc.tuple(fc.nat(999), fc.nat(999), px(), px()).map(String),
      rotate: fc.constantFrom("0", "90", "180", "270"),
      q: px(100).map(String),
      wm: fc.constantFrom("a.png", "图_1.png"),
      wm_g: gravity,
      wm_t: fc.nat(100).map(String),
      wm_w: px(100).map(String),
      f: fc.constantFrom("jpg", "png", "webp", "avif"),
    },
    { requiredKeys: ["q"] },
  );
  fc.assert(
    fc.property(query, (texts) => {
      const plan = parseQuery(new Map(Object.entries(texts)));
      if (plan === undefined) throw new Error("q alone is a plan");
      expect(parseProcess(printPlan(plan))).toEqual(plan);
    }),
    { numRuns: 300 },
  );
});

test("explain: a plan and its canonical text mean the same steps, size and format, or the same error", () => {
  const source = probeOf(424, 333, { orientation: 7 });
  const outcome = (text: string) => {
    try {
      const { plan: _plan, ...rest } = explainPlan(parseProcess(text), source, 20_000);
      return rest;
    } catch (thrown) {
      if (thrown instanceof TransformError) return { code: thrown.code, message: thrown.message };
      throw thrown;
    }
  };
  fc.assert(
    fc.property(process, (text) => {
      expect(outcome(printPlan(parseProcess(text)))).toEqual(outcome(text));
    }),
    { numRuns: 300 },
  );
});

test("printPlan: a signed zero is zero", () => {
  const plan = parseProcess("image/watermark,voffset_-0,image_YQ");
  expect(plan).toEqual(parseProcess(printPlan(plan)));
});
