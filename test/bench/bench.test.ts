import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { fixture, testLibrary } from "../support/library.ts";
import { atBytes, bytesAt, bytesShare, interpolate, quantile, ratio, shrunk, spread, tilesFor } from "./arithmetic.mjs";
import { EFFECTS, effectsReference } from "./effects.mjs";
import { checkSettings } from "./encoders.mjs";
import { summaries } from "./fresh.mjs";
import { measureInterleaved } from "./interleaved.mjs";
import { loadPeers, type PeerRequest } from "./peers.mjs";
import { compare, lanczos, psnr, type Rgb, ssim } from "./quality.mjs";
import { count, table, writeRegions } from "./report.mjs";
import { mirrorTiles, SOURCES, sourceOf, toRgb } from "./sources.mjs";
import { type Figures, targetsOf } from "./targets.mjs";
import { FRESH_TASKS, TASKS } from "./tasks.mjs";

describe("statistics", () => {
  // biome-ignore format: one row per case
  test.each([
    ["an odd list",   [5, 1, 3],       { low: 2, middle: 3, high: 4 }],
    ["an even list",  [4, 1, 3, 2],    { low: 1.75, middle: 2.5, high: 3.25 }],
    ["one figure",    [7],             { low: 7, middle: 7, high: 7 }],
    ["an outlier",    [1, 1, 1, 1000], { low: 1, middle: 1, high: 250.75 }],
  ])("spread of %s", (_name, list, expected) => {
    expect(spread(list)).toEqual(expected);
  });
  test("nothing has no quantile", () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
  test("a ratio pairs what ran in one round", () => {
    // The machine was ten times slower in the second round: twice as fast all the same
    expect(ratio([10, 100, 12], [20, 200, 24]).middle).toBeCloseTo(0.5, 12);
    // The ratio of the medians would be 1
    expect(ratio([10, 20, 30], [40, 10, 20])).toEqual({ low: 0.875, middle: 1.5, high: 1.75 });
    expect(() => ratio([1], [1, 2])).toThrow(RangeError);
  });
});

describe("curves", () => {
  const line = [
    [10, 100],
    [0, 0],
    [30, 200],
  ] as const;
  // biome-ignore format: one row per case
  test.each([[0, 0], [5, 50], [10, 100], [20, 150], [30, 200], [-1, undefined], [31, undefined]])(
    "interpolate at %d", (x, expected) => {
      expect(interpolate(line, x)).toBe(expected);
    });

  const sweep = [
    { bytes: 1000, ssim: 0.8 },
    { bytes: 4000, ssim: 0.9 },
    { bytes: 16_000, ssim: 0.95 },
  ];
  test("quality is read on the logarithm of bytes, and back", () => {
    expect(atBytes(sweep, "ssim", 2000)).toBeCloseTo(0.85, 12);
    expect(bytesAt(sweep, "ssim", 0.85)).toBeCloseTo(2000, 6);
    expect(atBytes(sweep, "ssim", 999)).toBeUndefined();
    expect(bytesAt(sweep, "ssim", 0.99)).toBeUndefined();
  });
  test("an encoder that needs a fifth less has a share of 0.8", () => {
    const better = sweep.map(({ bytes, ssim }) => ({ bytes: bytes * 0.8, ssim }));
    expect(bytesShare(better, sweep, "ssim")).toBeCloseTo(0.8, 12);
    expect(bytesShare(sweep, sweep, "ssim")).toBeCloseTo(1, 12);
    expect(bytesShare([{ bytes: 1, ssim: 0.1 }], sweep, "ssim")).toBeUndefined();
  });
});

describe("recipes", () => {
  // biome-ignore format: one row per case
  test.each([
    ["four copies of 6 MP",        2725, 2225, 24e6, { columns: 2, rows: 2 }],
    ["twelve copies of 2 MP",      1920, 1080, 24e6, { columns: 3, rows: 4 }],
    ["a large picture as it is",   6000, 4000, 24e6, { columns: 1, rows: 1 }],
  ])("%s", (_name, width, height, minPixels, expected) => {
    const tiles = tilesFor({ width, height }, minPixels);
    expect(tiles).toEqual(expected);
    expect(tiles.columns * tiles.rows * width * height).toBeGreaterThanOrEqual(minPixels);
  });
  test("no side is longer than asked for, where that can be", () => {
    // 17 copies would do, but only in one row or column
    expect(tilesFor({ width: 2725, height: 2225 }, 100e6, 16_384)).toEqual({ columns: 3, rows: 6 });
    expect(tilesFor({ width: 2725, height: 2225 }, 100e6)).toEqual({ columns: 1, rows: 17 });
    expect(tilesFor({ width: 9000, height: 20 }, 1e6, 400)).toEqual({ columns: 2, rows: 3 });
  });
  test("copies are mirrored at every seam", () => {
    const picture = { data: Uint8Array.from({ length: 3 * 2 * 3 }, (_, i) => i * 7), width: 3, height: 2 };
    const tiled = mirrorTiles(picture, 3 * 2 * 4);
    expect([tiled.width, tiled.height]).toEqual([6, 4]);
    const at = ({ data, width }: Rgb, x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 6; x++) expect(at(tiled, x, y)).toEqual(at(picture, x < 3 ? x : 5 - x, y < 2 ? y : 3 - y));
    }
  });
  // biome-ignore format: one row per case
  test.each([
    ["a landscape",      2725, 2225, 720, { width: 720, height: 588 }],
    ["a narrower one",   500,  300,  720, { width: 500, height: 300 }],
    ["a thread",         9000, 2,    720, { width: 720, height: 1 }],
  ])("size of %s", (_name, width, height, wanted, expected) => {
    expect(shrunk({ width, height }, wanted)).toEqual(expected);
  });
  test("every task has a source, a name of its own, opalens first, and every peer it is to be measured against", () => {
    for (const tasks of [TASKS, FRESH_TASKS]) {
      expect(new Set(tasks.map(({ title }) => title)).size).toBe(tasks.length);
      for (const { source, contenders, targets, fidelity } of tasks) {
        expect(Object.keys(SOURCES)).toContain(source);
        expect(contenders[0]?.engine).toBe("opalens");
        const labels = contenders.map(({ label }) => label);
        expect(labels).toEqual(
          expect.arrayContaining([...Object.keys(targets), ...(fidelity === undefined ? [] : [fidelity])]),
        );
      }
    }
    expect(TASKS.every(({ targets }) => Object.keys(targets).length > 0)).toBe(true);
  });
  test("made sources are what their tasks are named after", async () => {
    const picture = await fixture("road.jpg");
    const described = async (name: string) => {
      const { format, width, height, hasAlpha } = await sharp(await sourceOf(name, picture)).metadata();
      return [format, width, height, hasAlpha];
    };
    expect(await described("webp")).toEqual(["webp", 1920, 1080, false]);
    expect(await described("alpha")).toEqual(["png", 2048, 1536, true]);
    expect(await described("effects")).toEqual(["jpeg", 1600, 1200, false]);
    const { channels } = await sharp(await sourceOf("alpha", picture)).stats();
    expect([channels[3]?.min, channels[3]?.max]).toEqual([0, 255]);
  });
});

describe("quality", () => {
  test("psnr: one step everywhere is 48.13 dB, the whole range 0 dB", () => {
    expect(psnr([10, 20, 30], [11, 19, 31])).toBeCloseTo(20 * Math.log10(255), 10);
    expect(psnr([0, 0], [255, 255])).toBe(0);
    expect(psnr([1, 2], [1, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(() => psnr([1], [1, 2])).toThrow(RangeError);
  });

  const flat = (value: number, size: number) => new Float64Array(size * size).fill(value);
  test("ssim of flat pictures is its luminance term", () => {
    const c1 = (0.01 * 255) ** 2;
    const expected = (2 * 100 * 120 + c1) / (100 * 100 + 120 * 120 + c1);
    expect(ssim(flat(100, 16), flat(120, 16), 16, 16)).toBeCloseTo(expected, 6);
    expect(ssim(flat(100, 16), flat(100, 16), 16, 16)).toBeCloseTo(1, 12);
  });
  test("ssim of one window follows the formula on weighted moments", () => {
    const a = Float64Array.from({ length: 121 }, (_, i) => (i * 37) % 251);
    const b = Float64Array.from({ length: 121 }, (_, i) => (i * 91 + 13) % 241);
    expect(ssim(a, b, 11, 11)).toBeCloseTo(oneWindow(a, b), 10);
    expect(ssim(b, a, 11, 11)).toBeCloseTo(oneWindow(a, b), 10);
  });
  test("ssim refuses what holds no window", () => {
    expect(() => ssim(flat(1, 10), flat(1, 10), 10, 10)).toThrow(RangeError);
    expect(() => ssim(flat(1, 16), flat(1, 16), 16, 17)).toThrow(RangeError);
  });

  test("a lower JPEG quality has fewer bytes and scores lower in everything", async () => {
    const reference = await toRgb(
      await sharp(await fixture("road.jpg"))
        .resize(240)
        .png()
        .toBuffer(),
    );
    const scores = await Promise.all([90, 70, 40].map((quality) => scoreAsJpeg(reference, quality)));
    for (const field of ["bytes", "psnrY", "psnrRgb", "ssim"] as const) {
      const values = scores.map((score) => score[field]);
      expect(values, field).toEqual([...values].sort((a, b) => b - a));
    }
    expect(scores[0]?.ssim).toBeLessThan(1);
    expect(() => compare({ ...reference, height: reference.height - 1 }, reference)).toThrow(RangeError);
  });

  test("lanczos agrees with libvips", async () => {
    const picture = await toRgb(await fixture("owl.jpg"));
    const { width, height } = shrunk(picture, 200);
    const raw = { raw: { width: picture.width, height: picture.height, channels: 3 as const } };
    const options = { kernel: "lanczos3", fit: "fill", fastShrinkOnLoad: false } as const;
    const data = await sharp(picture.data, raw).resize(width, height, options).raw().toBuffer();
    // libvips works with integer weights and positions rounded to 1/64 px
    expect(compare(lanczos(picture, { width, height }), { data, width, height }).psnrRgb).toBeGreaterThan(42);
  });
  test("lanczos keeps flat color, and a picture of the same size", () => {
    const color = {
      data: Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => [200, 30, 99][i % 3] ?? 0),
      width: 40,
      height: 30,
    };
    expect(lanczos(color, { width: 7, height: 5 }).data).toEqual(color.data.subarray(0, 7 * 5 * 3));
    const noise = { data: Uint8Array.from({ length: 9 * 8 * 3 }, (_, i) => (i * 89) % 256), width: 9, height: 8 };
    expect(lanczos(noise, noise).data).toEqual(noise.data);
  });
});

describe("effects", () => {
  test("both engines do what the reference does", async () => {
    const source = await sourceOf("effects", await fixture("road.jpg"));
    const reference = await effectsReference(source, { format: "png" });
    const peer = { transform: testLibrary().transform, sharp };
    const scoreOf = async (engine: "opalens" | "sharp") => {
      const { data } = (await EFFECTS[engine]?.[engine]?.(source, peer, { format: "png" })) ?? {};
      return compare(await toRgb(data ?? new Uint8Array()), reference);
    };
    expect((await scoreOf("opalens")).psnrRgb).toBeGreaterThan(55);
    expect((await scoreOf("sharp")).psnrRgb).toBeGreaterThan(43); // libvips ends its Gaussian where it has fallen to a fifth
  });
});

describe("encoders", () => {
  test("the settings listed here are those the engine writes with", async () => {
    const { transform } = testLibrary();
    const run = async (bytes: Uint8Array, { width, format, quality, options }: PeerRequest) => {
      const names = Object.entries({ w: width, format, q: quality, ...options }).filter(([, value]) => value !== undefined);
      return (await transform(bytes, names.map((pair) => pair.join("=")).join("&"))).data;
    };
    await checkSettings({ run }, await fixture("owl.jpg"), 160);
  });
  test("an engine that is not there is named, and why", async () => {
    const { peers, missing } = await loadPeers(["opalens", "sharp"], { dist: "/nowhere", formats: [], fetch: false });
    expect(Object.keys(peers)).toEqual(["sharp"]);
    expect(missing).toEqual([expect.stringMatching(/^opalens cannot be had .*npm run build/)]);
  });
});

describe("fresh processes", () => {
  test("ratios pair rounds; the net one leaves out what an empty process takes", () => {
    const times = (...list: number[]) => list.map((firstMs) => ({ firstMs, once: firstMs * 10, repeated: firstMs * 20 }));
    const [empty, own, peer] = summaries([
      { label: "empty process", found: times(40, 400, 40) },
      { label: "a", found: times(80, 800, 80) },
      { label: "b", found: times(120, 1200, 120) },
    ]);
    expect(empty?.ratio).toBeUndefined();
    expect(own?.ratio?.middle).toBe(1);
    expect(peer?.ratio?.high).toBeCloseTo(2 / 3, 12);
    expect(peer?.net).toBeCloseTo((80 - 40) / (120 - 40), 12);
    expect([peer?.onceBytes, peer?.repeatedBytes]).toEqual([1200, 2400]);
  });
});

describe("targets", () => {
  const row = (label: string, middle: number, psnrY = 40) => ({
    label,
    ratio: { low: middle, middle, high: middle },
    psnrY,
    psnrRgb: 40,
  });
  const verdicts = (figures: Figures) => targetsOf(figures).map(({ what, limit, reached, met }) => [what, limit, reached, met]);

  test("a ratio is met up to its limit; one without a figure is neither met nor missed", () => {
    const task = { title: "t", targets: { sharp: 0.6, other: 0.3, absent: 1 }, rows: [row("opalens", 1), row("sharp", 0.6)] };
    expect(verdicts({ tasks: [{ ...task, rows: [...task.rows, row("other", 0.31)] }] })).toEqual([
      ["time ÷ sharp", "≤ 0.60", "0.60", true],
      ["time ÷ other", "≤ 0.30", "0.31", false],
      ["time ÷ absent", "≤ 1.00", undefined, undefined],
    ]);
  });
  test("fidelity is that of the peer at least", () => {
    const task = { title: "t", targets: {}, fidelity: "sharp", rows: [row("opalens", 1, 36.2), row("sharp", 2, 36.4)] };
    expect(verdicts({ tasks: [task] })).toEqual([
      ["PSNR Y, sharp's", "≥ 36.40", "36.20", false],
      ["PSNR RGB, sharp's", "≥ 40.00", "40.00", true],
    ]);
  });
  test("memory is judged by the first answer, behind the empty process's row", () => {
    const peaks = (label: string, onceBytes: number) => ({ label, onceBytes });
    const rows = [peaks("empty process", 50e6), peaks("opalens", 111e6), peaks("sharp", 70e6)];
    expect(verdicts({ fresh: [{ title: "t", targets: {}, maxBytes: 110e6, rows }] })).toEqual([
      ["peak, MB", "≤ 110", "111", false],
    ]);
  });
  test("sizes of JPEG are read off the sweeps at equal quality; other formats are held to the SSIM", () => {
    const sweep = (label: string, share: number) => ({
      label,
      ssim: 0.95,
      points: [0.9, 0.95, 0.98].map((ssim, i) => ({
        quality: 70 + 10 * i,
        bytes: 1000 * 2 ** i * share,
        ssim,
        psnrY: 30 + i,
        psnrRgb: 30,
      })),
    });
    const mark = { label: "sharp", quality: 80, bytes: 2000, ssim: 0.95, psnrY: 31, psnrRgb: 30 };
    const rows = [sweep("opalens", 1.02), sweep("sharp", 1), sweep("alone: sharp", 1), sweep("alone: opalens", 1.05)];
    expect(verdicts({ quality: [{ format: "jpeg", mark, rows }] })).toEqual([
      ["share of bytes at equal SSIM", "≤ 1.030", "1.020", true],
      ["share of bytes at equal PSNR Y", "≤ 1.030", "1.020", true],
      ["share of bytes at equal SSIM", "≤ 1.030", "1.050", false],
      ["share of bytes at equal PSNR Y", "≤ 1.030", "1.050", false],
    ]);
    const lower = [{ ...sweep("opalens", 1), ssim: 0.9499 }];
    expect(verdicts({ quality: [{ format: "webp", mark, rows: lower }] })).toEqual([
      ["SSIM, sharp's", "≥ 0.9500", "0.9499", false],
    ]);
  });
});

describe("interleaved", () => {
  test("warms up, then turns the order round each time, and counts stages of measured rounds alone", async () => {
    const calls: string[] = [];
    const contender = (label: string, stage: number) => ({
      label,
      run: async () => {
        calls.push(label);
        return { data: new Uint8Array(4), timings: { decode: stage } };
      },
    });
    const bounds = { rounds: 3, minRounds: 1, warmUps: 1, budgetMs: 60_000 };
    const rows = await measureInterleaved([contender("a", 2), contender("b", 5)], bounds);
    expect(calls.join("")).toBe("ab" + "ab" + "ba" + "ab");
    expect(rows.map(({ label, rounds, stages }) => [label, rounds, stages])).toEqual([
      ["a", 3, { decode: 2 }],
      ["b", 3, { decode: 5 }],
    ]);
    expect(rows[0]?.ratio).toEqual({ low: 1, middle: 1, high: 1 });
  });
  test("ends at its budget, but not before the least number of rounds", async () => {
    const bounds = { rounds: 50, minRounds: 2, warmUps: 0, budgetMs: 0 };
    const [row] = await measureInterleaved([{ label: "a", run: async () => ({ data: new Uint8Array(1) }) }], bounds);
    expect(row?.rounds).toBe(2);
  });
  test("a result of another length is an error", async () => {
    let size = 0;
    const bounds = { rounds: 2, minRounds: 2, warmUps: 0, budgetMs: 0 };
    const growing = { label: "a", run: async () => ({ data: new Uint8Array(++size) }) };
    await expect(measureInterleaved([growing], bounds)).rejects.toThrow("results differ");
  });
});

describe("report", () => {
  test("regions are replaced, the rest stays, and a second time changes nothing", () => {
    const text = "# T\n<!-- bench a -->\nold\n<!-- /bench a -->\nbetween\n<!-- bench b -->\n<!-- /bench b -->\n";
    const once = writeRegions(text, { a: "new" });
    expect(once).toBe("# T\n<!-- bench a -->\n\nnew\n\n<!-- /bench a -->\nbetween\n<!-- bench b -->\n<!-- /bench b -->\n");
    expect(writeRegions(once, { a: "new" })).toBe(once);
    expect(() => writeRegions(text, { c: "" })).toThrow("no region");
  });
  test("table and count", () => {
    expect(table(["a", "b"], [["x", count(1_234_567)]])).toBe("| a | b |\n| --- | ---: |\n| x | 1,234,567 |");
    expect([count(999), count(1000), count(undefined)]).toEqual(["999", "1,000", "–"]);
  });
});

async function scoreAsJpeg(reference: Rgb, quality: number) {
  const { data, width, height } = reference;
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  return { bytes: bytes.length, ...compare(await toRgb(bytes), reference) };
}

/** SSIM of 11x11 samples, straight from the definition. */
function oneWindow(a: Float64Array, b: Float64Array): number {
  const weights = Array.from(a, (_, i) => Math.exp(-((((i % 11) - 5) ** 2 + (Math.floor(i / 11) - 5) ** 2) / (2 * 1.5 * 1.5))));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const expectation = (of: (i: number) => number) => weights.reduce((sum, weight, i) => sum + (weight / total) * of(i), 0);
  const [meanA, meanB] = [expectation((i) => a[i] ?? 0), expectation((i) => b[i] ?? 0)];
  const variance = (x: Float64Array, mean: number) => expectation((i) => ((x[i] ?? 0) - mean) ** 2);
  const covariance = expectation((i) => ((a[i] ?? 0) - meanA) * ((b[i] ?? 0) - meanB));
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const luminance = (2 * meanA * meanB + c1) / (meanA ** 2 + meanB ** 2 + c1);
  return (luminance * (2 * covariance + c2)) / (variance(a, meanA) + variance(b, meanB) + c2);
}
