import { describe, expect, test } from "vitest";
import { maxbytes } from "../../../src/operations/maxbytes.ts";
import { inKilobytes, toBytes, toKilobytes } from "../../../src/studio/presentation/kilobytes.ts";
import { markOf, markText, ofWidth, widthPercent } from "../../../src/studio/presentation/mark.ts";
import { POSITIONS, positionOf, scaleOf, stepped, valueAt } from "../../../src/studio/presentation/scale.ts";
import {
  byteLength,
  colorParts,
  colorText,
  focalPoint,
  focalText,
  typedColor,
} from "../../../src/studio/presentation/values.ts";

const SIZE = { width: 4000, height: 3000 };
const WIDTH = scaleOf({ kind: "integer", min: 1, max: 16384, unit: "px" }, { end: (size) => size.width }, SIZE);
const SIGMA = scaleOf({ kind: "decimal", min: 0.3, max: 250, digits: 3 }, {}, SIZE);
const LEVELS = scaleOf({ kind: "integer", min: -100, max: 100 }, {}, SIZE);

describe("sliders", () => {
  test.each([
    ["width", WIDTH, 1, 4000],
    ["sigma", SIGMA, 0.3, 250],
    ["levels", LEVELS, -100, 100],
  ] as const)("%s goes from end to end and never back", (_name, scale, from, to) => {
    expect([valueAt(0, scale), valueAt(POSITIONS, scale)]).toEqual([from, to]);
    for (let position = 1; position <= POSITIONS; position++) {
      expect(valueAt(position, scale)).toBeGreaterThanOrEqual(valueAt(position - 1, scale));
    }
  });
  test("a value lies where it is found again", () => {
    for (const value of [-100, -37, 0, 1, 100]) expect(valueAt(positionOf(value, LEVELS), LEVELS)).toBe(value);
    for (const value of [0.3, 1.5, 5, 40, 250]) expect(valueAt(positionOf(value, SIGMA), SIGMA)).toBeCloseTo(value, 0);
  });
  test("values beyond an end lie at that end, and small ones have room", () => {
    expect(positionOf(9000, WIDTH)).toBe(POSITIONS);
    expect(positionOf(5, SIGMA)).toBeGreaterThan(POSITIONS / 5);
  });
  test("end where the picture does, within what the argument may be", () => {
    const tiny = scaleOf({ kind: "integer", min: 2, max: 256 }, { end: () => 1 }, SIZE);
    expect(tiny).toMatchObject({ from: 2, to: 3, max: 256 });
    expect(scaleOf({ kind: "integer", min: 1, max: 100 }, { end: () => 5000 }, SIZE).to).toBe(100);
  });
  test("keys step by one or ten, and by tenths where there are decimals", () => {
    expect(stepped(800, 1, false, WIDTH)).toBe(801);
    expect(stepped(800, -1, true, WIDTH)).toBe(790);
    expect(stepped(16384, 1, false, WIDTH)).toBe(16384);
    expect(stepped(5.25, 1, false, SIGMA)).toBe(5.35);
    expect(stepped(0.3, -1, false, SIGMA)).toBe(0.3);
  });
});

describe("colors", () => {
  test("come apart and together again", () => {
    expect(colorParts("ff000080")).toEqual({ rgb: "FF0000", opacity: 50 });
    for (const text of ["12ABEF", "12ABEF80", "12ABEF00"])
      expect(colorText(colorParts(text) ?? { rgb: "", opacity: 0 })).toBe(text);
    expect(colorText({ rgb: "12abef", opacity: 100 })).toBe("12ABEF");
    expect(colorParts("12ABE")).toBeUndefined();
  });
  test("are read as people paste them; what is none stays as it was typed", () => {
    expect(["#fff", " 12abef ", "#12ABEF80", "red"].map(typedColor)).toEqual(["FFFFFF", "12ABEF", "12ABEF80", "RED"]);
  });
});

test("focal points are percents to a person and fractions to the engine", () => {
  expect(focalPoint("fp:0.3333:1")).toEqual({ x: 33.33, y: 100 });
  expect(focalText({ x: 33.33, y: 100 })).toBe("fp:0.3333:1");
  expect(focalText({ x: -5, y: 120 })).toBe("fp:0:1");
  expect(focalPoint("center")).toBeUndefined();
});

test("a Chinese character takes three bytes", () => {
  expect(["", "abc", "水印", "© 1"].map(byteLength)).toEqual([0, 3, 6, 4]);
});

describe("the picture of a watermark", () => {
  test("is a key and what is done to it", () => {
    const image = "logos/a b.png?x-oss-process=image/resize,pw_20";
    expect(markOf(image)).toEqual({ key: "logos/a b.png", process: "image/resize,pw_20" });
    expect(markText(markOf(image))).toBe(image);
    expect(markText({ key: "", process: "image/resize,pw_20" })).toBe("");
    expect(markOf("logo.png")).toEqual({ key: "logo.png" });
  });
  test("has a width in percent where nothing else is done", () => {
    expect(widthPercent({ key: "a", process: ofWidth("35") })).toBe("35");
    expect(widthPercent({ key: "a" })).toBeUndefined();
    expect(widthPercent({ key: "a", process: "image/resize,pw_20/rotate,90" })).toBeUndefined();
  });
});

describe("kilobytes", () => {
  const arg = inKilobytes(maxbytes.args.value);
  test("say every number of bytes", () => {
    for (const bytes of ["1", "999", "204800", "67108864"]) expect(toBytes(toKilobytes(bytes))).toBe(bytes);
    expect(toKilobytes("204800")).toBe("204.8");
  });
  test("have the range of the bytes, and leave other texts as they are", () => {
    expect([arg.parse("0.001"), arg.parse("67108.864")]).toEqual([1, 67_108_864]);
    expect(["0", "67108.865", "1.0005", "ten", "-1"].map((text) => arg.parse(text))).toEqual(Array(5).fill(undefined));
    expect([toBytes("ten"), toKilobytes("ten")]).toEqual(["ten", "ten"]);
  });
});
