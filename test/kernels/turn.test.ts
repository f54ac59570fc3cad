import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Orientation, turnOf } from "../../src/core/geometry.ts";
import { turn } from "../../src/kernels/index.ts";
import { turn as reference } from "../../src/kernels/reference/turn.ts";
import { noise } from "../support/noise.ts";
import { BUILDS } from "./pixels-module.ts";

const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** A picture from rows of letters; each letter becomes a color of its own. */
function picture(rows: readonly string[]): Uint8Array {
  return Uint8Array.from([...rows.join("")].flatMap((letter) => [letter.charCodeAt(0), 7, 9, letter.charCodeAt(0) * 2]));
}

const STORED = ["abcde", "fghij", "klmno"];
// EXIF 2.32 section 4.6.4: which edge of the upright picture row 0 and column 0 of the stored one are
const UPRIGHT: Readonly<Record<Orientation, readonly string[]>> = {
  1: ["abcde", "fghij", "klmno"], // top, left
  2: ["edcba", "jihgf", "onmlk"], // top, right
  3: ["onmlk", "jihgf", "edcba"], // bottom, right
  4: ["klmno", "fghij", "abcde"], // bottom, left
  5: ["afk", "bgl", "chm", "din", "ejo"], // left, top
  6: ["kfa", "lgb", "mhc", "nid", "oje"], // right, top
  7: ["oje", "nid", "mhc", "lgb", "kfa"], // right, bottom
  8: ["ejo", "din", "chm", "bgl", "afk"], // left, bottom
};

describe("turn", () => {
  test.each(ORIENTATIONS)("makes orientation %i upright", (orientation) => {
    const stored = picture(STORED);
    expect(turn(stored, 5, 3, turnOf(orientation))).toEqual(picture(UPRIGHT[orientation]));
    expect(stored).toEqual(picture(STORED));
  });

  test.each(ORIENTATIONS)("the reference makes orientation %i upright", (orientation) => {
    expect(reference(picture(STORED), 5, 3, turnOf(orientation))).toEqual(picture(UPRIGHT[orientation]));
  });

  test.each(ORIENTATIONS)("orientation %i and its inverse are identity", (orientation) => {
    const inverse = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
    const swap = orientation >= 5;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }), (width, height) => {
        const source = noise(width * height * 4, width * 71 + height);
        const turned = turn(source, width, height, turnOf(orientation));
        const back = turn(turned, swap ? height : width, swap ? width : height, turnOf(inverse));
        expect(Buffer.compare(back, source)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  // Around the tile of 32 and the four rows taken at once
  test.each([
    [1, 1],
    [1, 40],
    [40, 1],
    [31, 33],
    [32, 32],
    [33, 31],
    [65, 70],
    [259, 130],
  ])("equals the reference at %ix%i in all orientations and from any byteOffset", (width, height) => {
    const bytes = noise(width * height * 4, width);
    for (const orientation of ORIENTATIONS) {
      const want = reference(bytes, width, height, turnOf(orientation));
      for (const offset of [0, 1, 4]) {
        const view = new Uint8Array(bytes.length + 8).subarray(offset, offset + bytes.length);
        view.set(bytes);
        expect(Buffer.compare(turn(view, width, height, turnOf(orientation)), want)).toBe(0);
      }
    }
  });

  test("gives OUTPUT_TOO_LARGE where memory is short", () => {
    expect(() => turn(new Uint8Array(0), 2 ** 20, 2 ** 32, turnOf(6))).toThrow(
      expect.objectContaining({ code: "OUTPUT_TOO_LARGE" }),
    );
  });
});

describe.each(BUILDS)("turnPlane, %s", (_build, { planes }) => {
  const samples = (rows: readonly string[]) => Uint8Array.from(rows.join(""), (letter) => letter.charCodeAt(0));

  test.each(ORIENTATIONS)("makes orientation %i upright", (orientation) => {
    const stored = samples(STORED);
    expect(planes.turnPlane(stored, 5, 3, turnOf(orientation))).toEqual(samples(UPRIGHT[orientation]));
    expect(stored).toEqual(samples(STORED));
  });

  // Around the 8×8 samples taken at once and the tile of 256
  test.each([
    [1, 1],
    [1, 300],
    [300, 1],
    [7, 9],
    [8, 8],
    [9, 15],
    [16, 33],
    [255, 257],
    [256, 256],
    [530, 261],
  ])("equals the reference at %ix%i in all orientations and from an odd byteOffset", (width, height) => {
    const view = noise(width * height + 8, width).subarray(3, 3 + width * height);
    for (const orientation of ORIENTATIONS) {
      const want = reference(view, width, height, turnOf(orientation), 1);
      expect(Buffer.compare(planes.turnPlane(view, width, height, turnOf(orientation)), want)).toBe(0);
    }
  });

  test("every width and height to 20 transposes", () => {
    for (let width = 1; width <= 20; width++) {
      for (let height = 1; height <= 20; height++) {
        const source = noise(width * height, width * 21 + height);
        const want = reference(source, width, height, turnOf(6), 1);
        expect(planes.turnPlane(source, width, height, turnOf(6))).toEqual(want);
      }
    }
  });

  test("refuses samples that do not fit the size", () => {
    expect(() => planes.turnPlane(new Uint8Array(11), 3, 4, turnOf(6))).toThrow(
      expect.objectContaining({ code: "INTERNAL", message: expect.stringContaining("data:") }),
    );
  });
});
