import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composite as reference } from "../../src/kernels/reference/composite.ts";
import { noise } from "../support/noise.ts";
import { BUILDS, TAILS } from "./pixels-module.ts";

const byte = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 255 }) }, fc.constantFrom(0, 1, 127, 128, 254, 255));
const pixels = (count: number) =>
  fc.array(byte, { minLength: count * 4, maxLength: count * 4 }).map((bytes) => Uint8Array.from(bytes));

function byReference(dst: Uint8Array, src: Uint8Array, opacity: number): Uint8Array {
  const copy = dst.slice();
  reference(copy, src, dst.length / 4, opacity);
  return copy;
}

/** numerator / denominator to the nearest integer, halves up. */
const round = (numerator: bigint, denominator: bigint) => Number((2n * numerator + denominator) / (2n * denominator));

/** One pixel by the definition of source-over in rationals; only opacity × alpha is rounded before. */
function exact(dst: ArrayLike<number>, src: ArrayLike<number>, opacity: number): number[] {
  const s = BigInt(round(BigInt(src[3]! * opacity), 255n));
  const d = BigInt(dst[3]!);
  const n = 255n * s + d * (255n - s); // the result's alpha × 255²
  if (n === 0n) return Array.from(dst);
  const color = [0, 1, 2].map((c) => round(BigInt(src[c]!) * s * 255n + BigInt(dst[c]!) * d * (255n - s), n));
  return [...color, round(n, 255n)];
}

describe.each(BUILDS)("composite kernel, %s", (_build, { instantiate }) => {
  /** `src` over a copy of `dst` by the kernel itself, with guard bytes after both. */
  function byKernel(dst: Uint8Array, src: Uint8Array, opacity: number): Uint8Array {
    const wasm = instantiate();
    const at = wasm.reserve(dst.length + 16);
    const from = wasm.reserve(src.length + 16);
    const memory = new Uint8Array(wasm.memory.buffer);
    memory.fill(0xa5, at, from + src.length + 16);
    memory.set(dst, at);
    memory.set(src, from);
    wasm.composite(at, from, dst.length / 4, opacity);
    expect(memory.slice(at + dst.length, at + dst.length + 16)).toEqual(new Uint8Array(16).fill(0xa5));
    expect(Buffer.compare(memory.subarray(from, from + src.length), src)).toBe(0); // toEqual takes seconds at 64 Ki px
    return memory.slice(at, at + dst.length);
  }

  test.each(TAILS)("equals the reference for %i px and leaves the rest alone", (count) => {
    fc.assert(
      fc.property(pixels(count), pixels(count), byte, (dst, src, opacity) => {
        expect(byKernel(dst, src, opacity)).toEqual(byReference(dst, src, opacity));
      }),
      { numRuns: 60 },
    );
  });

  test("equals the reference for every pair of alphas", () => {
    const count = 256 * 256;
    const dst = noise(count * 4, 1);
    const src = noise(count * 4, 2);
    for (let i = 0; i < count; i++) {
      dst[i * 4 + 3] = i & 255;
      src[i * 4 + 3] = i >> 8;
    }
    for (const opacity of [0, 1, 128, 255]) {
      expect(Buffer.compare(byKernel(dst, src, opacity), byReference(dst, src, opacity))).toBe(0);
    }
  });

  test("equals the reference where all alphas meet colors at the ends of the scale", () => {
    const levels = [0, 1, 127, 128, 253, 254, 255];
    const count = 256 * 256;
    const dst = new Uint8Array(count * 4);
    const src = new Uint8Array(count * 4);
    for (const [shift, above] of levels.entries()) {
      for (let i = 0; i < count; i++) {
        dst.set([levels[(i + shift) % 7]!, levels[(i * 3 + shift) % 7]!, levels[(i * 5 + shift) % 7]!, i & 255], i * 4);
        src.set([above, levels[(i >> 8) % 7]!, 255 - above, i >> 8], i * 4);
      }
      expect(Buffer.compare(byKernel(dst, src, 255), byReference(dst, src, 255))).toBe(0);
    }
  });

  // Vectors take a shortcut where all their pixels are alike
  test.each([0, 1, 102, 254, 255])(
    "equals the reference over runs of clear, opaque and translucent pixels at opacity %i",
    (opacity) => {
      const count = 4000;
      const dst = noise(count * 4, 11);
      const src = noise(count * 4, 12);
      const lengths = noise(count, 13);
      for (const [data, step] of [
        [dst, 5],
        [src, 7],
      ] as const) {
        for (let i = 0, run = step; i < count; run += step) {
          const alpha = [0, 255, lengths[run % count]!][lengths[(run + 1) % count]! % 3]!;
          for (const end = i + (lengths[(run + 2) % count]! % 20) + 1; i < end && i < count; i++) data[i * 4 + 3] = alpha;
        }
      }
      expect(Buffer.compare(byKernel(dst, src, opacity), byReference(dst, src, opacity))).toBe(0);
    },
  );

  test("is source-over in exact arithmetic, rounded to nearest", () => {
    fc.assert(
      fc.property(pixels(4), pixels(4), byte, (dst, src, opacity) => {
        const result = byKernel(dst, src, opacity);
        for (let i = 0; i < 16; i += 4) {
          expect(Array.from(result.subarray(i, i + 4))).toEqual(exact(dst.subarray(i, i + 4), src.subarray(i, i + 4), opacity));
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each(TAILS)("isClear finds a visible pixel at every place of %i", (count) => {
    const wasm = instantiate();
    const at = wasm.reserve(count * 4 + 16);
    const memory = new Uint8Array(wasm.memory.buffer);
    const visible = Array.from({ length: count + 1 }, (_, i) => {
      for (let p = 0; p < count + 4; p++) memory.set([255, 255, 255, p < count && p !== i ? 0 : 1], at + p * 4);
      return wasm.isClear(at, count);
    });
    expect(visible).toEqual([...Array<number>(count).fill(0), 1]); // the last: none, and what lies behind does not count
  });

  test("at opacity 0 changes nothing", () => {
    fc.assert(
      fc.property(pixels(5), pixels(5), (dst, src) => {
        expect(byKernel(dst, src, 0)).toEqual(dst);
      }),
    );
  });

  test("an opaque source at opacity 255 replaces what is below", () => {
    fc.assert(
      fc.property(pixels(5), pixels(5), (dst, src) => {
        for (let i = 3; i < src.length; i += 4) src[i] = 255;
        expect(byKernel(dst, src, 255)).toEqual(src);
      }),
    );
  });

  // biome-ignore format: one row per case
  test.each([
    ["over nothing it is the source",       [9, 8, 7, 0],         [200, 100, 50, 80],  255, [200, 100, 50, 80]],
    ["over nothing opacity still counts",   [9, 8, 7, 0],         [200, 100, 50, 80],  128, [200, 100, 50, 40]],
    ["nothing over nothing keeps the color",[9, 8, 7, 0],         [200, 100, 50, 0],   255, [9, 8, 7, 0]],
    ["half over opaque is the middle",      [0, 100, 255, 255],   [255, 200, 0, 128],  255, [128, 150, 127, 255]],
    ["half over half",                      [0, 0, 0, 128],       [255, 255, 255, 128],255, [170, 170, 170, 192]],
    ["opacity takes part of an opaque mark",[10, 20, 30, 255],    [110, 120, 130, 255], 51, [30, 40, 50, 255]],
  ])("%s", (_name, dst, src, opacity, expected) => {
    expect(Array.from(byKernel(Uint8Array.from(dst), Uint8Array.from(src), opacity))).toEqual(expected);
  });
});

describe.each(BUILDS)("Kernels.composite, %s", (_build, { kernels }) => {
  /** Row by row with the reference. */
  function expected(
    target: Uint8Array,
    targetStride: number,
    mark: Uint8Array,
    markStride: number,
    width: number,
    rows: number,
  ) {
    const copy = target.slice();
    for (let y = 0; y < rows; y++) reference(copy.subarray(y * targetStride), mark.subarray(y * markStride), width, 177);
    return copy;
  }

  // biome-ignore format: one row per case
  test.each([
    ["one pixel",                             1,     1,   0, 0],
    ["packed rows, several bands",            301,   140, 0, 0],
    ["a target wider than the mark",          97,    230, 4, 0],
    ["strides that are no multiple of 4",     97,    230, 3, 5],
    ["rows longer than a band",               40000, 3,   8, 0],
  ])("%s", (_name, width, rows, targetGap, markGap) => {
    const targetStride = width * 4 + targetGap;
    const markStride = width * 4 + markGap;
    const target = noise(rows * targetStride, 3);
    const mark = noise(rows * markStride, 4);
    const want = expected(target, targetStride, mark, markStride, width, rows);
    kernels.composite(target, targetStride, mark, markStride, width, rows, 177);
    expect(Buffer.compare(target, want)).toBe(0);
  });

  test("draws inside a larger picture through a subarray and touches nothing around it", () => {
    const target = noise(20 * 10 * 4, 5);
    const mark = noise(6 * 4 * 4 + 3, 6).subarray(3); // byteOffset 3
    const start = (3 * 20 + 13) * 4;
    const want = target.slice();
    for (let y = 0; y < 4; y++) reference(want.subarray(start + y * 80), mark.subarray(y * 24), 6, 255);
    kernels.composite(target.subarray(start, start + 3 * 80 + 24), 80, mark, 24, 6, 4, 255);
    expect(target).toEqual(want);
  });

  test("draws bands of which one is clear", () => {
    const width = 500;
    const rows = 150; // several bands
    const target = noise(width * rows * 4, 8);
    const mark = noise(width * rows * 4, 9);
    for (let i = 0; i < width * 90; i++) mark[i * 4 + 3] = 0;
    const want = expected(target, width * 4, mark, width * 4, width, rows);
    kernels.composite(target, width * 4, mark, width * 4, width, rows, 177);
    expect(Buffer.compare(target, want)).toBe(0);
  });

  test("does nothing for no rows or no columns", () => {
    const target = noise(16);
    kernels.composite(target, 16, new Uint8Array(0), 0, 0, 4, 255);
    kernels.composite(target, 16, new Uint8Array(0), 16, 4, 0, 255);
    expect(target).toEqual(noise(16));
  });

  // biome-ignore format: one row per case
  test.each([
    ["target",       15, 16, 16, 16, 255],
    ["markStride",   16, 16, 16, 15, 255],
    ["mark",         16, 16, 15, 16, 255],
    ["opacity",      16, 16, 16, 16, 256],
    ["opacity",      16, 16, 16, 16, 0.5],
    ["opacity",      16, 16, 16, 16, Number.NaN],
  ])("refuses a wrong %s", (name, targetBytes, targetStride, markBytes, markStride, opacity) => {
    expect(() =>
      kernels.composite(new Uint8Array(targetBytes), targetStride, new Uint8Array(markBytes), markStride, 4, 1, opacity),
    ).toThrow(expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining(`${name}:`) }));
  });
});
