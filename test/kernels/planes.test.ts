import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { Plane, YcbcrRaster } from "../../src/core/raster.ts";
import type { RowShape } from "../../src/core/rows.ts";
import { createJpegDecoder } from "../../src/kernels/jpeg/decoder.ts";
import { pack as packReference } from "../../src/kernels/reference/pack.ts";
import { rgbOf, upsample, ycckToCmyk as ycckReference } from "../../src/kernels/reference/ycbcr.ts";
import { loadWasm } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { BUILDS, TAILS } from "./pixels-module.ts";

type Factor = 1 | 2 | 4;
const FACTORS: readonly (readonly [Factor, Factor])[] = [1, 2, 4].flatMap((x) =>
  [1, 2, 4].map((y) => [x as Factor, y as Factor] as const),
);

/** Noise with runs of the extremes, which upsampling and clamping meet worst. */
function samples(width: number, height: number, seed: number): Plane {
  const data = noise(width * height, seed);
  for (let i = 0; i < data.length; i++) if (data[i]! % 3 === 0) data[i] = data[i]! & 1 ? 255 : 0;
  return { width, height, data };
}

function picture(width: number, height: number, subsampleX: Factor, subsampleY: Factor, seed = 1): YcbcrRaster {
  const columns = Math.ceil(width / subsampleX);
  const rows = Math.ceil(height / subsampleY);
  return {
    layout: "ycbcr8",
    width,
    height,
    subsampleX,
    subsampleY,
    planes: [samples(width, height, seed), samples(columns, rows, seed + 1), samples(columns, rows, seed + 2)],
    alpha: false,
  };
}

function rgbaByReference({ width, height, subsampleX, subsampleY, planes }: YcbcrRaster): Uint8Array {
  const [luma, blue, red] = planes;
  const cb = upsample(blue, width, height, subsampleX, subsampleY).data;
  const cr = upsample(red, width, height, subsampleX, subsampleY).data;
  const rgba = new Uint8Array(width * height * 4);
  luma.data.forEach((value, i) => {
    rgba.set([...rgbOf(value, cb[i]!, cr[i]!), 255], i * 4);
  });
  return rgba;
}

/** Index of the first byte that differs, or -1; toEqual takes seconds on large arrays. */
function firstDifference(got: Uint8Array, want: Uint8Array): number {
  if (got.length !== want.length) return Math.min(got.length, want.length);
  return got.findIndex((value, i) => value !== want[i]);
}

describe("the reference", () => {
  const plane = (width: number, ...data: number[]): Plane => ({
    width,
    height: data.length / width,
    data: Uint8Array.from(data),
  });

  // By hand from libjpeg-turbo's jdsample.c; a wrong rounding bias changes at least one value of each row
  // biome-ignore format: one row per case
  test.each([
    ["2x1", 2, 1, plane(3, 10, 20, 41),        6, 1, [10, 13, 17, 25, 36, 41]],
    ["1x2", 1, 2, plane(1, 10, 20, 41),        1, 6, [10, 13, 17, 25, 36, 41]],
    ["2x2", 2, 2, plane(3, 0, 8, 16, 0, 8, 17), 6, 2, [0, 2, 6, 10, 14, 16, 0, 2, 6, 10, 14, 16]],
    ["4x1", 4, 1, plane(2, 10, 20),            7, 1, [10, 10, 10, 10, 20, 20, 20]],
    ["2x1 of two columns", 2, 1, plane(2, 10, 20), 4, 1, [10, 10, 20, 20]],
  ] as const)("upsamples %s as libjpeg-turbo does", (_name, x, y, chroma, width, height, want) => {
    expect(Array.from(upsample(chroma, width, height, x, y).data)).toEqual(want);
  });

  test("is JFIF's matrix to the nearest level", () => {
    let worst = 0;
    for (let i = 0; i < 1 << 18; i++) {
      const [y, cb, cr] = [(i & 63) * 4, ((i >> 6) & 63) * 4 + 1, (i >> 12) * 4 + 3];
      const exact = [
        y + 1.402 * (cr - 128),
        y - (0.114 * 1.772 * (cb - 128) + 0.299 * 1.402 * (cr - 128)) / 0.587,
        y + 1.772 * (cb - 128),
      ];
      rgbOf(y, cb, cr).forEach((value, c) => {
        worst = Math.max(worst, Math.abs(value - Math.max(0, Math.min(255, exact[c]!))));
      });
    }
    expect(worst).toBeLessThan(0.502);
  });
});

/** The planes that a JPEG stores, cut to its size. */
async function storedPlanes(jpeg: Uint8Array, width: number, height: number): Promise<readonly [Plane, Plane, Plane]> {
  const { api } = await createJpegDecoder(await loadWasm("jpeg_dec"));
  const rows: Uint8Array[][] = [[], [], []];
  let shape: RowShape | undefined;
  const region = { x: 0, y: 0, width, height };
  const begin = (given: RowShape) => {
    shape = given;
    return { write: (plane: number, data: Uint8Array) => void rows[plane]!.push(data.slice()) };
  };
  api.decode(jpeg, { region, kept: 8 }, begin, () => undefined);
  const cut = (i: number): Plane => {
    const { width: stride, spanX, spanY } = shape!.planes[i]!;
    const [columns, lines] = [Math.ceil((width * spanX.by) / spanX.of), Math.ceil((height * spanY.by) / spanY.of)];
    const stored = Buffer.concat(rows[i]!);
    const data = new Uint8Array(columns * lines);
    for (let y = 0; y < lines; y++) data.set(stored.subarray(y * stride, y * stride + columns), y * columns);
    return { width: columns, height: lines, data };
  };
  return [cut(0), cut(1), cut(2)];
}

describe("ycbcrToRgba of a JPEG's planes", () => {
  // Chroma rows of one and two samples are repeated, longer ones interpolated
  test.each([
    [200, 131, "4:2:0", 2],
    [201, 77, "4:4:4", 1],
    [2, 9, "4:2:0", 2],
    [3, 8, "4:2:0", 2],
    [4, 7, "4:2:0", 2],
    [5, 7, "4:2:0", 2],
  ] as const)("is what libjpeg-turbo makes of %ix%i at %s", async (width, height, chromaSubsampling, factor) => {
    const raw = { width, height, channels: 3 as const };
    const colors = noise(width * height * 3, 3);
    const jpeg = await sharp(colors, { raw }).blur(1).jpeg({ quality: 92, chromaSubsampling }).toBuffer();
    const peer = await sharp(jpeg).raw().toBuffer();
    const planes = await storedPlanes(jpeg, width, height);
    const factors = { subsampleX: factor, subsampleY: factor } as const;
    const { data } = BUILDS[0]![1].planes.ycbcrToRgba({ layout: "ycbcr8", width, height, ...factors, planes, alpha: false });
    const differences = Array.from(peer, (value, i) => Math.abs(value - data[Math.floor(i / 3) * 4 + (i % 3)]!));
    // What is left is the rounding of the inverse DCT; repeating where libjpeg-turbo interpolates differs by 20 and more
    expect(Math.max(...differences)).toBeLessThanOrEqual(4);
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(0.4);
  });
});

describe.each(BUILDS)("plane kernels, %s", (_name, { planes: kernels, instantiate }) => {
  test.each(FACTORS)("ycbcrToRgba equals the reference at factors %ix%i, at every width to 40 and odd heights", (x, y) => {
    for (let width = 1; width <= 40; width++) {
      for (const height of [1, 2, 5, 7]) {
        const raster = picture(width, height, x, y, width * 8 + height);
        const result = kernels.ycbcrToRgba(raster);
        expect(result).toMatchObject({ layout: "rgba8", width, height, alpha: false });
        expect(firstDifference(result.data, rgbaByReference(raster)), `${width}x${height}`).toBe(-1);
      }
    }
  });

  test("ycbcrToRgba equals the reference for every pair of chroma levels", () => {
    for (const level of [0, 1, 77, 128, 254, 255]) {
      const raster = picture(256, 256, 1, 1);
      raster.planes[0].data.fill(level);
      for (let i = 0; i < 65536; i++) {
        raster.planes[1].data[i] = i & 255;
        raster.planes[2].data[i] = i >> 8;
      }
      expect(firstDifference(kernels.ycbcrToRgba(raster).data, rgbaByReference(raster))).toBe(-1);
    }
  });

  test.each([
    [720, 588, 2, 2],
    [721, 301, 2, 1],
    [300, 421, 1, 2],
    [1023, 131, 4, 1],
    [20_001, 5, 2, 2], // rows longer than a band
  ] as const)("ycbcrToRgba joins its bands at %ix%i with factors %ix%i", (width, height, x, y) => {
    const raster = picture(width, height, x, y, 5);
    expect(firstDifference(kernels.ycbcrToRgba(raster).data, rgbaByReference(raster))).toBe(-1);
  });

  test("ycbcrToRgba leaves its planes alone and reads views that start at odd bytes", () => {
    const raster = picture(37, 11, 2, 2);
    const before = raster.planes.map(({ data }) => data.slice());
    const shifted = raster.planes.map((plane) => {
      const view = new Uint8Array(plane.data.length + 8).subarray(3, 3 + plane.data.length);
      view.set(plane.data);
      return { ...plane, data: view };
    }) as unknown as YcbcrRaster["planes"];
    expect(kernels.ycbcrToRgba({ ...raster, planes: shifted }).data).toEqual(kernels.ycbcrToRgba(raster).data);
    expect(raster.planes.map(({ data }) => data)).toEqual(before);
  });

  test.each([
    ["luma:", { width: 9 }],
    ["luma:", { height: 7 }],
    ["chroma width:", { subsampleX: 1 as const }],
    ["chroma height:", { subsampleY: 4 as const }],
  ])("ycbcrToRgba refuses planes that do not fit their picture: %s %o", (name, wrong) => {
    expect(() => kernels.ycbcrToRgba({ ...picture(8, 6, 2, 2), ...wrong })).toThrow(
      expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining(name) }),
    );
  });

  test("upsampling writes no further than its row", () => {
    const wasm = instantiate();
    for (let count = 1; count <= 40; count++) {
      const start = wasm.mark();
      const source = wasm.reserve(count + 16);
      const dst = wasm.reserve(count * 8 + 64);
      const memory = new Uint8Array(wasm.memory.buffer);
      const wrote = (bytes: number, row: () => void) => {
        memory.fill(0xa5, dst, dst + count * 8 + 64);
        row();
        return memory.subarray(dst + bytes, dst + count * 8 + 64).every((value) => value === 0xa5);
      };
      expect(wrote(count * 2, () => wasm.chroma(dst, source, source, count, 1))).toBe(true);
      expect(wrote(count * 4, () => wasm.chromaDoubled(dst, source, source, count, 8, 7))).toBe(true);
      expect(wrote(count * 4, () => wasm.chromaRepeated(dst, source, count, 2))).toBe(true);
      expect(wrote(count * 8, () => wasm.chromaRepeated(dst, source, count, 4))).toBe(true);
      expect(wrote(count * 4, () => wasm.ycbcrToRgba(dst, source, source, source, count >> 1))).toBe(true);
      expect(wrote(count * 4, () => wasm.pack(dst, source, source, source, 0, count))).toBe(true);
      expect(wrote(count * 4, () => wasm.ycckToCmyk(dst, count))).toBe(true);
      wasm.reset(start);
    }
  });

  test.each([...TAILS, 70_000])("grayToRgba repeats each of %i samples and sets A", (count) => {
    const { data } = samples(count, 1, 4);
    const result = kernels.grayToRgba({ layout: "gray8", width: count, height: 1, data, alpha: false });
    expect(result).toMatchObject({ layout: "rgba8", width: count, height: 1, alpha: false });
    expect(firstDifference(result.data, packReference([data, data, data]))).toBe(-1);
  });

  test.each([...TAILS, 70_000])("pack interleaves three and four planes of %i samples", (count) => {
    const sources = [1, 2, 3, 4].map((seed) => noise(count, seed));
    for (const channels of [3, 4]) {
      const planes = sources.slice(0, channels);
      expect(firstDifference(kernels.pack(planes), packReference(planes))).toBe(-1);
    }
  });

  test("pack takes the same plane more than once", () => {
    const [a, b] = [noise(50, 1), noise(50, 2)];
    expect(kernels.pack([a, b, a, b])).toEqual(packReference([a, b, a, b]));
  });

  test.each([[[new Uint8Array(4), new Uint8Array(4)]], [[new Uint8Array(4), new Uint8Array(4), new Uint8Array(5)]], [[]]])(
    "pack refuses planes of other numbers or unequal sizes",
    (planes) => {
      expect(() => kernels.pack(planes)).toThrow(
        expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining("planes:") }),
      );
    },
  );

  test.each([...TAILS, 50_001])("ycckToCmyk equals the reference for %i px in a view at an odd byte", (count) => {
    const buffer = noise(count * 4 + 8, 6);
    for (let i = 0; i < buffer.length; i++) if (buffer[i]! % 5 === 0) buffer[i] = buffer[i]! & 1 ? 255 : 0;
    const want = buffer.slice();
    ycckReference(want.subarray(3), count);
    kernels.ycckToCmyk(buffer.subarray(3, 3 + count * 4));
    expect(firstDifference(buffer, want)).toBe(-1);
  });

  test("ycckToCmyk keeps K and makes C, M and Y what R, G and B lack", () => {
    const data = Uint8Array.from([255, 128, 128, 7, 0, 128, 128, 200, 76, 85, 255, 9]); // white, black, red
    kernels.ycckToCmyk(data);
    expect(Array.from(data)).toEqual([0, 0, 0, 7, 255, 255, 255, 200, 1, 255, 255, 9]);
  });

  test("ycckToCmyk refuses parts of pixels", () => {
    expect(() => kernels.ycckToCmyk(new Uint8Array(7))).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});
