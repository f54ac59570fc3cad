import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/core/plan.ts";
import { printPlan } from "../../src/syntax/print.ts";
import { PLANNED_QUERY_ARGS, parseQuery, QUERY_ARGS } from "../../src/syntax/query.ts";
import { failureOf } from "../support/pictures.ts";

function parse(query: string, strict = false): Plan | undefined {
  return parseQuery(new Map([...new URLSearchParams(query)]), strict);
}
const canonical = (query: string) => {
  const plan = parse(query);
  return plan === undefined ? undefined : printPlan(plan);
};

// The default quality of the plain grammar is each format's own, hence quality,d_format
// biome-ignore format: one row per case
test.each([
  ["w=200",                                   "image/resize,w_200/quality,d_format"],
  ["h=150",                                   "image/resize,h_150/quality,d_format"],
  ["w=200&h=150",                             "image/resize,w_200,h_150/quality,d_format"],
  ["w=200&h=150&fit=inside",                  "image/resize,w_200,h_150/quality,d_format"],
  ["w=200&h=150&fit=outside",                 "image/resize,w_200,h_150,m_mfit/quality,d_format"],
  ["w=200&h=150&fit=cover",                   "image/fit,w_200,h_150/quality,d_format"],
  ["w=200&h=150&fit=pad",                     "image/fit,m_pad,w_200,h_150/quality,d_format"],
  ["w=200&h=150&fit=fill",                    "image/fit,m_fill,w_200,h_150/quality,d_format"],
  ["w=200&h=150&enlarge=1",                   "image/resize,w_200,h_150,limit_0/quality,d_format"],
  ["w=200&h=150&enlarge=0",                   "image/resize,w_200,h_150/quality,d_format"],
  ["w=200&h=150&fit=outside&enlarge=1",       "image/resize,w_200,h_150,m_mfit,limit_0/quality,d_format"],
  ["w=200&h=150&fit=cover&enlarge=1",         "image/resize,w_200,h_150,m_fill,limit_0/quality,d_format"],
  ["w=200&h=150&fit=cover&enlarge=1&g=north", "image/fit,w_200,h_150,enlarge_1,g_north/quality,d_format"],
  ["w=200&h=150&fit=fill&enlarge=1",          "image/resize,w_200,h_150,m_fixed,limit_0/quality,d_format"],
  ["w=200&h=150&fit=pad&enlarge=1&g=se",      "image/fit,m_pad,w_200,h_150,enlarge_1,g_se/quality,d_format"],
  ["w=200&fit=cover",                         "image/resize,w_200/quality,d_format"],
  ["w=200&h=150&fit=cover&g=fp:0.25:1",       "image/fit,w_200,h_150,g_fp:0.25:1/quality,d_format"],
  ["w=200&h=150&fit=pad&bg=ff0000",           "image/fit,m_pad,w_200,h_150,color_FF0000/background,FF0000/quality,d_format"],
  ["bg=00ff7f&f=jpg",                         "image/background,00FF7F/format,jpg/quality,d_format"],
  ["crop=10,20,100,50",                       "image/crop,w_100,h_50,x_10,y_20/quality,d_format"],
  ["crop=10:20:100:50",                       "image/crop,w_100,h_50,x_10,y_20/quality,d_format"],
  ["rotate=90",                               "image/rotate,90/quality,d_format"],
  ["wm=panda.png",                            "image/watermark,image_cGFuZGEucG5n/quality,d_format"],
  ["wm=panda.png&wm_g=nw&wm_x=0&wm_y=5&wm_t=40", "image/watermark,t_40,g_nw,x_0,y_5,image_cGFuZGEucG5n/quality,d_format"],
  ["format=webp",                             "image/format,webp/quality,d_format"],
  ["f=webp",                                  "image/format,webp/quality,d_format"],
  ["f=jpeg",                                  "image/format,jpg/quality,d_format"],
  ["q=80",                                    "image/quality,a_80"],
  ["info=1",                                  "image/info"],
  ["w=1&q=100&f=avif",                        "image/resize,w_1/format,avif/quality,a_100"],
])("parseQuery: %s", (query, text) => {
  expect(canonical(query)).toBe(text);
});

test("parseQuery: wm_w is percent of the picture's width", () => {
  expect(parse("wm=panda.png&wm_w=30")?.calls[0]?.mark).toMatchObject({
    key: "panda.png",
    plan: { calls: [{ name: "resize", args: { pw: 30 } }] },
  });
});
test("parseQuery: the order of the URL plays no part", () => {
  const names = ["wm=a.png", "rotate=90", "q=70", "w=200", "crop=0,0,9,9", "f=png", "h=100", "fit=cover", "bg=102030"];
  const text = "image/crop,w_9,h_9/fit,w_200,h_100/rotate,90/watermark,image_YS5wbmc/background,102030/format,png/quality,a_70";
  expect(canonical(names.join("&"))).toBe(text);
  expect(canonical([...names].reverse().join("&"))).toBe(text);
});

// biome-ignore format: one row per case
test.each([
  ["w", ["1", "16384"],            ["0", "16385", "-1", "1.5", "abc", "", " 5", "1e3", "0x10"]],
  ["h", ["1", "16384"],            ["0", "16385", "auto"]],
  ["fit", ["inside", "outside", "cover", "pad", "fill"], ["contain", "Cover", ""]],
  ["enlarge", ["0", "1"],          ["2", "true", "yes"]],
  ["g", ["nw", "north", "ne", "west", "center", "east", "sw", "south", "se", "fp:0:1", "fp:0.5:0.25"], ["fp:1.1:0", "fp:0.5", "fp:-1:0", "left", "SE"]],
  ["crop", ["0,0,1,1", "16384,0,1,1"], ["0,0,0,1", "1,2,3", "1,2,3,4,5", "-1,0,5,5", "a,b,c,d", "0,0,16385,1", "1.5,0,2,2"]],
  ["rotate", ["0", "90", "180", "270", "360"], ["361", "-90", "90deg"]],
  ["bg", ["FFFFFF", "00ff7f"],     ["red", "#FFFFFF", "FFF", "12345"]],
  ["wm", ["a", "Ü/ä.png"],         [""]],
  ["wm_g", ["se"],                 ["fp:0:0", "middle"]],
  ["wm_x", ["0", "4096"],          ["4097", "-1"]],
  ["wm_y", ["0", "4096"],          ["4097", "-1"]],
  ["wm_t", ["0", "100"],           ["101", "-1"]],
  ["wm_w", ["1", "100"],           ["0", "101"]],
  ["format", ["jpg", "jpeg", "png", "webp", "avif"], ["svg", "", "../png"]],
  ["f", ["jpg", "png"],            ["svg"]],
  ["q", ["1", "100"],              ["0", "101", "80%", "high"]],
  ["info", ["0", "1"],             ["2"]],
])("parseQuery: values of %s", (name, good, bad) => {
  for (const value of good) expect(parseQuery(new Map([[name, value]])), value).toBeDefined();
  for (const value of bad) {
    expect(failureOf(() => parseQuery(new Map([[name, value]]))), value).toMatchObject({ code: "BAD_ARGUMENT", parameter: name, value });
  }
});

describe("parseQuery: what arrives with a later capability", () => {
  // surface.md, "Plain query, name by name"
  // biome-ignore format: one row per case
  const later = ["dpr", "trim", "flip", "blur", "sharpen", "gray", "bright", "contrast", "saturate", "pixelate", "radius", "wm_text", "wm_size",
    "wm_color", "wm_font", "wm_rotate", "wm_fill", "frame", "t", "lossless", "progressive", "maxbytes", "meta"];
  test.each(later)("%s is 400 not supported yet, never silence", (name) => {
    expect(failureOf(() => parse(`w=5&${name}=1`))).toMatchObject({ code: "NOT_SUPPORTED", parameter: name });
  });
  test("the list names nothing else and nothing that is built", () => {
    expect([...PLANNED_QUERY_ARGS].sort()).toEqual([...later].sort());
    expect(later.filter((name) => name in QUERY_ARGS)).toEqual([]);
  });
  // biome-ignore format: one row per case
  test.each(["format=auto", "f=jxl", "f=gif", "f=bmp", "f=tiff", "f=heic", "w=5&h=5&fit=cover&g=smart", "w=5&rotate=45", "w=5&h=5&fit=pad&bg=FF000080"])("%s too", (query) => {
    expect(failureOf(() => parse(query)).code).toBe("NOT_SUPPORTED");
  });
});

describe("parseQuery: names that are not ours", () => {
  test("are ignored", () => {
    expect(canonical("utm_source=mail&w=5&W=7&constructor=1&toString=2")).toBe("image/resize,w_5/quality,d_format");
  });
  test.each(["", "utm_source=mail", "W=200", "constructor=1", "__proto__=1", "hasOwnProperty=w"])(
    "alone ask for nothing: %j",
    (query) => {
      expect(parse(query)).toBeUndefined();
    },
  );
  test("are refused when strict", () => {
    expect(failureOf(() => parse("w=5&utm_source=mail", true))).toMatchObject({
      code: "BAD_ARGUMENT",
      parameter: "utm_source",
      value: "mail",
    });
    expect(failureOf(() => parse("constructor=5", true))).toMatchObject({ code: "BAD_ARGUMENT", parameter: "constructor" });
    expect(parse("w=5&f=png", true)).toBeDefined();
  });
});

test("parseQuery: info stands alone, foreign names aside", () => {
  expect(parseQuery(new Map([["info", "1"], ["utm_source", "x"]]))?.answer).toBe("info"); // biome-ignore format: one line
  expect(() => parseQuery(new Map([["info", "1"], ["w", "5"]]))).toThrow("info"); // biome-ignore format: one line
});
