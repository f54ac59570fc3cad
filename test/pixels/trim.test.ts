import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { trim } from "../../src/pixels/trim.ts";
import { type Color, numbered, type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

/** `content` at x, y of a canvas in one color, or a color for each px. */
function framed(content: Pixels, x: number, y: number, width: number, height: number, border: Color | ((x: number) => Color)) {
  return paint(width, height, (u, v) => {
    const inside = u >= x && u < x + content.width && v >= y && v < y + content.height;
    if (inside) return pixelAt(content, u - x, v - y) as unknown as Color;
    return typeof border === "function" ? border(u) : border;
  });
}
async function byPeer({ width, height, data }: Pixels, threshold: number): Promise<Pixels> {
  const image = sharp(data, { raw: { width, height, channels: 4 } }).trim({ threshold, lineArt: true });
  const { data: trimmed, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(trimmed) };
}

describe("trim", () => {
  const content = scene(31, 17);
  // biome-ignore format: one row per case
  test.each([
    ["all around",      9, 5, 60, 40, [255, 255, 255, 255]],
    ["left and above",  9, 5, 40, 22, [0, 0, 0, 255]],
    ["right and below", 0, 0, 60, 40, [250, 220, 20, 255]],
    ["one px around",   1, 1, 33, 19, [0, 255, 0, 255]],
  ] as const)("cuts a border %s", async (_name, x, y, width, height, border) => {
    // At the top left of the scene is its own yellow, which is the border of the third row
    const inner = border[0] === 250 ? numberedOpaque(31, 17) : content;
    const source = framed(inner, x, y, width, height, border);
    if (border[0] === 250) source.data.set(border, 0);
    const output = await runStage(trim, source, { tolerance: 10 }, { alpha: false, offset: 3 });
    expect(output).toMatchObject({ width: 31, height: 17, alpha: false });
    expect([...output.data.subarray(4)]).toEqual([...inner.data.subarray(4)]);
  });

  test.each([0, 1, 10, 60])("is what libvips cuts at a threshold of %i", async (tolerance) => {
    const source = framed(scene(50, 33), 12, 7, 81, 63, (x) => [30 + (x % 2), 200, 90, 255]);
    const output = await runStage(trim, source, { tolerance }, { alpha: false });
    const peer = await byPeer(source, tolerance);
    expect([output.width, output.height]).toEqual([peer.width, peer.height]);
    expect(output.width === 50).toBe(tolerance > 0);
    expect([...output.data]).toEqual([...peer.data]);
  });

  // biome-ignore format: one row per case
  test.each([
    ["within the tolerance is border",          [110, 110, 90, 255], 10, 9],
    ["one level more of red is content",        [111, 100, 100, 255], 10, 1],
    ["one level less of green is content",      [100, 89, 100, 255],  10, 1],
    ["one level more of blue is content",       [100, 100, 111, 255], 10, 1],
    ["the least difference counts at 0",        [100, 100, 101, 255],  0, 1],
    ["nothing is content at 255",               [255, 0, 255, 255],  255, 9],
  ] as const)("%s", async (_name, color, tolerance, width) => {
    const source = paint(9, 7, (x, y) => (x === 4 && y === 3 ? color : [100, 100, 100, 255]));
    for (const alpha of [false, true]) {
      const output = await runStage(trim, source, { tolerance }, { alpha });
      expect([output.width, output.height]).toEqual(width === 1 ? [1, 1] : [9, 7]);
      expect(pixelAt(output, 0, 0)).toEqual(width === 1 ? color : [100, 100, 100, 255]);
    }
  });

  test.each([
    [1, 1],
    [1, 13],
    [13, 1],
    [8, 5],
  ])("a picture of %ix%i that is all border is left as it is", async (width, height) => {
    const source = paint(width, height, () => [9, 200, 30, 255]);
    const output = await runStage(trim, source, { tolerance: 0 }, { alpha: false });
    expect(output).toMatchObject({ width, height });
    expect(output.data).toEqual(source.data);
  });

  test("clear px are border whatever color they hide, and alpha counts as a channel", async () => {
    const hidden = paint(20, 12, (x, y) => [x * 12, y * 20, 77, 0]);
    const source = framed(scene(9, 5), 6, 4, 20, 12, (x) => [x * 12, 3, 77, 0]);
    const output = await runStage(trim, source, { tolerance: 0 });
    expect(output).toMatchObject({ width: 9, height: 5, alpha: true });
    expect([...output.data]).toEqual([...scene(9, 5).data]);
    expect(await runStage(trim, hidden, { tolerance: 0 })).toMatchObject({ width: 20, height: 12 });
    const veiled = paint(20, 12, (x, y) => (x === 3 && y === 2 ? [0, 0, 0, 11] : [0, 0, 0, 0]));
    expect(await runStage(trim, veiled, { tolerance: 11 })).toMatchObject({ width: 20 });
    expect(await runStage(trim, veiled, { tolerance: 10 })).toMatchObject({ width: 1, height: 1 });
  });

  test("keeps the smallest rectangle around all content", async () => {
    const side = fc.integer({ min: 1, max: 24 });
    const spots = fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(side, side, spots, async (width, height, at) => {
        const shown = at.filter(([x, y]) => x < width && y < height && x + y > 0);
        const source = paint(width, height, (u, v) =>
          shown.some(([x, y]) => x === u && y === v) ? [u, v, 9, 255] : [50, 60, 70, 255],
        );
        const { width: w, height: h, data } = await runStage(trim, source, { tolerance: 5 }, { alpha: false });
        if (shown.length === 0) {
          expect([w, h]).toEqual([width, height]);
          return;
        }
        const [xs, ys] = [shown.map(([x]) => x), shown.map(([, y]) => y)];
        const [left, top] = [Math.min(...xs), Math.min(...ys)];
        expect([w, h]).toEqual([Math.max(...xs) - left + 1, Math.max(...ys) - top + 1]);
        expect(pixelAt({ width: w, height: h, data }, 0, 0)).toEqual(pixelAt(source, left, top));
      }),
      { numRuns: 300 },
    );
  });
});

function numberedOpaque(width: number, height: number): Pixels {
  const picture = numbered(width, height);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return picture;
}
