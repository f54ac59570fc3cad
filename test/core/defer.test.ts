import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deferTurn, leadingOf, sizeAfter, stepsAfterDecode, withConversion } from "../../src/core/defer.ts";
import { type Orientation, oriented, type Rect, type Size, turnOf } from "../../src/core/geometry.ts";
import type { Step } from "../../src/core/step.ts";
import { turn } from "../../src/kernels/index.ts";
import { failureOf, numbered, type Pixels } from "../support/pictures.ts";

const crop = (x: number, y: number, width: number, height: number): Step => ({
  kind: "crop",
  params: { rect: { x, y, width, height } },
  output: { width, height },
});
const scale = (width: number, height: number): Step => ({
  kind: "scale",
  params: { filter: "lanczos3", linear: false },
  output: { width, height },
});
const turnStep = (orientation: Orientation, width: number, height: number): Step => ({
  kind: "turn",
  params: { orientation },
  output: { width, height },
});
const extend = (width: number, height: number): Step => ({ kind: "extend", params: { x: 0, y: 0 }, output: { width, height } });
const ALL: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Crops and turns as definitions, pixel for pixel. */
function apply(start: Pixels, steps: readonly Step[]): Pixels {
  return steps.reduce((input, step) => {
    if (step.kind === "turn")
      return {
        ...oriented(input, step.params.orientation),
        data: turn(input.data, input.width, input.height, turnOf(step.params.orientation)),
      };
    if (step.kind !== "crop") throw new Error(`no ${step.kind} here`);
    const { x, y, width, height } = step.params.rect;
    const data = new Uint8Array(width * height * 4);
    for (let row = 0; row < height; row++) {
      const from = ((y + row) * input.width + x) * 4;
      data.set(input.data.subarray(from, from + width * 4), row * width * 4);
    }
    return { width, height, data };
  }, start);
}

describe("deferTurn", () => {
  test("moves the turn behind leading crops and resamplings, with axes swapped", () => {
    expect(deferTurn([crop(10, 20, 30, 40), scale(15, 20), turnStep(6, 20, 15)], { width: 200, height: 100 }, 6)).toEqual([
      // Upright is 100x200; orientation 6 shows stored (x, y) at (99 − y, x)
      {
        kind: "crop",
        params: { rect: { x: 20, y: 60, width: 40, height: 30 } },
        output: { x: 20, y: 60, width: 40, height: 30 },
      },
      scale(20, 15),
      turnStep(6, 15, 20),
      turnStep(6, 20, 15),
    ]);
  });
  test("stops at the first step that it cannot pass", () => {
    const steps = [extend(200, 200), crop(0, 0, 5, 5)];
    expect(deferTurn(steps, { width: 50, height: 60 }, 8)).toEqual([turnStep(8, 60, 50), ...steps]);
  });
  test("is a turn alone where nothing follows, and nothing where nothing is to turn", () => {
    expect(deferTurn([], { width: 5, height: 3 }, 5)).toEqual([turnStep(5, 3, 5)]);
    const steps = [crop(1, 1, 2, 2)];
    expect(deferTurn(steps, { width: 5, height: 3 }, 1)).toBe(steps);
  });

  test.each(ALL)("crop-then-turn gives the very pixels of turn-then-crop (orientation %i)", (orientation) => {
    const stored = numbered(23, 14);
    const upright = oriented(stored, orientation);
    const inside = ({ width, height }: Size) =>
      fc
        .tuple(fc.nat(width - 1), fc.nat(height - 1))
        .chain(([x, y]) =>
          fc
            .tuple(fc.integer({ min: 1, max: width - x }), fc.integer({ min: 1, max: height - y }))
            .map(([w, h]): Rect => ({ x, y, width: w, height: h })),
        );
    fc.assert(
      fc.property(
        inside(upright).chain((first) => inside(first).map((second): readonly Rect[] => [first, second])),
        (rects) => {
          const asked = rects.map(({ x, y, width, height }) => crop(x, y, width, height));
          const first = apply(stored, [turnStep(orientation, upright.width, upright.height), ...asked]);
          const last = apply(stored, deferTurn(asked, stored, orientation));
          expect(last).toEqual(first);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each(ALL)(
    "every size is the same as of the steps in written order, axes swapped until the turn (orientation %i)",
    (orientation) => {
      const stored = { width: 300, height: 200 };
      const asked = [crop(1, 2, 150, 160), scale(75, 80), crop(0, 0, 70, 20), extend(100, 90)];
      const deferred = deferTurn(asked, stored, orientation);
      expect(sizeAfter(deferred, stored)).toEqual({ width: 100, height: 90 });
      const before = deferred
        .slice(0, 3)
        .map(({ output }) => (orientation >= 5 ? `${output.height}x${output.width}` : `${output.width}x${output.height}`));
      expect(before).toEqual(["150x160", "75x80", "70x20"]);
      if (orientation !== 1) expect(deferred[3]).toEqual(turnStep(orientation, 70, 20));
    },
  );
});

describe("leadingOf: the needs", () => {
  const source = { width: 400, height: 300 };
  const whole = { x: 0, y: 0, ...source };
  // biome-ignore format: one row per case
  test.each([
    ["everything without steps",                  [],                                                whole,                                    source],
    ["the size of a first resampling",            [scale(40, 30)],                                   whole,                                    { width: 40, height: 30 }],
    ["the region of a first crop",                [crop(10, 20, 100, 50)],                           { x: 10, y: 20, width: 100, height: 50 }, { width: 100, height: 50 }],
    ["the region of crops in a row",              [crop(10, 20, 100, 50), crop(5, 6, 7, 8)],         { x: 15, y: 26, width: 7, height: 8 },    { width: 7, height: 8 }],
    ["region and size of a crop and a resampling", [crop(10, 20, 100, 50), scale(10, 5), crop(0, 0, 1, 1)], { x: 10, y: 20, width: 100, height: 50 }, { width: 10, height: 5 }],
    ["everything before a turn",                  [turnStep(6, 300, 400), scale(3, 4)],              whole,                                    source],
    ["everything before an extension",            [extend(500, 500), crop(0, 0, 1, 1)],              whole,                                    source],
  ])("is %s", (_name, steps, region, size) => {
    expect(leadingOf(steps, source).needs).toEqual({ region, size });
  });
});

describe("stepsAfterDecode", () => {
  const source = { width: 400, height: 300 };
  const whole = { x: 0, y: 0, ...source };
  const region = { x: 10, y: 20, width: 100, height: 50 };
  const steps = [crop(10, 20, 100, 50), scale(10, 5), turnStep(3, 10, 5)];
  const after = (asked: readonly Step[], covers: Rect, { width, height }: Size, resampled = false) =>
    stepsAfterDecode(leadingOf(asked, source), {
      raster: { layout: "rgba8", width, height, data: new Uint8Array(0), alpha: false },
      covers,
      resampled,
    });
  test("are all for the whole picture", () => {
    expect(after(steps, whole, source)).toEqual(steps);
  });
  test("leave out the crops that the decoder made", () => {
    expect(after(steps, region, region)).toEqual(steps.slice(1));
    const two = [crop(5, 5, 200, 200), crop(5, 15, 100, 50)];
    expect(after(two, region, region)).toEqual([]);
  });
  test("cut the region from a decoder's larger one, as a single crop", () => {
    const wider = { x: 8, y: 16, width: 112, height: 64 };
    expect(after(steps, wider, wider)).toEqual([crop(2, 4, 100, 50), ...steps.slice(1)]);
    expect(after([crop(5, 5, 200, 200), crop(5, 15, 100, 50)], wider, wider)).toEqual([crop(2, 4, 100, 50)]);
  });
  test("are those behind the resampling where the rows went through it", () => {
    expect(after(steps, region, { width: 10, height: 5 }, true)).toEqual(steps.slice(2));
    const cut = [crop(10, 20, 100, 50), scale(10, 5), crop(1, 1, 3, 3), turnStep(3, 3, 3)];
    expect(after(cut, region, { width: 3, height: 3 }, true)).toEqual(cut.slice(3));
    expect(after(cut, region, region)).toEqual(cut.slice(1));
  });
  test("keep the resampling that finishes what the decoder scaled", () => {
    expect(after(steps, region, { width: 25, height: 13 })).toEqual(steps.slice(1));
    const scaling = [scale(40, 30)];
    expect(after(scaling, whole, { width: 50, height: 38 })).toEqual(scaling);
  });
  // biome-ignore format: one row per case
  test.each([
    ["another region",                      steps,                whole,  { x: 11, y: 20, width: 100, height: 50 }, { width: 100, height: 50 }],
    ["a region where none was asked for",   [scale(4, 3)],        whole,  region,                                   { width: 100, height: 50 }],
    ["a smaller picture nothing resamples", [turnStep(3, 400, 300)], whole, whole,                                  { width: 50, height: 38 }],
    ["a smaller whole before a crop",       steps,                whole,  whole,                                    { width: 50, height: 38 }],
    ["a smaller region nothing resamples",  [crop(10, 20, 100, 50)], whole, region,                                 { width: 50, height: 25 }],
  ])("refuse a decoder that delivers %s", (_name, asked, _whole, covers, raster) => {
    expect(failureOf(() => after(asked, covers, raster)).code).toBe("INTERNAL");
  });
});

describe("withConversion", () => {
  const start = { width: 400, height: 300 };
  const wide = { colorimetry: "other", colorSpace: "rgb" } as const;
  const kinds = (steps: readonly Step[]) => withConversion(steps, start, wide).map(({ kind }) => kind);
  // biome-ignore format: one row per case
  test.each([
    ["nothing to do",                 [],                                                     ["convert"]],
    ["a reduction",                   [scale(40, 30)],                                        ["scale", "convert"]],
    ["an enlargement",                [scale(800, 600)],                                      ["convert", "scale"]],
    ["crop, reduction, crop, turn",   [crop(0, 0, 300, 300), scale(50, 50), crop(0, 0, 50, 20), turnStep(6, 20, 50)], ["crop", "scale", "crop", "turn", "convert"]],
    ["a crop, then an enlargement",   [crop(0, 0, 100, 100), scale(200, 200)],                ["crop", "convert", "scale"]],
    ["what mixes colors",             [scale(40, 30), extend(50, 50)],                        ["scale", "convert", "extend"]],
  ])("lies where there are fewest px: %s", (_name, steps, expected) => {
    expect(kinds(steps)).toEqual(expected);
    expect(sizeAfter(withConversion(steps, start, wide), start)).toEqual(sizeAfter(steps, start));
  });
  test("is left out for sRGB", () => {
    expect(withConversion([scale(40, 30)], start, { colorimetry: "srgb", colorSpace: "rgb" })).toEqual([scale(40, 30)]);
  });
});
