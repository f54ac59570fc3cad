import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ColorMatrix } from "../../src/core/step.ts";
import { matrix as reference } from "../../src/kernels/reference/matrix.ts";
import { noise } from "../support/noise.ts";
import { BUILDS, TAILS } from "./pixels-module.ts";

const gain = fc.oneof(fc.integer({ min: -32768, max: 32768 }), fc.constantFrom(0, 4096, -32768, 32768));
const offset = fc.oneof(fc.integer({ min: -4194304, max: 4194304 }), fc.constantFrom(0, -4194304, 4194304));
const matrices = fc
  .tuple(...Array.from({ length: 12 }, (_, i) => (i % 4 === 3 ? offset : gain)))
  .map((values) => values as unknown as ColorMatrix);
const IDENTITY: ColorMatrix = [4096, 0, 0, 0, 0, 4096, 0, 0, 0, 0, 4096, 0];
/** Twelve different numbers, so that none can stand for another. */
const MIXED: ColorMatrix = [1700, 2900, -450, 40_000, -300, 3500, 800, -90_000, 1200, -2100, 4700, 123_456];

function byReference(data: Uint8Array, matrix: ColorMatrix): Uint8Array {
  const copy = data.slice();
  reference(copy, data.length / 4, matrix);
  return copy;
}
describe.each(BUILDS)("matrix, %s", (_build, { instantiate, kernels }) => {
  function byWrapper(data: Uint8Array, matrix: ColorMatrix): Uint8Array {
    const copy = data.slice();
    kernels.matrix(copy, matrix);
    return copy;
  }

  test.each(TAILS)("equals the reference for %i px", (count) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: count * 4, maxLength: count * 4 }), matrices, (data, matrix) => {
        expect(byWrapper(data, matrix)).toEqual(byReference(data, matrix));
      }),
      { numRuns: 100 },
    );
  });

  test("the kernel leaves the bytes behind its pixels alone", () => {
    const wasm = instantiate();
    const at = wasm.reserve(64);
    const coefficients = wasm.reserve(48);
    const memory = new Uint8Array(wasm.memory.buffer);
    memory.fill(0xa5, at, at + 64);
    memory.set(new Uint8Array(Int32Array.from(MIXED).buffer), coefficients);
    wasm.matrix(at, 5, coefficients);
    expect(memory.slice(at + 20, at + 64)).toEqual(new Uint8Array(44).fill(0xa5));
  });

  test("is the documented formula in exact arithmetic", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), matrices, (data, matrix) => {
        const result = byWrapper(data, matrix);
        const m = matrix.map(BigInt);
        for (let i = 0; i < 16; i += 4) {
          const [r, g, b] = [0, 1, 2].map((c) => BigInt(data[i + c]!)) as [bigint, bigint, bigint];
          for (let c = 0; c < 3; c++) {
            const level = (m[4 * c]! * r + m[4 * c + 1]! * g + m[4 * c + 2]! * b + m[4 * c + 3]! + 2048n) >> 12n;
            expect(result[i + c]).toBe(level < 0n ? 0 : level > 255n ? 255 : Number(level));
          }
          expect(result[i + 3]).toBe(data[i + 3]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the identity changes no value of any channel", () => {
    const data = new Uint8Array(256 * 4);
    for (let i = 0; i < 256; i++) data.set([i, 255 - i, i ^ 85, (i * 7) & 255], i * 4);
    expect(byWrapper(data, IDENTITY)).toEqual(data);
  });

  test("works through several bands and in a view that starts at an odd byte", () => {
    const buffer = noise(90_001 * 4 + 8);
    const view = buffer.subarray(5, 5 + 90_001 * 4);
    const want = byReference(view, MIXED);
    kernels.matrix(view, MIXED);
    expect(Buffer.compare(view, want)).toBe(0);
    expect(buffer.slice(0, 5)).toEqual(noise(5));
    expect(buffer.slice(-3)).toEqual(noise(buffer.length).slice(-3));
  });

  const wrong = (at: number, value: number) => IDENTITY.map((kept, i) => (i === at ? value : kept)) as unknown as ColorMatrix;
  test.each([
    ["data", 7, IDENTITY],
    ["matrix[1]", 8, wrong(1, 32769)],
    ["matrix[10]", 8, wrong(10, -32769)],
    ["matrix[7]", 8, wrong(7, 4194305)],
    ["matrix[0]", 8, wrong(0, 0.5)],
    ["matrix[0]", 8, wrong(0, Number.NaN)],
  ] as const)("refuses a wrong %s", (name, bytes, matrix) => {
    expect(() => kernels.matrix(new Uint8Array(bytes), matrix)).toThrow(
      expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining(`${name}:`) }),
    );
  });
});
