import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import type { KernelFilter } from "../../src/core/filters.ts";
import type { ScaleAxis, ScaleOptions } from "../../src/kernels/resize/scaler.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { ROOT } from "../support/library.ts";
import { scene } from "../support/pictures.ts";
import { PLAIN, SHARED, scaleOne, whole } from "./resize-module.ts";

/** Packed samples. */
interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

async function rgba(path: string): Promise<Picture> {
  const { data, info } = await sharp(path).toColorspace("srgb").ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

function ours(
  { data, width, height }: Picture,
  x: ScaleAxis | number,
  y: ScaleAxis | number,
  options: ScaleOptions,
): Uint8Array {
  const axis = (one: ScaleAxis | number, source: number) => (typeof one === "number" ? whole(source, one) : one);
  return scaleOne(SHARED.simd, data, { channels: 4, x: axis(x, width), y: axis(y, height) }, options);
}

/** In double precision from end to end, by the textbook: straight sRGB levels, not rounded. */
function exactly(
  { data, width, height }: Picture,
  x: ScaleAxis,
  y: ScaleAxis,
  { filter, linear, alpha }: ScaleOptions,
): Float64Array {
  const toLight = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const toLevel = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * Math.max(v, 0) ** (1 / 2.4) - 0.055);
  const samples = Float64Array.from(data, (value, i) => {
    if (i % 4 === 3) return value / 255;
    return (linear ? toLight(value / 255) : value / 255) * (alpha ? data[i - (i % 4) + 3]! / 255 : 1);
  });
  const across = apply(samples, width, height, tapsOf(x, filter), 4, width * 4);
  const both = apply(across, height, x.output, tapsOf(y, filter), x.output * 4, 4);
  return both.map((value, i) => {
    const a = both[i - (i % 4) + 3]!;
    if (i % 4 === 3) return clamp(value * 255);
    const straight = alpha ? (Math.round(a * 255) <= 0 ? 0 : value / a) : value;
    return clamp((linear ? toLevel(straight) : straight) * 255);
  });
}
function clamp(value: number): number {
  return Math.min(255, Math.max(0, value));
}
/** Lines of `count` pixels of four that lie `step` apart; lines lie `lineStep` apart. */
function apply(
  samples: Float64Array,
  count: number,
  lines: number,
  taps: readonly { readonly at: number; readonly weight: number }[][],
  step: number,
  lineStep: number,
): Float64Array {
  const acrossLines = step === 4;
  const result = new Float64Array(taps.length * lines * 4);
  for (let line = 0; line < lines; line++) {
    taps.forEach((list, i) => {
      const to = (acrossLines ? line * taps.length + i : i * lines + line) * 4;
      for (const { at, weight } of list) {
        const from = line * lineStep + Math.min(Math.max(at, 0), count - 1) * step;
        for (let c = 0; c < 4; c++) result[to + c] = result[to + c]! + weight * samples[from + c]!;
      }
    });
  }
  return result;
}
/** Samples beyond the window's edge are the edge repeated. */
function tapsOf({ source, output, start, length, by }: ScaleAxis, filter: KernelFilter) {
  const [low, high] = [Math.floor(start / by), Math.min(Math.ceil((start + length) / by), source) - 1];
  const scale = Math.max(1, length / by / output);
  return Array.from({ length: output }, (_, i) => {
    const center = start / by + ((i + 0.5) * length) / by / output;
    const list = Array.from({ length: Math.ceil(6 * scale) + 4 }, (_tap, n) => {
      const at = Math.floor(center - 3 * scale) - 1 + n;
      return { at: Math.min(Math.max(at, low), high), weight: TEXTBOOK[filter]!((at + 0.5 - center) / scale) };
    });
    const sum = list.reduce((total, { weight }) => total + weight, 0);
    return list.map(({ at, weight }) => ({ at, weight: weight / sum }));
  });
}
const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
/** The family of cubics by Mitchell and Netravali, 1988. */
const bicubic = (b: number, c: number) => (distance: number) => {
  const x = Math.abs(distance);
  if (x < 1) return ((12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + 6 - 2 * b) / 6;
  return x < 2 ? ((-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + 8 * b + 24 * c) / 6 : 0;
};
const TEXTBOOK: Partial<Record<KernelFilter, (distance: number) => number>> = {
  lanczos3: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0),
  cubic: bicubic(0, 0.5),
  mitchell: bicubic(1 / 3, 1 / 3),
  triangle: (x) => Math.max(0, 1 - Math.abs(x)),
  box: (x) => (x >= -0.5 && x < 0.5 ? 1 : 0),
};

interface Distance {
  /** Mean over R, G and B, each weighted with A. */
  readonly color: number;
  readonly alpha: number;
  /** The largest, weighted likewise. */
  readonly largest: number;
  /** PSNR of R, G and B in dB. */
  readonly psnr: number;
}
function distance(data: ArrayLike<number>, exact: ArrayLike<number>): Distance {
  expect(data.length).toBe(exact.length);
  const sum = { color: 0, weight: 0, alpha: 0, squares: 0 };
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const d = Math.abs(data[i]! - exact[i]!);
    const weight = i % 4 === 3 ? 1 : exact[i - (i % 4) + 3]! / 255;
    largest = Math.max(largest, d * weight);
    if (i % 4 === 3) sum.alpha += d;
    else {
      sum.color += d * weight;
      sum.weight += weight;
      sum.squares += d * d;
    }
  }
  const pixels = data.length / 4;
  const psnr = 10 * Math.log10((255 * 255 * 3 * pixels) / sum.squares);
  return { color: sum.color / sum.weight, alpha: sum.alpha / pixels, largest, psnr };
}

/** Discs whose alpha falls off softly, with hard-edged grit between them. */
function withAlpha({ data, width, height }: Picture): Picture {
  const result = data.map((value, i) => {
    if (i % 4 !== 3) return value;
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
    const r = Math.sqrt(((x % 170) - 80) ** 2 + ((y % 130) - 60) ** 2);
    return r < 30 ? 255 : r < 60 ? Math.round((255 * (60 - r)) / 30) : (x * 7 + y * 3) % 97 < 3 ? 200 : 0;
  });
  return { data: result, width, height };
}

let photo: Picture;
beforeAll(async () => {
  photo = await rgba(join(ROOT, "fixtures/images/example.jpg"));
});
const SMOOTH = ["lanczos3", "cubic", "mitchell", "triangle", "box"] as const;

describe("against double precision", () => {
  const sizes = () => {
    const { width, height } = photo; // 400×267
    return [
      ["smaller", whole(width, 111), whole(height, 79)],
      ["larger", whole(width, 531), whole(height, 301)],
      ["wider and lower", whole(width, 431), whole(height, 31)],
      ["much smaller", whole(width, 6), whole(height, 5)],
      [
        "a window",
        { source: width, output: 60, start: 101, length: 803, by: 4 },
        { source: height, output: 150, start: 53, length: 307, by: 2 },
      ],
    ] as const;
  };
  test.each(SMOOTH)("a photo with %s: above 50 dB, and no level off by 2", (filter) => {
    for (const [name, x, y] of sizes()) {
      const options = { ...PLAIN, filter };
      // A window of whole samples for the box: where its edge falls on a center to the last bit, either side is right
      if (filter === "box" && name !== "smaller") continue;
      const { psnr, largest } = distance(ours(photo, x, y, options), exactly(photo, x, y, options));
      expect(psnr, name).toBeGreaterThan(55);
      expect(largest, name).toBeLessThan(2);
    }
  });

  test.each(SMOOTH.slice(0, 4))("transparency with %s: color weighted by alpha and alpha are within rounding", (filter) => {
    const picture = withAlpha(photo);
    const options = { filter, linear: false, alpha: true };
    for (const [name, x, y] of sizes().slice(0, 3)) {
      const { color, alpha, largest } = distance(ours(picture, x, y, options), exactly(picture, x, y, options));
      expect(color, name).toBeLessThan(0.3); // rounding alone is 0.25
      expect(alpha, name).toBeLessThan(0.27);
      expect(largest, name).toBeLessThan(2);
    }
  });

  test.each([false, true])("linear light, alpha %s: within rounding", (alpha) => {
    const picture = alpha ? withAlpha(photo) : photo;
    const options = { filter: "lanczos3", linear: true, alpha } as const;
    for (const [name, x, y] of sizes().slice(0, 3)) {
      const { color, largest } = distance(ours(picture, x, y, options), exactly(picture, x, y, options));
      expect(color, name).toBeLessThan(0.32);
      expect(largest, name).toBeLessThan(5); // near black a level is a 3,300th of the light
    }
  });
});

describe("against libvips", () => {
  const byLibvips = async (
    { data, width, height }: Picture,
    to: readonly [number, number],
    kernel: "lanczos3" | "cubic" | "mitchell" | "linear",
  ) => {
    const opaque = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
    return new Uint8Array(await opaque.resize(to[0], to[1], { fit: "fill", kernel }).ensureAlpha().raw().toBuffer());
  };
  test.each([
    ["lanczos3", "lanczos3"],
    ["cubic", "cubic"],
    ["mitchell", "mitchell"],
    ["triangle", "linear"],
  ] as const)("%s reduces as its %s does", async (filter, kernel) => {
    for (const [width, height] of [
      [133, 89],
      [180, 40],
      [50, 160],
    ] as const) {
      const theirs = await byLibvips(photo, [width, height], kernel);
      const mine = ours(photo, width, height, { ...PLAIN, filter });
      // libvips rounds to bytes between its passes, and centers to 64ths of a sample
      const { color, psnr } = distance(mine, theirs);
      expect(color).toBeLessThan(1);
      expect(psnr).toBeGreaterThan(45);
      const exact = exactly(photo, whole(photo.width, width), whole(photo.height, height), { ...PLAIN, filter });
      expect(distance(mine, exact).psnr).toBeGreaterThan(distance(theirs, exact).psnr);
    }
  });

  test("places nearest pixels as it does", async () => {
    const picture = scene(310, 233);
    const nearest = sharp(picture.data, { raw: { width: 310, height: 233, channels: 4 } }).removeAlpha();
    const theirs = await nearest.resize(97, 61, { fit: "fill", kernel: "nearest" }).ensureAlpha().raw().toBuffer();
    expect(distance(ours(picture, 97, 61, { ...PLAIN, filter: "nearest" }), theirs).color).toBeLessThan(0.5);
  });

  test.runIf(HAS_CORPUS)("6 MP to 720: mean at most 0.2, largest at most 8", { timeout: 60_000 }, async () => {
    const picture = await rgba(join(CORPUS, "bench/photo-6mp-420-baseline.jpg"));
    const theirs = await byLibvips(picture, [720, 588], "lanczos3");
    const { color, largest } = distance(ours(picture, 720, 588, PLAIN), theirs);
    expect(color).toBeLessThan(0.2);
    expect(largest).toBeLessThanOrEqual(8);
  });
});
