import { describe, expect, test } from "vitest";
import type { Orientation } from "../../src/core/geometry.ts";
import { failureOf, probeOf } from "../support/pictures.ts";
import { sizeOf, stepsOf } from "./support.ts";

const ALL: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

test.each(ALL)("auto-orient: EXIF orientation %i is turned upright by default", (orientation) => {
  const source = probeOf(424, 333, { orientation });
  const size = orientation >= 5 ? "333x424" : "424x333";
  const steps = orientation === 1 ? "" : `turn ${size} as ${orientation}`;
  expect(stepsOf(source, "image/quality,80")).toBe(steps);
  expect(stepsOf(source, "image/auto-orient,1")).toBe(steps);
  expect(stepsOf(source, "q=80")).toBe(steps);
  expect(stepsOf(source, "image/auto-orient,0")).toBe("");
  expect(sizeOf(source, "image/auto-orient,0")).toBe("424x333");
});

describe("auto-orient: comes before everything else, wherever it is written", () => {
  // biome-ignore format: one row per case
  test.each([
    ["resize,w_100/auto-orient,0",              "100x79"],
    ["resize,w_100/auto-orient,1",              "100x127"],
    ["auto-orient,1/resize,w_100",              "100x127"],
    ["crop,w_400,h_400/auto-orient,1",          "333x400"],
    ["auto-orient,0/resize,w_100/auto-orient,1", "100x127"],
    ["auto-orient,1/resize,w_100/auto-orient,0", "100x79"],
  ])("%s", (text, size) => {
    expect(sizeOf(probeOf(424, 333, { orientation: 7 }), `image/${text}`)).toBe(size);
  });
});

test("auto-orient: what irot and imir say is part of the picture and applied in any case", () => {
  for (const format of ["avif"] as const) {
    expect(sizeOf(probeOf(424, 333, { format, orientation: 6 }), "image/auto-orient,0")).toBe("333x424");
  }
  for (const format of ["png", "webp", "jpeg"] as const) {
    expect(sizeOf(probeOf(424, 333, { format, orientation: 6 }), "image/auto-orient,0")).toBe("424x333");
  }
});

test("auto-orient: a clean aperture is cut in stored px before the turn", () => {
  const source = probeOf(100, 60, { format: "avif", orientation: 6, cleanAperture: { x: 10, y: 5, width: 80, height: 50 } });
  expect(stepsOf(source, "image/quality,80")).toBe("crop 80x50 at 10,5 | turn 50x80 as 6");
  expect(stepsOf(source, "image/crop,w_20,h_30")).toBe("crop 80x50 at 10,5 | crop 30x20 at 0,30 | turn 20x30 as 6");
});

test("auto-orient: OSS refuses sides over 4096 where its limits count and there is something to turn", () => {
  const large = probeOf(4097, 100, { orientation: 6 });
  expect(failureOf(() => sizeOf(large, "image/resize,w_10", { ossStrict: true })).code).toBe("SOURCE_TOO_LARGE");
  expect(sizeOf(large, "image/resize,w_10/auto-orient,0", { ossStrict: true })).toBe("10x1");
  expect(sizeOf(large, "image/resize,w_10")).toBe("10x410");
  expect(sizeOf(probeOf(4097, 100), "image/resize,w_10", { ossStrict: true })).toBe("10x1");
  expect(sizeOf(probeOf(4096, 100, { orientation: 6 }), "image/resize,w_10", { ossStrict: true })).toBe("10x410");
});
