import { describe, expect, test } from "vitest";
import { jpeg } from "../../src/codecs/jpeg.ts";
import { encodeWithin } from "../../src/core/max-bytes.ts";
import { probe } from "../../src/probe/index.ts";
import { harness } from "../codecs/harness.ts";
import { rejectionOf, scene } from "../support/pictures.ts";

/** An encoder whose result has the bytes that `size` says, the first of which tells its quality; it notes what it was asked for. */
function fake(size: (quality: number) => number) {
  const asked: number[] = [];
  return {
    asked,
    async encode(quality: number) {
      asked.push(quality);
      return new Uint8Array(size(quality)).fill(quality, 0, 1);
    },
  };
}

describe("encodeWithin", () => {
  test("finds the highest quality that fits in at most 8 encodes, for every limit and every quality", async () => {
    const wrong: string[] = [];
    for (let quality = 1; quality <= 100; quality++) {
      for (let fitting = 1; fitting <= 100; fitting += 3) {
        const { encode, asked } = fake((q) => q * 10);
        const data = await encodeWithin(encode, fitting * 10 + 9, quality);
        if (data[0] !== Math.min(quality, fitting) || asked.length > 8) wrong.push(`${quality} ${fitting}: ${data[0]}`);
      }
    }
    expect(wrong).toEqual([]);
  });
  test("encodes once where the quality asked for fits, to the byte", async () => {
    const { encode, asked } = fake(() => 500);
    expect((await encodeWithin(encode, 500, 83))[0]).toBe(83);
    expect(asked).toEqual([83]);
  });
  test.each([1, 2, 50, 100])(
    "where nothing fits at quality %i, says what quality 1 takes and what would help",
    async (quality) => {
      const { encode, asked } = fake((q) => 1000 + q);
      const failure = await rejectionOf(encodeWithin(encode, 1000, quality));
      expect(failure.code).toBe("OUTPUT_TOO_LARGE");
      expect(failure.message).toMatch(/1001 bytes at quality 1, more than 1000.*smaller w or h/);
      expect(asked[asked.length - 1]).toBe(1);
      expect(asked.length).toBeLessThanOrEqual(8);
    },
  );
  test("a size that is not monotone still gives a result that fits, with its neighbor tried and too large", async () => {
    for (const limit of [300, 400, 500, 640, 800]) {
      const size = (q: number) => q * 10 + (q % 7) * 23; // falls at every seventh step
      const { encode, asked } = fake(size);
      const data = await encodeWithin(encode, limit, 90);
      expect(data.length).toBeLessThanOrEqual(limit);
      expect(asked).toContain(data[0]! + 1);
      expect(size(data[0]! + 1)).toBeGreaterThan(limit);
    }
  });
  test("without a quality it encodes once", async () => {
    const { encode, asked } = fake(() => 700);
    expect(await encodeWithin(encode, 700, undefined)).toHaveLength(700);
    expect(asked).toHaveLength(1);
    const failure = await rejectionOf(encodeWithin(encode, 699, undefined));
    expect(failure).toMatchObject({ code: "OUTPUT_TOO_LARGE" });
    expect(failure.message).toMatch(/700 bytes without loss, more than 699/);
    expect(asked).toHaveLength(2);
  });
  test("a failure of the encoder is passed on", async () => {
    await expect(encodeWithin(() => Promise.reject(new Error("no")), 100, 80)).rejects.toThrow("no");
  });
  test("a real JPEG is the one of the highest quality that fits", async () => {
    const { encode } = harness(jpeg);
    const picture = scene(260, 171);
    const at = (quality: number) => encode(picture, quality, false);
    const sizes = await Promise.all(Array.from({ length: 90 }, async (_, i) => (await at(i + 1)).length));
    for (const limit of [sizes[9]!, sizes[40]! + 5, sizes[88]!]) {
      const data = await encodeWithin(at, limit, 90);
      expect(data.length).toBeLessThanOrEqual(limit);
      expect(probe(data).quality).toBe(sizes.filter((size) => size <= limit).length); // these sizes rise strictly
    }
    expect((await rejectionOf(encodeWithin(at, sizes[0]! - 1, 90))).message).toContain(`${sizes[0]} bytes at quality 1`);
  });
});
