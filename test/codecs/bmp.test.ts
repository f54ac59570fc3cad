import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bmp } from "../../src/codecs/bmp.ts";
import { decodeBmp } from "../../src/codecs/bmp-decode.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { failureOf, numbered, paint, pixelAt, rejectionOf, scene } from "../support/pictures.ts";
import { harness, offsetView } from "./harness.ts";

const { decode, encode } = harness(bmp);
const OPTIONS = { quality: 100, progressive: false, lossless: false, effort: "fast", chroma: "420" } as const;
/** The matcher for equality takes seconds for what this does at once. */
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const le16 = (value: number) => [value & 255, (value >> 8) & 255];
const le32 = (value: number) => [...le16(value & 0xffff), ...le16(value >>> 16)];

interface Kind {
  readonly header?: 12 | 16 | 40 | 56 | 64 | 108 | 124;
  readonly coding?: number;
  readonly masks?: readonly number[];
  readonly palette?: readonly (readonly [r: number, g: number, b: number])[];
}
/** A BMP file spelled out by the layout of its headers in [MS-WMF]; `pixels` as they lie in the file. */
function spelled(width: number, height: number, bits: number, pixels: readonly number[], kind: Kind = {}): Uint8Array {
  const { header = 40, coding = 0, masks = [], palette = [] } = kind;
  const size = header === 12 ? [...le16(width), ...le16(height)] : [...le32(width), ...le32(height)];
  const rest = header < 40 ? [] : [...le32(coding), ...Array<number>(12).fill(0), ...le32(palette.length), ...le32(0)];
  const info = [...le32(header), ...size, ...le16(1), ...le16(bits), ...rest, ...masks.flatMap(le32)];
  while (info.length < header) info.push(0);
  const colors = palette.flatMap(([r, g, b]) => (header === 12 ? [b, g, r] : [b, g, r, 0]));
  const at = 14 + info.length + colors.length;
  return Uint8Array.from([0x42, 0x4d, ...le32(at + pixels.length), ...le32(0), ...le32(at), ...info, ...colors, ...pixels]);
}
/** All pixels, row by row, without alpha. */
async function colorsOf(file: Uint8Array): Promise<string[]> {
  const picture = await decode(file);
  const rows: string[] = [];
  for (let y = 0; y < picture.height; y++) {
    rows.push(Array.from({ length: picture.width }, (_, x) => pixelAt(picture, x, y).slice(0, 3).join(",")).join(" "));
  }
  return rows;
}
const RED = [255, 0, 0] as const;
const GREEN = [0, 128, 0] as const;
const BLUE = [10, 20, 230] as const;
const SAND = [200, 180, 90] as const;
const [red, green, blue, sand] = [RED, GREEN, BLUE, SAND].map((color) => color.join(",")) as [string, string, string, string];
const four = [RED, GREEN, BLUE, SAND];

describe("bmp.decode", () => {
  const palette = { palette: four };
  // biome-ignore format: one row per case
  test.each([
    ["1 bit",                      spelled(3, 2, 1, [0b10100000, 0, 0, 0, 0b01000000, 0, 0, 0], { palette: [RED, BLUE] }), [`${red} ${blue} ${red}`, `${blue} ${red} ${blue}`]],
    ["2 bits",                     spelled(5, 1, 2, [0b00011011, 0b01000000, 0, 0], palette), [`${red} ${green} ${blue} ${sand} ${green}`]],
    ["4 bits",                     spelled(3, 2, 4, [0x12, 0x30, 0, 0, 0x01, 0x20, 0, 0], palette), [`${red} ${green} ${blue}`, `${green} ${blue} ${sand}`]],
    ["8 bits",                     spelled(2, 2, 8, [0, 1, 0, 0, 2, 3, 0, 0], palette), [`${blue} ${sand}`, `${red} ${green}`]],
    ["8 bits from the top down",   spelled(2, -2, 8, [0, 1, 0, 0, 2, 3, 0, 0], palette), [`${red} ${green}`, `${blue} ${sand}`]],
    ["an index past the palette",  spelled(2, 1, 8, [1, 9, 0, 0], palette), [`${green} 0,0,0`]],
    ["OS/2 1.x",                   spelled(3, 1, 4, [0x32, 0x10, 0, 0], { header: 12, palette: four }), [`${sand} ${blue} ${green}`]],
    ["OS/2 2.x, short",            spelled(2, 1, 8, [3, 1, 0, 0], { header: 16, palette: four }), [`${sand} ${green}`]],
    ["OS/2 2.x",                   spelled(2, 1, 8, [3, 1, 0, 0], { header: 64, palette: four }), [`${sand} ${green}`]],
    ["24 bits",                    spelled(3, 2, 24, [230, 20, 10, 0, 0, 255, 0, 128, 0, 9, 9, 9, 90, 180, 200, 1, 2, 3, 4, 5, 6, 9, 9, 9]), [`${sand} 3,2,1 6,5,4`, `${blue} ${red} ${green}`]],
    ["24 bits, no padding at the end", spelled(1, 2, 24, [1, 2, 3, 0, 4, 5, 6]), ["6,5,4", "3,2,1"]],
    ["16 bits, 5:5:5",             spelled(3, 1, 16, [...le16(0x7c00), ...le16(0x03e0), ...le16(0x0211), 0, 0]), ["255,0,0 0,255,0 0,132,140"]], // 16/31, 17/31
    ["16 bits, 5:6:5",             spelled(2, 1, 16, [...le16(0xf81f), ...le16(0x0420)], { coding: 3, masks: [0xf800, 0x7e0, 0x1f] }), ["255,0,255 0,134,0"]], // 33/63
    ["32 bits",                    spelled(2, 1, 32, [3, 2, 1, 77, 6, 5, 4, 0]), ["1,2,3 4,5,6"]],
    ["32 bits, other masks",       spelled(1, 1, 32, [0x11, 0x22, 0x33, 0x44], { coding: 3, masks: [0xff, 0xff0000, 0xff000000] }), ["17,51,68"]],
    ["32 bits, 10 bits a color",   spelled(1, 1, 32, le32((1023 << 20) | (512 << 10) | 4), { coding: 3, masks: [0x3ff00000, 0xffc00, 0x3ff] }), ["255,128,1"]],
    ["RLE8",                       spelled(4, 2, 8, [3, 1, 1, 2, 0, 0, 0, 3, 3, 2, 1, 9, 1, 0, 0, 1], { ...palette, coding: 1 }), [`${sand} ${blue} ${green} ${red}`, `${green} ${green} ${green} ${blue}`]],
    ["RLE8 with a move and nothing after", spelled(4, 3, 8, [1, 2, 0, 2, 1, 1, 2, 3, 0, 1], { ...palette, coding: 1 }), [`${red} ${red} ${red} ${red}`, `${red} ${red} ${sand} ${sand}`, `${blue} ${red} ${red} ${red}`]],
    ["RLE8 past the end of a row", spelled(2, 2, 8, [200, 1, 0, 0, 2, 2, 0, 1], { ...palette, coding: 1 }), [`${blue} ${blue}`, `${green} ${green}`]],
    ["RLE4",                       spelled(5, 2, 4, [5, 0x12, 0, 0, 0, 3, 0x32, 0x10, 2, 0x01, 0, 1], { ...palette, coding: 2 }), [`${sand} ${blue} ${green} ${red} ${green}`, `${green} ${blue} ${green} ${blue} ${green}`]],
  ])("reads %s", async (_name, file, rows) => {
    expect(await colorsOf(file)).toEqual(rows);
    const { data, alpha } = await decode(file);
    expect(alpha).toBe(false);
    expect(data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
    expect(await decode(offsetView(file, 7))).toEqual(await decode(file));
  });

  const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
  // biome-ignore format: one row per case
  test.each([
    ["a V4 header with masks",         spelled(2, 1, 32, [3, 2, 1, 77, 6, 5, 4, 0], { header: 108, coding: 3, masks }), [[1, 2, 3, 77], [4, 5, 6, 0]]],
    ["a V5 header with masks",         spelled(2, 1, 32, [3, 2, 1, 77, 6, 5, 4, 0], { header: 124, coding: 3, masks }), [[1, 2, 3, 77], [4, 5, 6, 0]]],
    ["BI_ALPHABITFIELDS",              spelled(2, 1, 32, [3, 2, 1, 77, 6, 5, 4, 0], { coding: 6, masks }), [[1, 2, 3, 77], [4, 5, 6, 0]]],
    ["16 bits, one of them alpha",     spelled(2, 1, 16, [...le16(0xfc00), ...le16(0x001f)], { header: 56, coding: 3, masks: [0x7c00, 0x3e0, 0x1f, 0x8000] }), [[255, 0, 0, 255], [0, 0, 255, 0]]],
  ])("takes alpha from %s", async (_name, file, pixels) => {
    const picture = await decode(file);
    expect(picture.alpha).toBe(true);
    expect([pixelAt(picture, 0, 0), pixelAt(picture, 1, 0)]).toEqual(pixels);
    expect(probe(file).alpha).toBe(true);
  });
  test("a V4 header without masks in use has no alpha", async () => {
    const picture = await decode(spelled(1, 1, 32, [3, 2, 1, 0], { header: 108, masks }));
    expect([...picture.data, picture.alpha]).toEqual([1, 2, 3, 255, false]);
  });

  const rows = [...Array(16).keys()];
  // biome-ignore format: one row per case
  test.each([
    ["UNSUPPORTED_FORMAT", "JPEG",    spelled(2, 2, 24, rows, { coding: 4 })],
    ["UNSUPPORTED_FORMAT", "PNG",     spelled(2, 2, 24, rows, { coding: 5 })],
    ["UNSUPPORTED_FORMAT", "Huffman", spelled(2, 2, 1, rows, { header: 64, coding: 3 })],
    ["UNSUPPORTED_FORMAT", "RLE24",   spelled(2, 2, 24, rows, { header: 64, coding: 4 })],
    ["CORRUPT_IMAGE", "run lengths",  spelled(2, 2, 8, rows, { coding: 2 })],
    ["CORRUPT_IMAGE", "compression",  spelled(2, 2, 24, rows, { coding: 3, masks: [1, 2, 4] })],
    ["CORRUPT_IMAGE", "gaps",         spelled(2, 2, 32, rows, { coding: 3, masks: [5, 0xff00, 0xff0000] })],
    ["CORRUPT_IMAGE", "ends early",   spelled(2, 2, 32, rows.slice(1))],
    ["CORRUPT_IMAGE", "ends early",   spelled(9, 9, 8, [3, 1, 0, 0, 2], { coding: 1 })],
    ["CORRUPT_IMAGE", "ends early",   spelled(9, 9, 8, [0, 9, 1, 2, 3], { coding: 1 })],
    ["CORRUPT_IMAGE", "ends early",   spelled(30000, 30000, 8, rows)],
    ["CORRUPT_IMAGE", "ends early",   spelled(30000, 30000, 8, [0, 1], { coding: 1 })],
    ["CORRUPT_IMAGE", "header",       spelled(2, 2, 32, rows).map((byte, i) => (i === 10 ? 20 : byte))],
  ])("%s: %s", async (code, what, file) => {
    expect(await rejectionOf(decode(file))).toMatchObject({ code, message: expect.stringContaining(what) });
  });
  test("a header of another size than was planned for is damage", () => {
    const file = spelled(2, 2, 32, rows);
    expect(failureOf(() => decodeBmp(file, { ...probe(file), width: 1 })).code).toBe("CORRUPT_IMAGE");
  });
});

describe("bmp.encode", () => {
  test("24 bits: every byte of a 3x2 picture", async () => {
    const picture = paint(3, 2, (x, y) => [10 + x, 20 + y, 30 + x * 2, 255]);
    const bottom = [30, 21, 10, 32, 21, 11, 34, 21, 12, 0, 0, 0];
    const top = [30, 20, 10, 32, 20, 11, 34, 20, 12, 0, 0, 0];
    const header = [
      ...le32(40),
      ...le32(3),
      ...le32(2),
      ...le16(1),
      ...le16(24),
      ...le32(0),
      ...le32(24),
      ...Array<number>(16).fill(0),
    ];
    const expected = [0x42, 0x4d, ...le32(78), ...le32(0), ...le32(54), ...header, ...bottom, ...top];
    expect([...(await encode(picture, 100, false))]).toEqual(expected);
  });
  test("32 bits with alpha under a V5 header that says sRGB", async () => {
    const file = await encode(paint(2, 1, (x) => [1 + x, 2, 3, 100 + x]));
    const view = new DataView(file.buffer, file.byteOffset);
    const [at, header, coding, colors] = [10, 14, 30, 70].map((place) => view.getUint32(place, true));
    expect([at, header, coding, colors]).toEqual([138, 124, 3, 0x73524742]);
    expect([54, 58, 62, 66].map((place) => view.getUint32(place, true))).toEqual([0xff0000, 0xff00, 0xff, 0xff000000]);
    expect([...file.subarray(138)]).toEqual([3, 2, 1, 100, 3, 2, 2, 101]);
  });
  test.each([
    [1, 1],
    [1, 9],
    [6, 5],
    [7, 5],
    [61, 43],
  ])("round trip of %ix%i is exact, within the bound", async (width, height) => {
    for (const [alpha, picture] of [
      [true, numbered(width, height)],
      [false, scene(width, height)],
    ] as const) {
      const before = picture.data.slice();
      const bytes = await encode(picture, 100, alpha);
      const decoded = await decode(bytes);
      expect([decoded.width, decoded.height, decoded.alpha, same(decoded.data, before)]).toEqual([width, height, alpha, true]);
      expect(probe(bytes)).toMatchObject({ format: "bmp", width, height, alpha });
      expect(bytes.length).toBeLessThanOrEqual(bmp.encodeBytes({ width, height }, alpha, OPTIONS));
      expect(same(picture.data, before)).toBe(true);
      expect(same(await encode({ ...picture, data: offsetView(picture.data, 5) }, 100, alpha), bytes)).toBe(true);
    }
  });
});

test("mutated files end typed and soon", async () => {
  const runs = [3, 1, 1, 2, 0, 0, 0, 3, 3, 2, 1, 9, 1, 0, 0, 2, 1, 1, 2, 3, 0, 1];
  const files = [
    await encode(scene(30, 20, true)),
    await encode(scene(30, 20), 100, false),
    spelled(6, 7, 8, runs, { coding: 1, palette: four }),
    spelled(6, 7, 4, runs, { coding: 2, palette: four }),
    spelled(9, 4, 1, [...Array(16).keys()], { header: 12, palette: [RED, BLUE] }),
  ];
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes, "ranqd1"
    return (state >>> 8) % below;
  };
  const ends = new Map<string, number>();
  for (let round = 0; round < 600; round++) {
    const file = files[round % files.length]!;
    const changed = file.slice(0, round % 7 === 6 ? random(file.length) : file.length);
    for (let i = 0; i < 3; i++) {
      const at = round % 2 === 0 ? random(80) : random(file.length);
      if (at < changed.length) changed[at] = random(256);
    }
    const end = await decode(changed).then(
      ({ width, height, data }) => (data.length === width * height * 4 ? "a picture" : "a broken picture"),
      async (error: unknown) => (await rejectionOf(Promise.reject(error))).code,
    );
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  const allowed = ["a picture", "CORRUPT_IMAGE", "UNSUPPORTED_FORMAT", "OUTPUT_TOO_LARGE"];
  expect([...ends.keys()].filter((end) => !allowed.includes(end))).toEqual([]);
  expect(ends.get("a picture")).toBeGreaterThan(0);
  expect(ends.get("CORRUPT_IMAGE")).toBeGreaterThan(0);
}, 30_000);

describe.skipIf(!HAS_CORPUS)("corpus", () => {
  const read = async (name: string) => new Uint8Array(await readFile(join(CORPUS, name)));
  test("the kinds that hold the same picture agree", async () => {
    const [rgb24, rgb32, rgba, pal8, rle8, topDown] = await Promise.all(
      ["rgb24", "rgb32bf", "rgba32", "pal8", "pal8rle", "pal8topdown"].map(async (name) =>
        decode(await read(`bmp-tiff/${name}.bmp`)),
      ),
    );
    expect(rgb24).toMatchObject({ width: 127, height: 64, alpha: false });
    expect(same(rgb32!.data, rgb24!.data)).toBe(true);
    expect(same(rle8!.data, pal8!.data)).toBe(true);
    expect(same(topDown!.data, pal8!.data)).toBe(true);
    expect(rgba!.alpha).toBe(true);
    const opaque = rgba!.data.map((value, i) => (rgba!.data[i - (i % 4) + 3] === 255 ? value : rgb24!.data[i]!));
    expect(same(opaque, rgb24!.data)).toBe(true);
    expect(rgba!.data.some((value, i) => i % 4 === 3 && value < 255)).toBe(true);
  });
  test("5:6:5 is 24 bits but for what it lost", async () => {
    const [full, packed] = await Promise.all(
      ["rgb24", "rgb16-565"].map(async (name) => decode(await read(`bmp-tiff/${name}.bmp`))),
    );
    const worst = full!.data.reduce((most, value, i) => Math.max(most, Math.abs(value - packed!.data[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(8);
  });
  test("RLE4 and 1 bit show the same letters", async () => {
    const [one, rle] = await Promise.all(["pal1", "pal4rle"].map(async (name) => decode(await read(`bmp-tiff/${name}.bmp`))));
    // White inside and black around the upright of the B, which every bmpsuite picture has at the same place
    for (const picture of [one!, rle!]) expect(pixelAt(picture, 28, 30)).toEqual([255, 255, 255, 255]);
    for (const picture of [one!, rle!]) expect(pixelAt(picture, 26, 30)).toEqual([0, 0, 0, 255]);
  });
  test.each(["badbitcount", "badwidth", "reallybig", "shortfile"])("broken/%s.bmp is CORRUPT_IMAGE", async (name) => {
    const bytes = await read(`broken/${name}.bmp`);
    const work = (async () => decode(bytes))();
    expect((await rejectionOf(work)).code).toBe("CORRUPT_IMAGE");
  });
});
