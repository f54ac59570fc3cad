import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flatten as reference } from "../../src/kernels/reference/flatten.ts";
import { noise } from "../support/noise.ts";
import { BUILDS, TAILS } from "./pixels-module.ts";

const byte = fc.integer({ min: 0, max: 255 });

function byReference(data: Uint8Array, r: number, g: number, b: number): Uint8Array {
  const copy = data.slice();
  reference(copy, data.length / 4, r, g, b);
  return copy;
}

describe.each(BUILDS)("flatten, %s", (_build, { kernels }) => {
  test.each(TAILS)("equals the reference for %i px", (count) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: count * 4, maxLength: count * 4 }), byte, byte, byte, (data, r, g, b) => {
        const result = data.slice();
        kernels.flatten(result, r, g, b);
        expect(result).toEqual(byReference(data, r, g, b));
      }),
      { numRuns: 60 },
    );
  });

  test("is the rounded mixture for every alpha and value, and A is 255", () => {
    const data = new Uint8Array(256 * 256 * 4);
    for (let i = 0; i < 65536; i++) data.set([i & 255, 255 - (i & 255), (i & 255) ^ 85, i >> 8], i * 4);
    const result = data.slice();
    kernels.flatten(result, 255, 0, 77);
    const background = [255, 0, 77];
    let wrong = 0;
    for (let i = 0; i < data.length; i += 4) {
      const a = data[i + 3]!;
      for (let c = 0; c < 3; c++) {
        const exact = data[i + c]! * a + background[c]! * (255 - a); // × 255
        if (result[i + c] !== Math.floor((2 * exact + 255) / 510)) wrong++;
      }
      if (result[i + 3] !== 255) wrong++;
    }
    expect(wrong).toBe(0);
  });

  test("keeps opaque pixels and puts the color where nothing is", () => {
    const data = Uint8Array.from([1, 2, 3, 255, 1, 2, 3, 0]);
    kernels.flatten(data, 10, 20, 30);
    expect(Array.from(data)).toEqual([1, 2, 3, 255, 10, 20, 30, 255]);
  });

  test("works through several bands and in a view that starts at an odd byte", () => {
    const buffer = noise(90_001 * 4 + 8);
    const view = buffer.subarray(5, 5 + 90_001 * 4);
    const want = byReference(view, 12, 200, 99);
    kernels.flatten(view, 12, 200, 99);
    expect(Buffer.compare(view, want)).toBe(0);
    expect(buffer.slice(0, 5)).toEqual(noise(5));
    expect(buffer.slice(-3)).toEqual(noise(buffer.length).slice(-3));
  });

  test.each([
    ["data", 7, 0],
    ["r", 8, 256],
    ["r", 8, -1],
  ])("refuses a wrong %s", (name, bytes, r) => {
    expect(() => kernels.flatten(new Uint8Array(bytes), r, 0, 0)).toThrow(
      expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining(`${name}:`) }),
    );
  });
});
