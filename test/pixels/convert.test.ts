import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { CODECS } from "../../src/codecs/index.ts";
import { codePointProfile } from "../../src/color/code-points.ts";
import type { Codec } from "../../src/core/codec.ts";
import { createLessor } from "../../src/core/lease.ts";
import type { ColorMeaning, Probe } from "../../src/core/probe.ts";
import type { RgbaRaster } from "../../src/core/raster.ts";
import type { StepOf } from "../../src/core/step.ts";
import { convert } from "../../src/pixels/convert.ts";
import { toLayout } from "../../src/pixels/layout.ts";
import { readColor } from "../../src/probe/color.ts";
import { probe } from "../../src/probe/index.ts";
import { codecTools, decodeBy, OF_LIBJPEG } from "../codecs/harness.ts";
import {
  bytes,
  gamma,
  P3_PRIMARIES,
  profile,
  rgbProfile,
  SRGB_PARA,
  SRGB_PRIMARIES,
  sampled,
  u16,
  u32,
  zeros,
} from "../probe/build.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture, loadWasm, testLibrary } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage, stageTools } from "./run-stage.ts";

let memory = 0;
const lease = createLessor(loadWasm, (held) => {
  memory = Math.max(memory, held);
});

/** A copy of a picture, converted. */
async function converted(
  picture: Pixels,
  meaning: ColorMeaning | undefined,
  from: Probe["colorSpace"] = "rgb",
): Promise<RgbaRaster> {
  return runStage(convert, picture, { from }, { tools: stageTools({ lease, colorMeaning: () => meaning }) });
}
const icc = (data: Uint8Array): ColorMeaning => ({ kind: "icc", profile: data });

/** The picture as PNG under a profile. */
async function withProfile(picture: Pixels, data: Uint8Array, gray = false): Promise<Uint8Array> {
  const raw = sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 4 } });
  const file = gray
    ? new Uint8Array(await raw.extractChannel(0).toColourspace("b-w").png().toBuffer())
    : await encodeWithSharp(picture, "png");
  const body = bytes("iCCP", "test", 0, 0, new Uint8Array(deflateSync(data)));
  const chunk = bytes(u32(body.length - 4), body, u32(crc32(body)));
  return bytes(file.subarray(0, 33), chunk, file.subarray(33));
}
/** What libvips makes of it. */
async function judged(file: Uint8Array): Promise<Pixels> {
  const image = sharp(file).toColourspace("srgb").ensureAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

const ADOBE_PRIMARIES = [
  [0.6097, 0.3111, 0.0195],
  [0.2053, 0.6257, 0.0609],
  [0.1492, 0.0632, 0.7446],
] as const;
const PROPHOTO_PRIMARIES = [
  [0.7977, 0.288, 0],
  [0.1352, 0.7119, 0],
  [0.0313, 0.0001, 0.8249],
] as const;
const REC2020_PRIMARIES = [
  [0.6735, 0.279, -0.0019],
  [0.1657, 0.6753, 0.03],
  [0.125, 0.0456, 0.7968],
] as const;

/** lut16Type (ICC.1:2022 section 10.10): a bent and turned color cube in Lab, as no matrix can write it. */
function tableProfile(grid = 17): Uint8Array {
  const nodes = new DataView(new ArrayBuffer(grid ** 3 * 6));
  const level = (i: number) => i / (grid - 1);
  for (let i = 0; i < grid ** 3; i++) {
    const [r, g, b] = [level(Math.floor(i / grid ** 2)), level(Math.floor(i / grid) % grid), level(i % grid)];
    const light = 20 + 70 * (0.3 * r + 0.6 * g + 0.1 * b) ** 0.9;
    const a = 45 * (r - g) + 10 * b * r;
    const yellow = 40 * (g - b) ** 3 + 20 * (r - b);
    nodes.setUint16(i * 6, Math.round(light * 652.8));
    nodes.setUint16(i * 6 + 2, Math.round((a + 128) * 256));
    nodes.setUint16(i * 6 + 4, Math.round((yellow + 128) * 256));
  }
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1].map((value) => u32(value * 65536));
  const curves = bytes(u16(0), u16(65535), u16(0), u16(65535), u16(0), u16(65535));
  const table = bytes(
    "mft2",
    zeros(4),
    3,
    3,
    grid,
    0,
    ...identity,
    u16(2),
    u16(2),
    curves,
    new Uint8Array(nodes.buffer),
    curves,
  );
  const data = profile("RGB ", [["A2B0", table]]);
  data.set(bytes(2), 8);
  data.set(bytes("Lab "), 20);
  return data;
}

describe("convert: agrees with libvips", () => {
  // A cube of colors, so that every part of the space is seen, with transparency over half of it
  const cube = paint(96, 64, (x, y) => [
    ((x % 12) * 255) / 11,
    ((y % 8) * 255) / 7,
    Math.floor(x / 12) * 36,
    y < 32 ? 255 : 9 + x,
  ]);

  // biome-ignore format: one row per case
  test.each([
    ["Display P3",                   rgbProfile(P3_PRIMARIES, SRGB_PARA)],
    ["Adobe RGB",                    rgbProfile(ADOBE_PRIMARIES, gamma(2.2))],
    ["ProPhoto",                     rgbProfile(PROPHOTO_PRIMARIES, gamma(1.8))],
    ["Rec. 2020",                    rgbProfile(REC2020_PRIMARIES, gamma(2.4))],
    ["linear light",                 rgbProfile(SRGB_PRIMARIES, bytes("curv", zeros(8)))],
    ["curves of 26 entries",         rgbProfile(P3_PRIMARIES, sampled(26, (x) => x ** 2.1))],
    ["red and green exchanged",      rgbProfile([SRGB_PRIMARIES[1], SRGB_PRIMARIES[0], SRGB_PRIMARIES[2]], SRGB_PARA)],
    ["a table",                      tableProfile()],
  ])("on %s", async (_name, data) => {
    const theirs = await judged(await withProfile(cube, data));
    const ours = await converted(cube, icc(data));
    expect(difference(cube, theirs).mean).toBeGreaterThan(1); // the profile matters
    const { mean, largest } = difference(ours, theirs);
    expect(mean).toBeLessThanOrEqual(0.25);
    expect(largest).toBeLessThanOrEqual(3);
    expect(ours.data.filter((_, i) => i % 4 === 3)).toEqual(cube.data.filter((_, i) => i % 4 === 3));
  });

  test.each([
    ["gamma 2.2", sampled(64, (x) => x ** 2.2)],
    ["gamma 1", sampled(64, (x) => x)],
    ["dot gain", sampled(64, (x) => 0.2 * x + 0.8 * x * x)],
  ])("on gray pixels of %s", async (_name, curve) => {
    const ramp = paint(64, 32, (x, y) => {
      const value = (x * 4 + y * 3) & 255;
      return [value, value, value, 255];
    });
    const data = profile("GRAY", [
      ["wtpt", bytes("XYZ ", zeros(4), u32(63190), u32(65536), u32(54061))],
      ["kTRC", curve],
    ]);
    const theirs = await judged(await withProfile(ramp, data, true));
    const ours = await converted(ramp, icc(data), "gray");
    expect(difference(ramp, theirs).mean).toBeGreaterThan(1);
    expect(difference(ours, theirs).mean).toBeLessThanOrEqual(0.1);
    expect(difference(ours, theirs).largest).toBeLessThanOrEqual(1);
  });
});

/** Decoded by our own codec and converted, as the pipeline does without any other step. */
async function developed(file: Uint8Array): Promise<RgbaRaster> {
  const header = probe(file);
  const codec = CODECS.get(header.format) as Codec;
  const tools = codecTools(lease);
  const { raster } = await decodeBy(codec, file, header, tools);
  return converted((await toLayout(raster, ["rgba8"], tools.planes)) as RgbaRaster, readColor(file, header), header.colorSpace);
}

describe("convert: real pictures agree with libvips", () => {
  test.each([
    ["p3.png", 0.1, 1],
    ["gray-gamma22.jpg", OF_LIBJPEG.mean, 2], // the decoders differ by 1 of 255, which the curve of darks makes 2
  ])("%s", async (name, mean, largest) => {
    const file = await fixture(name);
    const difference_ = difference(await developed(file), await judged(file));
    expect(difference_.mean).toBeLessThanOrEqual(mean);
    expect(difference_.largest).toBeLessThanOrEqual(largest);
  });
  test("a profile that turns hues: red comes out at 12 o'clock", async () => {
    const file = await fixture("spin.avif");
    const wheel = await developed(file);
    const [r = 0, g = 0, b = 0] = pixelAt(wheel, 400, 100);
    expect(r - Math.max(g, b)).toBeGreaterThan(120); // blue without the profile
    // Chroma is upsampled differently at the wheel's hard edges, hence no bound on the largest
    expect(difference(wheel, await judged(file)).mean).toBeLessThanOrEqual(0.6);
  });

  test.skipIf(!HAS_CORPUS).each([
    ["icc/p3-color-bars.png", 0.05, 1],
    ["icc/gbr-swapped-profile.png", 0.05, 1],
    ["icc/spin-profile.jpg", OF_LIBJPEG.mean, 6], // the profile widens what the decoders differ by
    ["jpeg/ultrahdr-gainmap.jpg", OF_LIBJPEG.mean, OF_LIBJPEG.largest],
  ] as const)("corpus: %s (skipped without the corpus)", async (name, mean, largest) => {
    const file = new Uint8Array(readFileSync(join(CORPUS, name)));
    const found = difference(await developed(file), await judged(file));
    expect(found.mean).toBeLessThanOrEqual(mean);
    expect(found.largest).toBeLessThanOrEqual(largest);
  });
  // sharp is no judge here: it leaves pictures of 16 bits in Display P3. The publisher's own rendering is
  test.skipIf(!HAS_CORPUS)(
    "corpus: linear Rec. 2020 of 16 bits is near its published sRGB rendering (skipped without the corpus)",
    async () => {
      const read = (name: string) => new Uint8Array(readFileSync(join(CORPUS, "icc", name)));
      const ours = await developed(read("rec2020-linear-16bit.png"));
      const reference = await judged(read("rec2020-linear-16bit.srgb-reference.png"));
      expect(difference(ours, reference).mean).toBeLessThanOrEqual(1.6); // 8 bits of linear light; 38 when ignored
    },
  );
});

describe("convert: inks", () => {
  const { width, height, data } = scene(120, 85);
  const image = () => sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
  const library = testLibrary();
  const shown = async (file: Uint8Array, text: string) => decodeWithSharp((await library.transform(file, text)).data);
  /** What libvips reads as inks, 0 for none. */
  const inksOf = (file: Uint8Array) => sharp(file).pipelineColourspace("cmyk").toColourspace("cmyk").raw().toBuffer();
  /** Each ink by itself, black over all. */
  async function plain(file: Uint8Array): Promise<Pixels> {
    const inks = await inksOf(file);
    const header = probe(file);
    return paint(header.width, header.height, (x, y) => {
      const [c = 0, m = 0, yellow = 0, k = 0] = inks.subarray((y * header.width + x) * 4);
      const light = (ink: number) => Math.round(((255 - ink) * (255 - k)) / 255);
      return [light(c), light(m), light(yellow), 255];
    });
  }

  test("are what libvips shows by the profile in the file, at the first size and resampled", async () => {
    // That of a press; the one that libvips brings along it does not take the way of others
    const folder = await mkdtemp(join(tmpdir(), "opalens-icc-"));
    const path = join(folder, "swop.icc");
    await writeFile(path, (await sharp(await fixture("cmyk.jpg")).metadata()).icc!);
    const file = new Uint8Array(await image().withIccProfile(path).jpeg({ quality: 90 }).toBuffer());
    await rm(folder, { recursive: true });
    expect(probe(file)).toMatchObject({ colorSpace: "cmyk", icc: "other", alpha: false });
    const theirs = await judged(file);
    const ours = await shown(file, "image/format,png");
    expect(difference(ours, theirs).mean).toBeLessThanOrEqual(OF_LIBJPEG.mean);
    expect(difference(ours, theirs).largest).toBeLessThanOrEqual(OF_LIBJPEG.largest);
    expect(difference(ours, await plain(file)).mean).toBeGreaterThan(5); // the profile matters
    const small = await shown(file, "image/resize,w_60/format,png");
    const options = { fit: "fill", kernel: "lanczos3" } as const;
    const scaled = await sharp(theirs.data, { raw: { width, height, channels: 4 } })
      .resize(small.width, small.height, options)
      .raw()
      .toBuffer();
    // Inks are resampled before the profile is applied, which at edges is not the same as behind it
    expect(difference(small, { ...small, data: new Uint8Array(scaled) }).mean).toBeLessThanOrEqual(1);
  });
  test("without a profile are light that passes each by itself", async () => {
    const file = new Uint8Array(await image().toColourspace("cmyk").jpeg({ quality: 90 }).toBuffer());
    expect(probe(file)).toMatchObject({ colorSpace: "cmyk", icc: "none" });
    const { mean, largest } = difference(await shown(file, "image/format,png"), await plain(file));
    expect(mean).toBeLessThanOrEqual(OF_LIBJPEG.mean);
    expect(largest).toBeLessThanOrEqual(OF_LIBJPEG.largest);
  });
  test("under a profile of another color space are shown without it", async () => {
    const inks = new Uint8Array(await image().toColourspace("cmyk").jpeg({ quality: 90 }).toBuffer());
    const body = bytes("ICC_PROFILE", 0, 1, 1, rgbProfile(P3_PRIMARIES, SRGB_PARA));
    const segment = bytes(0xff, 0xe2, u16(body.length + 2), body);
    const file = bytes(inks.subarray(0, 2), segment, inks.subarray(2));
    expect(await shown(file, "image/format,png")).toEqual(await shown(inks, "image/format,png"));
  });
  test.each(["cmyk.jpg"])("%s", async (name) => {
    const file = await fixture(name);
    expect(difference(await shown(file, "image/format,png"), await judged(file)).largest).toBeLessThanOrEqual(1);
  });
  test.skipIf(!HAS_CORPUS)("corpus: of YCCK, with a profile and without (skipped without the corpus)", async () => {
    const read = (name: string) => new Uint8Array(readFileSync(join(CORPUS, "icc", name)));
    const [profiled, bare] = [read("ycck-swop.jpg"), read("ycck-no-profile.jpg")];
    expect([probe(profiled), probe(bare)].map(({ colorSpace, icc }) => `${colorSpace} ${icc}`)).toEqual([
      "ycck other",
      "ycck none",
    ]);
    for (const [file, expected] of [
      [profiled, await judged(profiled)],
      [bare, await plain(bare)],
    ] as const) {
      const { mean, largest } = difference(await shown(file, "image/format,png"), expected);
      expect(mean).toBeLessThanOrEqual(OF_LIBJPEG.mean);
      expect(largest).toBeLessThanOrEqual(OF_LIBJPEG.largest);
    }
  });
});

describe("convert: code points", () => {
  const picture = scene(40, 30, true);
  const cicp = (primaries: number, transfer: number): ColorMeaning => ({ kind: "cicp", primaries, transfer });

  // biome-ignore format: one row per case
  test.each([
    ["Display P3",                  12, 13, rgbProfile(P3_PRIMARIES, SRGB_PARA)],
    ["P3 with gamma 2.2",           12, 4,  rgbProfile(P3_PRIMARIES, gamma(2.2))],
    ["BT.2020",                     9,  13, rgbProfile(REC2020_PRIMARIES, SRGB_PARA)],
    ["BT.2020 as cameras say it",   9,  14, rgbProfile(REC2020_PRIMARIES, SRGB_PARA)],
    ["linear BT.709",               1,  8,  rgbProfile(SRGB_PRIMARIES, bytes("curv", zeros(8)))],
    ["unspecified with gamma 2.8",  2,  5,  rgbProfile(SRGB_PRIMARIES, gamma(2.8))],
    ["P3 with unspecified",         12, 2,  rgbProfile(P3_PRIMARIES, SRGB_PARA)],
  ] as const)("%s gives what a published profile of it gives in libvips", async (_name, primaries, transfer, data) => {
    const theirs = await judged(await withProfile(picture, data));
    const { mean, largest } = difference(await converted(picture, cicp(primaries, transfer)), theirs);
    expect(mean).toBeLessThanOrEqual(0.25);
    expect(largest).toBeLessThanOrEqual(2);
  });
  test("BT.601 primaries move saturated colors and keep white and gray", async () => {
    const colors = paint(
      3,
      1,
      (x) => [[255, 255, 255, 255] as const, [128, 128, 128, 255] as const, [250, 30, 20, 255] as const][x]!,
    );
    const out = await converted(colors, cicp(6, 6));
    expect(pixelAt(out, 0, 0)).toEqual([255, 255, 255, 255]);
    expect(pixelAt(out, 1, 0)).toEqual([128, 128, 128, 255]);
    expect(pixelAt(out, 2, 0)).not.toEqual([250, 30, 20, 255]);
  });
  test.each([
    [9, 16],
    [9, 18],
    [1, 200],
    [200, 13],
  ])("primaries %i with transfer %i are left as they are", async (primaries, transfer) => {
    expect(codePointProfile(primaries, transfer)).toBeUndefined();
    expect((await converted(picture, cicp(primaries, transfer))).data).toEqual(picture.data);
  });
});

describe("convert: bounds", () => {
  const p3 = rgbProfile(P3_PRIMARIES, SRGB_PARA);

  test("bands do not show: a picture of several equals the same pixels row by row", async () => {
    const large = scene(211, 199, true); // 2.6 bands, none of them whole rows
    const whole = await converted(large, icc(p3));
    for (const y of [0, 76, 77, 78, 155, 198]) {
      const row = { width: 211, height: 1, data: large.data.slice(y * 844, (y + 1) * 844) };
      expect((await converted(row, icc(p3))).data).toEqual(whole.data.slice(y * 844, (y + 1) * 844));
    }
  });
  test("what is no usable profile leaves the pixels alone", async () => {
    const picture = scene(20, 15);
    const cmyk = profile("CMYK", [["A2B0", zeros(64)]]);
    const noise = Uint8Array.from({ length: 3000 }, (_, i) => (i * 131) & 255);
    for (const data of [zeros(0), zeros(200), cmyk, noise, profile("RGB ", []), profile("RGB ", [["A2B0", zeros(64)]])]) {
      expect((await converted(picture, icc(data))).data).toEqual(picture.data);
    }
    expect((await converted(picture, undefined)).data).toEqual(picture.data);
  });
  test.each([
    ["Display P3", p3],
    ["a table", tableProfile(9)],
  ])("%s cut or damaged anywhere never fails and never hangs", async (_name, sound) => {
    const picture = scene(20, 15);
    for (let i = 0; i < 30; i++) {
      const at = Math.floor((sound.length * i) / 30);
      const damaged = sound.slice();
      damaged.fill(255, at, at + 4);
      for (const data of [sound.subarray(0, at), damaged]) {
        expect((await converted(picture, icc(data))).data.length).toBe(picture.data.length);
      }
    }
  });
  test("a profile of 4 MiB stays inside the planned memory", async () => {
    const huge = tableProfile(88); // 88³ nodes of 6 bytes: 4.09 MB
    expect(huge.length).toBeGreaterThan(3.8 * 1024 * 1024);
    const picture = scene(20, 15);
    memory = 0;
    const out = await converted(picture, icc(huge));
    expect(out.data).not.toEqual(picture.data);
    const step: StepOf<"convert"> = { kind: "convert", params: { from: "rgb" }, output: picture };
    expect(memory).toBeLessThanOrEqual(convert.scratchBytes(picture, step, true));
  });
  test("float tables, which have no bound, are passed over for the matrix beside them", async () => {
    const element = bytes(
      "matf",
      zeros(4),
      u16(3),
      u16(3),
      ...[0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0].map((value) => u32(value * 0x3f800000)),
    );
    const count = 100_000;
    const positions = new DataView(new ArrayBuffer(count * 8));
    for (let i = 0; i < count; i++) {
      positions.setUint32(i * 8, 16 + count * 8); // all of them the same element
      positions.setUint32(i * 8 + 4, element.length);
    }
    const float = bytes("mpet", zeros(4), u16(3), u16(3), u32(count), new Uint8Array(positions.buffer), element);
    const rest = rgbProfile(P3_PRIMARIES, SRGB_PARA);
    const tags = Array.from({ length: 6 }, (_, i) => {
      const entry = 132 + i * 12;
      const [at, size] = [entry + 4, entry + 8].map((offset) => new DataView(rest.buffer).getUint32(offset));
      return [String.fromCharCode(...rest.subarray(entry, entry + 4)), rest.slice(at!, at! + size!)] as const;
    });
    const data = profile("RGB ", [["D2B0", float], ...tags]);
    data.set(bytes(4), 8);
    const picture = scene(20, 15);
    const started = performance.now();
    const { mean } = difference(await converted(picture, icc(data)), await converted(picture, icc(p3)));
    expect(mean).toBeLessThanOrEqual(0.1);
    expect(performance.now() - started).toBeLessThan(5000); // worked through they take minutes
  });
  test("the next picture after a refusal is converted as before", async () => {
    const picture = scene(20, 15);
    const before = await converted(picture, icc(p3));
    await converted(picture, icc(zeros(500)));
    expect((await converted(picture, icc(p3))).data).toEqual(before.data);
  });
});
