import { describe, expect, test } from "vitest";
import { parseKeyArguments, splitKey } from "../../src/syntax/key.ts";
import { printPlan } from "../../src/syntax/print.ts";
import { failureOf } from "../support/pictures.ts";

// biome-ignore format: one row per case
test.each([
  ["photo.jpg!w_200",            "!",   { original: "photo.jpg", suffix: "w_200" }],
  ["photo.jpg!w_200,h_150,f_webp", "!", { original: "photo.jpg", suffix: "w_200,h_150,f_webp" }],
  ["a/b/photo.jpg!thumb",        "!",   { original: "a/b/photo.jpg", suffix: "thumb" }],
  ["hot!/photo.jpg!w_200",       "!",   { original: "hot!/photo.jpg", suffix: "w_200" }],
  ["wow!.jpg!w_200",             "!",   { original: "wow!.jpg", suffix: "w_200" }],
  ["photo.jpg@w_200",            "@",   { original: "photo.jpg", suffix: "w_200" }],
  ["photo.jpg@!w_200",           "@!",  { original: "photo.jpg", suffix: "w_200" }],
  ["photo.jpg-thumb",            "-",   { original: "photo.jpg", suffix: "thumb" }],
  ["photo.jpg~~w_1",             "~~",  { original: "photo.jpg", suffix: "w_1" }],
  ["Ümläut.jpg!w_1",             "!",   { original: "Ümläut.jpg", suffix: "w_1" }],
  ["photo.jpg",                  "!",   undefined],
  ["photo.jpg!",                 "!",   undefined],
  ["!w_200",                     "!",   undefined],
  ["folder/!w_200",              "!",   undefined],
  ["hot!stuff/photo.jpg",        "!",   undefined],
  ["photo.jpg!w_200",            "@",   undefined],
  ["photo.jpg!w_200",            "",    undefined],
  ["",                           "!",   undefined],
])("splitKey: %s at %j", (key, separator, expected) => {
  expect(splitKey(key, separator)).toEqual(expected);
});

const canonical = (suffix: string) => {
  const plan = parseKeyArguments(suffix);
  return plan === undefined ? undefined : printPlan(plan);
};

// biome-ignore format: one row per case
test.each([
  ["w_200",                           "image/resize,w_200/quality,d_format"],
  ["w_200,h_150,f_webp",              "image/resize,w_200,h_150/format,webp/quality,d_format"],
  ["f_webp,h_150,w_200",              "image/resize,w_200,h_150/format,webp/quality,d_format"],
  ["format_png",                      "image/format,png/quality,d_format"],
  ["crop_10:20:100:50",               "image/crop,w_100,h_50,x_10,y_20/quality,d_format"],
  ["w_20,h_20,fit_cover,g_fp:0.5:0",  "image/fit,w_20,h_20,g_fp:0.5:0/quality,d_format"],
  ["wm_panda_1.png",                  "image/watermark,image_cGFuZGFfMS5wbmc/quality,d_format"],
  ["wm_a.png,wm_g_nw,wm_t_50",        "image/watermark,t_50,g_nw,image_YS5wbmc/quality,d_format"],
  ["info_1",                          "image/info"],
  ["q_80",                            "image/quality,a_80"],
  ["thumb",                           undefined],
  ["w200",                            undefined],
  ["width_200",                       undefined],
  ["W_200",                           undefined],
  ["w_200,thumb",                     undefined],
  ["w_200,",                          undefined],
  ["w_200,,h_100",                    undefined],
  ["constructor_1",                   undefined],
])("parseKeyArguments: %s", (suffix, text) => {
  expect(canonical(suffix)).toBe(text);
});

describe("parseKeyArguments: errors", () => {
  // biome-ignore format: one row per case
  test.each([
    ["w_0",            "BAD_ARGUMENT",  "w"],
    ["w_abc",          "BAD_ARGUMENT",  "w"],
    ["w_200,q_101",    "BAD_ARGUMENT",  "q"],
    ["f_svg",          "BAD_ARGUMENT",  "f"],
    ["wm_g_middle,wm_a", "BAD_ARGUMENT", "wm_g"],
    ["wm_text_,w_5",   "BAD_ARGUMENT",  "wm_text"],
    ["wm_size_0",      "BAD_ARGUMENT",  "wm_size"],
    ["frame_2",        "NOT_SUPPORTED", "frame"],
  ])("a name of ours with a value that is none: %s", (suffix, code, parameter) => {
    expect(failureOf(() => parseKeyArguments(suffix))).toMatchObject({ code, parameter });
  });
});
