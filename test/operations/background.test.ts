import { expect, test } from "vitest";
import { parseText } from "../../src/syntax/request.ts";
import { testLibrary } from "../support/library.ts";
import { decodeWithSharp, encodeWithSharp, failureOf, pixelAt, scene } from "../support/pictures.ts";

// biome-ignore format: one row per case
test.each([
  ["image/resize,w_5",                        undefined],
  ["image/background,00ff7f",                 "00FF7F"],
  ["image/background,00ff7f/background,123456", "123456"],
  ["bg=abcdef",                               "ABCDEF"],
  ["w=5",                                     undefined],
  ["bg=abcdef80",                             "ABCDEF80"],
  ["bg=abcdefff",                             "ABCDEF"],
])("background: %s", (text, background) => {
  expect(parseText(text).settings.background).toBe(background);
});

test.each(["image/background", "image/background,red", "image/background,FFF", "image/background,FFFFFF,000000"])(
  "background: refuses %s",
  (text) => {
    expect(failureOf(() => parseText(text))).toMatchObject({ code: "BAD_ARGUMENT", operation: "background" });
  },
);

test("background: is white in a result without alpha, and what was asked for in any", async () => {
  const library = testLibrary();
  const source = await encodeWithSharp(scene(64, 40, true), "png"); // clear at the top right
  const corner = async (text: string) => pixelAt(await decodeWithSharp((await library.transform(source, text)).data), 60, 4);
  for (const [text, [r, g, b]] of [
    ["image/format,jpg/quality,Q_95", [255, 255, 255]],
    ["image/format,jpg/quality,Q_95/background,2040C0", [32, 64, 192]],
    ["f=jpg&q=95&bg=2040C0", [32, 64, 192]],
  ] as const) {
    const pixel = await corner(text);
    for (const [i, value] of [r, g, b].entries())
      expect(Math.abs(pixel[i]! - value), `${text}: ${pixel}`).toBeLessThanOrEqual(4);
  }
  expect((await corner("image/quality,Q_80"))[3]).toBe(0);
  expect(await corner("image/background,2040C0")).toEqual([32, 64, 192, 255]);
  expect(await corner("image/background,2040C080")).toEqual([32, 64, 192, 128]);
});
