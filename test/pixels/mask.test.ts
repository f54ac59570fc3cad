import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { mask } from "../../src/pixels/mask.ts";
import { type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

const white = (width: number, height: number) => paint(width, height, () => [255, 255, 255, 255]);
const masked = (picture: Pixels, diameter: number, offset = 0) =>
  runStage(mask, picture, { diameter }, { alpha: false, offset });
const alphaAt = (picture: Pixels, x: number, y: number) => pixelAt(picture, x, y)[3]!;

/** Alpha by the definition: 16×16 samples a px, each inside unless it is in a corner and beyond its quarter circle. */
function bySamples(width: number, height: number, diameter: number): number[] {
  const [w, h, center] = [width * 32, height * 32, diameter * 16]; // in 1/32 px, samples at odd numbers
  const inset = (at: number, size: number) => Math.max(0, center - at, at - (size - center));
  const isInside = (x: number, y: number) => inset(x, w) ** 2 + inset(y, h) ** 2 <= center ** 2;
  return Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) * 32, Math.floor(i / width) * 32];
    let inside = 0;
    for (let v = 1; v < 32; v += 2) for (let u = 1; u < 32; u += 2) if (isInside(x + u, y + v)) inside++;
    return Math.round((inside * 255) / 256);
  });
}

/** Alpha of a rounded rectangle drawn by librsvg eight times as large, because its own smoothing is coarse. */
async function byPeer(width: number, height: number, diameter: number): Promise<readonly number[]> {
  const size = `width="${width * 8}" height="${height * 8}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} rx="${diameter * 4}" ry="${diameter * 4}"/></svg>`;
  const large = await sharp(Buffer.from(svg)).ensureAlpha().extractChannel(3).raw().toBuffer();
  const sums = new Array<number>(width * height).fill(0);
  large.forEach((value, i) => {
    sums[Math.floor(i / (width * 64)) * width + Math.floor((i % (width * 8)) / 8)]! += value;
  });
  return sums.map((sum) => Math.round(sum / 64));
}
const alphasOf = ({ data }: Pixels) => data.filter((_, i) => i % 4 === 3);

// Width, height, diameter: small and odd ones, discs, capsules both ways, corners apart
// biome-ignore format: one row per case
const SHAPES: [number, number, number][] = [
  [1, 1, 1], [2, 2, 2], [3, 3, 3], [3, 3, 1], [5, 4, 4], [4, 5, 3], [9, 9, 9], [10, 10, 10], [20, 1, 1], [1, 20, 1],
  [33, 20, 8], [20, 33, 7], [31, 17, 17], [17, 31, 17], [40, 24, 24], [67, 67, 67],
];

describe("mask", () => {
  test.each(SHAPES)("%ix%i with quarter circles of %i px: alpha is what the samples say", async (width, height, diameter) => {
    const output = await masked(white(width, height), diameter, 3);
    expect(output).toMatchObject({ width, height, alpha: true });
    expect([...alphasOf(output)]).toEqual(bySamples(width, height, diameter));
  });

  test("alpha is what the samples say, whatever the size", async () => {
    const side = fc.integer({ min: 1, max: 26 });
    await fc.assert(
      fc.asyncProperty(side, side, side, async (width, height, wanted) => {
        const diameter = Math.min(wanted, width, height);
        expect([...alphasOf(await masked(white(width, height), diameter))]).toEqual(bySamples(width, height, diameter));
      }),
      { numRuns: 60 },
    );
  });

  // biome-ignore format: one row per case
  test.each([[201, 201, 201], [134, 89, 60], [89, 134, 89], [300, 200, 200], [90, 61, 33]])("%ix%i with %i px is what librsvg draws", async (width, height, diameter) => {
    const alphas = alphasOf(await masked(white(width, height), diameter));
    const peer = await byPeer(width, height, diameter);
    const differences = peer.map((a, i) => Math.abs(a - alphas[i]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(12); // a sixteenth is 16: one line of samples
    expect(differences.reduce((sum, d) => sum + d, 0) / differences.filter((d) => d > 0).length).toBeLessThan(4);
  });

  test.each([21, 100, 333])("a disc of %i px has the area of a circle", async (diameter) => {
    const alphas = alphasOf(await masked(white(diameter, diameter), diameter));
    const area = alphas.reduce((sum, a) => sum + a, 0) / 255;
    expect(Math.abs(area - (Math.PI * diameter ** 2) / 4)).toBeLessThan(diameter / 50);
  });

  test.each(SHAPES)(
    "%ix%i with %i px: the corners mirror each other, and a turned picture gives the turned result",
    async (width, height, diameter) => {
      const upright = await masked(white(width, height), diameter);
      const turned = await masked(white(height, width), diameter);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const alpha = alphaAt(upright, x, y);
          const others = [
            alphaAt(upright, width - 1 - x, y),
            alphaAt(upright, x, height - 1 - y),
            alphaAt(upright, width - 1 - x, height - 1 - y),
            alphaAt(turned, y, x),
          ];
          expect(others).toEqual([alpha, alpha, alpha, alpha]);
        }
      }
    },
  );

  test("colors stay wherever anything is seen, and what is cut away leaves none", async () => {
    const source = scene(60, 43);
    const output = await masked(source, 43);
    let cut = 0;
    for (let y = 0; y < 43; y++) {
      for (let x = 0; x < 60; x++) {
        const pixel = pixelAt(output, x, y);
        if (pixel[3] === 0) {
          cut++;
          expect(pixel).toEqual([0, 0, 0, 0]);
        } else expect(pixel.slice(0, 3)).toEqual(pixelAt(source, x, y).slice(0, 3));
      }
    }
    expect(cut).toBeGreaterThan(200);
    expect(pixelAt(output, 30, 0)[3]).toBe(255);
  });

  test("what was translucent becomes more so: alpha is the rounded product", async () => {
    const [source, plain] = [scene(51, 51, true), await masked(white(51, 51), 51)];
    const output = await runStage(mask, source, { diameter: 51 });
    const products = alphasOf(source).map((a, i) => Math.round((a * plain.data[i * 4 + 3]!) / 255));
    expect([...alphasOf(output)]).toEqual([...products]);
  });

  test("a circle so large that squares leave 32 bits is round", async () => {
    const diameter = 3001;
    const output = await masked(
      { width: diameter, height: diameter, data: new Uint8Array(diameter ** 2 * 4).fill(255) },
      diameter,
    );
    const radius = diameter / 2;
    for (const y of [0, 1, 40, 439, 1000, 1499, 1500, 1501, 2561, 3000]) {
      const half = Math.sqrt(radius ** 2 - (y + 0.5 - radius) ** 2);
      const covered = Array.from({ length: diameter }, (_, x) => alphaAt(output, x, y)).reduce((sum, a) => sum + a, 0) / 255;
      // The chord in the middle of the row; the arc is steep where rows are near the edge, so the first two differ more
      expect(Math.abs(covered - 2 * half)).toBeLessThan(y > 1 && y < diameter - 1 ? 0.5 : 12);
    }
  });
});
