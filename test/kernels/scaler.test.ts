import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KernelFilter } from "../../src/core/filters.ts";
import { resize as reference } from "../../src/kernels/reference/resize.ts";
import { type ScaleAxis, type ScaleOptions, type ScalePlane, scaleBytes } from "../../src/kernels/resize/scaler.ts";
import { noise } from "../support/noise.ts";
import { createInstance, PLAIN, SHARED, scaleAll, scaleOne, whole } from "./resize-module.ts";

const FILTERS: readonly KernelFilter[] = ["lanczos3", "cubic", "mitchell", "triangle", "box", "nearest"];
const MODES = [
  { channels: 1, linear: false, alpha: false },
  { channels: 4, linear: false, alpha: false },
  { channels: 4, linear: false, alpha: true },
  { channels: 1, linear: true, alpha: false },
  { channels: 4, linear: true, alpha: false },
  { channels: 4, linear: true, alpha: true },
] as const;

/** Noise of extremes and of all values; a third of the alphas are 0, a third 255. */
function samples({ channels, x, y }: ScalePlane, seed: number): Uint8Array {
  const data = noise(x.source * y.source * channels, seed);
  return data.map((value, i) => {
    if (channels === 4 && i % 4 === 3) return [0, 255, value][value % 3]!;
    return seed % 2 === 0 ? value : value & 1 ? 255 : 0;
  });
}

/** Both builds and the twin agree on a plane that comes in pieces. */
function expectEqual(plane: ScalePlane, options: ScaleOptions, seed: number, pieces: readonly number[]): void {
  const data = samples(plane, seed);
  const wanted = reference(data, plane, options);
  expect(wanted.length).toBe(plane.x.output * plane.y.output * plane.channels);
  for (const instance of [SHARED.simd, SHARED.scalar]) {
    expect(scaleOne(instance, data, plane, options, pieces)).toEqual(wanted);
  }
}

describe.each(MODES)("channels $channels, linear $linear, alpha $alpha", ({ channels, linear, alpha }) => {
  test.each(FILTERS)("both builds equal the reference with %s at every tail", (filter) => {
    for (let n = 1; n <= 40; n++) {
      const plane = { channels, x: whole(n, ((n * 7) % 40) + 1), y: whole(((n * 11) % 40) + 1, n) };
      expectEqual(plane, { filter, linear, alpha }, n, [1, 3, 16]);
    }
  });

  test("both builds equal the reference in windows of any fraction", () => {
    const axis = fc
      .record({
        source: fc.integer({ min: 1, max: 50 }),
        output: fc.integer({ min: 1, max: 40 }),
        by: fc.constantFrom(1, 2, 3, 4, 8),
        from: fc.double({ min: 0, max: 0.99, noNaN: true }),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ source, output, by, from, part }): ScaleAxis => {
        const start = Math.floor(source * by * from);
        return { source, output, by, start, length: Math.max(1, Math.floor((source * by - start) * part)) };
      });
    const pieces = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 });
    const property = fc.property(axis, axis, fc.constantFrom(...FILTERS), fc.nat(99), pieces, (x, y, filter, seed, split) =>
      expectEqual({ channels, x, y }, { filter, linear, alpha }, seed, split),
    );
    fc.assert(property, { numRuns: 60 });
  });

  test("both builds equal the reference where blocks are averaged first", () => {
    for (const [x, y] of [
      [whole(1000, 3), whole(5, 9)],
      [whole(7, 5), whole(601, 2)],
      [whole(500, 10), whole(151, 3)],
      [{ source: 700, output: 3, start: 411, length: 1999, by: 4 }, whole(9, 4)],
    ] as const) {
      for (const filter of FILTERS) expectEqual({ channels, x, y }, { filter, linear, alpha }, 3, [1, 7, 40]);
    }
  });
});

describe("what comes out", () => {
  test.each(FILTERS)("a picture of its own size is kept to the byte with %s, but for the blur that mitchell is", (filter) => {
    const plane = { channels: 4, x: whole(37, 37), y: whole(23, 23) } as const;
    const data = samples(plane, 2);
    const same = scaleOne(SHARED.simd, data, plane, { ...PLAIN, filter });
    if (filter === "mitchell") expect(same).not.toEqual(data);
    else expect(same).toEqual(data);
  });

  test("a whole window at whole samples is cut out to the byte", () => {
    const x = { source: 41, output: 20, start: 3 * 4, length: 20 * 4, by: 4 };
    const y = { source: 33, output: 11, start: 7, length: 11, by: 1 };
    const data = samples({ channels: 1, x, y }, 4);
    const cut = Array.from({ length: 20 * 11 }, (_, i) => data[(7 + Math.floor(i / 20)) * 41 + 3 + (i % 20)]);
    expect([...scaleOne(SHARED.simd, data, { channels: 1, x, y }, PLAIN)]).toEqual(cut);
  });

  test.each(FILTERS)("samples outside the window do not matter with %s", (filter) => {
    const x = { source: 60, output: 9, start: 43, length: 83, by: 4 }; // 10.75 .. 31.5
    const y = { source: 50, output: 31, start: 21, length: 51, by: 2 }; // 10.5 .. 36
    const data = samples({ channels: 1, x, y }, 6);
    const other = data.map((value, i) => {
      const [column, row] = [i % 60, Math.floor(i / 60)];
      return column >= 10 && column < 32 && row >= 10 && row < 36 ? value : 255 - value;
    });
    const options = { ...PLAIN, filter };
    const [a, b] = [data, other].map((pixels) => scaleOne(SHARED.simd, pixels, { channels: 1, x, y }, options));
    expect(a).toEqual(b);
  });

  test.each(FILTERS)("every flat color stays what it is with %s", (filter) => {
    for (const [from, to] of [
      [100, 33],
      [33, 100],
      [999, 2],
    ] as const) {
      for (const color of [0, 1, 127, 254, 255]) {
        for (const linear of [false, true]) {
          const plane = { channels: 1, x: whole(from, to), y: whole(to + 3, 5) } as const;
          const flat = new Uint8Array(from * (to + 3)).fill(color);
          expect(new Set(scaleOne(SHARED.simd, flat, plane, { filter, linear, alpha: false }))).toEqual(new Set([color]));
        }
      }
    }
  });

  test.each(FILTERS.filter((filter) => filter !== "box" && filter !== "nearest"))(
    "a mirrored picture gives the mirrored result with %s",
    (filter) => {
      for (const [from, to] of [
        [64, 24],
        [20, 47],
      ] as const) {
        const plane = { channels: 1, x: whole(from, to), y: whole(3, 3) } as const;
        const data = samples(plane, 8);
        const mirror = (pixels: Uint8Array, width: number) =>
          pixels.map((_, i) => pixels[i - (i % width) + width - 1 - (i % width)]!);
        const options = { ...PLAIN, filter };
        const [one, other] = [data, mirror(data, from)].map((pixels) => scaleOne(SHARED.simd, pixels, plane, options));
        expect(mirror(other!, to)).toEqual(one);
      }
    },
  );

  test("the color of clear pixels does not show, and clear results are 0", () => {
    const plane = { channels: 4, x: whole(40, 13), y: whole(40, 13) } as const;
    const data = samples(plane, 10).map((value, i) => (i % 4 === 3 && i % 160 >= 80 ? 0 : value));
    const painted = data.map((value, i) => (i % 4 !== 3 && data[i - (i % 4) + 3] === 0 ? 255 - value : value));
    const options = { ...PLAIN, alpha: true };
    const [one, other] = [data, painted].map((pixels) => scaleOne(SHARED.simd, pixels, plane, options));
    expect(one).toEqual(other);
    const clear = one!.filter((_, i) => one![i - (i % 4) + 3] === 0);
    expect(clear.length).toBeGreaterThan(40);
    expect(new Set(clear)).toEqual(new Set([0]));
  });

  test("color under almost no alpha is kept", () => {
    const plane = { channels: 4, x: whole(16, 7), y: whole(16, 7) } as const;
    for (const [a, tolerance] of [
      [1, 3],
      [2, 2],
      [9, 1],
    ] as const) {
      const data = Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) => [250, 130, 20, a][i % 4]!);
      const result = scaleOne(SHARED.simd, data, plane, { ...PLAIN, alpha: true });
      result.forEach((value, i) => {
        expect(Math.abs(value - [250, 130, 20, a][i % 4]!)).toBeLessThanOrEqual(i % 4 === 3 ? 0 : tolerance);
      });
    }
  });

  test("half black and half white is 188 in linear light and 128 in levels, alpha is never in light", () => {
    const plane = { channels: 4, x: whole(64, 1), y: whole(2, 1) } as const;
    const data = Uint8Array.from({ length: 64 * 2 * 4 }, (_, i) => ((i >> 2) & 1 ? 255 : 0));
    const opaque = data.map((value, i) => (i % 4 === 3 ? 255 : value));
    const box = { filter: "box", linear: true, alpha: false } as const;
    expect([...scaleOne(SHARED.simd, data, plane, box)]).toEqual([188, 188, 188, 128]);
    expect([...scaleOne(SHARED.simd, opaque, plane, { ...box, alpha: true })]).toEqual([188, 188, 188, 255]);
    expect([...scaleOne(SHARED.simd, opaque, plane, { ...box, linear: false })]).toEqual([128, 128, 128, 255]);
  });

  test("each level survives linear light", () => {
    const levels = Uint8Array.from({ length: 256 }, (_, i) => i);
    const plane = { channels: 1, x: whole(256, 256), y: whole(1, 1) } as const;
    expect(scaleOne(SHARED.simd, levels, plane, { ...PLAIN, linear: true })).toEqual(levels);
  });
});

describe("streams", () => {
  const planes = [
    { channels: 1, x: whole(120, 37), y: whole(90, 41) },
    { channels: 1, x: { source: 60, output: 19, start: 0, length: 239, by: 4 }, y: whole(45, 21) },
    { channels: 1, x: { source: 60, output: 19, start: 0, length: 239, by: 4 }, y: whole(45, 21) },
  ] as const;
  const sources = planes.map((plane, i) => ({ ...plane, data: samples(plane, 20 + i) }));

  test("planes of one run are what each is alone, in whatever pieces rows come", () => {
    const alone = sources.map((plane) => scaleOne(createInstance("simd"), plane.data, plane, PLAIN, [1000]));
    for (const pieces of [[1], [2], [8], [16], [17, 1, 5], [64], [1000]]) {
      expect(scaleAll(SHARED.simd, sources, PLAIN, pieces)).toEqual(alone);
    }
  });

  test("rows are copied at once", () => {
    const [plane] = sources;
    const run = SHARED.simd.api.begin([plane!], PLAIN);
    const row = new Uint8Array(120);
    for (let y = 0; y < 90; y++) {
      row.set(plane!.data.subarray(y * 120, (y + 1) * 120));
      run.write(0, row);
      row.fill(77);
    }
    expect(run.end()).toEqual([scaleOne(SHARED.scalar, plane!.data, plane!, PLAIN)]);
  });

  test("rows after the last are passed over", () => {
    const [plane] = sources;
    const wanted = scaleOne(SHARED.simd, plane!.data, plane!, PLAIN);
    const run = SHARED.simd.api.begin([plane!], PLAIN);
    run.write(0, plane!.data);
    run.write(0, new Uint8Array(120 * 40).fill(9));
    expect(run.end()).toEqual([wanted]);
  });

  test("missing rows are CORRUPT_IMAGE, and the instance serves the next run", () => {
    const run = SHARED.simd.api.begin(sources, PLAIN);
    run.write(0, sources[0]!.data);
    run.write(1, sources[1]!.data);
    run.write(2, sources[2]!.data.subarray(0, 60 * 44));
    expect(() => run.end()).toThrow(expect.objectContaining({ code: "CORRUPT_IMAGE" }));
    expect(scaleAll(SHARED.simd, sources, PLAIN)).toEqual(scaleAll(SHARED.scalar, sources, PLAIN));
  });

  test.each([
    { source: 0, output: 1, start: 0, length: 1, by: 1 },
    { source: 5, output: 0, start: 0, length: 5, by: 1 },
    { source: 5, output: 2, start: 5, length: 1, by: 1 },
    { source: 5, output: 2, start: -1, length: 5, by: 1 },
    { source: 5, output: 2, start: 0, length: 2.5, by: 1 },
    { source: 5, output: 2, start: 0, length: Number.NaN, by: 1 },
  ])("refuses an axis that is none: %o", (axis) => {
    expect(() => SHARED.simd.api.begin([{ channels: 1, x: axis, y: whole(3, 3) }], PLAIN)).toThrow(
      expect.objectContaining({ code: "INTERNAL" }),
    );
  });
});

describe("extremes", () => {
  test.each(FILTERS)("30,000 samples to one, and one to 16,384, with %s", (filter) => {
    const options = { ...PLAIN, filter };
    const ramp = Uint8Array.from({ length: 30_000 * 2 }, (_, i) => ((i % 30_000) * 256) / 30_000);
    const [mean] = scaleOne(SHARED.simd, ramp, { channels: 1, x: whole(30_000, 1), y: whole(2, 1) }, options);
    expect(Math.abs(mean! - 127.5)).toBeLessThanOrEqual(1);
    const column = Uint8Array.from({ length: 30_000 }, (_, i) => (i * 256) / 30_000);
    const [down] = scaleOne(SHARED.simd, column, { channels: 1, x: whole(1, 1), y: whole(30_000, 1) }, options);
    expect(down).toBe(mean);
    for (const [x, y] of [
      [whole(1, 16_384), whole(1, 2)],
      [whole(1, 2), whole(1, 16_384)],
    ] as const) {
      const wide = scaleOne(SHARED.simd, Uint8Array.of(9, 99, 199, 255), { channels: 4, x, y }, options);
      expect(wide.length).toBe(16_384 * 2 * 4);
      expect(new Set(wide)).toEqual(new Set([9, 99, 199, 255]));
    }
  });

  test("many rows to few hold a window of memory, not the picture", () => {
    const plane = { channels: 4, x: whole(1000, 250), y: whole(8000, 2000) } as const;
    const instance = createInstance("simd");
    const run = instance.api.begin([plane], PLAIN);
    const rows = new Uint8Array(1000 * 4 * 16).fill(200);
    for (let y = 0; y < 8000; y += 16) run.write(0, rows);
    expect(new Set(run.end()[0])).toEqual(new Set([200]));
    expect(instance.memoryBytes()).toBeLessThan(3_000_000); // 2,000,000 of output; the picture has 32,000,000
  });

  test("scaleBytes bounds what is held, and is not far above it", () => {
    const sizes = fc.constantFrom(1, 2, 15, 64, 100, 333, 1024, 3000);
    const plane = fc.record({
      from: sizes,
      to: sizes,
      rows: sizes,
      height: sizes,
      channels: fc.constantFrom(1 as const, 4 as const),
    });
    const one = fc.tuple(
      fc.array(plane, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...FILTERS),
      fc.boolean(),
      fc.boolean(),
    );
    const property = fc.property(one, ([list, filter, linear, alpha]) => {
      const planes = list.map(({ from, to, rows, height, channels }) => ({
        channels,
        x: whole(from, to),
        y: whole(rows, Math.min(height, 500)),
      }));
      const options = { filter, linear, alpha };
      const instance = createInstance("simd");
      instance.api.begin(planes, options);
      const outputs = planes.reduce((sum, { channels, x, y }) => sum + channels * x.output * y.output, 0);
      const held = instance.memoryBytes() + outputs;
      expect(scaleBytes(planes, options)).toBeGreaterThanOrEqual(held);
      expect(scaleBytes(planes, options)).toBeLessThan(held * 1.5 + 1_000_000);
    });
    fc.assert(property, { numRuns: 150 });
  });
});
