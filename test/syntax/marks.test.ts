import { describe, expect, test } from "vitest";
import { markKeys } from "../../src/core/plan.ts";
import { decodeBase64Url, encodeBase64Url } from "../../src/syntax/base64.ts";
import { parseProcess } from "../../src/syntax/oss-process.ts";
import { failureOf } from "../support/pictures.ts";

const markOf = (image: string) => parseProcess(`image/watermark,image_${image}`).calls[0]?.mark;
const nested = (process: string) => encodeBase64Url(`panda.png?x-oss-process=${process}`);
const many = (keys: readonly string[]) => `image/${keys.map((key) => `watermark,image_${encodeBase64Url(key)}`).join("/")}`;

// OSS IMG reference, section 10.2
// biome-ignore format: one row per case
test.each([
  ["a key",                         "cGFuZGEucG5n",                                                                       "panda.png",       undefined],
  ["a key in a folder",             "aW1hZ2UvcGFuZGEucG5n",                                                               "image/panda.png", undefined],
  ["a mark relative to the picture", "cGFuZGEucG5nP3gtb3NzLXByb2Nlc3M9aW1hZ2UvcmVzaXplLFBfMzA",                           "panda.png",       { P: 30 }],
  ["padding",                       "cGFuZGEucG5nP3gtb3NzLXByb2Nlc3M9aW1hZ2UvcmVzaXplLHdfNTA=",                           "panda.png",       { w: 50 }],
  ["no padding",                    "cGFuZGEucG5nP3gtb3NzLXByb2Nlc3M9aW1hZ2UvcmVzaXplLHdfNTA",                            "panda.png",       { w: 50 }],
  ["base64 that contains _",        "cGljcy9Lb2FsYS5qcGc_eC1vc3MtcHJvY2Vzcz1pbWFnZS9yZXNpemUsUF8yMA",                     "pics/Koala.jpg",  { P: 20 }],
  ["the standard alphabet",         "cGljcy9Lb2FsYS5qcGc/eC1vc3MtcHJvY2Vzcz1pbWFnZS9yZXNpemUsUF8yMA",                     "pics/Koala.jpg",  { P: 20 }],
])("parseProcess: a mark written as %s", (_name, image, key, args) => {
  // "/" ends an operation, so the standard alphabet can only reach the decoder percent-encoded inside a nested text
  if (image.includes("/")) return expect(decodeBase64Url(image)).toBe(`${key}?x-oss-process=image/resize,P_20`);
  const mark = markOf(image);
  expect(mark?.key).toBe(key);
  if (args === undefined) expect(mark?.plan).toBeUndefined();
  else expect(mark?.plan?.calls).toMatchObject([{ name: "resize", args }]);
});

describe("parseProcess: preparing a mark", () => {
  test("takes resize, crop and rotate, in order", () => {
    expect(markOf(nested("image/resize,P_30/crop,w_5/rotate,90"))?.plan?.calls.map(({ name }) => name)).toEqual([
      "resize",
      "crop",
      "rotate",
    ]);
  });
  // biome-ignore format: one row per case
  test.each([
    ["a mark in the mark (373)",  "image/resize,P_30/watermark,image_cGFuZGEucG5n"],
    ["info (374)",                "image/info"],
    ["format",                    "image/resize,w_5/format,png"],
    ["an unknown operation",      "image/slim,1"],
    ["nothing behind image/",     "image/"],
    ["another kind",              "style/thumb"],
    ["a bad value",               "image/resize,w_0"],
    ["P over 100",                "image/resize,P_101"],
    ["P of 0",                    "image/resize,P_0"],
  ])("refuses %s", (_name, process) => {
    expect(failureOf(() => markOf(nested(process))).code).toBe("BAD_ARGUMENT");
  });
  test("circle is not allowed in a mark", () => {
    expect(failureOf(() => markOf(nested("image/circle,r_5"))).code).toBe("BAD_ARGUMENT");
  });
  test("an empty key is refused, with and without preparation", () => {
    expect(failureOf(() => markOf("")).code).toBe("BAD_ARGUMENT");
    expect(failureOf(() => markOf(encodeBase64Url("?x-oss-process=image/resize,w_5")))).toMatchObject({
      code: "BAD_ARGUMENT",
      parameter: "image",
    });
  });
  test("a newline at the end of a key is part of it", () => {
    expect(markOf(encodeBase64Url("example/example.jpg\n"))?.key).toBe("example/example.jpg\n");
  });
});

describe("parseProcess: several marks", () => {
  test("are several operations, not one (section 16)", () => {
    const plan = parseProcess(`${many(["a.png"])}/watermark,image_${encodeBase64Url("b.png")},y_60`);
    expect(plan.calls.map(({ mark, args }) => [mark?.key, args["y"]])).toEqual([
      ["a.png", 10],
      ["b.png", 60],
    ]);
    expect(markKeys(plan)).toEqual(["a.png", "b.png"]);
  });
  test("three different pictures are the most, the same one may repeat (26)", () => {
    expect(markKeys(parseProcess(many(["a", "b", "c", "a", "b"])))).toEqual(["a", "b", "c"]);
    expect(failureOf(() => parseProcess(many(["a", "b", "c", "d"])))).toMatchObject({
      code: "BAD_ARGUMENT",
      operation: "watermark",
      parameter: "image",
    });
  });
});

describe("base64", () => {
  // biome-ignore format: one row per case
  test.each([
    ["", ""], ["f", "Zg"], ["fo", "Zm8"], ["foo", "Zm9v"], ["foob", "Zm9vYg"], ["fooba", "Zm9vYmE"], ["foobar", "Zm9vYmFy"],
    ["Hello 图片服务!", "SGVsbG8g5Zu-54mH5pyN5YqhIQ"], ["wqy-zenhei", "d3F5LXplbmhlaQ"], ["\uFEFFbom", "77u_Ym9t"], ["a\n", "YQo"],
  ])("of %j is %s both ways, padded too", (text, encoded) => {
    expect(encodeBase64Url(text)).toBe(encoded);
    expect(decodeBase64Url(encoded)).toBe(text);
    expect(decodeBase64Url(encoded + "=".repeat((4 - (encoded.length % 4)) % 4))).toBe(text);
  });
  test.each(["a", "abcde", "Zm9v*", "Zm 9v", "Z=g", "图", "_w"])("%j is none", (encoded) => {
    expect(decodeBase64Url(encoded)).toBeUndefined(); // "_w" is the byte 0xff, which is no UTF-8
  });
});
