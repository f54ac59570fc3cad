import { describe, expect, test } from "vitest";
import { CODECS } from "../../src/codecs/index.ts";
import { resolveQuality } from "../../src/operations/quality.ts";
import { probeOf } from "../support/pictures.ts";
import { explained } from "./support.ts";

const jpeg = (quality?: number) => probeOf(400, 267, quality === undefined ? {} : { quality });
const png = probeOf(400, 267, { format: "png" });
const fallback = (format: string) => CODECS.get(format)?.defaultQuality;

// OSS IMG reference, section 7.1
// biome-ignore format: one row per case
test.each([
  ["relative: 100, q_90",                   jpeg(100), "image/quality,q_90",            90],
  ["relative: 80, q_90",                    jpeg(80),  "image/quality,q_90",            72],
  ["relative: example.jpg",                 jpeg(82),  "image/resize,w_100/quality,q_80", 66],
  ["relative: half is rounded up",          jpeg(75),  "image/quality,q_50",            38],
  ["relative: never below 1",               jpeg(1),   "image/quality,q_1",             1],
  ["ceiling: 95, Q_90",                     jpeg(95),  "image/quality,Q_90",            90],
  ["ceiling: 80, Q_90 stays",               jpeg(80),  "image/quality,Q_90",            80],
  ["ceiling: example.jpg",                  jpeg(82),  "image/resize,w_100/quality,Q_80", 80],
  ["ceiling: example.jpg, Q_90",            jpeg(82),  "image/quality,Q_90",            82],
  ["a bare number is a ceiling",            jpeg(82),  "image/quality,90",              82],
  ["Q wins over q",                         jpeg(82),  "image/quality,q_10,Q_80",       80],
  ["a is exact, also above the source",     jpeg(82),  "image/quality,a_95",            95],
  ["silence is the source's",               jpeg(82),  "image/resize,w_100",            82],
  ["silence is the source's, low too",      jpeg(23),  "image/resize,w_100",            23],
  ["silence of the plain grammar is the format's default", jpeg(82), "w=100",           fallback("jpeg")],
  ["q of the plain grammar is exact",       jpeg(82),  "q=95",                          95],
  ["another source's q counts from 100",    png,       "image/format,jpg/quality,q_80", 80],
  ["another source's Q is itself",          png,       "image/format,jpg/quality,Q_80", 80],
  ["another source's silence is the default", png,     "image/format,jpg",              fallback("jpeg")],
  ["WebP: q is Q",                          jpeg(50),  "image/format,webp/quality,q_80", 80],
  ["WebP: Q is not capped by a JPEG's",     jpeg(50),  "image/format,webp/quality,Q_80", 80],
  ["WebP: silence is its default",          jpeg(50),  "image/format,webp",             fallback("webp")],
  ["AVIF: q is Q",                          jpeg(50),  "image/format,avif/quality,q_80", 80],
  ["AVIF: silence is its default",          jpeg(50),  "image/format,avif",             fallback("avif")],
  ["PNG has none",                          jpeg(50),  "image/format,png/quality,q_80", undefined],
])("quality: %s", (_name, source, text, quality) => {
  expect(explained(source, text).quality).toBe(quality);
});

describe("resolveQuality", () => {
  test("is R(source × q / 100) for every source and q, and always 1 to 100", () => {
    const wrong: string[] = [];
    for (let source = 1; source <= 100; source++) {
      for (let value = 1; value <= 100; value++) {
        const relative = resolveQuality({ rule: "relative", value }, source, 80, true);
        const ceiling = resolveQuality({ rule: "ceiling", value }, source, 80, true);
        const nearest = Math.max(1, Number((BigInt(source * value) + 50n) / 100n));
        if (relative !== nearest || ceiling !== Math.min(source, value))
          wrong.push(`${source} ${value}: ${relative} ${ceiling}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
