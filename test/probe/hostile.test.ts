import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import {
  box,
  bytes,
  chunk,
  ftyp,
  fullBox,
  gif,
  iccp,
  ihdr,
  ispe,
  jpeg,
  meta,
  png,
  references,
  segment,
  tiff,
  u16,
  u32,
  zeros,
} from "./build.ts";
import { SAMPLES } from "./samples.ts";

/**
 * Steps are reads through DataView, which is how the prober reads everything but deflated profiles (those are capped
 * at 64 KiB). Counting them shows a loop that does not progress, or work that grows faster than the bytes, on any machine.
 */
const READS = ["getUint8", "getUint16", "getUint32", "getInt32"] as const;
const originals = READS.map((name) => DataView.prototype[name]);
let steps = 0;
beforeEach(() => {
  READS.forEach((name, i) => {
    DataView.prototype[name] = function (this: DataView, at: number, littleEndian?: boolean) {
      steps++;
      return (originals[i] as DataView["getUint16"]).call(this, at, littleEndian);
    };
  });
});
afterEach(() => {
  READS.forEach((name, i) => {
    DataView.prototype[name] = originals[i] as DataView["getUint8"];
  });
});

// Measured: at most 1.9 a byte in large files, and 2433 in all below 20 kB (EXIF values may be shared by many tags)
const STEPS_PER_BYTE = 4;
const STEPS_FOR_METADATA = 10_000;

/** Probes and checks how it ends and what it took. */
function tryProbe(file: Uint8Array, stepsPerByte = STEPS_PER_BYTE): "probe" | string {
  steps = 0;
  try {
    const result = probe(file);
    expect(result.width > 0 && result.height > 0 && result.frames >= 1).toBe(true);
    return "probe";
  } catch (thrown) {
    if (!(thrown instanceof TransformError)) throw thrown;
    return thrown.code;
  } finally {
    expect(steps).toBeLessThanOrEqual(file.length * stepsPerByte + STEPS_FOR_METADATA);
  }
}

/** xorshift32: the same mutations in every run and engine. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const TELLING = [0, 1, 0x7f, 0x80, 0xff];
function mutate(file: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = file.slice();
  for (let i = 1 + random(4); i > 0; i--) {
    const at = random(copy.length);
    copy[at] = random(2) === 0 ? random(256) : (TELLING[random(TELLING.length)] ?? 0);
  }
  return random(8) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}

function truncateAndMutate(file: Uint8Array, mutations: number): void {
  for (let length = 0; length <= Math.min(file.length, 600); length++) {
    expect(["probe", "CORRUPT_IMAGE", "UNSUPPORTED_FORMAT"]).toContain(tryProbe(file.subarray(0, length)));
  }
  const random = createRandom(file.length * 2 + 1);
  const head = file.subarray(0, 4096); // headers are here; a mutation of pixels tests nothing
  for (let i = 0; i < mutations; i++) {
    expect(["probe", "CORRUPT_IMAGE", "UNSUPPORTED_FORMAT"]).toContain(tryProbe(mutate(head, random)));
  }
}

describe("hostile input ends in a probe or a typed error, in bounded steps", () => {
  test.each(Object.entries(SAMPLES))("truncated and mutated: %s", (_name, file) => {
    truncateAndMutate(file, 3000);
  });

  const filled = (count: number, part: Uint8Array) => {
    const whole = new Uint8Array(count * part.length);
    for (let i = 0; i < count; i++) whole.set(part, i * part.length);
    return whole;
  };
  const items = (iloc: Uint8Array, ...more: Uint8Array[]) =>
    bytes(
      ftyp("avif"),
      meta(
        1,
        [
          { id: 1, type: "av01", properties: [1] },
          { id: 2, type: "Exif", properties: [] },
        ],
        [ispe(31, 17)],
        iloc,
        ...more,
      ),
    );
  const cdsc = fullBox("iref", 0, 0, box("cdsc", u16(2), u16(1), u16(1)));

  // biome-ignore format: one row per case
  test.each([
    ["a JPEG of nothing but fill bytes", bytes(0xff, 0xd8, new Uint8Array(100_000).fill(0xff))],
    ["a JPEG of 25,000 empty segments", jpeg(filled(25_000, segment(0xfe)))],
    ["a JPEG of 5,000 EXIF segments without TIFF header", jpeg(filled(5_000, segment(0xe1, "Exif\0\0", zeros(8))))],
    ["a PNG of 9,000 profiles", png(ihdr(31, 17, 8, 2), filled(9_000, iccp(zeros(100))))],
    ["a PNG whose profile is a deflate bomb", png(ihdr(31, 17, 8, 2), iccp(zeros(10_000_000)))],
    ["a PNG whose profile is empty deflate blocks", png(ihdr(31, 17, 8, 2), chunk("iCCP", "a", 0, 0, 0x78, 0x9c, filled(100_000, bytes(0, 0, 0, 0xff, 0xff))))],
    ["a PNG whose profile is deflated twice", png(ihdr(31, 17, 8, 2), chunk("iCCP", "a", 0, 0, 0x78, 0x9c, new Uint8Array(deflateRawSync(deflateRawSync(zeros(1_000_000))))))],
    ["a PNG of 50,000 empty chunks after its image data", bytes(png(ihdr(31, 17, 8, 2)).slice(0, -12), filled(50_000, chunk("eXIf")))],
    ["a GIF of 100,000 sub-blocks", gif(31, 17, [0x2c, zeros(9), 2], new Uint8Array(200_000).fill(1))],
    ["a TIFF whose directory claims 65535 entries", bytes("MM", u16(42), u32(8), u16(65535), zeros(20_000))],
    ["a TIFF of 160 tags that share one long value", tiff(Array.from({ length: 160 }, (_, i) => [0x0100 + i, 3, 64, zeros(128)] as const))],
    ["boxes of size 0 in size 0", bytes(ftyp("avif"), filled(10_000, bytes(u32(0), "meta")))],
    ["10,000 empty boxes in a meta box", items(zeros(0), filled(10_000, box("free")))],
    ["10,000 alpha references", items(zeros(0), fullBox("iref", 0, 0, filled(10_000, box("auxl", u16(2), u16(1), u16(1)))))],
    ["item locations with 65535 empty extents each", items(fullBox("iloc", 0, 0, 0, 0, u16(65535), filled(10_000, bytes(u16(9), u16(0), u16(65535)))), cdsc)],
    ["item properties that claim 2^32 items", bytes(ftyp("avif"), fullBox("meta", 0, 0, fullBox("pitm", 0, 0, u16(1)), box("iprp", box("ipco", ispe(31, 17)), fullBox("ipma", 0, 0, u32(0xffffffff), zeros(30_000)))))],
    ["10,000 tracks", bytes(ftyp("avis"), box("moov", filled(10_000, box("trak"))))],
  ])("%s", (_name, file) => {
    tryProbe(file);
  });
});

test("empty boxes before those looked for are walked at most 40 times", () => {
  const referrers = Array.from({ length: 60 }, (_, i) => i + 2);
  const iref = references(...["auxl", "cdsc"].flatMap((type) => referrers.map((id) => [type, id, 1] as const)));
  const looked = [
    fullBox("pitm", 0, 0, u16(1)),
    box("iprp", box("ipco", ispe(31, 17)), fullBox("ipma", 0, 0, u32(1), u16(1), 1, 1)),
  ];
  const file = bytes(ftyp("avif"), fullBox("meta", 0, 0, ...Array.from({ length: 5000 }, () => box("free")), ...looked, iref));
  const stepsPerEmptyBox = 6;
  expect(tryProbe(file, (40 * stepsPerEmptyBox) / 8)).toBe("probe");
});

describe.skipIf(!HAS_CORPUS)("hostile variants of corpus files (skipped: no corpus folder)", () => {
  // biome-ignore format: one row per case
  test.each([
    "photos/hillside-gps-0.3mp.jpg", "icc/p3-8x8.png", "orientation/orientation-6.png", "webp/photo-icc-exif.webp", "animated/anim-6.webp",
    "avif/irot-alpha.avif", "avif/grid-1x5.avif", "animated/star-8bpc-alpha.avifs", "heic/iphone-grid-8mp.heic", "animated/star.gif",
    "bmp-tiff/rgba32.bmp", "bmp-tiff/hopper_bigtiff.tif", "orientation/orientation-6.tif",
  ])("truncated and mutated: %s", (name) => {
    truncateAndMutate(new Uint8Array(readFileSync(`${CORPUS}/${name}`)), 1500);
  });
});
