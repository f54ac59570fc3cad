import { expect, test } from "vitest";
import { bringsFiles, firstPicture, nameOf } from "../../../src/studio/shell/files.ts";
import { matching, movedIn } from "../../../src/studio/shell/object-filter.ts";

const file = (name: string, type = "") => ({ name, type });

test("firstPicture: the first picture, else the first file, which the engine may still know", () => {
  expect(firstPicture([file("a.txt", "text/plain"), file("b.jpg", "image/jpeg"), file("c.png", "image/png")])?.name).toBe(
    "b.jpg",
  );
  expect(firstPicture([file("a.avif"), file("b.txt", "text/plain")])?.name).toBe("a.avif");
  expect(firstPicture([])).toBeUndefined();
});

test("nameOf: its own, or one made of its type", () => {
  expect(nameOf(file("owl.jpg", "image/jpeg"))).toBe("owl.jpg");
  expect(nameOf({ type: "image/png" })).toBe("picture.png");
  expect(nameOf({ name: "", type: "image/jpeg" })).toBe("picture.jpg");
  expect(nameOf({ type: "" })).toBe("picture");
});

test("bringsFiles: files from outside, not pictures of the page nor dragged text", () => {
  expect(bringsFiles(["Files"], false)).toBe(true);
  expect(bringsFiles(["text/html", "Files"], true)).toBe(false);
  expect(bringsFiles(["text/plain"], false)).toBe(false);
});

test("matching: every word, in any order and case", () => {
  const objects = ["2024/Owl-Night.jpg", "owl.jpg", "dice.png", "图片/猫头鹰.png"].map((key) => ({ key, bytes: 1 }));
  const keys = (query: string) => matching(objects, query).map(({ key }) => key);
  expect(keys("")).toHaveLength(4);
  expect(keys("OWL")).toEqual(["2024/Owl-Night.jpg", "owl.jpg"]);
  expect(keys(" night 2024 ")).toEqual(["2024/Owl-Night.jpg"]);
  expect(keys("猫头鹰")).toEqual(["图片/猫头鹰.png"]);
  expect(keys("owl dice")).toEqual([]);
});

// biome-ignore format: one row per case
test.each([
  ["ArrowDown", 0, 3, 1], ["ArrowDown", 2, 3, 2], ["ArrowUp", 2, 3, 1], ["ArrowUp", 0, 3, 0],
  ["PageDown", 1, 20, 9], ["PageDown", 1, 5, 4],  ["PageUp", 12, 20, 4], ["PageUp", 3, 20, 0],
  ["Home", 3, 20, undefined], ["a", 3, 20, undefined], ["ArrowDown", 0, 0, undefined],
])("movedIn: %s from %i of %i", (key, at, count, expected) => {
  expect(movedIn(key, at, count)).toBe(expected);
});
