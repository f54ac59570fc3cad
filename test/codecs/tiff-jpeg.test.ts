import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type JpegOptions, type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { tiff } from "../../src/codecs/tiff.ts";
import { decodeTiff } from "../../src/codecs/tiff-decode.ts";
import { createLessor, type LeaseWasm } from "../../src/core/lease.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture, loadWasm, testLibrary } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { decodeWithSharp, difference, numbered, type Pixels, rejectionOf, scene } from "../support/pictures.ts";
import { cuts, harness, offsetView } from "./harness.ts";
import { samplesOf, size, spelled, type Value } from "./tiff-file.ts";

const { decode } = harness(tiff);
const raw = ({ data, width, height }: Pixels) => sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
/** The matcher for equality takes seconds for what this does at once. */
const same = (a: Pixels, b: Pixels) => Buffer.compare(a.data, b.data) === 0;
const bytesOf = async (image: Sharp) => new Uint8Array(await image.toBuffer());
const WIDTH = 151;
const HEIGHT = 301; // libvips writes strips of 256 rows
const rgb = () => raw(scene(WIDTH, HEIGHT));
const gray = () => rgb().toColourspace("b-w");
const jpeg = { compression: "jpeg" } as const;
const tiles = (width: number, height = width) => ({ ...jpeg, tile: true, tileWidth: width, tileHeight: height });

/** Marker segments of a JPEG before its first scan, and what begins with that. */
function segmentsOf(bytes: Uint8Array): { readonly segments: readonly Uint8Array[]; readonly scans: Uint8Array } {
  const segments: Uint8Array[] = [];
  let at = 2;
  while (bytes[at + 1] !== 0xda) {
    const end = at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    segments.push(bytes.subarray(at, end));
    at = end;
  }
  return { segments, scans: bytes.subarray(at) };
}
const joined = (...parts: readonly (Uint8Array | readonly number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];
const isTable = (segment: Uint8Array) => [0xdb, 0xc4].includes(segment[1]!);
const isFrame = (segment: Uint8Array) => [0xc0, 0xc1, 0xc2].includes(segment[1]!);
/** A whole JPEG as Technical Note 2 splits it: the tables, and a part with its frame header alone. */
function abbreviated(whole: Uint8Array) {
  const { segments, scans } = segmentsOf(whole);
  return {
    tables: joined(SOI, ...segments.filter(isTable), EOI),
    part: joined(SOI, ...segments.filter(isFrame), scans),
  };
}
/** The same JPEG with other bytes in its frame header: from the precision on. */
function withFrame(whole: Uint8Array, change: (frame: Uint8Array) => void): Uint8Array {
  const { segments, scans } = segmentsOf(whole);
  const copies = segments.map((segment) => segment.slice());
  change(copies.find(isFrame)!);
  return joined(SOI, ...copies, scans);
}
const claiming = (whole: Uint8Array, width: number, height: number) =>
  withFrame(whole, (frame) => frame.set([height >> 8, height & 255, width >> 8, width & 255], 5));

const color = { ...samplesOf(3, 8), 259: [3, 7], 262: [3, 6] } as const;
const jpegOf = (picture: Pixels, options: JpegOptions = {}) => bytesOf(raw(picture).jpeg({ quality: 80, ...options }));
const part = scene(64, 48);

/** Measured: every byte is as in libvips. Another build of libjpeg may round otherwise. */
const MEAN = 0.05;

describe("agrees with libvips", () => {
  // biome-ignore format: one row per case
  test.each([
    ["strips of YCbCr, 4:2:0",             () => rgb().tiff({ ...jpeg, quality: 80 }), 6],
    ["strips of RGB",                      () => rgb().tiff({ ...jpeg, quality: 95 }), 2],
    ["tiles of YCbCr",                     () => rgb().tiff({ ...tiles(64, 48), quality: 80 }), 6],
    ["tiles of RGB",                       () => rgb().tiff({ ...tiles(64), quality: 95 }), 2],
    ["the smallest tiles",                 () => rgb().tiff({ ...tiles(16), quality: 60 }), 6],
    ["one tile larger than the picture",   () => rgb().tiff({ ...tiles(512), quality: 80 }), 6],
    ["strips of gray",                     () => gray().tiff(jpeg), 1],
    ["tiles of gray",                      () => gray().tiff(tiles(32)), 1],
    ["strips of gray, white is zero",      () => gray().tiff({ ...jpeg, miniswhite: true }), 0],
    ["tiles of gray, white is zero",       () => gray().tiff({ ...tiles(64), miniswhite: true }), 0],
    ["a big-endian file",                  () => rgb().tiff({ ...jpeg, bigendian: true } as object), 6],
    ["a turned picture, which is left so", () => rgb().withMetadata({ orientation: 6 }).tiff(jpeg), 6],
  ] as const)("on %s", async (_name, make, photometric) => {
    const bytes = await bytesOf(make());
    expect([firstOf(bytes, 259), firstOf(bytes, 262)]).toEqual([7, photometric]);
    const [ours, theirs] = [await decode(bytes), await decodeWithSharp(bytes)];
    expect(ours).toMatchObject({ width: WIDTH, height: HEIGHT, alpha: false });
    expect(difference(ours, theirs).mean).toBeLessThanOrEqual(MEAN);
    expect(same(await decode(offsetView(bytes, 7)), ours)).toBe(true);
  });
  test.each([
    [1, 1],
    [1, 300],
    [257, 1],
    [17, 15],
    [33, 257],
  ])("on %ix%i", async (width, height) => {
    for (const options of [{ ...jpeg, quality: 80 }, tiles(16, 32), { ...tiles(48, 16), quality: 92 }]) {
      const bytes = await bytesOf(raw(scene(width, height)).tiff(options));
      expect(difference(await decode(bytes), await decodeWithSharp(bytes)).mean).toBeLessThanOrEqual(MEAN);
    }
  });
  test("on a photograph, and both are near to it", async () => {
    const photo = await decodeWithSharp(await fixture("example.jpg"));
    for (const options of [jpeg, tiles(128)]) {
      const ours = await decode(await bytesOf(raw(photo).tiff({ ...options, quality: 90 })));
      expect(
        difference(ours, await decodeWithSharp(await bytesOf(raw(photo).tiff({ ...options, quality: 90 })))).mean,
      ).toBeLessThanOrEqual(MEAN);
      expect(difference(ours, photo).mean).toBeLessThan(2);
    }
  });
  test("on whole JPEGs as parts, with JPEGTables or with none, baseline and progressive, 4:4:4 and 4:2:0", async () => {
    for (const progressive of [false, true]) {
      for (const chromaSubsampling of ["4:4:4", "4:2:0"]) {
        const whole = await jpegOf(part, { progressive, chromaSubsampling });
        const { tables, part: bare } = abbreviated(whole);
        const sampling = chromaSubsampling === "4:4:4" ? 1 : 2;
        const tags = { ...size(64, 48), ...color, 530: [3, sampling, sampling] } as const;
        const files = [spelled(tags, [whole]), spelled({ ...tags, 347: [7, ...tables] }, [whole])];
        // A progressive one has tables between its scans, too; libtiff writes none and warns of them, which sharp takes for a failure
        if (!progressive) files.push(spelled({ ...tags, 347: [7, ...tables] }, [bare]));
        for (const file of files) {
          if (!progressive) expect(difference(await decode(file), await decodeWithSharp(file)).largest).toBeLessThanOrEqual(1);
          expect(difference(await decode(file), await decodeWithSharp(whole)).largest).toBeLessThanOrEqual(1);
        }
      }
    }
  });
  test("the directory says what the color is, whatever segments of applications say", async () => {
    const { segments, scans } = segmentsOf(await jpegOf(part, { chromaSubsampling: "4:4:4" }));
    const jfif = [0xff, 0xe0, 0, 16, ...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]; // says YCbCr
    const adobe = [0xff, 0xee, 0, 14, ...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, 0]; // says RGB
    const file = (photometric: number, ...before: readonly number[][]) =>
      spelled({ ...size(64, 48), ...color, 262: [3, photometric], 530: [3, 1, 1] }, [
        joined(SOI, ...before, ...segments, scans),
      ]);
    const [plain, converted] = [await decode(file(2)), await decode(file(6))];
    expect(difference(plain, converted).mean).toBeGreaterThan(20);
    for (const contrary of [[jfif], [adobe], [jfif, adobe]]) {
      expect(same(await decode(file(2, ...contrary)), plain)).toBe(true);
      expect(same(await decode(file(6, ...contrary)), converted)).toBe(true);
      expect(difference(plain, await decodeWithSharp(file(2, ...contrary))).mean).toBeLessThanOrEqual(MEAN);
      expect(difference(converted, await decodeWithSharp(file(6, ...contrary))).mean).toBeLessThanOrEqual(MEAN);
    }
  });
});

test("a last strip may have all rows of the others", async () => {
  const [first, last] = [await jpegOf(scene(64, 48)), await jpegOf(numbered(64, 48))];
  const picture = await decode(spelled({ ...size(64, 60), ...color, 278: [3, 48] }, [first, last]));
  const expected = Buffer.concat([
    (await decodeWithSharp(first)).data,
    (await decodeWithSharp(last)).data.subarray(0, 64 * 12 * 4),
  ]);
  expect(difference(picture, { width: 64, height: 60, data: expected }).mean).toBeLessThanOrEqual(MEAN);
});

test("tiles at the edges may leave out what is beyond the picture", async () => {
  const whole = scene(100, 80);
  const cut = (left: number, top: number, width: number, height: number) =>
    bytesOf(raw(whole).extract({ left, top, width, height }).jpeg({ quality: 95, chromaSubsampling: "4:4:4" }));
  const parts = [await cut(0, 0, 64, 64), await cut(64, 0, 36, 64), await cut(0, 64, 64, 16), await cut(64, 64, 36, 16)];
  const file = spelled({ ...size(100, 80), ...color, 322: [3, 64], 323: [3, 64] }, parts);
  expect(difference(await decode(file), whole).mean).toBeLessThan(3);
});

test("one instance serves all parts of a file", async () => {
  let made = 0;
  const load = createLessor(
    async (name) => {
      made++;
      return loadWasm(name);
    },
    () => undefined,
  );
  const leases: string[] = [];
  const lease: LeaseWasm = (name, ...rest) => {
    leases.push(name);
    return load(name, ...rest);
  };
  const bytes = await bytesOf(rgb().tiff(tiles(32)));
  await decodeTiff(bytes, probe(bytes), lease);
  expect([made, leases]).toEqual([1, ["mozjpeg_dec"]]);
});

/** A decoder that answers with `answer` and counts how often it is asked. */
function fakeLease(answer: unknown) {
  const asked: Uint8Array[] = [];
  const lease = (async (_name: unknown, _create: unknown, _failure: unknown, use: (api: unknown) => unknown) =>
    use({
      decode(bytes: Uint8Array) {
        asked.push(bytes);
        return answer;
      },
    })) as LeaseWasm;
  return { lease, asked };
}

describe("what cannot be read", () => {
  const tags = { ...size(64, 48), ...color };
  // biome-ignore format: one row per case
  test.each([
    ["old-style JPEG",       { 259: [3, 6] }],
    ["extra samples",        samplesOf(4, 8)],
    ["planes apart",         { 284: [3, 2] }],
    ["a palette",            { ...samplesOf(1, 8), 262: [3, 3], 320: [3, ...Array<number>(768).fill(500)] }],
    ["16 bits a sample",     samplesOf(3, 16)],
    ["12 bits a sample",     samplesOf(3, 12)],
    ["CMYK",                 { ...samplesOf(4, 8), 262: [3, 5] }],
    ["parts of 16x1 px",     { ...size(16, 40000), 278: [3, 1] }],
    ["parts of 60000x16 px", { ...size(16, 6000), 322: [4, 60000], 323: [4, 16] }],
  ] as readonly (readonly [string, Record<number, Value>])[])("is named by the directory: %s", async (what, changed) => {
    const failure = await rejectionOf(decode(spelled({ ...tags, ...changed }, [await jpegOf(part)])));
    expect(failure).toMatchObject({ code: "UNSUPPORTED_FORMAT", message: expect.stringContaining(what) });
  });
  test("YCbCr is read as JPEG data only", async () => {
    const failure = await rejectionOf(decode(spelled({ ...tags, 259: [3, 1] }, [noise(64 * 48 * 3)])));
    expect(failure).toMatchObject({ code: "UNSUPPORTED_FORMAT", message: "a TIFF of YCbCr cannot be read" });
  });
  // biome-ignore format: one row per case
  test.each([
    ["12 bits",                   (whole: Uint8Array) => withFrame(whole, (frame) => frame.set([12], 4))],
    ["4 components",              (whole: Uint8Array) => withFrame(whole, (frame) => frame.set([4], 9))],
    ["lossless or arithmetic",    (whole: Uint8Array) => withFrame(whole, (frame) => frame.set([0xc3], 1))],
    ["lossless or arithmetic",    (whole: Uint8Array) => withFrame(whole, (frame) => frame.set([0xc9], 1))],
    ["more than 100 scans",       (whole: Uint8Array) => {
      const { segments, scans } = segmentsOf(whole);
      return joined(SOI, ...segments, ...Array.from({ length: 101 }, () => scans.subarray(0, 40)), EOI);
    }],
  ])("is named by a part, which no decoder sees: %s", async (what, change) => {
    const file = spelled(tags, [change(await jpegOf(part))]);
    const { lease, asked } = fakeLease(null);
    const failure = await rejectionOf(decodeTiff(file, probe(file), lease));
    expect(failure).toMatchObject({ code: "UNSUPPORTED_FORMAT", message: expect.stringContaining(what) });
    expect(asked).toHaveLength(0);
  });
  // biome-ignore format: one row per case
  test.each([
    ["a wider frame",         (whole: Uint8Array) => claiming(whole, 65, 48)],
    ["a higher frame",        (whole: Uint8Array) => claiming(whole, 64, 49)],
    ["a huge frame",          (whole: Uint8Array) => claiming(whole, 65500, 65500)],
    ["a narrower frame",      (whole: Uint8Array) => claiming(whole, 63, 48)],
    ["a lower frame",         (whole: Uint8Array) => claiming(whole, 64, 47)],
    ["a height left for later", (whole: Uint8Array) => claiming(whole, 64, 0)],
    ["other components",      (whole: Uint8Array) => withFrame(whole, (frame) => frame.set([1], 9))],
    ["two frames",            (whole: Uint8Array) => {
      const { segments, scans } = segmentsOf(whole);
      return joined(SOI, ...segments, segments.find(isFrame)!, scans);
    }],
    ["no frame",              (whole: Uint8Array) => {
      const { segments, scans } = segmentsOf(whole);
      return joined(SOI, ...segments.filter(isTable), scans);
    }],
    ["no scan",               (whole: Uint8Array) => joined(SOI, ...segmentsOf(whole).segments, EOI)],
    ["no start",              (whole: Uint8Array) => whole.subarray(2)],
    ["no bytes",              () => new Uint8Array(0)],
  ])("is damage that no decoder sees: %s", async (_name, change) => {
    const file = spelled(tags, [change(await jpegOf(part))]);
    const { lease, asked } = fakeLease(null);
    expect((await rejectionOf(decodeTiff(file, probe(file), lease))).code).toBe("CORRUPT_IMAGE");
    expect(asked).toHaveLength(0);
  });
  test("a picture of another size than its header, or none, is not believed", async () => {
    const file = spelled(tags, [await jpegOf(part)]);
    for (const answer of [null, { width: 48, height: 64, data: new Uint8ClampedArray(64 * 48 * 4) }]) {
      const { lease, asked } = fakeLease(answer);
      expect((await rejectionOf(decodeTiff(file, probe(file), lease))).code).toBe("CORRUPT_IMAGE");
      expect(asked).toHaveLength(1);
    }
  });
  test("missing tables, parts and damaged streams of tables are CORRUPT_IMAGE; a good picture comes after each", async () => {
    const whole = await jpegOf(part);
    const { tables, part: bare } = abbreviated(whole);
    const good = spelled({ ...tags, 347: [7, ...tables] }, [bare]);
    const before = await decode(good);
    const files = [
      spelled(tags, [bare]),
      spelled({ ...tags, 347: [7, ...SOI, ...EOI] }, [bare]),
      spelled({ ...tags, 347: [7, ...tables.subarray(2)] }, [bare]),
      spelled({ ...tags, 347: [7, ...tables.subarray(0, 30)] }, [bare]),
      spelled({ ...tags, 347: [7, ...SOI, ...noise(20_000)] }, [bare]),
      spelled({ ...tags, ...size(64, 96), 278: [3, 48] }, [whole]),
    ];
    for (const file of files) {
      expect((await rejectionOf(decode(file))).code).toBe("CORRUPT_IMAGE");
      expect(same(await decode(good), before)).toBe(true);
    }
  });
  test("a part that ends early is filled in as a JPEG file is", async () => {
    const whole = await jpegOf(part);
    const shown = await decode(spelled(tags, [whole.subarray(0, whole.length - 300)]));
    const full = await decode(spelled(tags, [whole]));
    const rows = (picture: Pixels, from: number, to: number) => picture.data.slice(from * 64 * 4, to * 64 * 4);
    expect(rows(shown, 0, 14)).toEqual(rows(full, 0, 14));
    expect(rows(shown, 40, 48)).not.toEqual(rows(full, 40, 48));
  });
});

describe("bounds", () => {
  const photo = async (width: number, height: number) =>
    decodeWithSharp(
      await bytesOf(
        sharp(await fixture("road.jpg"))
          .resize(width, height, { fit: "fill" })
          .png(),
      ),
    );
  test("memory is not beyond the estimate, for one strip, tiles and large strips", async () => {
    const picture = await photo(2400, 1600);
    const options = { quality: 92, chromaSubsampling: "4:4:4" };
    const whole = await jpegOf(picture, options);
    const upper = await bytesOf(raw(picture).extract({ left: 0, top: 0, width: 2400, height: 1000 }).jpeg(options));
    const lower = await bytesOf(raw(picture).extract({ left: 0, top: 1000, width: 2400, height: 600 }).jpeg(options));
    const files = [
      spelled({ ...size(2400, 1600), ...color }, [whole]),
      await bytesOf(raw(picture).tiff({ ...tiles(256), quality: 92 })),
      spelled({ ...size(2400, 1600), ...color, 278: [3, 1000] }, [upper, lower]),
    ];
    for (const file of files) {
      const library = testLibrary();
      const { memoryBytes } = library.explain("w=50&format=jpg", await library.probe(file), { byteLength: file.length });
      const { peakBytes } = await library.transform(file, "w=50&format=jpg");
      expect(peakBytes).toBeLessThanOrEqual(memoryBytes);
    }
  }, 30_000);
  test("parts that would need more are refused: large progressive ones keep their coefficients", async () => {
    const picture = await photo(2400, 1600);
    const file = spelled({ ...size(2400, 1600), ...color }, [await jpegOf(picture, { progressive: true })]);
    expect(await rejectionOf(decode(file))).toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message: "a TIFF in parts of 2400x1600 px cannot be read",
    });
    const small = spelled({ ...size(64, 48), ...color }, [await jpegOf(part, { progressive: true })]);
    expect(await decode(small)).toMatchObject({ width: 64, height: 48 });
  }, 30_000);
  test("many parts that share one long stream cost no more than the picture", async () => {
    const whole = await jpegOf(scene(16, 16));
    const { segments, scans } = segmentsOf(whole);
    const comment = joined([0xff, 0xfe, 0xff, 0xff], new Uint8Array(65_533));
    const long = joined(SOI, ...Array.from({ length: 30 }, () => comment), ...segments, scans);
    const file = spelled({ ...size(16, 16 * 4000), ...color, 278: [3, 16] }, [
      long,
      ...Array<Uint8Array>(3999).fill(new Uint8Array(0)),
    ]);
    const view = new DataView(file.buffer);
    for (let entry = 10; entry < 10 + view.getUint16(8, true) * 12; entry += 12) {
      const [tag, at] = [view.getUint16(entry, true), view.getUint32(entry + 8, true)];
      for (let i = 1; i < 4000 && (tag === 273 || tag === 279); i++) view.setUint32(at + i * 4, view.getUint32(at, true), true);
    }
    const started = performance.now();
    expect((await rejectionOf(decode(file))).code).toBe("CORRUPT_IMAGE"); // the header is beyond what a part may have
    expect(performance.now() - started).toBeLessThan(5_000); // 8 GB of comments
  });
});

describe("hostile bytes end typed", () => {
  const allowed = ["a picture", "CORRUPT_IMAGE", "UNSUPPORTED_FORMAT", "SOURCE_TOO_LARGE", "OUTPUT_TOO_LARGE"];
  const endOf = (bytes: Uint8Array): Promise<string> =>
    decode(bytes).then(
      ({ width, height, data }) => (data.length === width * height * 4 ? "a picture" : "a broken picture"),
      async (error: unknown) => (await rejectionOf(Promise.reject(error))).code,
    );
  const files = () =>
    Promise.all([
      bytesOf(rgb().tiff({ ...jpeg, quality: 80 })),
      bytesOf(rgb().tiff({ ...tiles(64), quality: 93 })),
      bytesOf(gray().tiff(jpeg)),
      jpegOf(part, { progressive: true }).then((whole) => spelled({ ...size(64, 48), ...color }, [whole])),
    ]);

  test("600 mutations: of the directory, of tables and frame headers, and anywhere", async () => {
    const ends = new Map<string, number>();
    for (const [which, bytes] of (await files()).entries()) {
      const directory = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
      const markers = [...bytes.keys()].filter(
        (i) => bytes[i] === 0xff && [0xc0, 0xc2, 0xc4, 0xda, 0xdb].includes(bytes[i + 1]!),
      );
      for (let round = 0; round < 150; round++) {
        const changed = bytes.slice();
        const random = noise(12, which * 1000 + round);
        for (let i = 0; i < 3; i++) {
          const place = random[i]! * 65536 + random[i + 3]! * 256 + random[i + 6]!;
          const targets = [
            directory + (place % 220),
            markers[place % markers.length]! + 2 + (random[i]! % 20),
            place % bytes.length,
          ];
          const at = targets[round % 3]!;
          if (at < changed.length) changed[at] = random[i + 9]!;
        }
        const end = await endOf(changed);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
    }
    expect([...ends.keys()].filter((end) => !allowed.includes(end))).toEqual([]);
    expect(ends.get("a picture")).toBeGreaterThan(50);
    expect(ends.get("CORRUPT_IMAGE")).toBeGreaterThan(50);
  }, 60_000);
  test("files and parts that are cut", async () => {
    const ends = new Set<string>();
    for (const bytes of await files()) {
      for (const length of cuts(bytes.length, 12)) {
        if (length >= 8) ends.add(await endOf(bytes.slice(0, length)));
      }
    }
    const whole = await jpegOf(part);
    for (const length of cuts(whole.length, 30)) {
      ends.add(await endOf(spelled({ ...size(64, 48), ...color }, [whole.subarray(0, length)])));
    }
    expect([...ends].filter((end) => !allowed.includes(end))).toEqual([]);
    expect(ends.has("a picture") && ends.has("CORRUPT_IMAGE")).toBe(true);
  }, 60_000);
});

/** The first value of a tag of 16 bits. */
function firstOf(bytes: Uint8Array, tag: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const little = bytes[0] === 0x49;
  const start = view.getUint32(4, little);
  const entries = Array.from({ length: view.getUint16(start, little) }, (_, i) => start + 2 + i * 12);
  const entry = entries.find((at) => view.getUint16(at, little) === tag);
  return entry === undefined ? undefined : view.getUint16(entry + 8, little);
}

describe.skipIf(!HAS_CORPUS)("corpus", () => {
  test("tiled 4:2:0 is as libvips shows it", async () => {
    const bytes = new Uint8Array(await readFile(join(CORPUS, "bmp-tiff/tiff_tiled_ycbcr_jpeg_2x2_sampling.tif")));
    const ours = await decode(bytes);
    expect([ours.width, ours.height]).toEqual([480, 360]);
    expect(difference(ours, await decodeWithSharp(bytes)).mean).toBeLessThanOrEqual(MEAN);
  });
});
