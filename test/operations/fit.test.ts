import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fit } from "../../src/operations/fit.ts";
import { testLibrary } from "../support/library.ts";
import { decodeWithSharp, encodeWithSharp, failureOf, pixelAt, probeOf, scene } from "../support/pictures.ts";
import { planOf, sizeOf, stepsOf } from "./support.ts";

const large = probeOf(400, 300);
const small = probeOf(40, 30);

// surface.md, "Decisions"
// biome-ignore format: one row per case
test.each([
  ["cover crops to the box",                        large, "w=100&h=100&fit=cover",             "scale 133x100 | crop 100x100 at 16,0"],
  ["cover keeps what g names",                      large, "w=100&h=100&fit=cover&g=east",      "scale 133x100 | crop 100x100 at 33,0"],
  ["cover keeps the focal point",                   large, "w=100&h=100&fit=cover&g=fp:0.4:0",  "scale 133x100 | crop 100x100 at 3,0"],
  ["cover keeps rows too",                          large, "w=100&h=50&fit=cover&g=south",      "scale 100x75 | crop 100x50 at 0,25"],
  ["cover crops where there are pixels",            small, "w=100&h=10&fit=cover",              "crop 40x10 at 0,10"],
  ["cover of a larger box keeps the picture",       small, "w=100&h=100&fit=cover",             ""],
  ["cover that may enlarge",                        small, "w=100&h=100&fit=cover&enlarge=1",   "scale 133x100 | crop 100x100 at 16,0"],
  ["cover that may enlarge, held at a corner",      small, "w=100&h=100&fit=cover&enlarge=1&g=ne", "scale 133x100 | crop 100x100 at 33,0"],
  ["pad gives the whole canvas",                    large, "w=100&h=100&fit=pad",               "scale 100x75 | extend 100x100 at 0,12"],
  ["pad puts the picture where g says",             large, "w=100&h=100&fit=pad&g=south",       "scale 100x75 | extend 100x100 at 0,25"],
  ["pad leaves bg to the end of the chain",         large, "w=100&h=100&fit=pad&bg=102030",     "scale 100x75 | extend 100x100 at 0,12"],
  ["pad takes a color of its own in OSS's grammar", large, "image/fit,m_pad,w_100,h_100,color_10203040", "scale 100x75 | extend 100x100 at 0,12 on 10203040"],
  ["pad of a smaller source keeps the picture",     small, "w=100&h=100&fit=pad",               "extend 100x100 at 30,35"],
  ["pad that may enlarge",                          small, "w=100&h=100&fit=pad&enlarge=1",     "scale 100x75 | extend 100x100 at 0,12"],
  ["fill stretches",                                large, "w=100&h=100&fit=fill",              "scale 100x100"],
  ["fill never grows an edge",                      small, "w=100&h=10&fit=fill",               "scale 40x10"],
  ["fill that may enlarge",                         small, "w=100&h=10&fit=fill&enlarge=1",     "scale 100x10"],
  ["inside keeps a smaller source",                 small, "w=100&h=100",                       ""],
  ["inside that may enlarge",                       small, "w=100&h=100&enlarge=1",             "scale 100x75"],
  ["outside keeps a smaller source",                small, "w=100&h=20&fit=outside",            ""],
  ["outside covers without cropping",               large, "w=100&h=100&fit=outside",           "scale 133x100"],
])("fit: %s", (_name, source, query, steps) => {
  expect(stepsOf(source, query)).toBe(steps);
});

test("fit: pad shows white in a result without alpha, nothing in one with, and bg in both", async () => {
  const source = await encodeWithSharp(scene(40, 20), "png");
  for (const [query, pixel] of [
    ["f=jpg", [255, 255, 255, 255]],
    ["f=png", [0, 0, 0, 0]],
    ["f=png&bg=204060", [32, 64, 96, 255]],
    ["f=png&bg=20406080", [32, 64, 96, 128]],
  ] as const) {
    const { data } = await testLibrary().transform(source, `w=30&h=30&fit=pad&${query}`);
    const corner = pixelAt(await decodeWithSharp(data), 1, 1);
    for (const [i, value] of pixel.entries()) expect(Math.abs(corner[i]! - value), query).toBeLessThanOrEqual(3);
  }
});

describe("fit in OSS's grammar", () => {
  test("needs both edges", () => {
    for (const text of ["fit,w_100", "fit,h_100", "fit,m_pad"]) {
      expect(failureOf(() => sizeOf(large, `image/${text}`))).toMatchObject({
        code: "BAD_ARGUMENT",
        operation: "fit",
        kind: "missing",
      });
    }
  });
  test("refuses a canvas over OSS's area", () => {
    expect(failureOf(() => sizeOf(large, "image/fit,m_pad,w_5000,h_5000")).code).toBe("OUTPUT_TOO_LARGE");
  });
});

const side = fc.integer({ min: 1, max: 500 });
test("fit: cover without enlarge never exceeds source or box, pad is the box, fill the smaller of both", () => {
  fc.assert(
    fc.property(side, side, side, side, (width, height, w, h) => {
      const final = (m: string) => planOf(fit, { m, w: `${w}`, h: `${h}` }, width, height).at(-1)?.output ?? { width, height };
      const cover = final("cover");
      expect(cover.width <= Math.min(w, width) && cover.height <= Math.min(h, height)).toBe(true);
      expect(final("pad")).toEqual({ width: w, height: h });
      expect(final("fill")).toEqual({ width: Math.min(w, width), height: Math.min(h, height) });
    }),
    { numRuns: 500 },
  );
});
test("fit: the picture lies on the canvas and the crop in the picture", () => {
  const g = fc.oneof(
    fc.constantFrom("nw", "center", "se", "east"),
    fc.tuple(fc.nat(100), fc.nat(100)).map(([x, y]) => `fp:${x / 100}:${y / 100}`),
  );
  const source = fc.integer({ min: 40, max: 500 }); // thinner ones are refused for their height when enlarged
  fc.assert(
    fc.property(source, source, side, side, g, fc.constantFrom("0", "1"), (width, height, w, h, g, enlarge) => {
      for (const m of ["cover", "pad"]) {
        let held = { width, height };
        for (const step of planOf(fit, { m, w: `${w}`, h: `${h}`, g, enlarge }, width, height)) {
          const { x, y } = step.kind === "crop" ? step.params.rect : step.kind === "extend" ? step.params : { x: 0, y: 0 };
          const [outer, inner] = step.kind === "extend" ? [step.output, held] : [held, step.output];
          if (step.kind !== "scale")
            expect(x >= 0 && y >= 0 && x + inner.width <= outer.width && y + inner.height <= outer.height).toBe(true);
          held = { width: step.output.width, height: step.output.height };
        }
      }
    }),
    { numRuns: 500 },
  );
});
