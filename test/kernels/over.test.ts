import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { over as reference } from "../../src/kernels/reference/over.ts";
import { noise } from "../support/noise.ts";
import { BUILDS, TAILS } from "./pixels-module.ts";

const byte = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 255 }) }, fc.constantFrom(0, 1, 127, 128, 254, 255));
const colors = fc.tuple(byte, byte, byte, byte);
const pixels = (count: number) =>
  fc.array(byte, { minLength: count * 4, maxLength: count * 4 }).map((bytes) => Uint8Array.from(bytes));
type Rgba = readonly [number, number, number, number];

function byReference(data: Uint8Array, color: Rgba): Uint8Array {
  const copy = data.slice();
  reference(copy, data.length / 4, ...color);
  return copy;
}
describe.each(BUILDS)("over, %s", (_build, { instantiate, kernels }) => {
  function byWrapper(data: Uint8Array, color: Rgba): Uint8Array {
    const copy = data.slice();
    kernels.over(copy, ...color);
    return copy;
  }

  test.each(TAILS)("equals the reference for %i px", (count) => {
    fc.assert(
      fc.property(pixels(count), colors, (data, color) => {
        expect(byWrapper(data, color)).toEqual(byReference(data, color));
      }),
      { numRuns: 100 },
    );
  });

  test("equals the reference for every pair of alphas", () => {
    const data = noise(256 * 4, 3);
    for (let a = 0; a < 256; a++) data[a * 4 + 3] = a;
    let wrong = 0;
    for (let a = 0; a < 256; a++) {
      const color: Rgba = [200, 13, 90, a];
      if (Buffer.compare(byWrapper(data, color), byReference(data, color)) !== 0) wrong++;
    }
    expect(wrong).toBe(0);
  });

  test("is the composite kernel with the color below", () => {
    fc.assert(
      fc.property(pixels(9), colors, (data, color) => {
        const below = Uint8Array.from({ length: 36 }, (_, i) => color[i % 4]!);
        kernels.composite(below, 36, data, 36, 9, 1, 255);
        expect(byWrapper(data, color)).toEqual(below);
      }),
      { numRuns: 200 },
    );
  });

  test("over an opaque color it is flatten", () => {
    fc.assert(
      fc.property(pixels(9), colors, (data, [r, g, b]) => {
        const flat = data.slice();
        kernels.flatten(flat, r, g, b);
        expect(byWrapper(data, [r, g, b, 255])).toEqual(flat);
      }),
    );
  });

  // biome-ignore format: one row per case
  test.each([
    ["an opaque pixel hides the color",     [9, 8, 7, 255],   [200, 100, 50, 80], [9, 8, 7, 255]],
    ["a clear pixel becomes the color",     [9, 8, 7, 0],     [200, 100, 50, 80], [200, 100, 50, 80]],
    ["a clear color changes nothing seen",  [9, 8, 7, 60],    [200, 100, 50, 0],  [9, 8, 7, 60]],
    ["half over half",                      [255, 255, 255, 128], [0, 0, 0, 128], [170, 170, 170, 192]],
  ] as const)("%s", (_name, pixel, color, expected) => {
    expect([...byWrapper(Uint8Array.from(pixel), color)]).toEqual(expected);
  });

  test("the kernel leaves the bytes behind its pixels alone", () => {
    const wasm = instantiate();
    const at = wasm.reserve(64);
    const memory = new Uint8Array(wasm.memory.buffer);
    memory.fill(0x65, at, at + 64);
    wasm.over(at, 5, 1, 2, 3, 4);
    expect(memory[at]).not.toBe(0x65);
    expect(memory.slice(at + 20, at + 64)).toEqual(new Uint8Array(44).fill(0x65));
  });

  test("works through several bands and in a view that starts at an odd byte", () => {
    const buffer = noise(90_001 * 4 + 8);
    const view = buffer.subarray(5, 5 + 90_001 * 4);
    const want = byReference(view, [12, 200, 99, 130]);
    kernels.over(view, 12, 200, 99, 130);
    expect(Buffer.compare(view, want)).toBe(0);
    expect(buffer.slice(0, 5)).toEqual(noise(5));
    expect(buffer.slice(-3)).toEqual(noise(buffer.length).slice(-3));
  });

  test.each([
    ["data", 7, 0, 0],
    ["r", 8, 256, 0],
    ["a", 8, 0, -1],
    ["a", 8, 0, 0.5],
  ])("refuses a wrong %s", (name, bytes, r, a) => {
    expect(() => kernels.over(new Uint8Array(bytes), r, 0, 0, a)).toThrow(
      expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining(`${name}:`) }),
    );
  });
});
