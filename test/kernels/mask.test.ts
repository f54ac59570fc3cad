import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mask as reference } from "../../src/kernels/reference/mask.ts";
import { noise } from "../support/noise.ts";
import { instantiate, kernels, TAILS } from "./pixels-module.ts";

const byte = fc.oneof({ weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }) }, fc.constantFrom(0, 1, 128, 254, 255));
const bytes = (count: number) =>
  fc.array(byte, { minLength: count, maxLength: count }).map((values) => Uint8Array.from(values));

function byReference(data: Uint8Array, coverage: Uint8Array): Uint8Array {
  const copy = data.slice();
  reference(copy, coverage, coverage.length);
  return copy;
}
function byWrapper(data: Uint8Array, coverage: Uint8Array): Uint8Array {
  const copy = data.slice();
  kernels.mask(copy, coverage);
  return copy;
}

describe("mask", () => {
  test.each(TAILS)("equals the reference for %i px", (count) => {
    fc.assert(
      fc.property(bytes(count * 4), bytes(count), (data, coverage) => {
        expect(byWrapper(data, coverage)).toEqual(byReference(data, coverage));
      }),
      { numRuns: 100 },
    );
  });

  test("A is the rounded product for every alpha and coverage; what becomes clear is all zeros, the rest keeps its color", () => {
    const data = new Uint8Array(65536 * 4);
    const coverage = new Uint8Array(65536);
    for (let i = 0; i < 65536; i++) {
      data.set([200, 100, 50, i & 255], i * 4);
      coverage[i] = i >> 8;
    }
    const result = byWrapper(data, coverage);
    let wrong = 0;
    for (let i = 0; i < 65536; i++) {
      const a = Math.round(((i & 255) * (i >> 8)) / 255); // 255 is odd, so there are no ties
      const cleared = a === 0 && i >> 8 !== 255;
      const want = cleared ? [0, 0, 0, 0] : [200, 100, 50, a];
      for (let c = 0; c < 4; c++) if (result[i * 4 + c] !== want[c]) wrong++;
    }
    expect(wrong).toBe(0);
  });

  test("the kernel leaves coverage and the bytes behind its pixels alone", () => {
    const wasm = instantiate();
    const at = wasm.reserve(64);
    const coverage = wasm.reserve(16);
    const memory = new Uint8Array(wasm.memory.buffer);
    memory.fill(0xa5, at, at + 64);
    memory.fill(7, coverage, coverage + 16);
    wasm.mask(at, coverage, 5);
    expect(memory[at + 3]).toBe(5); // 165 · 7 / 255 = 4.53
    expect(memory.slice(at + 20, at + 64)).toEqual(new Uint8Array(44).fill(0xa5));
    expect(memory.slice(coverage, coverage + 16)).toEqual(new Uint8Array(16).fill(7));
  });

  test("works through several bands and in views that start at odd bytes", () => {
    const buffer = noise(90_001 * 4 + 8);
    const view = buffer.subarray(5, 5 + 90_001 * 4);
    const coverage = noise(90_001 + 3, 9).subarray(3);
    const want = byReference(view, coverage);
    kernels.mask(view, coverage);
    expect(Buffer.compare(view, want)).toBe(0);
    expect(buffer.slice(0, 5)).toEqual(noise(5));
    expect(buffer.slice(-3)).toEqual(noise(buffer.length).slice(-3));
  });

  test.each([
    [8, 1],
    [8, 3],
    [7, 2],
  ])("refuses %i bytes of pixels with %i of coverage", (pixels, covered) => {
    expect(() => kernels.mask(new Uint8Array(pixels), new Uint8Array(covered))).toThrow(
      expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining("coverage:") }),
    );
  });
});
