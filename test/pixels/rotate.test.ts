import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { cosine, rotatedSize, sine } from "../../src/core/angle.ts";
import type { Size } from "../../src/core/geometry.ts";
import { rotate } from "../../src/pixels/rotate.ts";
import { fixture } from "../support/library.ts";
import { decodeWithSharp, type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

const rotateOf = (picture: Pixels, alpha: boolean, angleDeg: number) =>
  runStage(rotate, picture, { angleDeg }, { alpha, output: rotatedSize(picture, angleDeg) });
/** A part of a photograph, small enough to compare pixel by pixel. */
async function photograph(): Promise<Pixels> {
  const { data, info } = await sharp(await fixture("example.jpg"))
    .extract({ left: 130, top: 60, width: 130, height: 90 })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}
/**
 * libvips' bicubic interpolation of the same turn. Its own rotate is bilinear and puts the picture a fraction of a pixel
 * off the middle of a canvas whose sides are rounded; here the fraction is asked for, so that only whole pixels are left.
 */
async function judge({ width, height, data }: Pixels, angleDeg: number, canvas: Size): Promise<Pixels> {
  const [c, s] = [cosine(angleDeg), sine(angleDeg)];
  const x = (canvas.width - 1 - c * (width - 1) + s * (height - 1)) / 2;
  const y = (canvas.height - 1 - s * (width - 1) - c * (height - 1)) / 2;
  const turned = sharp(data, { raw: { width, height, channels: 4 } }).affine([c, -s, s, c], {
    odx: x - Math.round(x),
    ody: y - Math.round(y),
    interpolator: "bicubic",
    background: { r: 0, g: 0, b: 0, alpha: 0 },
  });
  const { data: bytes, info } = await turned.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(bytes) };
}
/** 1 where a pixel and everything within 2 px of it is opaque. */
function insideOf({ width, height, data }: Pixels): Uint8Array {
  const inside = new Uint8Array(width * height);
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      let opaque = 1;
      for (let i = 0; i < 25; i++) {
        if (data[((y - 2 + Math.floor(i / 5)) * width + x - 2 + (i % 5)) * 4 + 3] !== 255) opaque = 0;
      }
      inside[y * width + x] = opaque;
    }
  }
  return inside;
}
/** Mean difference of R, G and B where both are inside, `b` moved by whole pixels. */
function meanInside(a: Pixels, b: Pixels, dx: number, dy: number): { mean: number; count: number } {
  const [insideA, insideB] = [insideOf(a), insideOf(b)];
  let [sum, count] = [0, 0];
  for (let y = 2; y < a.height - 2; y++) {
    for (let x = 2; x < a.width - 2; x++) {
      const [at, other] = [y * a.width + x, (y + dy) * b.width + x + dx];
      if (insideA[at] !== 1 || insideB[other] !== 1) continue;
      for (let c = 0; c < 3; c++) sum += Math.abs(a.data[at * 4 + c]! - b.data[other * 4 + c]!);
      count++;
    }
  }
  return { mean: sum / (count * 3), count };
}

describe("rotate agrees with libvips' bicubic inside the picture", () => {
  // The mean is 0.5 for all of them, because libvips cuts fractions of a level off
  test.each([1, 5, 30, 45, 70, 110, 200, 359])("%i degrees: mean < 0.6 for one offset of whole pixels", async (angleDeg) => {
    for (const picture of [scene(120, 80), await photograph()]) {
      const got = await rotateOf(picture, false, angleDeg);
      const want = await judge(picture, angleDeg, got);
      expect(Math.abs(got.width - want.width)).toBeLessThanOrEqual(1);
      expect(Math.abs(got.height - want.height)).toBeLessThanOrEqual(1);
      const offsets = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => meanInside(got, want, dx, dy)));
      const best = offsets.reduce((a, b) => (a.mean < b.mean ? a : b));
      expect(best.mean).toBeLessThan(0.6);
      expect(best.count).toBeGreaterThan(0.85 * picture.width * picture.height);
    }
  });
});

// OSS IMG reference, section 12.2, and libvips' own canvas, whose sides are rounded instead of rounded up
test.each([
  [70, 388, 468],
  [45, 472, 472],
])("400x267 by %i degrees becomes %ix%i", async (angleDeg, width, height) => {
  const picture = await decodeWithSharp(await fixture("example.jpg"));
  expect(await rotateOf(picture, false, angleDeg)).toMatchObject({ width, height, alpha: true });
  const { info } = await sharp(await fixture("example.jpg"))
    .rotate(angleDeg)
    .toBuffer({ resolveWithObject: true });
  expect(Math.abs(info.width - width)).toBeLessThanOrEqual(1);
  expect(Math.abs(info.height - height)).toBeLessThanOrEqual(1);
});

describe("rotate", () => {
  test("turns clockwise about the middle", async () => {
    // A red dot above the middle of a gray picture comes to its right by nearly a quarter turn
    const picture = paint(61, 61, (x, y) => ((x - 30) ** 2 + (y - 10) ** 2 < 16 ? [255, 0, 0, 255] : [90, 90, 90, 255]));
    const turned = await rotateOf(picture, false, 89);
    const middle = (turned.width - 1) / 2;
    expect(pixelAt(turned, Math.round(middle + 20), Math.round(middle))).toEqual([255, 0, 0, 255]);
  });

  test.each([7, 45, 70, 200])(
    "a flat color comes back from its own ground, and nowhere else is anything: %i°",
    async (angleDeg) => {
      const color = [230, 120, 20] as const;
      const turned = await rotateOf(
        paint(90, 50, () => [...color, 255]),
        false,
        angleDeg,
      );
      let partly = 0;
      for (let i = 0; i < turned.data.length; i += 4) {
        const [r, g, b, a] = turned.data.subarray(i, i + 4) as unknown as [number, number, number, number];
        expect([r, g, b]).toEqual(a === 0 ? [0, 0, 0] : color);
        if (a > 0 && a < 255) partly++;
      }
      expect(partly).toBeGreaterThan(150); // smooth edges all round
      expect(pixelAt(turned, 0, 0)[3]).toBe(0);
      expect(pixelAt(turned, turned.width - 1, turned.height - 1)[3]).toBe(0);
    },
  );

  test("hidden colors never bleed: a disc on clear magenta keeps its own color", async () => {
    const picture = paint(80, 80, (x, y) => ((x - 40) ** 2 + (y - 40) ** 2 < 900 ? [20, 160, 60, 255] : [255, 0, 255, 0]));
    const turned = await rotateOf(picture, true, 33);
    for (let i = 0; i < turned.data.length; i += 4) {
      const [r, g, b, a] = turned.data.subarray(i, i + 4) as unknown as [number, number, number, number];
      expect([r, g, b]).toEqual(a === 0 ? [0, 0, 0] : [20, 160, 60]);
    }
  });

  test("an opaque picture gives the same with and without work on alpha", async () => {
    const picture = scene(70, 40);
    const [plain, careful] = [await rotateOf(picture, false, 27), await rotateOf(picture, true, 27)];
    for (const [i, value] of plain.data.entries()) expect(Math.abs(value - careful.data[i]!)).toBeLessThanOrEqual(1);
  });

  test("there and back is the picture again, nearly", async () => {
    const picture = paint(100, 82, (x, y) => [x * 2, 40 + y * 2, (x + y) & 255, 255]);
    const there = await rotateOf(picture, false, 20);
    const back = await rotateOf(there, true, 340);
    const [left, top] = [(back.width - 100) / 2, (back.height - 82) / 2];
    if (left % 1 !== 0 || top % 1 !== 0) throw new Error("choose a size whose canvases are centered on whole pixels");
    for (let y = 5; y < 77; y++) {
      for (let x = 5; x < 95; x++) {
        const [p, q] = [pixelAt(back, left + x, top + y), pixelAt(picture, x, y)];
        expect(Math.abs(p[0]! - q[0]!) + Math.abs(p[1]! - q[1]!)).toBeLessThanOrEqual(3);
      }
    }
  });
});
