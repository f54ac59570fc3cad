import fc from "fast-check";
import { expect, test } from "vitest";
import { tint, tintQuery } from "../../../src/studio/code/tint.ts";

const shown = (pieces: ReturnType<typeof tint>) =>
  pieces.map(({ text, kind }) => (kind === undefined ? text : `${kind}:${text}`));

test("tint: an address with a process text", () => {
  expect(shown(tint("https://a.b/c/d.jpg?x-oss-process=image/resize,w_5/format,webp"))).toEqual([
    "soft:https://a.b/",
    "key:c/d.jpg",
    "soft:?x-oss-process=image/",
    "name:resize",
    ",w_5",
    "soft:/",
    "name:format",
    ",webp",
  ]);
});
test("tint: an address with a plain query, in markup", () => {
  expect(shown(tint('<img src="https://a.b/c.jpg?w=5&amp;q=8">'))).toEqual([
    "tag:<img",
    " ",
    "name:src",
    '="',
    "soft:https://a.b/",
    "key:c.jpg",
    "soft:?",
    "name:w",
    "soft:=",
    "5",
    "soft:&amp;",
    "name:q",
    "soft:=",
    '8"',
    "tag:>",
  ]);
});
test("tint: a path that looks like an operation is the key", () => {
  expect(shown(tint("https://a.b/resize/c"))).toEqual(["soft:https://a.b/", "key:resize/c"]);
});
test("tintQuery: both languages", () => {
  expect(shown(tintQuery("image/resize,w_5"))).toEqual(["soft:image/", "name:resize", ",w_5"]);
  expect(shown(tintQuery("w=5&q=8"))).toEqual(["name:w", "soft:=", "5", "soft:&", "name:q", "soft:=", "8"]);
});
test("tint, tintQuery: all pieces together are the text", () => {
  const part = fc.constantFrom(
    "https://a.b/",
    "image/",
    "resize,w_5",
    "/",
    "?",
    "&amp;",
    "&",
    "w=",
    '"',
    "<img",
    ">",
    " ",
    "\n",
    "url(",
    "type(",
    "a: b",
    "%20",
    "图",
  );
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (written) => {
      expect(
        tint(written)
          .map(({ text }) => text)
          .join(""),
      ).toBe(written);
      expect(
        tintQuery(written)
          .map(({ text }) => text)
          .join(""),
      ).toBe(written);
    }),
  );
});
