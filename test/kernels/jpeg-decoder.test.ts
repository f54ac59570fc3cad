import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp, { type JpegOptions } from "sharp";
import { describe, expect, test } from "vitest";
import { jpegDecodeBytes, KEPT } from "../../src/kernels/jpeg/decoder.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture, ROOT } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { blocksAcross, encodeFlat, type FlatJpeg } from "./jpeg-blocks.ts";
import { createInstance, decodePlanes, difference, isSame, toPixels } from "./jpeg-decoder-module.ts";

const simd = createInstance();
const scalar = createInstance("scalar");
const FIXTURES = join(ROOT, "fixtures/images");

/** Undamaged JPEG files of 8 bits, Huffman coded, up to 2 MB: the fixtures, and the corpus where there is one. */
function pictures(): string[] {
  const folders = HAS_CORPUS ? ["photos", "jpeg", "icc", "orientation", "edge"].map((name) => join(CORPUS, name)) : [];
  return [FIXTURES, ...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.jpg$/.test(name) && !/truncated|12-bit|arithmetic/.test(name))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).size < 2e6),
  );
}

/** What libjpeg-turbo gives, without color management. */
async function judge(bytes: Uint8Array, kind: string): Promise<Uint8Array> {
  const space = kind === "gray" ? "b-w" : kind === "cmyk" || kind === "ycck" ? "cmyk" : "srgb";
  const image = sharp(bytes, { ignoreIcc: space !== "cmyk", autoOrient: false });
  if (space === "cmyk") image.pipelineColourspace("cmyk");
  return image.toColourspace(space).raw().toBuffer();
}

/** A colored, asymmetric picture with sharp edges and noise. */
const SIZE = { width: 203, height: 157 };
const RAW = (() => {
  const { width, height } = SIZE;
  const data = noise(width * height * 3, 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    const level = c === 0 ? x : c === 1 ? y : ((x >> 4) ^ (y >> 3)) & 1 ? 230 : 20;
    data[i] = Math.min(255, level + (data[i]! >> 3));
  }
  return data;
})();
async function encode(options: JpegOptions, data: Uint8Array = RAW): Promise<Uint8Array> {
  return sharp(data, { raw: { ...SIZE, channels: 3 } })
    .jpeg(options)
    .toBuffer();
}

const CODINGS: readonly (readonly [string, JpegOptions])[] = [
  ["4:2:0", { quality: 85 }],
  ["4:4:4", { quality: 60, chromaSubsampling: "4:4:4" }],
  ["4:2:0 progressive", { quality: 85, progressive: true }],
  ["4:4:4 progressive", { quality: 95, progressive: true, chromaSubsampling: "4:4:4" }],
];

describe("at full size", () => {
  test.each(pictures())("%s is what libjpeg-turbo decodes", async (path) => {
    const bytes = new Uint8Array(readFileSync(path));
    const decoded = decodePlanes(simd, bytes);
    expect(decoded.damage).toBeUndefined();
    const { mean, max } = difference(toPixels(decoded), await judge(bytes, decoded.shape.kind));
    expect(mean).toBeLessThan(0.3);
    expect(max).toBeLessThanOrEqual(4);
  });

  // Noise of every value and full swings are the most that 8-bit samples can ask of the transform
  test.each([100, 75, 20, 1])("noise and full swings at quality %i stay within 4", async (quality) => {
    const all = noise(RAW.length, 9);
    const swings = all.map((v) => (v & 64 ? 255 : 0));
    const stripes = all.map((_, i) => (Math.floor(i / 3) & 1 ? 255 : 0));
    for (const data of [all, swings, stripes]) {
      const bytes = await encode({ quality, chromaSubsampling: "4:4:4" }, data);
      const { mean, max } = difference(toPixels(decodePlanes(simd, bytes)), await judge(bytes, "ycbcr"));
      expect(mean).toBeLessThan(0.4);
      expect(max).toBeLessThanOrEqual(4);
    }
  });

  test("CMYK is 0 for no ink, however Adobe stores it", async () => {
    const bytes = await fixture("cmyk.jpg");
    const decoded = decodePlanes(simd, bytes);
    expect(decoded.shape.kind).toBe("cmyk");
    expect(difference(toPixels(decoded), await judge(bytes, "cmyk")).max).toBe(0);
  });

  test("a view with an offset into its buffer decodes to the same", async () => {
    const bytes = await encode({});
    const shifted = new Uint8Array(bytes.length + 5).subarray(5);
    shifted.set(bytes);
    expect(isSame(decodePlanes(simd, shifted), decodePlanes(simd, bytes))).toBe(true);
  });
});

describe("scaled", () => {
  test.each([4, 3, 2])("%i of 8 keeps the low frequencies of each block and nothing else", async (kept) => {
    for (const [, options] of CODINGS) {
      const bytes = await encode(options, smooth());
      const [full, small] = [decodePlanes(simd, bytes), decodePlanes(simd, bytes, { kept })];
      small.planes.forEach((plane, i) => {
        const expected = truncateSpectrum(full.planes[i]!, full.shape.planes[i]!, kept, small.shape.planes[i]!);
        expect(difference(expected.actual(plane), expected.values).mean).toBeLessThan(0.45);
        expect(difference(expected.actual(plane), expected.values).max).toBeLessThanOrEqual(2);
      });
    }
  });

  test("1 of 8 is the mean of each block", async () => {
    for (const [, options] of CODINGS) {
      const bytes = await encode(options, smooth());
      const [full, small] = [decodePlanes(simd, bytes), decodePlanes(simd, bytes, { kept: 1 })];
      small.planes.forEach((plane, i) => {
        const expected = truncateSpectrum(full.planes[i]!, full.shape.planes[i]!, 1, small.shape.planes[i]!);
        expect(difference(expected.actual(plane), expected.values).max).toBeLessThanOrEqual(1);
      });
    }
  });

  test("sizes are those of libjpeg: rounded up", async () => {
    const bytes = await encode({});
    const sizes = KEPT.map((kept) => decodePlanes(simd, bytes, { kept }).shape.planes.map((p) => [p.width, p.height]));
    expect(sizes).toEqual([
      [
        [26, 20],
        [13, 10],
        [13, 10],
      ],
      [
        [51, 40],
        [26, 20],
        [26, 20],
      ],
      [
        [77, 59],
        [39, 30],
        [39, 30],
      ],
      [
        [102, 79],
        [51, 40],
        [51, 40],
      ],
      [
        [203, 157],
        [102, 79],
        [102, 79],
      ],
    ]);
  });
});

describe("the build without SIMD gives the same bytes", () => {
  test.each(KEPT)("at %i of 8", async (kept) => {
    const files = [await fixture("cmyk.jpg"), await fixture("truncated.jpg"), await fixture("gray-gamma22.jpg")];
    for (const [, options] of CODINGS) files.push(await encode(options));
    files.push(await encode({ quality: 100 }, noise(RAW.length, 4)));
    files.push(
      await encode(
        { quality: 1 },
        noise(RAW.length, 4).map((v) => (v & 1 ? 255 : 0)),
      ),
    );
    for (const bytes of files)
      expect(isSame(decodePlanes(scalar, bytes, { kept }), decodePlanes(simd, bytes, { kept }))).toBe(true);
  });

  test("at every width an edge can cut", async () => {
    for (let width = 1; width <= 33; width++) {
      const height = 34 - width;
      const data = noise(width * height * 3, width);
      const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: 90 })
        .toBuffer();
      const decoded = decodePlanes(simd, bytes);
      if (width > 4) expect(difference(toPixels(decoded), await judge(bytes, "ycbcr")).max).toBeLessThanOrEqual(4);
      for (const kept of KEPT)
        expect(isSame(decodePlanes(scalar, bytes, { kept }), decodePlanes(simd, bytes, { kept }))).toBe(true);
    }
  });
});

describe("regions", () => {
  const restarts = flat(
    [
      [2, 2],
      [1, 1],
      [1, 1],
    ],
    { restartInterval: 3 },
  );
  test.each(KEPT)("are the same samples as in the whole, at %i of 8", async (kept) => {
    const files = [encodeFlat(restarts), encodeFlat({ ...restarts, restartInterval: 0, scans: [[2], [0], [1]] })];
    for (const [, options] of CODINGS) files.push(await encode(options));
    const numbers = noise(200, 8);
    for (const bytes of files) {
      const whole = decodePlanes(simd, bytes, { kept });
      const { width, height } = whole.shape.covers;
      for (let i = 0; i < 40; i += 4) {
        const [a, b, c, d] = numbers.subarray(i, i + 4) as unknown as [number, number, number, number];
        const region = { x: a % width, y: b % height, width: 1 + c, height: 1 + (d >> 2) };
        const part = decodePlanes(i % 8 ? scalar : simd, bytes, { kept, region });
        const { covers } = part.shape;
        expect(covers.x).toBeLessThanOrEqual(region.x);
        expect(covers.y).toBeLessThanOrEqual(region.y);
        expect(covers.x + covers.width).toBeGreaterThanOrEqual(Math.min(width, region.x + region.width));
        expect(covers.y + covers.height).toBeGreaterThanOrEqual(Math.min(height, region.y + region.height));
        part.planes.forEach((plane, p) => {
          expect(Buffer.compare(plane, cut(whole.planes[p]!, whole.shape.planes[p]!.width, part.shape, p))).toBe(0);
        });
      }
    }
  });

  test("one that misses the picture is refused", async () => {
    const bytes = await encode({});
    const region = { x: 300, y: 0, width: 10, height: 10 };
    expect(() => decodePlanes(createInstance(), bytes, { region })).toThrow(/outside/);
  });
});

describe("sampling and scans", () => {
  // biome-ignore format: one row per case
  const CASES: readonly (readonly [string, readonly (readonly [number, number])[]])[] = [
    ["gray", [[1, 1]]],
    ["gray that claims 2x2", [[2, 2]]],
    ["4:2:2", [[2, 1], [1, 1], [1, 1]]],
    ["4:4:0", [[1, 2], [1, 1], [1, 1]]],
    ["4:1:1", [[4, 1], [1, 1], [1, 1]]],
    ["4:1:0", [[4, 2], [1, 1], [1, 1]]],
    ["thirds", [[3, 1], [1, 1], [1, 1]]],
    ["thirds and halves", [[3, 2], [1, 2], [1, 1]]],
    ["two thirds", [[3, 1], [2, 1], [1, 1]]],
    ["luma less than chroma", [[1, 1], [2, 2], [2, 1]]],
    ["all doubled", [[2, 1], [2, 1], [2, 1]]],
    ["four components", [[2, 2], [1, 1], [1, 1], [2, 2]]],
  ];
  test.each(CASES)("%s", (_name, factors) => {
    const base = flat(factors);
    const orders = [
      undefined,
      factors.map((_, i) => [i]),
      factors.length > 2 ? [[0], [2, 1, 3].filter((i) => i < factors.length)] : undefined,
    ];
    for (const scans of orders) {
      for (const [restartInterval, progressive] of [
        [0, false],
        [1, false],
        [5, false],
        [0, true],
        [3, true],
      ] as const) {
        const jpeg = { ...base, restartInterval, progressive, ...(scans === undefined ? {} : { scans }) };
        const bytes = encodeFlat(jpeg);
        for (const kept of KEPT) {
          for (const decoder of [simd, scalar]) {
            const { shape, planes, damage } = decodePlanes(decoder, bytes, { kept });
            expect(damage).toBeUndefined();
            planes.forEach((plane, i) => {
              expect(Buffer.compare(plane, flatPlane(jpeg, i, shape.planes[i]!, kept))).toBe(0);
            });
          }
        }
      }
    }
  });

  test.each([false, true])("more than 10 blocks in an MCU that no scan has (progressive %s)", (progressive) => {
    for (const factors of [
      [
        [3, 3],
        [1, 1],
        [2, 2],
      ],
      [
        [4, 4],
        [4, 4],
        [4, 4],
        [4, 4],
      ],
      [
        [1, 1],
        [4, 4],
        [1, 1],
      ],
    ] as const) {
      const jpeg = flat(factors, { progressive, scans: factors.map((_, i) => [i]) });
      for (const kept of KEPT) {
        for (const decoder of [simd, scalar]) {
          const { shape, planes } = decodePlanes(decoder, encodeFlat(jpeg), { kept });
          planes.forEach((plane, i) => {
            expect(Buffer.compare(plane, flatPlane(jpeg, i, shape.planes[i]!, kept))).toBe(0);
          });
        }
      }
    }
  });

  test("a picture of odd sampling is what libjpeg decodes", async () => {
    const bytes = encodeFlat(
      flat([
        [4, 1],
        [1, 1],
        [1, 1],
      ]),
    );
    const [luma] = decodePlanes(simd, bytes).planes;
    const pixels = await sharp(bytes).raw().toBuffer();
    const [r, g, b] = [0, 1, 2].map((c) => pixels.filter((_, i) => i % 3 === c)) as [Uint8Array, Uint8Array, Uint8Array];
    // Where no channel is clamped, luma comes back from R, G and B
    const errors = Array.from(luma!, (y, i) =>
      [r, g, b].some((c) => c[i]! === 0 || c[i]! === 255) ? 0 : Math.abs(y - (0.299 * r[i]! + 0.587 * g[i]! + 0.114 * b[i]!)),
    );
    expect(Math.max(...errors)).toBeLessThan(1.5);
  });

  test("more than 10 blocks in an MCU are refused, as T.81 has it", () => {
    const factors = [
      [3, 3],
      [1, 1],
      [1, 1],
    ] as const;
    expect(() => decodePlanes(createInstance(), encodeFlat(flat(factors)))).toThrow(/sampling/);
  });

  test("without Huffman tables those of annex K are meant", () => {
    const jpeg = flat([
      [2, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(decodePlanes(simd, encodeFlat({ ...jpeg, huffmanTables: false })).planes).toEqual(
      decodePlanes(simd, encodeFlat(jpeg)).planes,
    );
  });

  test("what the components mean is told by Adobe's segment, then by their names", () => {
    const three = flat([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    const four = flat([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    const named = { ...three, components: three.components.map((c, i) => ({ ...c, id: "RGB".charCodeAt(i) })) };
    const kinds = [
      three,
      { ...three, adobe: 0 },
      { ...three, adobe: 1 },
      named,
      { ...named, adobe: 1 },
      four,
      { ...four, adobe: 0 },
      { ...four, adobe: 2 },
    ];
    expect(kinds.map((jpeg) => decodePlanes(simd, encodeFlat(jpeg)).shape.kind)).toEqual(
      ["ycbcr", "rgb", "ycbcr", "rgb", "ycbcr", "cmyk", "cmyk", "ycck"], // biome-ignore format: as above
    );
    const [plain, adobe] = [four, { ...four, adobe: 0 }].map((jpeg) => decodePlanes(simd, encodeFlat(jpeg)).planes);
    expect(adobe).toEqual(plain);
  });
});

describe("memory", () => {
  test("rows go out as they are decoded, in little memory", async () => {
    const decoder = createInstance();
    const { writes, shape } = decodePlanes(decoder, await fixture("road.jpg"));
    expect(writes.length).toBe(3 * Math.ceil(shape.covers.height / 16));
    expect(decoder.memoryBytes()).toBeLessThan(1024 * 1024);
  });

  test.each(CODINGS)("%s: stays below what is planned", async (_name, options) => {
    const data = await sharp(await fixture("owl.jpg"))
      .resize(1500)
      .jpeg(options)
      .toBuffer();
    const { width, height } = await sharp(data).metadata();
    const coding = options.progressive ? "progressive" : "baseline";
    for (const kept of KEPT) {
      const decoder = createInstance();
      decodePlanes(decoder, data, { kept });
      expect(decoder.memoryBytes()).toBeLessThanOrEqual(
        jpegDecodeBytes({ width, height, coding, colorSpace: "rgb" }, data.length, kept),
      );
    }
  });

  test("an instance forgets the picture before", async () => {
    const decoder = createInstance();
    const bytes = await encode({ progressive: true });
    for (const name of ["truncated.jpg", "cmyk.jpg", "owl.jpg"]) decodePlanes(decoder, await fixture(name), { kept: 4 });
    const used = decoder.memoryBytes();
    expect(isSame(decodePlanes(decoder, bytes), decodePlanes(createInstance(), bytes))).toBe(true);
    for (let i = 0; i < 20; i++) decodePlanes(decoder, bytes);
    expect(decoder.memoryBytes()).toBeLessThanOrEqual(Math.max(used, 1024 * 1024));
  });
});

test("the corpus is where the tests look for it", () => {
  expect(HAS_CORPUS).toBe(existsSync(CORPUS));
  expect(pictures().length).toBeGreaterThan(6);
});

/** Far from black and white, so that nothing is clamped. */
function smooth(): Uint8Array {
  return RAW.map((v) => 70 + (v >> 1));
}

/** A flat-block picture of 61x45 px with these sampling factors, its DC values all over. */
function flat(factors: readonly (readonly [number, number])[], rest: Partial<FlatJpeg> = {}): FlatJpeg {
  const [width, height] = [61, 45];
  const components = factors.map(([across, down], i) => ({
    across,
    down,
    dc: Array.from(noise(2000, 11 + i), (v) => (v - 128) >> 1),
  }));
  return { width, height, components, ...rest };
}

function flatPlane(
  jpeg: FlatJpeg,
  index: number,
  { width, height }: { width: number; height: number },
  kept: number,
): Uint8Array {
  const alone = jpeg.components.length === 1;
  const across = alone ? Math.ceil(jpeg.width / 8) : blocksAcross(jpeg, index);
  const { dc } = jpeg.components[index]!;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [Math.floor((i % width) / kept), Math.floor(Math.floor(i / width) / kept)];
    const sample = 128 + dc[y * across + x]!;
    return jpeg.components.length === 4 ? 255 - sample : sample; // inks are stored inverted
  });
}

function cut(plane: Uint8Array, stride: number, shape: ReturnType<typeof decodePlanes>["shape"], index: number): Uint8Array {
  const { width, height, spanX, spanY } = shape.planes[index]!;
  const left = (shape.covers.x * spanX.by) / spanX.of;
  const top = (shape.covers.y * spanY.by) / spanY.of;
  return Uint8Array.from(
    { length: width * height },
    (_, i) => plane[(top + Math.floor(i / width)) * stride + left + (i % width)]!,
  );
}

/** The low frequencies of each whole block of `plane` on `kept` points, in floating point by the definition of the DCT. */
function truncateSpectrum(plane: Uint8Array, size: { width: number; height: number }, kept: number, small: { width: number }) {
  const across = size.width >> 3;
  const down = size.height >> 3;
  const values: number[] = [];
  const places: number[] = [];
  const basis = (n: number, u: number, x: number) =>
    (u === 0 ? 1 : Math.SQRT2) * Math.cos(((2 * x + 1) * u * Math.PI) / (2 * n));
  for (let block = 0; block < across * down; block++) {
    const [bx, by] = [block % across, Math.floor(block / across)];
    const coefficients: number[] = [];
    for (let v = 0; v < kept; v++) {
      for (let u = 0; u < kept; u++) {
        let sum = 0;
        for (let i = 0; i < 64; i++) {
          sum += plane[(by * 8 + (i >> 3)) * size.width + bx * 8 + (i & 7)]! * basis(8, u, i & 7) * basis(8, v, i >> 3);
        }
        coefficients.push(sum / 64);
      }
    }
    for (let i = 0; i < kept * kept; i++) {
      const [x, y] = [i % kept, Math.floor(i / kept)];
      values.push(
        coefficients.reduce((sum, c, k) => sum + c * basis(kept, k % kept, x) * basis(kept, Math.floor(k / kept), y), 0),
      );
      places.push((by * kept + y) * small.width + bx * kept + x);
    }
  }
  return { values, actual: (decoded: Uint8Array) => places.map((at) => decoded[at]!) };
}
