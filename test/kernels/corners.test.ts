import { describe, expect, test } from "vitest";
import { noise } from "../support/noise.ts";
import { BUILDS } from "./pixels-module.ts";

/** How many of a px' 16×16 samples lie within a `diameter` circle's quarters at the corners, by definition. */
function insideOf(x: number, y: number, width: number, height: number, diameter: number): number {
  const center = diameter * 16; // in 1/32 px, samples at odd numbers
  const inset = (at: number, size: number) => Math.max(0, center - at, at - (size * 32 - center));
  let inside = 0;
  for (let v = 1; v < 32; v += 2) {
    for (let u = 1; u < 32; u += 2) {
      if (inset(x * 32 + u, width) ** 2 + inset(y * 32 + v, height) ** 2 <= center ** 2) inside++;
    }
  }
  return inside;
}

function byDefinition(data: Uint8Array, width: number, height: number, diameter: number): Uint8Array {
  const output = data.slice();
  for (let i = 0; i < width * height; i++) {
    const covered = Math.round((insideOf(i % width, Math.floor(i / width), width, height, diameter) * 255) / 256);
    const a = Math.round((data[i * 4 + 3]! * covered) / 255);
    if (a === 0 && covered < 255) output.fill(0, i * 4, i * 4 + 4);
    else output[i * 4 + 3] = a;
  }
  return output;
}

describe.each(BUILDS)("corners, %s", (_build, { kernels }) => {
  // biome-ignore format: one row per case
  test.each([[1, 1, 1], [7, 5, 5], [5, 8, 4], [20, 31, 19], [33, 33, 33], [90, 61, 33], [61, 90, 61]])("%ix%i with %i px is what the samples say, on any picture", (width, height, diameter) => {
    const buffer = noise(width * height * 4 + 8, diameter);
    const view = buffer.subarray(5, 5 + width * height * 4);
    const want = byDefinition(view, width, height, diameter);
    kernels.corners(view, width, height, diameter);
    expect(Buffer.compare(view, want)).toBe(0);
    expect(buffer.slice(-3)).toEqual(noise(buffer.length, diameter).slice(-3));
  });

  test.each([
    ["data", 4 * 4 * 4 - 4, 2],
    ["diameter", 4 * 4 * 4, 0],
    ["diameter", 4 * 4 * 4, 5],
    ["diameter", 4 * 4 * 4, 1.5],
  ])("refuses a wrong %s", (name, bytes, diameter) => {
    expect(() => kernels.corners(new Uint8Array(bytes), 4, 4, diameter)).toThrow(
      expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining(`${name}:`) }),
    );
  });
});

test("both builds cut a large disc alike", () => {
  const side = 2600; // squares of samples beyond 32 bits
  const [first, second] = BUILDS.map(([, { kernels }]) => {
    const data = new Uint8Array(side * side * 4).fill(255);
    kernels.corners(data, side, side, side);
    return data;
  });
  expect(Buffer.compare(first!, second!)).toBe(0);
});
