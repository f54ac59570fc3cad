import { describe, expect, test } from "vitest";
import { avif } from "../../src/codecs/avif.ts";
import { jpeg } from "../../src/codecs/jpeg.ts";
import { png } from "../../src/codecs/png.ts";
import { webp } from "../../src/codecs/webp.ts";
import { TransformError } from "../../src/core/errors.ts";
import { createLessor } from "../../src/core/lease.ts";
import { fixture, loadWasm, testLibrary } from "../support/library.ts";
import { claimingJpeg, claimingPng, encodeWithSharp, probeOf, rejectionOf, scene, type Written } from "../support/pictures.ts";
import { codecTools, cuts, decodeBy, harness } from "./harness.ts";

const MIB = 1024 * 1024;
const picture = scene(90, 60, true);
const CODECS = { jpeg, png, webp, avif };
const FORMATS: readonly Written[] = ["jpeg", "png", "webp", "avif"];
const encode = (format: Written) =>
  encodeWithSharp(format === "jpeg" ? scene(90, 60) : picture, format, format === "avif" ? { effort: 0 } : {});

/** 16 bytes that begin like a JPEG. Constants: Numerical Recipes, "ranqd1". */
function garbage(seed: number): Uint8Array {
  let state = seed;
  const bytes = Uint8Array.from({ length: 16 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
  bytes.set([0xff, 0xd8, 0xff]);
  return bytes;
}

describe("faults of decoders, through a warm engine", () => {
  test("71 garbage JPEG inputs of 16 bytes, then a good picture", async () => {
    const library = testLibrary();
    const good = await fixture("example.jpg");
    const before = (await library.transform(good, "image/resize,w_50")).data;
    for (let seed = 1; seed <= 71; seed++) {
      const { code } = await rejectionOf(library.transform(garbage(seed), "image/resize,w_50"));
      expect(["CORRUPT_IMAGE", "UNSUPPORTED_FORMAT"]).toContain(code);
    }
    expect((await library.transform(good, "image/resize,w_50")).data).toEqual(before);
  });
  test("71 garbage inputs that reach the decoder itself, then a good picture", async () => {
    let made = 0;
    const lease = createLessor(
      async (name) => {
        made++;
        return loadWasm(name);
      },
      () => undefined,
    );
    const tools = codecTools(lease);
    const decode = (bytes: Uint8Array, width: number, height: number) => decodeBy(jpeg, bytes, probeOf(width, height), tools);
    const good = await fixture("example.jpg");
    const before = await decode(good, 400, 267);
    for (let seed = 1; seed <= 71; seed++) expect((await rejectionOf(decode(garbage(seed), 9, 9))).code).toBe("CORRUPT_IMAGE");
    expect(await decode(good, 400, 267)).toEqual(before);
    expect(made).toBeGreaterThanOrEqual(72); // each failure drops its instance
  });
  test("99 CMYK JPEGs, all alike, then a good picture", async () => {
    const library = testLibrary();
    const [cmyk, good] = [await fixture("cmyk.jpg"), await fixture("example.jpg")];
    const before = (await library.transform(good, "image/resize,w_50")).data;
    const first = (await library.transform(cmyk, "image/resize,w_50")).data;
    for (let i = 1; i < 99; i++) expect((await library.transform(cmyk, "image/resize,w_50")).data).toEqual(first);
    expect((await library.transform(good, "image/resize,w_50")).data).toEqual(before);
  });
  test("a 144-byte JPEG claiming 32768x32768 ends typed", async () => {
    const bytes = claimingJpeg(32768, 32768);
    expect(bytes).toHaveLength(144);
    const library = testLibrary();
    expect(await library.probe(bytes)).toMatchObject({ width: 32768, height: 32768, coding: "baseline" });
    for (const limits of [{}, { maxPixels: 2 ** 40, maxOutputPixels: 2 ** 40, maxMemoryBytes: 2 ** 50 }]) {
      expect((await rejectionOf(library.transform(bytes, "image/resize,w_50", { limits }))).code).toBe("SOURCE_TOO_LARGE");
    }
    expect((await library.transform(claimingJpeg(16, 16), "image/format,png")).width).toBe(16); // the same file with a true size is a picture
  });
  test("a 68-byte PNG claiming 20000x20000 is refused before memory is spent", async () => {
    const bytes = claimingPng(20000, 20000);
    expect(bytes).toHaveLength(68);
    const library = testLibrary();
    const good = await encode("png");
    const before = await library.transform(good, "image/resize,w_50");
    for (let i = 0; i < 20; i++)
      expect((await rejectionOf(library.transform(bytes, "image/resize,w_50"))).code).toBe("SOURCE_TOO_LARGE");
    const after = await library.transform(good, "image/resize,w_50");
    expect(after.data).toEqual(before.data);
    expect(after.peakBytes).toBeLessThanOrEqual(before.peakBytes + MIB);
    expect(after.peakBytes).toBeLessThan(16 * MIB);
  });
  test("a PNG that lies within the limits ends typed, and its instance is not kept", async () => {
    const library = testLibrary();
    const good = await encode("png");
    expect((await rejectionOf(library.transform(claimingPng(4000, 4000), "image/resize,w_50"))).code).toBe("CORRUPT_IMAGE");
    expect((await library.transform(good, "image/resize,w_50")).peakBytes).toBeLessThan(16 * MIB);
  });
});

describe.each(FORMATS)("%s cut off", (format) => {
  test("is a picture of the promised size or a typed error; afterwards a good one gives the same bytes", async () => {
    const library = testLibrary();
    const bytes = await encode(format);
    const before = (await library.transform(bytes, "image/resize,w_45/format,png")).data;
    for (const length of cuts(bytes.length, format === "avif" ? 20 : 40)) {
      const outcome = await library.transform(bytes.slice(0, length), "image/format,png").catch((thrown: unknown) => thrown);
      if (outcome instanceof Error) {
        expect(outcome, `${length} of ${bytes.length}`).toBeInstanceOf(TransformError);
        expect(["CORRUPT_IMAGE", "UNSUPPORTED_FORMAT"], `${length} of ${bytes.length}`).toContain(
          (outcome as TransformError).code,
        );
      } else expect(outcome).toMatchObject({ width: 90, height: 60 });
    }
    expect((await library.transform(bytes, "image/resize,w_45/format,png")).data).toEqual(before);
  });
  test("or damaged in the middle: the same", async () => {
    const { decode, memory } = harness(CODECS[format]);
    const bytes = await encode(format);
    const before = await decode(bytes);
    for (let i = 0; i < 30; i++) {
      const damaged = bytes.slice();
      for (let hit = 0; hit < 4; hit++) damaged[(i * 7919 + hit * 104729) % bytes.length]! ^= 1 << (i % 8);
      const outcome = await decode(damaged).catch((thrown: unknown) => thrown);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TransformError);
    }
    expect(await decode(bytes)).toEqual(before);
    expect(memory()).toBeLessThan(256 * MIB);
  });
});

test.each(["truncated.jpg", "truncated.png"])("%s is a picture or a typed error", async (name) => {
  const outcome = await testLibrary()
    .transform(await fixture(name), "image/resize,w_50")
    .catch((thrown: unknown) => thrown);
  if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "CORRUPT_IMAGE" });
  else expect(outcome).toMatchObject({ width: 50 });
});

// biome-ignore format: one row per case
test.each([
  ["nothing",       new Uint8Array(0)],
  ["text",          new TextEncoder().encode("Hello, this is no picture at all. ".repeat(10))],
  ["an SVG",        new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
  ["zeros",         new Uint8Array(1000)],
  ["an executable", Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0)],
])("%s is UNSUPPORTED_FORMAT in OSS's own words", async (_name, bytes) => {
  expect(await rejectionOf(testLibrary().transform(bytes, "image/resize,w_50"))).toMatchObject({
    code: "UNSUPPORTED_FORMAT",
    message: "This image format is not supported.",
  });
});
