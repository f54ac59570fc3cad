import { beforeEach, describe, expect, test } from "vitest";
import { TransformError } from "../../../src/core/errors.ts";
import { faultText, faultyArg } from "../../../src/studio/presentation/faults.ts";
import { matchesOf } from "../../../src/studio/presentation/search.ts";
import { summaryOf } from "../../../src/studio/presentation/summary.ts";
import { createStep, EMPTY_DOC, type Problem, planOf, type Texts } from "../../../src/studio/state/document.ts";
import { chain as en } from "../../../src/studio/text/en/chain.ts";
import { chain as zh } from "../../../src/studio/text/zh/chain.ts";

describe("summaries", () => {
  // biome-ignore format: one row per case
  test.each<[string, Texts, string, string]>([
    ["resize",          { w: "800" },                                "800 px wide",                                       "宽 800 px"],
    ["resize",          { h: "600", w: "" },                         "600 px high",                                       "高 600 px"],
    ["resize",          { w: "800", h: "600", m: "fill" },           "800 × 600 px, fill the box, crop the rest",         "800 × 600 px，填满后居中裁剪"],
    ["resize",          { l: "900", s: "300" },                      "long edge 900 px, short edge 300 px",               "长边 900 px，短边 300 px"],
    ["resize",          { p: "50" },                                 "50 %",                                              "50 %"],
    ["resize",          { w: "" },                                   "not complete yet",                                  "尚未填写完整"],
    ["fit",             { w: "300", h: "200" },                      "300 × 200 px, cover",                               "300 × 200 px，裁剪填满"],
    ["crop",            { x: "10", w: "300", h: "200" },             "300 × 200 px, at 10, 0",                            "300 × 200 px，起点 10, 0"],
    ["indexcrop",       { x: "100", i: "2" },                        "slice 2, 100 px wide each",                         "第 2 片，每片宽 100 px"],
    ["rotate",          { value: "90" },                             "90°",                                               "90°"],
    ["flip",            { value: "hv" },                             "Both",                                              "同时"],
    ["rounded-corners", { r: "max" },                                "As far as they go",                                 "最大圆角"],
    ["bright",          { value: "20" },                             "+20",                                               "+20"],
    ["contrast",        { value: "-20" },                            "-20 %",                                             "-20 %"],
    ["gray",            {},                                          "off",                                               "已停用"],
    ["blur",            { r: "3", s: "2" },                          "radius 3 px, deviation 2 px",                       "半径 3 px，标准差 2 px"],
    ["sharpen",         { value: "100" },                            "strength 100",                                      "强度 100"],
    ["watermark",       { text: "图片", g: "nw" },                   "“图片”, top left",                                  "“图片”，左上"],
    ["watermark",       { image: "a.png?x-oss-process=image/resize,pw_20", fill: "1" }, "a.png, repeated",                "a.png，铺满"],
  ])("%s %j", (name, texts, english, chinese) => {
    expect([summaryOf(name, texts, en), summaryOf(name, texts, zh)]).toEqual([english, chinese]);
  });
});

describe("faults", () => {
  const problemOf = (name: string, texts: Texts): Problem => {
    const planned = planOf({ ...EMPTY_DOC, steps: [createStep(name, texts)] });
    if ("plan" in planned) throw new Error("nothing is wrong");
    return planned.problem;
  };
  // biome-ignore format: one row per case
  test.each<[string, Texts, string | undefined, string, string]>([
    ["resize",    { w: "abc" },    "w",     "Width. Expected: a whole number from 1 to 16384",     "宽度：请输入 1 到 16384 之间的整数"],
    ["rotate",    { value: "400" },"value", "Angle. Expected: a whole number from 0 to 360",       "角度：请输入 0 到 360 之间的整数"],
    ["blur",      { sigma: "0" },  "sigma", "Sigma. Expected: a number from 0.3 to 250",           "Sigma：请输入 0.3 到 250 之间的数"],
    ["fit",       { w: "5", h: "5", color: "red" }, "color", "Padding color. Expected: six or eight hex digits, RRGGBB or RRGGBBAA", "填充颜色：请输入 6 或 8 位十六进制颜色 RRGGBB 或 RRGGBBAA"],
    ["blur",      { r: "3" },      "s",     "Standard deviation: a value is missing",              "标准差：缺少必填值"],
    ["watermark", {},              undefined, "A value is missing",                                "缺少必填值"],
  ])("%s %j is said in both languages", (name, texts, arg, english, chinese) => {
    const problem = problemOf(name, texts);
    expect(faultyArg(problem)).toBe(arg);
    expect(faultText(problem, en)).toEqual({ message: english, isEngines: false });
    expect(faultText(problem, zh)).toEqual({ message: chinese, isEngines: false });
  });
  test("what only the engine can say stays in its words", () => {
    const tooLarge = { operation: "resize", error: new TransformError("OUTPUT_TOO_LARGE", "this would make 99999x1") };
    expect(faultText(tooLarge, zh)).toEqual({ message: "this would make 99999x1", isEngines: true });
    const clash = problemOf("blur", { sigma: "3", r: "3" });
    expect(faultText(clash, en)).toEqual({ message: clash.error.message, isEngines: true });
  });
});

describe("finding an operation", () => {
  let all: ReadonlySet<string>;
  beforeEach(() => {
    all = matchesOf("", en);
  });
  test("by its name, by what it does and by its name in the URL", () => {
    expect([...matchesOf("BLUR", en)]).toEqual(["blur"]);
    expect([...matchesOf("draw text", en)]).toEqual(["watermark"]);
    expect([...matchesOf("indexcrop", en)]).toEqual(["indexcrop"]);
    expect([...matchesOf("水印", zh)]).toEqual(["watermark"]);
    expect([...matchesOf("nothing like it", en)]).toEqual([]);
  });
  test("all of them while nothing is asked", () => {
    expect(all.size).toBe(17);
  });
});
