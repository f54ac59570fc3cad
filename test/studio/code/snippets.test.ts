import { describe, expect, test } from "vitest";
import { chosenBase, fileName, printAddress, readBase } from "../../../src/studio/code/address.ts";
import {
  type Ask,
  addressSnippet,
  cssSnippet,
  cssString,
  curlSnippet,
  htmlEscaped,
  imgSnippet,
  pictureSnippet,
  querySnippet,
  shellQuoted,
} from "../../../src/studio/code/snippets.ts";
import { parseText } from "../../../src/syntax/request.ts";

const ADDRESS = { base: "https://cdn.example.com", key: "a/owl.jpg" };
const JPEG = { format: "jpeg", quality: 92, alpha: false } as const;
function ask(text: string, rest: Partial<Ask> = {}): Ask {
  return { ...ADDRESS, plan: parseText(text), language: "oss", format: "jpeg", source: JPEG, ...rest };
}
const plain = { language: "plain" } as const;

describe("readBase, chosenBase", () => {
  // biome-ignore format: one row per case
  test.each([
    ["https://a.b/",            "https://a.b"],
    ["  a.b/img// ",            "https://a.b/img"],
    ["http://127.0.0.1:8787",   "http://127.0.0.1:8787"],
    ["https://a.b/c?x=1#y",     "https://a.b/c"],
    ["https://a b",             undefined],
    ["ftp://a.b",               undefined],
    ["javascript:alert(1)",     undefined],
    ["",                        undefined],
  ])("%j", (typed, expected) => {
    expect(readBase(typed)).toBe(expected);
  });
  test("what was typed, else the stack, else an example", () => {
    const stack = { bucket: "b", edge: "http://127.0.0.1:8787", version: "1" };
    expect([chosenBase("a.b", stack), chosenBase(" ", stack), chosenBase("", undefined)]).toEqual([
      "https://a.b",
      stack.edge,
      ADDRESS.base,
    ]);
  });
});

test("printAddress: keys are encoded, their slashes kept", () => {
  expect(printAddress("https://a.b", "Ü/a b?#%.jpg", "w=5")).toBe("https://a.b/%C3%9C/a%20b%3F%23%25.jpg?w=5");
});
// biome-ignore format: one row per case
test.each([
  ["a/owl.jpg", "webp", "owl.webp"], ["owl.png", "jpeg", "owl.jpg"], ["owl", "png", "owl.png"], ["a/", "png", "picture.png"], ["owl.jpg", undefined, "owl.jpg"],
])("fileName: %s as %s", (key, format, expected) => {
  expect(fileName(key, format)).toBe(expected);
});

// biome-ignore format: one row per case
test.each([
  ["OSS's language",                          ask("image/resize,w_5"),                                   "x-oss-process=image/resize,w_5", undefined],
  ["plain names",                             ask("w=5&q=80", plain),                                    "w=5&q=80", undefined],
  ["plain names that differ for a JPEG",      ask("image/resize,w_5", plain),                            "w=5", "quality"],
  ["plain names, the same for a WebP",        ask("image/resize,w_5/format,webp", { ...plain, format: "webp" }), "w=5&format=webp", undefined],
  ["plain names, the same without a JPEG",    ask("image/resize,w_5/format,jpg", { ...plain, source: { format: "png", alpha: false } }), "w=5&format=jpg", undefined],
  ["plain names, the same without loss",      ask("image/resize,w_5/lossless,1", plain),                 "w=5&lossless=1", undefined],
  ["what plain names cannot say",             ask("image/resize,p_50", plain),                           "x-oss-process=image/resize,p_50", "fallback"],
])("querySnippet: %s", (_name, asked, text, note) => {
  expect(querySnippet(asked)).toEqual(note === undefined ? { text } : { text, note });
});

test("addressSnippet: nothing asked is the object itself", () => {
  expect(addressSnippet({ ...ADDRESS, language: "oss" })).toEqual({ text: "https://cdn.example.com/a/owl.jpg" });
  expect(querySnippet({ ...ADDRESS, language: "oss" })).toBeUndefined();
});
test("addressSnippet: base, key and query", () => {
  expect(addressSnippet(ask("w=5", plain)).text).toBe("https://cdn.example.com/a/owl.jpg?w=5");
});
test("curlSnippet: the file has the result's extension, a shell takes every sign as it is", () => {
  const asked = ask("w=5&format=webp", { ...plain, format: "webp", key: "it's $HOME.jpg" });
  expect(curlSnippet(asked).text).toBe(
    `curl -o 'it'\\''s $HOME.webp' 'https://cdn.example.com/it'\\''s%20%24HOME.jpg?w=5&format=webp'`,
  );
});
test("shellQuoted, htmlEscaped, cssString", () => {
  expect(shellQuoted("a'b")).toBe("'a'\\''b'");
  expect(htmlEscaped(`<a b="c">&`)).toBe("&lt;a b=&quot;c&quot;&gt;&amp;");
  expect(cssString('a"b\\c\nd')).toBe('"a\\22 b\\5c c\\a d"');
});

const MARKUP = { widths: [480, 800], sizes: "100vw", alt: `An "owl" & <friends>` };
const frame = { width: 1200, height: 800, widest: 3000, scaled: true };

test("pictureSnippet: AVIF, WebP, then JPEG for all others", () => {
  expect(pictureSnippet(ask("w=1200&q=70", { ...plain, frame }), MARKUP)).toEqual({
    text: `<picture>
  <source
    type="image/avif"
    srcset="
      https://cdn.example.com/a/owl.jpg?w=480&amp;format=avif 480w,
      https://cdn.example.com/a/owl.jpg?w=800&amp;format=avif 800w"
    sizes="100vw"
  >
  <source
    type="image/webp"
    srcset="
      https://cdn.example.com/a/owl.jpg?w=480&amp;format=webp 480w,
      https://cdn.example.com/a/owl.jpg?w=800&amp;format=webp 800w"
    sizes="100vw"
  >
  <img
    src="https://cdn.example.com/a/owl.jpg?w=1200&amp;format=jpg&amp;q=70"
    srcset="
      https://cdn.example.com/a/owl.jpg?w=480&amp;format=jpg&amp;q=70 480w,
      https://cdn.example.com/a/owl.jpg?w=800&amp;format=jpg&amp;q=70 800w"
    sizes="100vw"
    width="1200" height="800"
    alt="An &quot;owl&quot; &amp; &lt;friends&gt;"
    loading="lazy" decoding="async"
  >
</picture>`,
  });
});
test("pictureSnippet: PNG for all others where something shows through", () => {
  const { text } = pictureSnippet(ask("image/rounded-corners,r_max", { frame }), MARKUP);
  expect(text).toContain("x-oss-process=image/rounded-corners,r_max/format,png");
  expect(text).not.toContain("format,jpg");
});
test("pictureSnippet: one language throughout, OSS's where plain names cannot say every width", () => {
  // A resize behind an effect cannot be said, though the plan itself can
  const snippet = pictureSnippet(ask("gray=1", { ...plain, frame }), MARKUP);
  expect(snippet.note).toBe("fallback");
  expect(snippet.text.match(/x-oss-process=/g)).toHaveLength(9 - 2); // two widths in three formats, and src
  expect(snippet.text).not.toContain("gray=1");
});
test("pictureSnippet: nothing asked still makes the formats", () => {
  const { text } = pictureSnippet(
    { ...ADDRESS, language: "oss", frame: { ...frame, widest: 1200 } },
    { ...MARKUP, widths: [] },
  );
  expect(text).toContain('srcset="https://cdn.example.com/a/owl.jpg?x-oss-process=image/format,avif"');
  expect(text).not.toContain("sizes=");
});
test("imgSnippet: the format of the result alone", () => {
  expect(
    imgSnippet(ask("w=1200&format=webp&q=70", { ...plain, frame, format: "webp" }), { ...MARKUP, widths: [480], alt: "" }).text,
  ).toBe(`<img
  src="https://cdn.example.com/a/owl.jpg?w=1200&amp;format=webp&amp;q=70"
  srcset="https://cdn.example.com/a/owl.jpg?w=480&amp;format=webp&amp;q=70 480w"
  sizes="100vw"
  width="1200" height="800"
  alt=""
  loading="lazy" decoding="async"
>`);
});
test("cssSnippet: image-set() after a background for all", () => {
  expect(cssSnippet(ask("image/resize,w_5")).text).toBe(`.picture {
  background-image: url("https://cdn.example.com/a/owl.jpg?x-oss-process=image/resize,w_5/format,jpg");
  background-image: image-set(
    url("https://cdn.example.com/a/owl.jpg?x-oss-process=image/resize,w_5/format,avif") type("image/avif"),
    url("https://cdn.example.com/a/owl.jpg?x-oss-process=image/resize,w_5/format,webp") type("image/webp"),
    url("https://cdn.example.com/a/owl.jpg?x-oss-process=image/resize,w_5/format,jpg") type("image/jpeg")
  );
}`);
});
