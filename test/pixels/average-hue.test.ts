import { describe, expect, test } from "vitest";
import { jpeg } from "../../src/codecs/jpeg.ts";
import { averageHue } from "../../src/pixels/average-hue.ts";
import { harness } from "../codecs/harness.ts";
import { fixture } from "../support/library.ts";
import { type Color, decodeWithSharp, type Pixels, paint } from "../support/pictures.ts";

const hueOf = (picture: Pixels) => averageHue({ layout: "rgba8", ...picture, alpha: true });

describe("averageHue", () => {
  // OSS IMG reference, section 7.5: what the service gives for the documentation's picture
  test("is 0x5c783b for example.jpg, with our decoder and with libvips'", async () => {
    const bytes = await fixture("example.jpg");
    expect(hueOf(await harness(jpeg).decode(bytes))).toEqual([0x5c, 0x78, 0x3b]);
    expect(hueOf(await decodeWithSharp(bytes))).toEqual([0x5c, 0x78, 0x3b]);
  });

  test("only pixels near the mean hue count", () => {
    // Hues 120 (9 of 10) and 240: the mean is 132, and the blue is 108 away
    const mostlyGreen = paint(10, 3, (x) => (x < 9 ? [10, 200, 10, 255] : [10, 10, 200, 255]));
    expect(hueOf(mostlyGreen)).toEqual([10, 200, 10]);
  });

  // Six hues in order around the circle, and one whose hue is just below 360
  // biome-ignore format: one row per case
  test.each([
    [[200, 10, 10]], [[200, 190, 10]], [[10, 200, 10]], [[10, 200, 190]], [[10, 20, 200]], [[190, 10, 200]], [[200, 10, 20]], [[77, 77, 77]], [[0, 0, 0]],
  ])("a flat picture has its own color: %j", (color) => {
    expect(hueOf(paint(3, 2, () => [...color, 255] as unknown as Color))).toEqual(color);
  });

  test("the mean color is truncated", () => {
    const greens = paint(4, 1, (x) => [0, x === 0 ? 100 : 101, 0, 255]);
    expect(hueOf(greens)).toEqual([0, 100, 0]);
  });

  test("pixels count by their alpha", () => {
    const veiled = paint(2, 1, (x) => (x === 0 ? [0, 100, 0, 255] : [0, 200, 0, 51]));
    expect(hueOf(veiled)).toEqual([0, Math.floor((100 * 5 + 200) / 6), 0]);
    expect(hueOf(paint(2, 1, (x) => (x === 0 ? [0, 100, 0, 255] : [200, 0, 0, 0])))).toEqual([0, 100, 0]);
  });

  test("where no pixel is near the mean hue, all count; where nothing is seen, it is black", () => {
    const opposite = paint(2, 1, (x) => (x === 0 ? [200, 0, 0, 255] : [0, 200, 200, 255])); // 0 and 180: none near 90
    expect(hueOf(opposite)).toEqual([100, 100, 100]);
    expect(hueOf(paint(5, 4, (x) => [x, 9, 200, 0]))).toEqual([0, 0, 0]);
  });
});
