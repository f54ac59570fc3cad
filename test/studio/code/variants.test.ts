import { expect, test } from "vitest";
import { CODECS } from "../../../src/codecs/index.ts";
import { explainPlan } from "../../../src/engine.ts";
import { frameOf, hasAlpha, inFormat, readWidths, TARGETS, widthsFor, withWidth } from "../../../src/studio/code/variants.ts";
import { printPlan } from "../../../src/syntax/print.ts";
import { parseText } from "../../../src/syntax/request.ts";
import { probeOf } from "../../support/pictures.ts";

const SOURCE = probeOf(3000, 2000);
const explained = (text: string, source = SOURCE) => explainPlan(parseText(text), source, 20_000);
const frame = (text: string, source = SOURCE) => frameOf(parseText(text), explained(text, source), source);
const at = (text: string, width: number) => printPlan(withWidth(parseText(text), width, frame(text)));

// biome-ignore format: one row per case
test.each([
  ["the width alone",                     "image/resize,w_1000",                    "image/resize,w_500"],
  ["one more resize where there is none", "image/crop,w_2000,h_1000/gray,1",        "image/crop,w_2000,h_1000/gray,1/resize,w_500"],
  ["the height alone",                    "image/resize,h_1000",                    "image/resize,w_500"],
  ["a box in its ratio",                  "image/resize,m_fill,w_800,h_600",        "image/resize,w_500,h_375,m_fill"],
  ["a box that the height decides",       "image/resize,w_1500,h_400",              "image/resize,w_1250,h_333"],
  ["the extension fit",                   "image/fit,w_800,h_400,g_north",          "image/fit,w_500,h_250,g_north"],
  ["percent",                             "image/resize,p_50",                      "image/resize,w_500"],
  ["a long edge",                         "image/resize,l_1000",                    "image/resize,w_500"],
  ["long and short edge",                 "image/resize,m_fill,l_800,s_400",        "image/resize,l_500,s_250,m_fill"],
  ["the last of two",                     "image/resize,w_2000/resize,w_1000",      "image/resize,w_2000/resize,w_500"],
  ["the height, of what is then turned",  "image/resize,w_900/rotate,90",           "image/resize,h_500/rotate,90"],
  ["a box that is then turned",           "image/resize,m_fill,w_800,h_400/rotate,270", "image/resize,w_1000,h_500,m_fill/rotate,270"],
  ["behind what has a size of its own",   "image/resize,w_1000/crop,w_800,h_100",   "image/resize,w_1000/crop,w_800,h_100/resize,w_500"],
  ["behind a turn that is no quarter",    "image/resize,w_1000/rotate,30",          "image/resize,w_1000/rotate,30/resize,w_500"],
  ["behind a box that the limit left",    "image/resize,w_9000,h_9000",             "image/resize,w_9000,h_9000/resize,w_500"],
  ["settings as they are",                "image/resize,w_1000/format,webp/quality,Q_70", "image/resize,w_500/format,webp/quality,Q_70"],
])("withWidth: %s", (_name, text, expected) => {
  expect(at(text, 500)).toBe(expected);
  expect(Math.abs(explained(at(text, 500)).width - 500), "width of the result").toBeLessThanOrEqual(1);
});

test("withWidth: without a picture the box itself is the measure", () => {
  expect(printPlan(withWidth(parseText("image/resize,m_fill,w_800,h_600"), 400, undefined))).toBe(
    "image/resize,w_400,h_300,m_fill",
  );
});

// biome-ignore format: one row per case
test.each([
  ["image/resize,w_1000",                        1000, 3000],
  ["image/resize,w_1000,limit_0",                1000, Number.POSITIVE_INFINITY],
  ["image/fit,w_500,h_500,enlarge_1",            500,  Number.POSITIVE_INFINITY],
  ["image/resize,m_fill,w_500,h_500",            500,  2000],
  ["image/crop,w_900,h_900/resize,w_300",        300,  900],
  ["image/resize,p_110",                        3300, 3000],
  ["image/gray,1",                               3000, 3000],
  ["image/resize,w_9000",                        3000, 3000],
  ["image/resize,w_1000/crop,w_800,h_100",       800,  800],
])("frameOf: %s", (text, width, widest) => {
  expect(frame(text)).toMatchObject({ width, widest });
});
test("frameOf: the source counts as it is stored, the result upright", () => {
  expect(frame("image/resize,w_1000", probeOf(3000, 2000, { orientation: 6 }))).toMatchObject({
    width: 1000,
    height: 1500,
    widest: 2000,
  });
});

// biome-ignore format: one row per case
test.each([
  ["all that fit",                                [480, 800, 1200], 1200,      [480, 800, 1200]],
  ["the picture's own in place of larger ones",   [480, 800, 1200], 1000,      [480, 800, 1000]],
  ["not one that is hardly wider than the last",  [480, 800, 1200], 840,       [480, 800]],
  ["the picture's own alone",                     [480, 800, 1200], 300,       [300]],
  ["all of them where the plan enlarges",         [480, 800, 1200], Number.POSITIVE_INFINITY, [480, 800, 1200]],
  ["each once, in order",                         [800, 480, 800],  9000,      [480, 800]],
  ["none where none are wanted",                  [],               9000,      []],
])("widthsFor: %s", (_name, wanted, widest, expected) => {
  expect(widthsFor(wanted, { width: 100, height: 100, widest, scaled: true })).toEqual(expected);
});

test("readWidths: numbers from 1 to 16384 with anything usual between", () => {
  expect(readWidths("480, 800 1200，1600;2400\n0 16385 x 5px 16384")).toEqual([480, 800, 1200, 1600, 2400, 16384]);
});

test("TARGETS: what the codecs say of themselves", () => {
  for (const [format, { mimeType, lossless, chroma, quality }] of Object.entries(TARGETS)) {
    expect(CODECS.get(format)).toMatchObject({ mimeType, supports: { lossless, chroma, quality } });
  }
});

// biome-ignore format: one row per case
test.each([
  ["keeps the quality of the format it has",     "image/format,jpg/quality,a_70",                "jpeg", "image/format,jpg/quality,a_70"],
  ["takes another format's default",             "image/format,jpg/quality,a_70",                "webp", "image/format,webp/quality,d_format"],
  ["keeps the rule of the source",               "image/resize,w_5",                             "avif", "image/resize,w_5/format,avif"],
  ["keeps chroma where there is one",            "image/format,jpg/chroma,444",                  "avif", "image/format,avif/chroma,444"],
  ["drops chroma where there is none",           "image/format,jpg/chroma,444",                  "webp", "image/format,webp"],
  ["drops lossless where there is none",         "image/format,webp/lossless,1/quality,a_9",     "jpeg", "image/format,jpg/quality,d_format"],
  ["drops maxbytes where nothing can be lowered", "image/format,webp/maxbytes,900",              "png",  "image/format,png"],
  ["keeps the rest",                             "image/background,FF0000/interlace,1/meta,keep", "jpeg", "image/background,FF0000/format,jpg/interlace,1/meta,keep"],
] as const)("inFormat: %s", (_name, text, format, expected) => {
  const made = text.includes("webp") ? "webp" : "jpeg";
  expect(printPlan(inFormat(parseText(text), format, made))).toBe(expected);
});

// biome-ignore format: one row per case
test.each([
  ["image/resize,w_5",                        false, false],
  ["image/resize,w_5",                        true,  true],
  ["image/resize,w_5/background,FF0000",      true,  false],
  ["image/background,FF000080",               false, true],
  ["image/rounded-corners,r_5",               false, true],
  ["image/circle,r_5",                        false, true],
  ["image/rotate,30",                         false, true],
  ["image/rotate,90",                         false, false],
  ["image/fit,m_pad,w_5,h_5",                 false, true],
  ["image/fit,m_pad,w_5,h_5,color_FF0000",    false, false],
])("hasAlpha: %s of a source with alpha %s", (text, alpha, expected) => {
  expect(hasAlpha(parseText(text), { alpha })).toBe(expected);
});
