import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { withJpegExif } from "../../src/codecs/exif-jpeg.ts";
import type { GrayRaster, Raster, RgbaRaster, YcbcrRaster } from "../../src/core/raster.ts";
import { estimateQuality } from "../../src/probe/jpeg-quality.ts";
import { noise } from "../support/noise.ts";
import { paint, scene } from "../support/pictures.ts";
import { createInstance, decode, encode, planar, planeOf, psnrOf, rgba, segmentsOf, USUAL } from "./jpeg-encoder-module.ts";

const CHROMAS = ["420", "444"] as const;
const SCANS = [false, true];
const SHARES = [1, 2, 4] as const;

/** Smooth and different in every component, so that a swapped plane or axis shows; all of it colors that RGB has. */
const slope = (component: number, x: number, y: number) =>
  128 +
  Math.round((component === 0 ? 80 : 30) * Math.sin(0.11 * (component + 1) * x + component) * Math.cos(0.07 * y - component));

function gray(width: number, height: number): GrayRaster {
  const { data } = planeOf(width, height, (x, y) => slope(0, x, 2 * y));
  return { layout: "gray8", width, height, data, alpha: false };
}

/** Y of decoded pixels. Colors that RGB cannot show were cut, so it is near what was coded and not the same. */
function lumaOf({ data, channels }: { data: Uint8Array; channels: number }): Uint8Array {
  if (channels === 1) return data;
  const luma = (i: number) => 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!;
  return Uint8Array.from({ length: data.length / 3 }, (_, i) => Math.round(luma(i)));
}

/**
 * What the kernels do to planes before the transform, written another way: planes of the output's own chroma. Finer samples
 * are averaged, coarser ones interpolated between their centers.
 */
function fitted(raster: YcbcrRaster, chroma: "420" | "444"): YcbcrRaster {
  const side = chroma === "420" ? 2 : 1;
  const { width, height, subsampleX, subsampleY, planes } = raster;
  /** Source samples and what each counts. */
  const parts = (at: number, subsample: number, count: number): (readonly [number, number])[] => {
    const center = ((at + 0.5) * side) / subsample - 0.5;
    const below = Math.floor(center);
    const inside = (index: number) => Math.min(count - 1, Math.max(0, index));
    return [
      [inside(below), 1 - (center - below)],
      [inside(below + 1), center - below],
    ];
  };
  return planar(width, height, [side, side], (component, x, y) => {
    const { width: across, height: down, data } = planes[component]!;
    if (component === 0) return data[y * across + x]!;
    let sum = 0;
    for (const [row, share] of parts(y, subsampleY, down)) {
      for (const [column, part] of parts(x, subsampleX, across)) sum += data[row * across + column]! * share * part;
    }
    return Math.floor(sum + 0.5);
  });
}

/** Mean of R, G or B over cells of `cells`² pixels; past the edge the last one counts. */
function meanOf({ width, height, data }: RgbaRaster, channel: number, cells: number) {
  return (x: number, y: number) => {
    let sum = 0;
    for (let j = 0; j < cells; j++) {
      for (let i = 0; i < cells; i++) {
        const at = Math.min(y * cells + j, height - 1) * width + Math.min(x * cells + i, width - 1);
        sum += data[at * 4 + channel]!;
      }
    }
    return sum / cells ** 2;
  };
}

/** Weights of R, G and B in Y, Cb and Cr: BT.601 as JFIF writes them, and in 1/32768 as the kernel has them. */
const EXACT = [
  [0.299, 0.587, 0.114],
  [-0.1687, -0.3313, 0.5],
  [0.5, -0.4187, -0.0813],
] as const;
const FIXED = [
  [9798, 19235, 3735],
  [-5529, -10855, 16384],
  [16384, -13720, -2664],
] as const;

/** Planes of `picture`, whose chroma is that of the mean color. Every sample is checked against the weights of JFIF. */
function converted(picture: RgbaRaster, chroma: "420" | "444"): YcbcrRaster {
  const side = chroma === "420" ? 2 : 1;
  return planar(picture.width, picture.height, [side, side], (component, x, y) => {
    const means = [0, 1, 2].map((channel) => meanOf(picture, channel, component === 0 ? 1 : side)(x, y));
    const weigh = (weights: readonly number[]) => weights.reduce((sum, weight, i) => sum + weight * means[i]!, 0);
    // Chroma has a half that is a little short, so that 255.5 is 255
    const half = component === 0 ? 0.5 : 128.5 - 1 / (1 << 17);
    const value = Math.floor(weigh(FIXED[component]!) / 32768 + half);
    if (Math.abs(value - weigh(EXACT[component]!) - (component === 0 ? 0 : 128)) > 0.6)
      throw new Error(`${means} gave ${value}`);
    return value;
  });
}

describe.each(CHROMAS)("chroma %s", (chroma) => {
  test("every small size, as pixels, planes and gray, in one scan and in several, decodes to what went in", async () => {
    for (let height = 1; height <= 20; height++) {
      for (let width = 1; width <= 20; width++) {
        const planes = planar(width, height, [2, 2], slope);
        const flat = converted(rgba(scene(width, height)), "444");
        const rasters = [rgba(scene(width, height)), planes, gray(width, height)] as const;
        const raster = rasters[(width + height) % 3]!;
        const image = await decode(encode(raster, { chroma, quality: 95, progressive: (width >> 1) % 2 === 1 }));
        const label = `${raster.layout} ${width}x${height}`;
        const channels = raster.layout === "gray8" ? 1 : 3;
        expect([image.width, image.height, image.channels], label).toEqual([width, height, channels]);
        const luma = raster.layout === "gray8" ? raster.data : (raster.layout === "rgba8" ? flat : planes).planes[0].data;
        expect(psnrOf(lumaOf(image), luma), label).toBeGreaterThan(30);
      }
    }
  });

  // Widths around the vectors' 8 and 16 px, and MCUs that reach beyond the picture on one side or both
  test.each([
    [1, 1],
    [333, 77],
    [41, 16],
    [16, 41],
    [63, 64],
    [65, 33],
    [1001, 3],
    [50, 24],
    [72, 34],
  ])("pixels of %ix%i are the planes that the formula gives", (width, height) => {
    const picture = rgba({ width, height, data: noise(width * height * 4, width) });
    const file = encode(picture, { chroma, quality: 100 });
    expect(Buffer.compare(file, encode(converted(picture, chroma), { chroma, quality: 100 }))).toBe(0);
  });

  test("every corner of the color cube is within its samples", () => {
    const picture = rgba(
      paint(64, 64, (x, y) => [(x >> 3) & 1, (y >> 3) & 1, ((x + y) >> 4) & 1, 1].map((v) => v * 255) as never),
    );
    const file = encode(picture, { chroma, quality: 100 });
    expect(Buffer.compare(file, encode(converted(picture, chroma), { chroma, quality: 100 }))).toBe(0);
  });

  test("planes of any subsampling are averaged or interpolated: the bytes of fitted planes", () => {
    for (const subsampleX of SHARES) {
      for (const subsampleY of SHARES) {
        for (const [width, height] of [
          [1, 1],
          [35, 51],
          [64, 32],
          [133, 19],
          [70, 22],
        ] as const) {
          const samples = noise(1 << 16, width);
          const raster = planar(width, height, [subsampleX, subsampleY], (c, x, y) => samples[c * 20_000 + y * width + x]!);
          const file = encode(raster, { chroma });
          const wanted = encode(fitted(raster, chroma), { chroma });
          expect(Buffer.compare(file, wanted), `${subsampleX}x${subsampleY} ${width}x${height}`).toBe(0);
        }
      }
    }
  });

  test("colors and places are kept: planes and pixels of one picture", async () => {
    const picture = rgba(scene(150, 101));
    const wanted = await sharp(picture.data, { raw: { width: 150, height: 101, channels: 4 } })
      .removeAlpha()
      .raw()
      .toBuffer();
    for (const raster of [picture, converted(picture, chroma)]) {
      for (const progressive of SCANS) {
        const image = await decode(encode(raster, { chroma, quality: 95, progressive }));
        expect(psnrOf(image.data, wanted)).toBeGreaterThan(chroma === "420" ? 29 : 38);
      }
    }
  });

  test("a progressive file shows the very pixels of the other, at every quality", async () => {
    const picture = rgba(scene(203, 118));
    for (const quality of [1, 2, 10, 24, 50, 75, 90, 95, 99, 100]) {
      const files = SCANS.map((progressive) => encode(picture, { chroma, quality, progressive }));
      const [one, several] = await Promise.all(files.map(decode));
      expect(Buffer.compare(one!.data, several!.data), `quality ${quality}`).toBe(0);
    }
  });

  test("extremes: flat, checkerboards of 1 and 8 px, and noise of 0 and 255", async () => {
    const [width, height] = [73, 57];
    const random = noise(width * height * 3, 5);
    const pictures: Record<string, YcbcrRaster> = {
      black: planar(width, height, [1, 1], (c) => (c === 0 ? 0 : 128)),
      white: planar(width, height, [1, 1], (c) => (c === 0 ? 255 : 128)),
      corners: planar(width, height, [1, 1], (c, x) => ((c === 1) === x < 40 ? 0 : 255)),
      fine: planar(width, height, [1, 1], (c, x, y) => ((x + y + c) % 2) * 255),
      coarse: planar(width, height, [1, 1], (c, x, y) => (((x >> 3) + (y >> 3) + c) % 2) * 255),
      noise: planar(width, height, [1, 1], (c, x, y) => (random[(c * height + y) * width + x]! & 1) * 255),
    };
    for (const [name, raster] of Object.entries(pictures)) {
      for (const quality of [1, 50, 100]) {
        for (const progressive of SCANS) {
          const { data } = await decode(encode(raster, { chroma, quality, progressive }));
          const y = raster.planes[0].data;
          let sum = 0;
          // G is beside Y on the axis that chroma of 128 leaves alone
          for (let i = 0; i < y.length; i++) sum += Math.abs(data[i * 3 + 1]! - y[i]!);
          if (name === "black" || name === "white") expect(sum / y.length, `${name} ${quality}`).toBeLessThan(2);
        }
      }
    }
  });
});

test("a checkerboard at quality 100 comes back as it was", async () => {
  for (const side of [1, 2, 8]) {
    const { data } = planeOf(64, 48, (x, y) => ((Math.floor(x / side) + Math.floor(y / side)) % 2) * 255);
    const image = await decode(encode({ layout: "gray8", width: 64, height: 48, data, alpha: false }, { quality: 100 }));
    image.data.forEach((value, i) => {
      expect(Math.abs(value - data[i]!)).toBeLessThanOrEqual(1);
    });
  }
});

test("A is not read", () => {
  const opaque = rgba(scene(50, 40));
  const veiled = { ...opaque, data: opaque.data.map((value, i) => (i % 4 === 3 ? (i * 7) & 255 : value)), alpha: true };
  for (const chroma of CHROMAS) expect(Buffer.compare(encode(opaque, { chroma }), encode(veiled, { chroma }))).toBe(0);
});

test("rasters that start at an odd byte give the same", () => {
  const picture = rgba(scene(37, 29));
  const shifted = new Uint8Array(picture.data.length + 3).subarray(3);
  shifted.set(picture.data);
  expect(Buffer.compare(encode(picture), encode({ ...picture, data: shifted }))).toBe(0);
});

test("the quality that is asked for is the one that is estimated", () => {
  const picture = rgba(scene(24, 17));
  for (let quality = 1; quality <= 100; quality++) {
    const tables = segmentsOf(encode(picture, { quality, progressive: quality % 2 === 0 })).filter(
      ({ marker }) => marker === 0xdb,
    );
    expect(estimateQuality([...tables[0]!.data.subarray(1, 65)]), `quality ${quality}`).toBe(quality);
  }
});

test.each([50, 90])("tables of quality %i are those of libjpeg, chrominance as well", async (quality) => {
  const picture = scene(24, 17);
  const peer = await sharp(picture.data, { raw: { width: 24, height: 17, channels: 4 } })
    .jpeg({ quality, quantizationTable: 0 })
    .toBuffer();
  const tablesOf = (file: Uint8Array) =>
    segmentsOf(file).flatMap(({ marker, data }) => (marker === 0xdb ? [...data].filter((_, i) => i % 65 !== 0) : []));
  expect(tablesOf(encode(rgba(picture), { quality }))).toEqual(tablesOf(new Uint8Array(peer)));
});

describe.each(SCANS)("the file, progressive %s", (progressive) => {
  const file = () => encode(rgba(scene(90, 70)), { progressive });

  test("is JFIF 1.01 with square pixels, frame before scans, tables before their use", () => {
    const segments = segmentsOf(file());
    const markers = segments.map(({ marker }) => marker);
    const refined = markers.slice(3, -1).filter((marker) => marker === 0xda).length;
    expect(markers.slice(0, 3)).toEqual([0xe0, 0xdb, progressive ? 0xc2 : 0xc0]);
    expect(refined).toBe(progressive ? 10 : 1);
    expect([...segments[0]!.data]).toEqual([0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
    expect([...segments[2]!.data.subarray(0, 6)]).toEqual([8, 0, 70, 0, 90, 3]);
  });

  test("has codes of at most 16 bits, none of them all ones, and no symbol twice", () => {
    for (const { marker, data } of segmentsOf(file())) {
      if (marker !== 0xc4) continue;
      for (let at = 0; at < data.length; ) {
        const lengths = [...data.subarray(at + 1, at + 17)];
        const count = lengths.reduce((sum, n) => sum + n, 0);
        const symbols = [...data.subarray(at + 17, at + 17 + count)];
        expect(new Set(symbols).size).toBe(count);
        expect(lengths.reduce((sum, n, i) => sum + n * 2 ** (15 - i), 0)).toBeLessThan(2 ** 16);
        at += 17 + count;
      }
    }
  });

  test("takes EXIF behind its first segment", async () => {
    const tiff = Uint8Array.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
    const { orientation, isProgressive, density } = await sharp(withJpegExif(file(), tiff)).metadata();
    expect({ orientation, isProgressive, density }).toEqual({ orientation: 6, isProgressive: progressive, density: 72 });
  });
});

test.each([
  [65_500, 1],
  [1, 65_500],
  [65_500, 9],
])("%ix%i px", async (width, height) => {
  const raster = planar(width, height, [2, 2], (c, x, y) => slope(c, (x + y) % 512, c));
  for (const progressive of SCANS) {
    const image = await decode(encode(raster, { progressive, chroma: progressive ? "420" : "444" }));
    expect([image.width, image.height]).toEqual([width, height]);
  }
});

test("pause is called every few rows, and what it throws stops the work", () => {
  for (const progressive of SCANS) {
    let pauses = 0;
    const { api } = createInstance();
    api.encode(rgba(scene(16, 1600)), { ...USUAL, progressive }, () => pauses++);
    expect(pauses).toBeGreaterThan(10);
    const stop = () => {
      throw new Error("late");
    };
    expect(() => api.encode(rgba(scene(16, 160)), { ...USUAL, progressive }, stop)).toThrow("late");
  }
});

test.each<[string, Raster]>([
  ["cmyk8", { layout: "cmyk8", width: 1, height: 1, data: new Uint8Array(4), alpha: false }],
  ["0x3", { layout: "gray8", width: 0, height: 3, data: new Uint8Array(0), alpha: false }],
  ["65536x1", { layout: "gray8", width: 65_536, height: 1, data: new Uint8Array(65_536), alpha: false }],
  ["7 bytes", { layout: "gray8", width: 2, height: 3, data: new Uint8Array(7), alpha: false }],
  [
    "96 bytes",
    {
      ...planar(16, 16, [2, 2], () => 0),
      subsampleX: 1,
      planes: planar(16, 16, [2, 2], () => 0).planes.map((plane) => ({ ...plane, data: new Uint8Array(96) })) as never,
    },
  ],
])("what is no raster is refused: %s", (message, raster) => {
  expect(() => createInstance().api.encode(raster, USUAL, () => undefined)).toThrow(message);
});
