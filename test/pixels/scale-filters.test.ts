import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { FILTERS, type Filter } from "../../src/core/filters.ts";
import { scale } from "../../src/pixels/scale.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

const resample = (filter: Filter, width: number, height: number, alpha = false, linear = false) =>
  runStage(scale, scene(90, 60, alpha), { filter, linear }, { alpha, output: { width, height } });

describe.each(FILTERS)("filter %s", (filter) => {
  test.each([
    [30, 20],
    [180, 120],
    [91, 47],
    [400, 267],
  ])("to %ix%i looks like the picture", async (width, height) => {
    const made = await resample(filter, width, height);
    const data = await sharp(scene(90, 60).data, { raw: { width: 90, height: 60, channels: 4 } })
      .resize(width, height, { kernel: "cubic", fit: "fill" })
      .raw()
      .toBuffer();
    expect(made).toMatchObject({ width, height });
    expect(difference(made, { width, height, data: new Uint8Array(data) }).mean).toBeLessThan(12);
  });
  test("lets no color out of clear pixels", async () => {
    const picture = paint(40, 30, (x) => (x < 20 ? [255, 0, 0, 0] : [0, 0, 255, 255]));
    const made = await runStage(scale, picture, { filter, linear: false }, { alpha: true, output: { width: 80, height: 60 } });
    for (let x = 0; x < 80; x++) {
      const [r, , b, a] = pixelAt(made, x, 30);
      if (a! > 40) expect([r! <= 8, b! >= 247], `x ${x}: ${r} ${b} ${a}`).toEqual([true, true]);
    }
  });
  test("can be asked for in both grammars, and gives one of its own", async () => {
    const library = testLibrary();
    const bytes = await fixture("dice.png");
    const [first, second] = [
      await library.transform(bytes, `image/resize,w_150,filter_${filter}/format,png`),
      await library.transform(bytes, `w=150&filter=${filter}&format=png`),
    ];
    expect(second.data).toEqual(first.data);
    const usual = await library.transform(bytes, "w=150&format=png");
    expect(Buffer.compare(first.data, usual.data) === 0).toBe(filter === "lanczos3");
  });
});

test("linear light: black and white lines of one px become the gray that is half as bright", async () => {
  const lines = paint(64, 64, (x) => (x % 2 === 0 ? [0, 0, 0, 255] : [255, 255, 255, 255]));
  const half = { filter: "box", linear: true } as const;
  const light = await runStage(scale, lines, half, { alpha: false, output: { width: 32, height: 32 } });
  const stored = await runStage(scale, lines, { ...half, linear: false }, { alpha: false, output: { width: 32, height: 32 } });
  expect(pixelAt(light, 10, 10)[0]).toBe(188); // IEC 61966-2-1: 0.5 is stored as 0.7354 · 255
  expect(Math.abs(pixelAt(stored, 10, 10)[0]! - 128)).toBeLessThanOrEqual(1);
});

test("linear light goes for JPEG sources too, whose planes are packed for it", async () => {
  const library = testLibrary();
  const lines = await encodeWithSharp(
    paint(64, 64, (x) => (x % 2 === 0 ? [0, 0, 0, 255] : [255, 255, 255, 255])),
    "jpeg",
  );
  const made = await decodeWithSharp((await library.transform(lines, "w=32&linear=1&filter=box&format=png")).data);
  expect(Math.abs(pixelAt(made, 10, 10)[0]! - 188)).toBeLessThanOrEqual(3);
});
