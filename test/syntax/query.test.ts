import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/core/plan.ts";
import { printPlan } from "../../src/syntax/print.ts";
import { parseQuery } from "../../src/syntax/query.ts";
import { PLANNED_QUERY_ARGS, QUERY_ARGS } from "../../src/syntax/query-args.ts";
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
  ["w=200&h=150&fit=pad&bg=ff0000",           "image/fit,m_pad,w_200,h_150/background,FF0000/quality,d_format"],
  ["bg=ff000080",                             "image/background,FF000080/quality,d_format"],
  ["bg=ff0000ff",                             "image/background,FF0000/quality,d_format"],
  ["w=200&h=150&dpr=2",                       "image/resize,w_400,h_300/quality,d_format"],
  ["w=25&dpr=1.5",                            "image/resize,w_38/quality,d_format"],
  ["dpr=3",                                   "image/quality,d_format"],
  ["trim=12",                                 "image/trim,12/quality,d_format"],
  ["rotate=45",                               "image/rotate,45/quality,d_format"],
  ["flip=hv",                                 "image/flip,hv/quality,d_format"],
  ["bright=-5&contrast=10&saturate=-100",     "image/bright,-5/contrast,10/saturate,-100/quality,d_format"],
  ["gray=1",                                  "image/gray,1/quality,d_format"],
  ["gray=0",                                  "image/quality,d_format"],
  ["blur=2.5&sharpen=0.7",                    "image/blur,sigma_2.5/sharpen,sigma_0.7/quality,d_format"],
  ["pixelate=16",                             "image/pixelate,16/quality,d_format"],
  ["radius=30",                               "image/rounded-corners,r_30/quality,d_format"],
  ["radius=max",                              "image/rounded-corners,r_max/quality,d_format"],
  ["wm_text=Hello World",                     "image/watermark,text_SGVsbG8gV29ybGQ/quality,d_format"],
  ["wm_text=a&wm_size=30&wm_color=ff0000&wm_font=fangzhengkaiti&wm_shadow=50&wm_rotate=20&wm_fill=1&wm_padx=5&wm_pady=6", "image/watermark,fill_1,padx_5,pady_6,text_YQ,type_ZmFuZ3poZW5na2FpdGk,color_FF0000,size_30,shadow_50,rotate_20/quality,d_format"],
  ["wm=panda.png&wm_text=a",                  "image/watermark,image_cGFuZGEucG5n,text_YQ/quality,d_format"],
  ["lossless=1&f=webp",                       "image/format,webp/quality,d_format/lossless,1"],
  ["progressive=1",                           "image/quality,d_format/interlace,1"],
  ["maxbytes=20000&q=90",                     "image/quality,a_90/maxbytes,20000"],
  ["meta=keep",                               "image/quality,d_format/meta,keep"],
  ["meta=strip",                              "image/quality,d_format"],
  ["bg=00ff7f&f=jpg",                         "image/background,00FF7F/format,jpg/quality,d_format"],
  ["crop=10,20,100,50",                       "image/crop,w_100,h_50,x_10,y_20/quality,d_format"],
  ["crop=10,20,100,50&g=se",                  "image/crop,w_100,h_50,x_10,y_20,g_se/quality,d_format"],
  ["crop=10,20,100,50&g=center",              "image/crop,w_100,h_50,x_10,y_20,g_center/quality,d_format"],
  ["crop=10,20,100,50&g=se&w=40",             "image/crop,w_100,h_50,x_10,y_20,g_se/resize,w_40/quality,d_format"],
  ["crop=10,20,100,50&g=se&w=40&h=40&fit=cover", "image/crop,w_100,h_50,x_10,y_20/fit,w_40,h_40,g_se/quality,d_format"],
  ["crop=10,20,100,50&g=se&w=40&h=40&fit=pad", "image/crop,w_100,h_50,x_10,y_20/fit,m_pad,w_40,h_40,g_se/quality,d_format"],
  ["blur=1.23456",                            "image/blur,sigma_1.235/quality,d_format"],
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
  const names = ["wm=a.png", "radius=5", "gray=1", "flip=h", "rotate=90", "q=70", "w=200", "trim=9", "crop=0,0,9,9", "f=png", "h=100", "fit=cover", "bg=102030"]; // biome-ignore format: one line
  const text =
    "image/crop,w_9,h_9/trim,9/fit,w_200,h_100/rotate,90/flip,h/gray,1/rounded-corners,r_5/watermark,image_YS5wbmc/background,102030/format,png/quality,a_70";
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
  ["bg", ["FFFFFF", "00ff7f", "00ff7f80"], ["red", "#FFFFFF", "FFF", "12345", "1234567"]],
  ["dpr", ["0.5", "1", "2.625", "1.100000023841858", "4"], ["0.4", "4.01", "0", "-1", "2x", "1e0"]],
  ["trim", ["0", "255"],           ["256", "-1", "auto"]],
  ["flip", ["h", "v", "hv"],       ["vh", "x", ""]],
  ["blur", ["0.3", "250", "1.25"], ["0.29", "251", "0", "true", "1e1"]],
  ["sharpen", ["0.3", "10"],       ["0.2", "10.1", "100"]],
  ["gray", ["0", "1"],             ["2", "true"]],
  ["bright", ["-100", "0", "100"], ["-101", "101", "0.5"]],
  ["contrast", ["-100", "100"],    ["101"]],
  ["saturate", ["-100", "100"],    ["-101"]],
  ["pixelate", ["2", "256"],       ["1", "257"]],
  ["radius", ["1", "4096", "max"], ["0", "4097", "min", "50%"]],
  ["lossless", ["0", "1"],         ["2", "true"]],
  ["progressive", ["0", "1"],      ["2"]],
  ["maxbytes", ["1", "67108864"],  ["0", "67108865", "20k"]],
  ["meta", ["strip", "copyright", "keep"], ["all", ""]],
  ["wm_text", ["a", "图片", "a".repeat(64)], ["", "a".repeat(65), "图".repeat(22)]],
  ["wm_size", ["1", "1000"],       ["0", "1001"]],
  ["wm_color", ["FF0000"],         ["FF000080", "red"]],
  ["wm_font", ["wqy-zenhei", "fangzhengkaiti"], ["Arial", ""]],
  ["wm_shadow", ["0", "100"],      ["101"]],
  ["wm_rotate", ["0", "360"],      ["361"]],
  ["wm_fill", ["0", "1"],          ["2"]],
  ["wm_padx", ["0", "4096"],       ["4097"]],
  ["wm_pady", ["0", "4096"],       ["4097"]],
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
  const later = ["frame", "t"];
  test.each(later)("%s is 400 not supported yet, never silence", (name) => {
    expect(failureOf(() => parse(`w=5&${name}=1`))).toMatchObject({ code: "NOT_SUPPORTED", parameter: name });
  });
  test("the list names nothing else and nothing that is built", () => {
    expect([...PLANNED_QUERY_ARGS].sort()).toEqual([...later].sort());
    expect(later.filter((name) => name in QUERY_ARGS)).toEqual([]);
  });
  // biome-ignore format: one row per case
  test.each(["format=auto", "f=jxl", "f=gif", "f=heic", "w=5&h=5&fit=cover&g=smart"])("%s too", (query) => {
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

test("parseQuery: dpr may not carry an edge beyond what an edge may be", () => {
  expect(canonical("w=4096&dpr=4")).toBe("image/resize,w_16384/quality,d_format");
  expect(failureOf(() => parse("w=8200&dpr=2"))).toMatchObject({ code: "BAD_ARGUMENT", parameter: "dpr", value: "2" });
});

test("parseQuery: info stands alone, foreign names aside", () => {
  expect(parseQuery(new Map([["info", "1"], ["utm_source", "x"]]))?.answer).toBe("info"); // biome-ignore format: one line
  expect(() => parseQuery(new Map([["info", "1"], ["w", "5"]]))).toThrow("info"); // biome-ignore format: one line
});
