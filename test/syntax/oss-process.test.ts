import { describe, expect, test } from "vitest";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { MAX_PROCESS_LENGTH, parseProcess } from "../../src/syntax/oss-process.ts";
import { failureOf } from "../support/pictures.ts";

const calls = (text: string) => parseProcess(text).calls.map(({ name, args }) => ({ name, args }));
const settings = (text: string) => parseProcess(text).settings;
const HELLO = encodeBase64Url("Hello World");

// OSS IMG reference, sections 4.3 and 12, sorted by EC: what is wrong, and of which parameter
// biome-ignore format: one row per case
test.each([
  ["format: unknown (206)",               "format,dng",                                 "format",      "value",    "dng"],
  ["format: key and value (206)",         "format,f_png",                               "format",      "value",    "f_png"],
  ["crop: unknown gravity (209)",         "crop,w_500,h_500,g_fac",                     "crop",        "g",        "fac"],
  ["unknown operation (213)",             "slim,1",                                     "image",       "slim",     "slim,1"],
  ["auto-orient: neither 0 nor 1 (215)",  "auto-orient,2",                              "auto-orient", "value",    "2"],
  ["rotate: key and value (217)",         "rotate,a_90",                                "rotate",      "value",    "a_90"],
  ["rotate: over 360 (217)",              "rotate,361",                                 "rotate",      "value",    "361"],
  ["rotate: negative (217)",              "rotate,-90",                                 "rotate",      "value",    "-90"],
  ["rotate: fraction (217)",              "rotate,90.0",                                "rotate",      "value",    "90.0"],
  ["crop: w no number (225)",             "crop,w_abc",                                 "crop",        "w",        "abc"],
  ["crop: w negative (225)",              "crop,w_-1",                                  "crop",        "w",        "-1"],
  ["crop: h no number (226)",             "crop,h_abc",                                 "crop",        "h",        "abc"],
  ["crop: h over 16384",                  "crop,h_16385",                               "crop",        "h",        "16385"],
  ["crop: x no number",                   "crop,x_1e2",                                 "crop",        "x",        "1e2"],
  ["crop: y negative",                    "crop,y_-5",                                  "crop",        "y",        "-5"],
  ["watermark: type no base64 (250)",     `watermark,text_${HELLO},type_~~`,            "watermark",   "type",     "~~"],
  ["watermark: 8 digits of color (254)",  `watermark,text_${HELLO},color_AABBCCDD`,     "watermark",   "color",    "AABBCCDD"],
  ["watermark: shadow over 100 (255)",    `watermark,text_${HELLO},shadow_101`,         "watermark",   "shadow",   "101"],
  ["watermark: size 0 (256)",             `watermark,text_${HELLO},size_0`,             "watermark",   "size",     "0"],
  ["watermark: size over 1000 (256)",     `watermark,text_${HELLO},size_1001`,          "watermark",   "size",     "1001"],
  ["watermark: size a fraction (256)",    `watermark,text_${HELLO},size_1.5`,           "watermark",   "size",     "1.5"],
  ["watermark: text no base64 (257)",     "watermark,text_a",                           "watermark",   "text",     "a"],
  ["watermark: unknown gravity (260)",    `watermark,text_${HELLO},g_xx`,               "watermark",   "g",        "xx"],
  ["watermark: x over 4096 (262)",        `watermark,text_${HELLO},x_8000`,             "watermark",   "x",        "8000"],
  ["watermark: t over 100 (263)",         `watermark,text_${HELLO},t_200`,              "watermark",   "t",        "200"],
  ["watermark: y over 4096 (264)",        `watermark,text_${HELLO},y_8000`,             "watermark",   "y",        "8000"],
  ["watermark: image no base64 (265)",    "watermark,image_*",                          "watermark",   "image",    "*"],
  ["watermark: voffset (268)",            `watermark,text_${HELLO},voffset_2000`,       "watermark",   "voffset",  "2000"],
  ["watermark: voffset below -1000",      `watermark,text_${HELLO},voffset_-1001`,      "watermark",   "voffset",  "-1001"],
  ["watermark: order (269)",              `watermark,text_${HELLO},order_2`,            "watermark",   "order",    "2"],
  ["watermark: interval (270)",           `watermark,text_${HELLO},interval_2000`,      "watermark",   "interval", "2000"],
  ["watermark: align (271)",              `watermark,text_${HELLO},align_3`,            "watermark",   "align",    "3"],
  ["watermark: rotate (272)",             `watermark,text_${HELLO},rotate_361`,         "watermark",   "rotate",   "361"],
  ["watermark: fill (274)",               `watermark,text_${HELLO},fill_2`,             "watermark",   "fill",     "2"],
  ["watermark: padx (276)",               `watermark,text_${HELLO},fill_1,padx_5000`,   "watermark",   "padx",     "5000"],
  ["watermark: pady (277)",               `watermark,text_${HELLO},fill_1,pady_5000`,   "watermark",   "pady",     "5000"],
  ["quality: Q (308)",                    "quality,Q_101",                              "quality",     "Q",        "101"],
  ["quality: q (309)",                    "quality,q_0",                                "quality",     "q",        "0"],
  ["quality: bare (310)",                 "quality,101",                                "quality",     "value",    "101"],
  ["resize: m (311)",                     "resize,m_cover,w_10",                        "resize",      "m",        "cover"],
  ["resize: w 0 (312)",                   "resize,w_0",                                 "resize",      "w",        "0"],
  ["resize: w far over (312)",            "resize,w_99999999",                          "resize",      "w",        "99999999"],
  ["resize: w just over (312)",           "resize,w_16385",                             "resize",      "w",        "16385"],
  ["resize: w no number (312)",           "resize,w_abc",                               "resize",      "w",        "abc"],
  ["resize: w signed",                    "resize,w_+100",                              "resize",      "w",        "+100"],
  ["resize: w with nothing",              "resize,w_",                                  "resize",      "w",        ""],
  ["resize: h 0 (313)",                   "resize,h_0",                                 "resize",      "h",        "0"],
  ["resize: l 0 (314)",                   "resize,l_0",                                 "resize",      "l",        "0"],
  ["resize: s 0 (315)",                   "resize,s_0",                                 "resize",      "s",        "0"],
  ["resize: p 0 (317)",                   "resize,p_0",                                 "resize",      "p",        "0"],
  ["resize: p over 1000 (317)",           "resize,p_1001",                              "resize",      "p",        "1001"],
  ["resize: color (318)",                 "resize,w_10,color_12345G",                   "resize",      "color",    "12345G"],
  ["resize: limit (319)",                 "resize,w_10,limit_3",                        "resize",      "limit",    "3"],
  ["resize: w and h both 0 (321)",        "resize,w_0,h_0",                             "resize",      "w",        "0"],
])("parseProcess: %s", (_name, text, operation, parameter, value) => {
  const { code, ...fault } = failureOf(() => parseProcess(`image/${text}`));
  // A bare value has no name the caller could have written; operations give it either their own or "value"
  const named = parameter === "value" && fault.parameter === operation ? "value" : fault.parameter;
  expect({ code, operation: fault.operation, parameter: named, value: fault.value }).toEqual({ code: "BAD_ARGUMENT", operation, parameter, value });
});

// biome-ignore format: one row per case
test.each([
  ["no operation (212)",                    "image/",                  "image"],
  ["no operation, no slash",                "image",                   "image"],
  ["format without a value (207)",          "image/format",            "format"],
  ["auto-orient without a value (214)",     "image/auto-orient",       "auto-orient"],
  ["rotate without a value (216)",          "image/rotate",            "rotate"],
  ["rotate with empty arguments",           "image/rotate,,",          "rotate"],
  ["watermark without text or image (278)", "image/watermark,t_90",    "watermark"],
  ["watermark with a key but no value",     "image/watermark,text",    "watermark"],
  ["quality without a value (307)",         "image/quality",           "quality"],
  ["resize without parameters (322)",       "image/resize",            "resize"],
  ["resize with a mode alone",              "image/resize,m_fill",     "resize"],
  ["resize with P outside a mark",          "image/resize,P_30",       "resize"],
])("parseProcess: names what is missing: %s", (_name, text, operation) => {
  expect(failureOf(() => parseProcess(text))).toMatchObject({ code: "BAD_ARGUMENT", operation, kind: "missing" });
});

// biome-ignore format: one row per case
test.each([
  ["rotate (203)",           "rotate,90,200,300", "rotate"],
  ["auto-orient (203)",      "auto-orient,1,0",   "auto-orient"],
  ["format",                 "format,png,webp",   "format"],
])("parseProcess: refuses several values for one: %s", (_name, text, operation) => {
  expect(failureOf(() => parseProcess(`image/${text}`))).toMatchObject({ code: "BAD_ARGUMENT", operation });
});

// biome-ignore format: one row per case
test.each([
  ["the base64 kind",  "watermark,text_%",            "base64"],
  ["an empty text (258) as base64 of nothing", "watermark,text_", "base64"],
  ["the digits kind",  "resize,w_abc",                "digits"],
  ["the digits kind of a fraction", "resize,w_1.5",   "digits"],
  ["no kind for what is a number out of range", "resize,w_0", undefined],
])("parseProcess: tells the printer of errors %s", (_name, text, kind) => {
  expect(failureOf(() => parseProcess(`image/${text}`)).kind).toBe(kind);
});

describe("parseProcess: what is not built says so", () => {
  // biome-ignore format: one row per case
  test.each([
    "blindwatermark,content_eA", "format,heic", "watermark,image_cGFuZGEucG5n,animation_1",
  ])("%s", (text) => {
    expect(failureOf(() => parseProcess(`image/${text}`)).code).toBe("NOT_SUPPORTED");
  });
  test.each(["video/snapshot,t_7000,f_jpg,w_800,h_600,m_fast", "doc/preview", "hls/ts"])("%s", (text) => {
    expect(failureOf(() => parseProcess(text)).code).toBe("NOT_SUPPORTED");
  });
  test("64 bytes of text are the most, counted in UTF-8 (259)", () => {
    const process = (count: number) => `image/watermark,text_${encodeBase64Url("图".repeat(count))}`;
    expect(parseProcess(process(21)).calls).toHaveLength(1); // 63 bytes
    expect(failureOf(() => parseProcess(process(22)))).toMatchObject({ code: "BAD_ARGUMENT", parameter: "text" }); // 66 bytes
  });
});

describe("parseProcess: grammar of section 1.1", () => {
  const box = { w: 100, h: 50, m: "lfit", limit: 1, color: "FFFFFF", filter: "lanczos3", linear: 0 };
  // biome-ignore format: one row per case
  test.each([
    ["arguments in any order",               "image/resize,h_50,w_100",               [{ name: "resize", args: box }]],
    ["doubled commas",                       "image/resize,,w_100,,,h_50",            [{ name: "resize", args: box }]],
    ["a trailing comma",                     "image/resize,w_100,h_50,",              [{ name: "resize", args: box }]],
    ["unknown keys",                         "image/resize,w_100,h_50,r_1,zz_x",      [{ name: "resize", args: box }]],
    ["words without a key",                  "image/resize,w_100,h_50,proportional",  [{ name: "resize", args: box }]],
    ["an argument that starts with _",       "image/resize,w_100,h_50,_w_7",          [{ name: "resize", args: box }]],
    ["names that objects inherit",           "image/resize,w_100,h_50,constructor_1,toString_2,__proto___3", [{ name: "resize", args: box }]],
    ["leading zeros",                        "image/resize,w_00100,h_50",             [{ name: "resize", args: box }]],
    ["lower case colors",                    "image/resize,w_100,h_50,color_ffaa0c",  [{ name: "resize", args: { ...box, color: "FFAA0C" } }]],
    ["the last of a doubled key",            "image/resize,w_999,h_50,w_100",         [{ name: "resize", args: box }]],
    ["P outside a mark as an unknown key",   "image/resize,w_100,h_50,P_30",          [{ name: "resize", args: box }]],
    ["the SDKs' own test string",            "image/crop,w_100,h_100,x_100,y_100,r_1", [{ name: "crop", args: { w: 100, h: 100, x: 100, y: 100, g: "nw" } }]],
    ["a parameterless crop",                 "image/crop",                            [{ name: "crop", args: { w: 0, h: 0, x: 0, y: 0, g: "nw" } }]],
    ["a trailing comma behind a bare value", "image/rotate,90,",                      [{ name: "rotate", args: { value: 90 } }]],
  ])("reads %s", (_name, text, expected) => {
    expect(calls(text)).toEqual(expected);
  });

  // biome-ignore format: one row per case
  test.each([
    ["image/ again inside the chain",  "image/resize,w_100/image/rotate,90"],
    ["an upper case kind",             "IMAGE/resize,w_100"],
    ["an upper case operation",        "image/Resize,w_100"],
    ["an upper case mode",             "image/resize,w_100,m_FILL"],
    ["an upper case format",           "image/format,PNG"],
    ["an empty operation in between",  "image/resize,w_100//rotate,90"],
    ["an inherited name",              "image/constructor"],
    ["another kind",                   "audio/resize,w_100"],
    ["nothing",                        ""],
    ["info behind an operation",       "image/resize,w_100/info"],
    ["info before an operation",       "image/info/resize,w_100"],
    ["g_face, which needs IMM",        "image/crop,w_10,h_10,g_face"],
  ])("refuses %s", (_name, text) => {
    expect(["BAD_ARGUMENT", "NOT_SUPPORTED"]).toContain(failureOf(() => parseProcess(text)).code);
  });

  test("an upper case key is another key", () => {
    expect(failureOf(() => parseProcess("image/resize,W_100"))).toMatchObject({ operation: "resize", kind: "missing" });
  });
  test("operations keep the order in which they are written, doubled ones too", () => {
    expect(calls("image/rotate,90/resize,w_10/crop,w_5/resize,w_4").map(({ name }) => name)).toEqual([
      "rotate",
      "resize",
      "crop",
      "resize",
    ]);
  });
  test("the text may be long but not endless, and the chain too", () => {
    const padded = (length: number) => `image/resize,w_1${",".repeat(length - "image/resize,w_1".length)}`;
    expect(calls(padded(MAX_PROCESS_LENGTH))).toHaveLength(1);
    expect(failureOf(() => parseProcess(padded(MAX_PROCESS_LENGTH + 1))).code).toBe("BAD_ARGUMENT");
    const chain = (count: number) => `image${"/rotate,90".repeat(count)}`;
    expect(calls(chain(50))).toHaveLength(50);
    expect(failureOf(() => parseProcess(chain(51))).code).toBe("BAD_ARGUMENT");
  });
  test("info stands alone and ignores arguments", () => {
    expect(parseProcess("image/info,x_1")).toMatchObject({ answer: "info", calls: [] });
  });
});

// biome-ignore format: one row per case
test.each([
  ["quality,q_80",               { quality: { rule: "relative", value: 80 } }],
  ["quality,Q_80",               { quality: { rule: "ceiling", value: 80 } }],
  ["quality,80",                 { quality: { rule: "ceiling", value: 80 } }],
  ["quality,q_70,Q_80",          { quality: { rule: "ceiling", value: 80 } }],
  ["quality,Q_80,q_70",          { quality: { rule: "ceiling", value: 80 } }],
  ["quality,a_33",               { quality: { rule: "absolute", value: 33 } }],
  ["quality,d_format",           { quality: { rule: "auto" } }],
  ["quality,Q_80/quality,q_70",  { quality: { rule: "relative", value: 70 } }],
  ["format,jpg",                 { format: "jpeg" }],
  ["format,jpeg",                { format: "jpeg" }],
  ["format,gif",                 { format: "gif" }],
  ["format,png/resize,w_5",      { format: "png" }],
  ["format,png/format,webp",     { format: "webp" }],
  ["auto-orient,0",              { orient: false }],
  ["auto-orient,1",              { orient: true }],
  ["resize,w_5",                 { orient: true, quality: { rule: "source" } }],
  ["background,00ff7f",          { background: "00FF7F" }],
])("parseProcess: %s sets the end of the chain", (text, expected) => {
  expect(settings(`image/${text}`)).toMatchObject(expected);
});
