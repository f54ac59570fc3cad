import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Arg, ArgValue } from "../../src/core/args.ts";
import { TransformError } from "../../src/core/errors.ts";
import type { Plan } from "../../src/core/plan.ts";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { parseProcess } from "../../src/syntax/oss-process.ts";
import { plainQuery, printQuery } from "../../src/syntax/print-query.ts";
import { QUERY_ARGS } from "../../src/syntax/query-args.ts";
import { parseText } from "../../src/syntax/request.ts";
import { textOf } from "../support/domains.ts";

// biome-ignore format: one row per case
test.each([
  ["names in the order of the table",       "q=80&format=webp&h=5&w=800",              "w=800&h=5&format=webp&q=80"],
  ["without what silence says",             "w=800&fit=inside&enlarge=0&filter=lanczos3&linear=0&effort=fast&meta=strip&lossless=0", "w=800"],
  ["jpeg as jpg",                           "f=jpeg",                                  "format=jpg"],
  ["every fit",                             "w=9&h=8&fit=outside",                     "w=9&h=8&fit=outside"],
  ["cover",                                 "w=9&h=8&fit=cover",                       "w=9&h=8&fit=cover"],
  ["cover that may grow",                   "w=9&h=8&fit=cover&enlarge=1",             "w=9&h=8&fit=cover&enlarge=1"],
  ["cover that may grow, held",             "w=9&h=8&fit=cover&enlarge=1&g=north",     "w=9&h=8&fit=cover&enlarge=1&g=north"],
  ["pad on a color",                        "w=9&h=8&fit=pad&bg=ff000080",             "w=9&h=8&fit=pad&bg=FF000080"],
  ["fill that may grow",                    "w=9&h=8&fit=fill&enlarge=1",              "w=9&h=8&fit=fill&enlarge=1"],
  ["a fit that one edge makes meaningless", "w=9&fit=cover&g=se",                      "w=9"],
  ["dpr multiplied out",                    "w=25&dpr=1.5",                            "w=38"],
  ["a focal point",                         "w=9&h=8&fit=cover&g=fp:0.25:1",           "w=9&h=8&fit=cover&g=fp:0.25:1"],
  ["a crop",                                "crop=1:2:30:40",                          "crop=1,2,30,40"],
  ["a crop from an edge",                   "crop=1,2,30,40&g=se&w=7",                 "w=7&g=se&crop=1,2,30,40"],
  ["a crop and what cover keeps",           "crop=1,2,30,40&g=se&w=7&h=7&fit=cover",   "w=7&h=7&fit=cover&g=se&crop=1,2,30,40"],
  ["all effects",                           "radius=max&pixelate=9&sharpen=0.5&blur=2.5&gray=1&saturate=3&contrast=2&bright=-1", "bright=-1&contrast=2&saturate=3&gray=1&blur=2.5&sharpen=0.5&pixelate=9&radius=max"],
  ["a text, readable",                      "wm_text=a%2Cb:c/d",                       "wm_text=a,b:c/d"],
  ["a text, encoded",                       "wm_text=a%26b%3D%2B%25%20%E5%9B%BE",      "wm_text=a%26b%3D%2B%25%20%E5%9B%BE"],
  ["a mark and its width",                  "wm_w=30&wm=%C3%9C/a.png&wm_g=nw",         "wm=%C3%9C/a.png&wm_w=30&wm_g=nw"],
  ["nothing but encoding anew",             "dpr=3",                                   "meta=strip"],
  ["info",                                  "info=1",                                  "info=1"],
])("printQuery: %s", (_name, query, expected) => {
  expect(printQuery(parseText(query))).toBe(expected);
});

// biome-ignore format: one row per case
test.each([
  ["image/resize,w_200/quality,d_format",                                   "w=200"],
  ["image/resize,h_200,m_lfit,limit_0/quality,a_70",                        "h=200&enlarge=1&q=70"],
  ["image/crop,w_30,h_40,x_1,y_2,g_se/resize,w_9/quality,d_format",         "w=9&g=se&crop=1,2,30,40"],
  ["image/rotate,90/flip,h/quality,d_format/interlace,1/format,jpg",        "rotate=90&flip=h&format=jpg&progressive=1"],
  ["image/blur,sigma_2/watermark,text_YQ,x_5/quality,d_format/maxbytes,900", "blur=2&wm_text=a&wm_x=5&maxbytes=900"],
])("printQuery: a process text, %s", (process, query) => {
  expect(printQuery(parseProcess(process))).toBe(query);
});

const mark = (text: string) => `image/watermark,image_${encodeBase64Url(text)}/quality,d_format`;
// biome-ignore format: one row per case
test.each([
  ["another order",                       "image/resize,w_9/crop,w_5,h_5/quality,d_format"],
  ["effects in another order",            "image/gray,1/bright,5/quality,d_format"],
  ["an operation twice",                  "image/bright,5/bright,6/quality,d_format"],
  ["two sizes",                           "image/resize,w_9/fit,w_5,h_5/quality,d_format"],
  ["OSS's limit where cover needs none",  "image/resize,m_fill,w_9,h_9/quality,d_format"],
  ["OSS's own padding",                   "image/resize,m_pad,w_9,h_9,limit_0/quality,d_format"],
  ["a mode that one edge decides",        "image/resize,m_fill,w_9,limit_0/quality,d_format"],
  ["a long edge",                         "image/resize,l_9/quality,d_format"],
  ["percent",                             "image/resize,p_50/quality,d_format"],
  ["a color of padding",                  "image/fit,m_pad,w_9,h_9,color_FF0000/quality,d_format"],
  ["two gravities",                       "image/crop,w_5,h_5,g_se/fit,m_fill,w_9,h_9,g_nw/quality,d_format"],
  ["a crop to the edge",                  "image/crop,x_5,y_5/quality,d_format"],
  ["a disc",                              "image/circle,r_9/quality,d_format"],
  ["a slice",                             "image/indexcrop,x_9/quality,d_format"],
  ["OSS's blur",                          "image/blur,r_3,s_2/quality,d_format"],
  ["OSS's sharpening",                    "image/sharpen,100/quality,d_format"],
  ["gray,0",                              "image/gray,0/quality,d_format"],
  ["stored pixels",                       "image/auto-orient,0/quality,d_format"],
  ["gif",                                 "image/format,gif/quality,d_format"],
  ["voffset",                             "image/watermark,text_YQ,voffset_5/quality,d_format"],
  ["two watermarks",                      "image/watermark,text_YQ/watermark,text_Yg/quality,d_format"],
  ["a mark prepared otherwise",           mark("a.png?x-oss-process=image/rotate,90")],
  ["a mark prepared twice",               mark("a.png?x-oss-process=image/resize,pw_30/flip,h")],
  ["average-hue",                         "image/average-hue"],
])("printQuery, plainQuery: cannot say %s", (_name, process) => {
  expect(printQuery(parseProcess(process))).toBeUndefined();
  expect(plainQuery(parseProcess(process))).toBeUndefined();
});

describe("plainQuery", () => {
  // biome-ignore format: one row per case
  test.each([
    ["image/resize,w_9/quality,d_format",   { text: "w=9", exact: true }],
    ["image/resize,w_9/quality,a_70",       { text: "w=9&q=70", exact: true }],
    ["image/resize,w_9",                    { text: "w=9", exact: false }],
    ["image/resize,w_9/quality,Q_70",       { text: "w=9&q=70", exact: false }],
    ["image/resize,w_9/quality,q_70",       { text: "w=9&q=70", exact: false }],
    ["image/auto-orient,1",                 { text: "meta=strip", exact: false }],
    ["image/info",                          { text: "info=1", exact: true }],
    ["image/resize,w_9/crop,w_5",           undefined],
  ])("%s", (process, expected) => {
    expect(plainQuery(parseProcess(process))).toEqual(expected);
  });
});

test("printQuery: half a surrogate pair is what a picture shows of it", () => {
  const plan = parseProcess("image/watermark,text_YQ/quality,d_format");
  const broken: Plan = { ...plan, calls: plan.calls.map((call) => ({ ...call, args: { ...call.args, text: "\ud800" } })) };
  expect(printQuery(broken)).toBe("wm_text=%EF%BF%BD");
});

const rectangle = fc
  .tuple(fc.nat(16384), fc.nat(16384), fc.integer({ min: 1, max: 16384 }), fc.integer({ min: 1, max: 16384 }))
  .map((numbers) => numbers.join(","));

const words = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
  fc.constantFrom("a.png", "Ü/图 +&=%,:?#.png"),
);

const { info: _info, ...ASKED } = QUERY_ARGS;
const query = fc
  .record(
    Object.fromEntries(
      Object.entries<Arg<ArgValue>>(ASKED).map(([name, { domain }]) => [
        name,
        textOf(domain, name === "crop" ? rectangle : words),
      ]),
    ),
    {
      requiredKeys: [],
    },
  )
  .chain((values) => fc.shuffledSubarray(Object.entries(values), { minLength: 1 }))
  .map((pairs) => pairs.map(([name, text]) => `${name}=${encodeURIComponent(String(text))}`).join("&"));

/** Plan of a query, or undefined where its parts do not go together (dpr times w too large, a text too long). */
function parsed(text: string): Plan | undefined {
  try {
    return parseText(text);
  } catch (thrown) {
    if (thrown instanceof TransformError) return undefined;
    throw thrown;
  }
}

test("the generator uses every name, and nearly all of its queries are plans", () => {
  const samples = fc.sample(query, 1000);
  const seen = new Set(samples.flatMap((text) => text.split("&").map((pair) => pair.split("=")[0] ?? "")));
  expect(Object.keys(ASKED).filter((name) => !seen.has(name))).toEqual([]);
  expect(samples.filter((text) => parsed(text) !== undefined).length).toBeGreaterThan(700);
});

test("printQuery: a printed query parses to the plan, and prints the same again", () => {
  fc.assert(
    fc.property(query, (text) => {
      const plan = parsed(text);
      if (plan === undefined) return;
      const printed = printQuery(plan);
      expect(printed, text).toBeDefined();
      if (printed === undefined) return;
      expect(parseText(printed)).toEqual(plan);
      expect(printQuery(parseText(printed))).toBe(printed);
    }),
    { numRuns: 2000 },
  );
});
