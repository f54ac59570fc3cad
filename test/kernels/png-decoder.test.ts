import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { type PngKernels, pngDecodeBytes } from "../../src/kernels/png/index.ts";
import { fixture } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { failureOf } from "../support/pictures.ts";
import { CHANNELS, chunk, END, filteredRows, header, joinPng, type PngRecipe, writePng } from "./png-files.ts";
import { BUILDS, collect, pngKernels, toRgba } from "./png-module.ts";

const MUTATIONS = process.env["OPALENS_TEST_FULL"] === "1" ? 20_000 : 4000;

let [vectors, scalar]: (PngKernels & { memoryBytes(): number })[] = [];
beforeAll(async () => {
  [vectors, scalar] = await Promise.all(BUILDS.map(pngKernels));
});

/** By libvips as RGBA, with what it does about damage. */
async function peer(bytes: Uint8Array, failOn: "none" | "warning" = "none"): Promise<Uint8Array> {
  return new Uint8Array(await sharp(bytes, { failOn }).toColourspace("srgb").ensureAlpha().raw().toBuffer());
}

/** Decodes with both builds; as RGBA, which is the same whether alpha is asked for or not. */
function decode(bytes: Uint8Array, hasAlpha: boolean): Uint8Array {
  const asked = collect(vectors!, bytes, true);
  const twin = collect(scalar!, bytes, true);
  expect(Buffer.compare(asked.data, twin.data), "SIMD and scalar build").toBe(0);
  expect(asked.shape).toMatchObject({ kind: "rgba", alpha: true });
  if (!hasAlpha) {
    const opaque = collect(vectors!, bytes, false);
    expect(opaque.shape).toMatchObject({ kind: bytes[25] === 0 ? "gray" : "rgba", alpha: false });
    expect(Buffer.compare(collect(scalar!, bytes, false).data, opaque.data), "SIMD and scalar build").toBe(0);
    expect(Buffer.compare(toRgba(opaque), asked.data), "without alpha").toBe(0);
  }
  return asked.data;
}

const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const KINDS = Object.entries(DEPTHS).flatMap(([type, depths]) => depths.map((depth) => [Number(type), depth] as const));
const NAMES: Readonly<Record<number, string>> = { 0: "gray", 2: "RGB", 3: "palette", 4: "gray and alpha", 6: "RGBA" };

/** Grain over slopes, so that every filter has something to do and Paeth's ties occur. */
function recipe(colorType: number, bitDepth: number, width: number, height: number, rest: Partial<PngRecipe> = {}): PngRecipe {
  const grain = noise(width * height * 4 + 8, width + 31 * height);
  const most = 2 ** bitDepth - 1;
  const sample = (x: number, y: number, channel: number) => {
    const random = grain[(y * width + x) * 4 + channel]!;
    const slope = (x * 5 + y * (3 + channel)) / 40;
    return Math.floor((slope * most) / 7 + (random * most) / (random < 128 ? 2048 : 300)) & most;
  };
  const palette = noise(3 * Math.min(256, most + 1), 3);
  return { width, height, bitDepth, colorType, sample, ...(colorType === 3 ? { palette: [...palette] } : {}), ...rest };
}

describe.each(KINDS)("color type %i of %i bits", (colorType, bitDepth) => {
  const name = `${NAMES[colorType]}, ${bitDepth} bits`;
  const hasAlpha = colorType >= 4;
  test.each([0, 1, 2, 3, 4])(`${name}: filter %i at every width up to 20, and wide`, async (type) => {
    for (const width of [...Array.from({ length: 20 }, (_, i) => i + 1), 33, 67]) {
      const bytes = writePng(recipe(colorType, bitDepth, width, 4, { filter: () => type }));
      expect(Buffer.compare(decode(bytes, hasAlpha), await peer(bytes)), `${width} px`).toBe(0);
    }
  });
  test.each([false, true])(`${name}: all filters in turn, sizes 1 to 20, interlaced %s`, async (interlaced) => {
    for (let size = 1; size <= 20; size++) {
      const height = ((size * 7) % 20) + 1;
      const bytes = writePng(recipe(colorType, bitDepth, size, height, { interlaced, filter: (row) => (row + size) % 5 }));
      expect(Buffer.compare(decode(bytes, hasAlpha), await peer(bytes)), `${size}x${height}`).toBe(0);
    }
  });
  test(`${name}: larger than the bands and the window, in chunks of any size`, async () => {
    const [width, height] = [301, 400];
    const filter = (row: number) => row % 5;
    const bytes = writePng(recipe(colorType, bitDepth, width, height, { filter, split: 997 }));
    const theirs = await peer(bytes);
    expect(Buffer.compare(decode(bytes, hasAlpha), theirs)).toBe(0);
    for (const split of [1, 50_000]) {
      const other = writePng(recipe(colorType, bitDepth, width, height, { filter, split, level: split === 1 ? 9 : 0 }));
      expect(Buffer.compare(decode(other, hasAlpha), theirs)).toBe(0);
    }
  });
});

describe("tRNS", () => {
  test.each([1, 2, 4, 8, 16])("one gray of %i bits is transparent", async (bitDepth) => {
    const value = bitDepth === 16 ? 0x1234 : 1;
    const base = recipe(0, bitDepth, 23, 9, { transparency: [value >> 8, value & 255] });
    // At 16 bits, grays that differ from the key in their low byte alone stay opaque
    const sample = (x: number, y: number) => (bitDepth === 16 ? 0x1230 + ((x * y) % 7) : base.sample(x, y, 0));
    for (const interlaced of [false, true]) {
      const bytes = writePng({ ...base, sample, interlaced });
      const data = decode(bytes, true);
      expect(Buffer.compare(data, await peer(bytes))).toBe(0);
      const clear = data.filter((a, i) => i % 4 === 3 && a === 0).length;
      expect(clear).toBeGreaterThan(0);
      expect(clear).toBeLessThan(23 * 9);
    }
  });
  test.each([8, 16])("one color of %i bits is transparent", async (bitDepth) => {
    const key = bitDepth === 16 ? [0x1201, 0x3402, 0x5603] : [0x12, 0x34, 0x56];
    const transparency = key.flatMap((value) => [value >> 8, value & 255]);
    const sample = (x: number, y: number, channel: number) => key[channel]! + ((x * y) % 3 === channel ? x % 2 : 0);
    for (const type of [0, 1, 2, 3, 4]) {
      const bytes = writePng(recipe(2, bitDepth, 37, 11, { sample, transparency, filter: () => type }));
      const data = decode(bytes, true);
      expect(Buffer.compare(data, await peer(bytes))).toBe(0);
      const clear = data.filter((a, i) => i % 4 === 3 && a === 0).length;
      expect(clear).toBeGreaterThan(0);
      expect(clear).toBeLessThan(37 * 11);
    }
  });
  test.each([1, 2, 4, 8])("alpha of a palette of %i bits", async (bitDepth) => {
    const transparency = Array.from({ length: 2 ** bitDepth - 1 }, (_, i) => (i * 37) & 255);
    for (const interlaced of [false, true]) {
      const bytes = writePng(recipe(3, bitDepth, 29, 13, { transparency, interlaced }));
      expect(Buffer.compare(decode(bytes, true), await peer(bytes))).toBe(0);
    }
  });
});

describe("files that are not quite right", () => {
  const base = recipe(2, 8, 5, 4);
  const rows = filteredRows(base);
  const z = deflateSync(rows);
  const idat = chunk("IDAT", z);
  const indices = recipe(3, 8, 5, 4, { sample: (x, y) => (x === 4 ? 200 : (x + y) % 3) });
  const indexed = chunk("IDAT", deflateSync(filteredRows(indices)));
  const plte = chunk("PLTE", [10, 20, 30, 40, 50, 60, 70, 80, 90]);
  const grays = recipe(0, 8, 5, 4, { sample: (x) => x });
  const gray = chunk("IDAT", deflateSync(filteredRows(grays)));
  const wrongSum = (whole: Uint8Array) => whole.map((byte, i) => (i === whole.length - 1 ? byte ^ 1 : byte));
  const rgb = (...chunks: Uint8Array[]) => joinPng(header(base), ...chunks);
  const ofPalette = (...chunks: Uint8Array[]) => joinPng(header(indices), ...chunks);
  const ofGray = (...chunks: Uint8Array[]) => joinPng(header(grays), ...chunks);

  // biome-ignore format: one row per case
  test.each([
    ["a wrong checksum of image data's chunk",  rgb(wrongSum(idat), END)],
    ["a wrong checksum of the header",          joinPng(wrongSum(header(base)), idat, END)],
    ["a wrong checksum of the palette",         ofPalette(wrongSum(plte), indexed, END)],
    ["a wrong checksum of a comment",           rgb(wrongSum(chunk("tEXt", [65, 0, 66])), idat, END)],
    ["an empty chunk within the image data",    rgb(chunk("IDAT", z.subarray(0, 9)), chunk("IDAT", []), chunk("IDAT", z.subarray(9)), END)],
    ["bytes behind the zlib stream",            rgb(chunk("IDAT", Buffer.concat([z, Buffer.alloc(20, 7)])), END)],
    ["more data than picture",                  rgb(chunk("IDAT", deflateSync(Buffer.concat([rows, Buffer.alloc(90_000, 3)]))), END)],
    ["bytes behind the end",                    new Uint8Array(Buffer.concat([rgb(idat, END), Buffer.alloc(99, 9)]))],
    ["a palette of RGB, as a suggestion",       rgb(plte, idat, END)],
    ["a palette of gray",                       ofGray(plte, gray, END)],
    ["indices beyond the palette",              ofPalette(plte, indexed, END)],
    ["more alpha than palette",                 ofPalette(plte, chunk("tRNS", [0, 128, 1, 2, 3]), indexed, END)],
    ["no alpha in tRNS",                        ofPalette(plte, chunk("tRNS", []), indexed, END)],
    ["alpha before its palette",                ofPalette(chunk("tRNS", [0, 128]), plte, indexed, END)],
    ["a tRNS of gray that is too short",        ofGray(chunk("tRNS", [3]), gray, END)],
    ["a tRNS of gray that is too long",         ofGray(chunk("tRNS", [0, 3, 0]), gray, END)],
    ["a tRNS of gray with a high byte",         ofGray(chunk("tRNS", [1, 3]), gray, END)],
    ["a second tRNS",                           ofGray(chunk("tRNS", [0, 3]), chunk("tRNS", [0, 2]), gray, END)],
    ["a tRNS of RGB that is too short",         rgb(chunk("tRNS", [0, 3, 0]), idat, END)],
    ["a tRNS behind the image data",            rgb(idat, chunk("tRNS", [0, 1, 0, 2, 0, 3]), END)],
    ["a tRNS of a picture with alpha",          joinPng(header(recipe(4, 8, 5, 4)), chunk("tRNS", [0, 3]), chunk("IDAT", deflateSync(filteredRows(recipe(4, 8, 5, 4)))), END)],
  ])("%s: the picture that libvips gives", async (_name, bytes) => {
    expect(Buffer.compare(decode(bytes, true), await peer(bytes))).toBe(0);
  });

  // biome-ignore format: one row per case
  test.each([
    ["nothing but a signature",             joinPng()],
    ["another chunk first",                 joinPng(chunk("tEXt", [65, 0]), header(base), idat, END)],
    ["a header that is too long",           joinPng(chunk("IHDR", [...header(base).subarray(8, 21), 0]), idat, END)],
    ["two headers",                         joinPng(header(base), header(base), idat, END)],
    ["no image data",                       rgb(END)],
    ["image data behind the end",           rgb(END, idat)],
    ["no end",                              rgb(idat)],
    ["an end without its checksum",         rgb(idat, END.subarray(0, 8))],
    ["image data that is interrupted",      rgb(chunk("IDAT", z.subarray(0, 9)), chunk("tEXt", [65, 0]), chunk("IDAT", z.subarray(9)), END)],
    ["a row too few",                       rgb(chunk("IDAT", deflateSync(rows.subarray(0, rows.length - 16))), END)],
    ["a byte too few",                      rgb(chunk("IDAT", deflateSync(rows.subarray(0, rows.length - 1))), END)],
    ["a zlib stream without its checksum",  rgb(chunk("IDAT", z.subarray(0, z.length - 4)), END)],
    ["a zlib stream with a wrong checksum", rgb(chunk("IDAT", wrongSum(z)), END)],
    ["a filter that does not exist",        rgb(chunk("IDAT", deflateSync(rows.map((byte, i) => (i === 16 ? 5 : byte)))), END)],
    ["no palette",                          ofPalette(indexed, END)],
    ["a palette behind the image data",     ofPalette(indexed, plte, END)],
    ["two palettes",                        ofPalette(plte, plte, indexed, END)],
    ["an empty palette",                    ofPalette(chunk("PLTE", []), indexed, END)],
    ["a palette of 4 bytes",                ofPalette(chunk("PLTE", [1, 2, 3, 4]), indexed, END)],
    ["a palette of 257 colors",             ofPalette(chunk("PLTE", new Uint8Array(771)), indexed, END)],
    ["a chunk longer than the file",        rgb(chunk("tEXt", [65, 0]).map((byte, i) => (i < 4 ? 255 : byte)), idat, END)],
    ["a depth that does not exist",         joinPng(header({ ...base, bitDepth: 3 }), idat, END)],
    ["a depth that RGB does not have",      joinPng(header({ ...base, bitDepth: 4 }), idat, END)],
    ["a color type that does not exist",    joinPng(header({ ...base, colorType: 5 }), idat, END)],
    ["a width of 0",                        joinPng(header({ ...base, width: 0 }), idat, END)],
  ])("%s is CORRUPT_IMAGE", async (_name, bytes) => {
    for (const build of BUILDS) {
      const kernels = await pngKernels(build);
      expect(failureOf(() => collect(kernels, bytes, true)).code).toBe("CORRUPT_IMAGE");
    }
  });

  test("the picture without any of that is one", () => {
    expect(decode(rgb(idat, END), false)).toEqual(decode(writePng(base), false));
  });
});

describe("limits", () => {
  const big = () => writePng(recipe(6, 8, 700, 500, { filter: () => 4 }));
  test("memory does not grow with the height, and stays within what is promised", async () => {
    for (const [colorType, bitDepth] of KINDS) {
      for (const width of [3, 700, 30_000]) {
        const sample = (x: number, y: number) => (x ^ y) & (2 ** bitDepth - 1);
        const rest = colorType === 3 ? { palette: [1, 2, 3] } : {};
        const bytes = writePng({ width, height: 12, bitDepth, colorType, sample, level: 1, ...rest });
        const kernels = await pngKernels("png");
        const { band } = collect(kernels, bytes, true);
        expect(kernels.memoryBytes()).toBeLessThanOrEqual(pngDecodeBytes({ width, bitDepth }));
        expect(kernels.memoryBytes()).toBeGreaterThan(pngDecodeBytes({ width, bitDepth }) / 5);
        expect(band).toBeLessThanOrEqual(Math.max(64 * 1024, width * 4));
      }
    }
  }, 120_000);
  test("whoever writes or pauses may stop the decoder", async () => {
    const bytes = big();
    const stop = () => {
      throw new TransformError("TIMEOUT", "stop");
    };
    let pauses = 0;
    const kernels = await pngKernels("png");
    kernels.decode(
      bytes,
      true,
      () => ({ write: () => undefined }),
      () => pauses++,
    );
    expect(pauses).toBeGreaterThan(5);
    expect(failureOf(() => kernels.decode(bytes, true, () => ({ write: () => undefined }), stop)).code).toBe("TIMEOUT");
    const again = await pngKernels("png");
    expect(
      failureOf(() =>
        again.decode(
          bytes,
          true,
          () => ({ write: stop }),
          () => undefined,
        ),
      ).code,
    ).toBe("TIMEOUT");
  });
  test("one instance decodes pictures of all kinds one after the other, with the same memory", async () => {
    const kernels = await pngKernels("png");
    const files = KINDS.map(([colorType, bitDepth]) => writePng(recipe(colorType, bitDepth, 200, 90)));
    const first = files.map((bytes) => collect(kernels, bytes, true).data);
    const memory = kernels.memoryBytes();
    for (let round = 0; round < 3; round++) {
      files.forEach((bytes, i) => {
        expect(Buffer.compare(collect(kernels, bytes, true).data, first[i]!)).toBe(0);
      });
    }
    expect(kernels.memoryBytes()).toBe(memory);
  });
});

describe("damage", () => {
  /** A picture or CORRUPT_IMAGE; true for a picture. */
  function attempt(kernels: PngKernels, bytes: Uint8Array): boolean {
    try {
      collect(kernels, bytes, true);
      return true;
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "CORRUPT_IMAGE" });
      return false;
    }
  }

  test("a file cut off anywhere is CORRUPT_IMAGE", async () => {
    for (const [colorType, interlaced] of [
      [6, false],
      [3, true],
      [0, false],
    ] as const) {
      const bytes = writePng(recipe(colorType, 8, 19, 17, { interlaced, split: 100, filter: (row) => row % 5 }));
      let kernels = await pngKernels("png");
      for (let length = 0; length < bytes.length; length++) {
        expect(attempt(kernels, bytes.subarray(0, length)), `${length} of ${bytes.length}`).toBe(false);
        kernels = await pngKernels("png");
      }
      expect(attempt(kernels, bytes)).toBe(true);
    }
  });
  test.each(BUILDS)(
    `${MUTATIONS} mutations end in a picture or CORRUPT_IMAGE (%s)`,
    async (build) => {
      const seeds = [
        ...KINDS.map(([colorType, bitDepth], i) =>
          writePng(recipe(colorType, bitDepth, 21, 11, { interlaced: i % 2 === 1, filter: (row) => row % 5, level: i % 10 })),
        ),
        writePng(recipe(3, 4, 40, 30, { transparency: [1, 2, 3] })),
        writePng(recipe(6, 8, 90, 80, { level: 9 })),
        await fixture("p3.png"),
      ];
      const random = noise(400_000, 11);
      let kernels = await pngKernels(build);
      let [pictures, largest] = [0, 0];
      for (let i = 0; i < MUTATIONS; i++) {
        const bytes = seeds[i % seeds.length]!.slice();
        const hits = 1 + (random[i]! % 4);
        for (let hit = 0; hit < hits; hit++) {
          const from = 20_000 + 16 * i + 4 * hit;
          const at = (random[from]! * 65_536 + random[from + 1]! * 256 + random[from + 2]!) % bytes.length;
          // The size stays: what a header claims is checked before a decoder is asked
          if (at < 16 || at >= 24) bytes[at]! ^= random[from + 3]! | 1;
        }
        if (attempt(kernels, bytes)) pictures++;
        else {
          largest = Math.max(largest, kernels.memoryBytes());
          kernels = await pngKernels(build); // as a lease does
        }
      }
      expect(pictures).toBeGreaterThan(100);
      expect(largest).toBeLessThan(1024 * 1024);
    },
    120_000,
  );
  test("mutations of what is compressed, behind a right checksum", async () => {
    const random = noise(60_000, 13);
    let kernels = await pngKernels("png");
    let pictures = 0;
    for (let i = 0; i < 3000; i++) {
      const [colorType, bitDepth] = KINDS[i % KINDS.length]!;
      const base = recipe(colorType, bitDepth, 17, 9, { interlaced: i % 3 === 0 });
      const rows = filteredRows(base);
      rows[random[i]! % rows.length]! = random[3000 + i]! % 9;
      const palette = colorType === 3 ? [chunk("PLTE", noise(12))] : [];
      const bytes = joinPng(header(base), ...palette, chunk("IDAT", deflateSync(rows, { level: i % 10 })), END);
      if (attempt(kernels, bytes)) pictures++;
      else kernels = await pngKernels("png");
    }
    expect(pictures).toBeGreaterThan(500);
    expect(pictures).toBeLessThan(3000);
  }, 60_000);
});

test("channels are what the tests think they are", () => {
  expect(Object.keys(CHANNELS)).toEqual(Object.keys(DEPTHS));
});
