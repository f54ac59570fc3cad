import { describe, expect, test } from "vitest";
import { printPlan } from "../../src/syntax/print.ts";
import { parseProcessOrStyle, parseQueryString, parseText } from "../../src/syntax/request.ts";
import { failureOf } from "../support/pictures.ts";

const of = (query: string, options = {}) => {
  const parsed = parseQueryString(query, options);
  return parsed === undefined ? undefined : `${parsed.grammar}: ${printPlan(parsed.plan)}`;
};

// biome-ignore format: one row per case
test.each([
  ["a process",                        "x-oss-process=image/resize,w_5",                       "oss: image/resize,w_5"],
  ["a process behind a question mark", "?x-oss-process=image/resize,w_5",                      "oss: image/resize,w_5"],
  ["an encoded process",               "x-oss-process=image%2Fresize%2Cw_5",                   "oss: image/resize,w_5"],
  ["an encoded name",                  "x%2Doss%2Dprocess=image/resize,w_5",                   "oss: image/resize,w_5"],
  ["plain names",                      "w=5&f=png",                                            "query: image/resize,w_5/format,png/quality,d_format"],
  ["encoded commas",                   "crop=1%2C2%2C3%2C4",                                   "query: image/crop,w_3,h_4,x_1,y_2/quality,d_format"],
  ["encoded UTF-8",                    "wm=%E5%9B%BE.png",                                     "query: image/watermark,image_5Zu-LnBuZw/quality,d_format"],
  ["a plus as a space in plain names", "wm=a+b.png",                                           "query: image/watermark,image_YSBiLnBuZw/quality,d_format"],
  ["an encoded plus as itself",        "wm=a%2Bb.png",                                         "query: image/watermark,image_YStiLnBuZw/quality,d_format"],
  ["an equals sign in a value",        "wm=a=b.png",                                           "query: image/watermark,image_YT1iLnBuZw/quality,d_format"],
  ["a plus as a base64 digit in a process", "x-oss-process=image/watermark,image_5Zu+",        "oss: image/watermark,image_5Zu-"],
  ["padding in a process",             "x-oss-process=image/watermark,image_YQ==",             "oss: image/watermark,image_YQ"],
  ["the process, not plain names",     "w=5&x-oss-process=image/rotate,90&h=7",                "oss: image/rotate,90"],
  ["the process, not bad plain names", "w=abc&x-oss-process=image/rotate,90&dpr=2",            "oss: image/rotate,90"],
  ["the last of two processes",        "x-oss-process=image/rotate,90&x-oss-process=image/rotate,180", "oss: image/rotate,180"],
  ["the last of two plain values",     "w=5&w=6",                                              "query: image/resize,w_6/quality,d_format"],
  ["the last of a name and its alias", "f=png&format=webp&f=jpg",                              "query: image/format,jpg/quality,d_format"],
  ["empty pairs",                      "&&w=5&",                                               "query: image/resize,w_5/quality,d_format"],
  ["nothing of ours",                  "utm_source=mail&v=3",                                  undefined],
  ["another case of the name",         "X-OSS-PROCESS=image/rotate,90",                        undefined],
  ["nothing",                          "",                                                     undefined],
  ["a question mark alone",            "?",                                                    undefined],
  ["an unknown name that is no UTF-8", "utm_source=%FF&w=5",                                   "query: image/resize,w_5/quality,d_format"],
  ["only unknown names that are broken", "utm_source=%ZZ&%E0%A4%A=1",                          undefined],
])("parseQueryString: reads %s", (_name, query, expected) => {
  expect(of(query)).toBe(expected);
});

// biome-ignore format: one row per case
test.each([
  ["an empty process",                 "x-oss-process=",                    "BAD_ARGUMENT"],
  ["a process without a value",        "x-oss-process&w=5",                 "BAD_ARGUMENT"],
  ["a process that is badly encoded",  "x-oss-process=image/resize,w_5%ZZ", "BAD_ARGUMENT"],
  ["a plain value that is badly encoded", "w=%ZZ",                          "BAD_ARGUMENT"],
  ["a plain value that is no UTF-8",   "wm=%FF",                            "BAD_ARGUMENT"],
  ["a space in a process",             "x-oss-process=image/resize,w_ 5",   "BAD_ARGUMENT"],
  ["a plus in a number",               "x-oss-process=image/resize,w_+5",   "BAD_ARGUMENT"],
  ["a missing style",                  "x-oss-process=style/none",          "STYLE_NOT_FOUND"],
])("parseQueryString: refuses %s", (_name, query, code) => {
  expect(failureOf(() => parseQueryString(query)).code).toBe(code);
});

test("parseQueryString: unknown names only when strict, and never beside a process", () => {
  expect(failureOf(() => of("w=5&utm_source=mail", { strictQuery: true }))).toMatchObject({
    code: "BAD_ARGUMENT",
    parameter: "utm_source",
  });
  expect(of("x-oss-process=image/rotate,90&utm_source=mail", { strictQuery: true })).toBe("oss: image/rotate,90");
});

describe("styles", () => {
  const sample =
    "image/resize,m_fill,w_300,h_300,limit_0/auto-orient,0/quality,q_90/watermark,image_cGFuZGEucG5n,t_61,g_se,y_10,x_10";
  const styles = { sample, "A.b-c_9": "image/rotate,90", broken: "image/resize,w_0", loop: "style/loop" };
  test("the published sample (section 1.4)", () => {
    const plan = parseProcessOrStyle("style/sample", { styles });
    expect(printPlan(plan)).toBe(
      "image/resize,w_300,h_300,m_fill,limit_0/watermark,t_61,image_cGFuZGEucG5n/auto-orient,0/quality,q_90",
    );
  });
  // biome-ignore format: one row per case
  test.each([
    ["style/A.b-c_9",             undefined],
    ["style/none",                "STYLE_NOT_FOUND"],
    ["style/constructor",         "STYLE_NOT_FOUND"],
    ["style/__proto__",           "STYLE_NOT_FOUND"],
    ["style/",                    "BAD_ARGUMENT"],
    ["style/a b",                 "BAD_ARGUMENT"],
    ["style/ä",                   "BAD_ARGUMENT"],
    ["style/a/b",                 "BAD_ARGUMENT"],
    [`style/${"a".repeat(63)}`,   "STYLE_NOT_FOUND"],
    [`style/${"a".repeat(64)}`,   "BAD_ARGUMENT"],
    ["style/broken",              "BAD_ARGUMENT"],
    ["style/loop",                "BAD_ARGUMENT"],
    ["STYLE/sample",              "BAD_ARGUMENT"],
  ])("%s", (text, code) => {
    if (code === undefined) expect(printPlan(parseProcessOrStyle(text, { styles }))).toBe("image/rotate,90");
    else expect(failureOf(() => parseProcessOrStyle(text, { styles })).code).toBe(code);
  });
  test("a bad style name is named stylename", () => {
    expect(failureOf(() => parseProcessOrStyle("style/a b"))).toMatchObject({ parameter: "stylename", value: "a b" });
  });
});

describe("parseText: what callers of the library write", () => {
  // biome-ignore format: one row per case
  test.each([
    ["image/resize,w_5",                    "image/resize,w_5"],
    ["w=5&f=png",                           "image/resize,w_5/format,png/quality,d_format"],
    ["?w=5",                                "image/resize,w_5/quality,d_format"],
    ["x-oss-process=image%2Frotate%2C90",   "image/rotate,90"],
  ])("%s", (text, expected) => {
    expect(printPlan(parseText(text))).toBe(expected);
  });
  // biome-ignore format: one row per case
  test.each([
    ["nothing", "", "BAD_ARGUMENT"], ["a word", "resize", "BAD_ARGUMENT"], ["an unknown name: here it can only be a slip", "w=5&wdith=5", "BAD_ARGUMENT"],
    ["a style that is not there", "style/x", "STYLE_NOT_FOUND"], ["a video", "video/snapshot,t_1,f_jpg", "NOT_SUPPORTED"],
  ])("refuses %s", (_name, text, code) => {
    expect(failureOf(() => parseText(text)).code).toBe(code);
  });
  test("a style where one is given", () => {
    expect(printPlan(parseText("style/x", { styles: { x: "image/rotate,90" } }))).toBe("image/rotate,90");
  });
});
