import fc from "fast-check";
import { expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { FILTERS } from "../../src/core/filters.ts";
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
  filter: fc.constantFrom(...FILTERS),
  linear: flag,
};
const resize = operation("resize", resizeKeys).map((text) => (/,[whlsp]_/.test(text) ? text : `${text},w_5`));
const crop = operation("crop", { w: fc.nat(16384), h: fc.nat(16384), x: fc.nat(16384), y: fc.nat(16384), g: anchor });
const fit = fc
  .tuple(operation("fit", { m: fc.constantFrom("cover", "pad", "fill"), enlarge: flag, g: anchor, color: hex }), px(), px())
  .map(([text, w, h]) => `${text},h_${h},w_${w}`);
const rotate = fc.nat(360).map((angle) => `rotate,${angle}`);
const level = fc.integer({ min: -100, max: 100 });
const decimal = (max: number) => fc.integer({ min: 300, max: max * 1000 }).map((value) => value / 1000);
const shapes = fc.oneof(
  fc.tuple(fc.constantFrom("x", "y"), px(), fc.nat(99)).map(([axis, side, i]) => `indexcrop,${axis}_${side},i_${i}`),
  px(4096).map((r) => `circle,r_${r}`),
  fc.oneof(px(4096), fc.constant("max")).map((r) => `rounded-corners,r_${r}`),
  fc.constantFrom("h", "v", "hv").map((axes) => `flip,${axes}`),
  fc.nat(255).map((tolerance) => `trim,${tolerance}`),
);
const effects = fc.oneof(
  fc.tuple(fc.constantFrom("bright", "contrast", "saturate"), level).map(([name, value]) => `${name},${value}`),
  flag.map((value) => `gray,${value}`),
  fc.integer({ min: 2, max: 256 }).map((value) => `pixelate,${value}`),
  fc.tuple(px(50), px(50)).map(([r, s]) => `blur,s_${s},r_${r}`),
  decimal(250).map((sigma) => `blur,sigma_${sigma}`),
  fc.integer({ min: 50, max: 399 }).map((value) => `sharpen,${value}`),
  decimal(10).map((sigma) => `sharpen,sigma_${sigma}`),
);
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
      fill: flag,
      padx: fc.nat(4096),
      pady: fc.nat(4096),
      text: fc.constantFrom("Hello", "图片 a_b", "مرحبا").map(encodeBase64Url),
      type: fc.constantFrom("wqy-zenhei", "fangzhengkaiti").map(encodeBase64Url),
      color: hex,
      size: px(1000),
      shadow: fc.nat(100),
      rotate: fc.nat(360),
      order: flag,
      align: fc.nat(2),
      interval: fc.nat(1000),
    }),
    markText,
  )
  .map(([text, image]) => `${text},image_${image}`);
const settings = fc.oneof(
  fc.constantFrom("jpg", "jpeg", "png", "webp", "avif", "gif").map((name) => `format,${name}`),
  fc.tuple(fc.constantFrom("Q_", "q_", "a_", ""), px(100)).map(([key, value]) => `quality,${key}${value}`),
  fc.constant("quality,d_format"),
  flag.map((value) => `auto-orient,${value}`),
  fc.tuple(hex, fc.constantFrom("", "00", "80", "FF")).map((parts) => `background,${parts.join("")}`),
  fc.tuple(fc.constantFrom("interlace", "lossless"), flag).map(([name, value]) => `${name},${value}`),
  fc.constantFrom("chroma,420", "chroma,444", "effort,fast", "effort,small"),
  px(67_108_864).map((value) => `maxbytes,${value}`),
  fc.constantFrom("strip", "copyright", "keep").map((value) => `meta,${value}`),
);
const process = fc
  .array(fc.oneof(resize, crop, fit, rotate, shapes, effects, watermark, settings), { minLength: 1, maxLength: 6 })
  .map((segments) => `image/${segments.join("/")}`);

test("the generator uses every operation of the table", () => {
  const seen = new Set(fc.sample(process, 1000).flatMap((text) => text.split("/").map((segment) => segment.split(",")[0])));
  expect([...OPERATIONS.keys()].filter((name) => name !== "info" && name !== "average-hue" && !seen.has(name))).toEqual([]);
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
      dpr: fc.integer({ min: 50, max: 100 }).map((value) => String(value / 100)),
      trim: fc.nat(255).map(String),
      flip: fc.constantFrom("h", "v", "hv"),
      bright: level.map(String),
      gray: flag.map(String),
      blur: decimal(250).map(String),
      sharpen: decimal(10).map(String),
      radius: fc.oneof(px(4096).map(String), fc.constant("max")),
      wm_text: fc.constantFrom("Hello", "图片 a_b"),
      wm_fill: flag.map(String),
      progressive: flag.map(String),
      meta: fc.constantFrom("strip", "copyright", "keep"),
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
