import { expect, test } from "vitest";
import { printHue } from "../../src/operations/average-hue.ts";
import { parseText } from "../../src/syntax/request.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { encodeWithSharp, failureOf, paint } from "../support/pictures.ts";

// OSS IMG reference, section 7.5
test("average-hue: answers the form that clients parse, with two digits each", () => {
  expect(printHue([92, 120, 59])).toBe('{"RGB": "0x5c783b"}');
  expect(printHue([0, 7, 255])).toBe('{"RGB": "0x0007ff"}');
});

test("average-hue: is of the upright picture as it is stored, whatever its format", async () => {
  const { transform } = testLibrary();
  const hueOf = async (bytes: Uint8Array) => new TextDecoder().decode((await transform(bytes, "image/average-hue")).data);
  expect(await hueOf(await fixture("example.jpg"))).toBe('{"RGB": "0x5c783b"}');
  const half = paint(10, 4, (x) => (x < 5 ? [200, 40, 10, 255] : [180, 60, 10, 255]));
  expect(await hueOf(await encodeWithSharp(half, "png"))).toBe('{"RGB": "0xbe320a"}');
});

test.each(["image/average-hue/resize,w_5", "image/resize,w_5/average-hue", "image/info/average-hue"])(
  "average-hue: cannot be combined: %s",
  (text) => {
    expect(failureOf(() => parseText(text)).code).toBe("BAD_ARGUMENT");
  },
);
