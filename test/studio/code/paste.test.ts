import { describe, expect, test } from "vitest";
import { readPasted } from "../../../src/studio/code/paste.ts";
import { planOf } from "../../../src/studio/state/document.ts";
import { encodeBase64Url } from "../../../src/syntax/base64.ts";
import { printPlan } from "../../../src/syntax/print.ts";

/** What was read, as texts. */
function read(text: string) {
  const pasted = readPasted(text);
  if ("fault" in pasted) return pasted.fault.kind;
  const { doc, ...address } = pasted.read;
  const planned = planOf(doc);
  return { ...address, process: "plan" in planned ? printPlan(planned.plan) : planned.problem.error.message };
}
const process = "image/resize,w_200/format,webp";
const cdn = { base: "https://cdn.example.com" };

// biome-ignore format: one row per case
test.each([
  ["an address with a process text",       `https://cdn.example.com/a/b.jpg?x-oss-process=${process}`, { ...cdn, key: "a/b.jpg", process }],
  ["an encoded process text in it",        "https://cdn.example.com/b.jpg?x-oss-process=image%2Fresize%2Cw_200", { ...cdn, key: "b.jpg", process: "image/resize,w_200" }],
  ["a plain query in it",                  "https://cdn.example.com/b.jpg?w=200&utm_source=x", { ...cdn, key: "b.jpg", process: "image/resize,w_200/quality,d_format" }],
  ["a port and a scheme of its own",       "http://127.0.0.1:8787/owl.jpg?q=80", { base: "http://127.0.0.1:8787", key: "owl.jpg", process: "image/quality,a_80" }],
  ["an encoded key",                       "https://cdn.example.com/%C3%9C/%E5%9B%BE%20a.jpg?w=9", { ...cdn, key: "Ü/图 a.jpg", process: "image/resize,w_9/quality,d_format" }],
  ["a broken escape in the key",           "https://cdn.example.com/100%.jpg?w=9", { ...cdn, key: "100%.jpg", process: "image/resize,w_9/quality,d_format" }],
  ["arguments in the key",                 "https://cdn.example.com/a/photo.jpg!w_200,h_150,f_webp", { ...cdn, key: "a/photo.jpg", process: "image/resize,w_200,h_150/format,webp/quality,d_format" }],
  ["the query before the key",             "https://cdn.example.com/photo.jpg!w_200?w=300", { ...cdn, key: "photo.jpg", process: "image/resize,w_300/quality,d_format" }],
  ["a key with arguments",                 "photo.jpg!w_200,h_150", { key: "photo.jpg", process: "image/resize,w_200,h_150/quality,d_format" }],
  ["a key with a query",                   "/a/photo.jpg?w=200", { key: "a/photo.jpg", process: "image/resize,w_200/quality,d_format" }],
  ["an address that asks for nothing",     "https://cdn.example.com/photo.jpg", { ...cdn, key: "photo.jpg", process: "image/auto-orient,1" }],
  ["a separator in a mere name",           "https://cdn.example.com/wow!.jpg", { ...cdn, key: "wow!.jpg", process: "image/auto-orient,1" }],
  ["an address without a key",             "https://cdn.example.com/?w=5", { ...cdn, process: "image/resize,w_5/quality,d_format" }],
  ["a process text",                       process, { process }],
  ["a process text with space around",     `  ${process}\n`, { process }],
  ["a process text in quotes",             `"${process}"`, { process }],
  ["an encoded process text",              "image%2Fresize%2Cw_200", { process: "image/resize,w_200" }],
  ["a query with a process text",          `x-oss-process=${process}`, { process }],
  ["a query",                              "w=200&h=150", { process: "image/resize,w_200,h_150/quality,d_format" }],
  ["a query with its sign",                "?w=200", { process: "image/resize,w_200/quality,d_format" }],
  ["a query with an address as text",      "wm_text=http://a.b", { process: `image/watermark,text_${encodeBase64Url("http://a.b")}/quality,d_format` }],
  ["a link to the page",                   `http://127.0.0.1:8787/studio/#key=a/%C3%9C.jpg&process=${process}`, { key: "a/Ü.jpg", process }],
  ["its fragment",                         `#process=${process}`, { process }],
  ["a link without a chain",               "https://x.example/studio/#key=owl.jpg", { key: "owl.jpg", process: "image/auto-orient,1" }],
  ["a curl line",                          `curl -o 'out.webp' 'https://cdn.example.com/b.jpg?x-oss-process=${process}'`, { ...cdn, key: "b.jpg", process }],
])("readPasted: %s", (_name, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test("readPasted: a link keeps what is switched off", () => {
  const pasted = readPasted("#process=image/flip,h/rotate,90&off=0");
  expect("read" in pasted && pasted.read.doc.steps.map(({ name, on }) => [name, on])).toEqual([["flip", false], ["rotate", true]]); // biome-ignore format: one line
});

// biome-ignore format: one row per case
test.each([
  [""], ["   "], ["hello world"], ["hello"], ["https://news.example.com/article"], ["https://"], ["https://news.example.com/page.html?id=5"],
  ["a.b c"], ["image/info"], ["?info=1"], ["#top"], ["https://cdn.example.com/?info=1"],
])("readPasted: nothing to read in %j", (text) => {
  expect(read(text)).toBe("nothing");
});

// biome-ignore format: one row per case
test.each([
  ["style/thumb", "thumb"], ["style%2Fthumb", "thumb"], ["x-oss-process=style/thumb", "thumb"], ["#process=style/thumb", "thumb"],
  ["https://cdn.example.com/a.jpg?x-oss-process=style%2Fthumb", "thumb"], ["https://cdn.example.com/a.jpg!thumb", "thumb"], ["a.jpg!thumb", "thumb"],
])("readPasted: %s is a style", (text, name) => {
  expect(readPasted(text)).toEqual({ fault: { kind: "style", name } });
});

describe("readPasted: what is wrong is said as the server says it", () => {
  // biome-ignore format: one row per case
  test.each([
    ["image/resize,w_0",                                 "resize.w: expected an integer from 1 to 16384"],
    ["image/resise,w_5",                                 "expected a known operation"],
    ["w=abc",                                            "query.w"],
    ["w=5&widht=5",                                      "query.widht: expected a known name"],
    ["https://cdn.example.com/a.jpg?w=0",                "query.w"],
    ["a.jpg!w_0",                                        "query.w"],
    ["https://x.example/studio/#process=image/resize",   "resize"],
    ["video/snapshot,t_5",                               "not supported yet"],
  ])("%s", (text, message) => {
    const pasted = readPasted(text);
    expect("fault" in pasted && pasted.fault.kind === "error" && pasted.fault.error.message).toContain(message);
  });
});
