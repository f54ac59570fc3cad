import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { collectRows } from "../../src/core/rows.ts";
import { failureOf, numbered } from "../support/pictures.ts";

const covers = { x: 3, y: 4, width: 5, height: 6 };
const { data } = numbered(5, 6);
const row = 5 * 4;

describe("collectRows", () => {
  test.each([[[6]], [[1, 1, 1, 1, 1, 1]], [[2, 3, 1]], [[0, 6]], [[5, 0, 1]]])("joins bands of %j rows", (bands) => {
    const writer = collectRows(() => {}).begin(5, 6, covers, true);
    let at = 0;
    for (const count of bands) {
      writer.write(data.subarray(at * row, (at + count) * row));
      at += count;
    }
    expect(writer.end()).toEqual({ raster: { layout: "rgba8", width: 5, height: 6, data, alpha: true }, covers });
  });
  test("copies: the decoder may use its band again", () => {
    const writer = collectRows(() => {}).begin(5, 6, covers, false);
    const band = new Uint8Array(2 * row);
    for (let at = 0; at < data.length; at += band.length) {
      band.set(data.subarray(at, at + band.length));
      writer.write(band);
      band.fill(0);
    }
    expect((writer.end().raster as { data: Uint8Array }).data).toEqual(data);
  });
  test("too many rows are a fault of the decoder", () => {
    const writer = collectRows(() => {}).begin(5, 6, covers, true);
    writer.write(data);
    expect(failureOf(() => writer.write(data.subarray(0, row))).code).toBe("INTERNAL");
    expect(
      failureOf(() =>
        collectRows(() => {})
          .begin(5, 6, covers, true)
          .write(new Uint8Array(7 * row)),
      ).code,
    ).toBe("INTERNAL");
  });
  test("part of a row too", () => {
    const writer = collectRows(() => {}).begin(5, 6, covers, true);
    expect(failureOf(() => writer.write(data.subarray(0, row + 4))).code).toBe("INTERNAL");
  });
  test("too few rows are a picture that ends early", () => {
    const writer = collectRows(() => {}).begin(5, 6, covers, true);
    writer.write(data.subarray(0, 5 * row));
    expect(failureOf(() => writer.end()).code).toBe("CORRUPT_IMAGE");
    expect(
      failureOf(() =>
        collectRows(() => {})
          .begin(5, 6, covers, true)
          .end(),
      ).code,
    ).toBe("CORRUPT_IMAGE");
  });
  test("a checkpoint that throws stops the decoder before the band is copied", () => {
    let left = 2;
    const sink = collectRows(() => {
      if (left-- === 0) throw new TransformError("TIMEOUT", "late");
    });
    const writer = sink.begin(5, 6, covers, true);
    writer.write(data.subarray(0, row));
    writer.write(data.subarray(0, row));
    expect(failureOf(() => writer.write(data.subarray(0, row))).code).toBe("TIMEOUT");
  });
  test("hands on a whole raster as it is", () => {
    const raster = { layout: "gray8", width: 1, height: 1, data: new Uint8Array(1), alpha: false } as const;
    expect(collectRows(() => {}).whole(raster, covers).raster).toBe(raster);
  });
});
