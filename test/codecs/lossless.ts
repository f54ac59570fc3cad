import { expect, test } from "vitest";
import type { Codec } from "../../src/core/codec.ts";
import { probe } from "../../src/probe/index.ts";
import { fixture } from "../support/library.ts";
import { decodeWithSharp, difference, numbered, paint, scene } from "../support/pictures.ts";
import { harness } from "./harness.ts";

/** What holds for every encoder that has a lossless mode. */
export function testLossless(codec: Codec): void {
  const { decode, encode } = harness(codec);
  const lossless = { lossless: true };
  test.each([
    ["opaque", scene(131, 87), false],
    ["with alpha", scene(64, 41, true), true],
    ["of 30,200 colors, color under full transparency too", numbered(200, 151), true],
    ["clear", paint(9, 7, (x, y) => [x * 25, y * 30, 200, 0]), true],
    ["of one px", paint(1, 1, () => [7, 130, 251, 255]), false],
  ])("is read back exactly, by libvips too: a picture %s", async (_name, source, alpha) => {
    for (const quality of [1, 80]) {
      const bytes = await encode(source, quality, alpha, lossless);
      for (const { width, height, data } of [await decode(bytes), await decodeWithSharp(bytes)]) {
        expect([width, height]).toEqual([source.width, source.height]);
        expect(Buffer.compare(data, source.data)).toBe(0); // toEqual takes seconds
      }
    }
  });
  test("a photograph too", async () => {
    const photo = await decodeWithSharp(await fixture("example.jpg"));
    const bytes = await encode(photo, undefined, false, lossless);
    expect(probe(bytes).alpha).toBe(false);
    expect(difference(await decodeWithSharp(bytes), photo).largest).toBe(0);
    expect(bytes.length).toBeLessThan(photo.data.length * 0.75); // less than RGB as it is
  });
}
