import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { scale } from "../../src/pixels/scale.ts";
import { difference, type Pixels, paint, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

const resample = (source: Pixels, width: number, height: number) =>
  runStage(scale, source, { filter: "lanczos3", linear: false }, { output: { width, height } });
async function judged({ width: from, height: down, data }: Pixels, width: number, height: number): Promise<Pixels> {
  const raw = sharp(data, { raw: { width: from, height: down, channels: 4 } });
  const resized = await raw.resize(width, height, { fit: "fill", kernel: "lanczos3" }).raw().toBuffer();
  return { width, height, data: new Uint8Array(resized) };
}

describe("scale: color is weighted by alpha", () => {
  const sizes = [
    [23, 17],
    [61, 35],
    [150, 97],
  ] as const;
  test.each(sizes)("transparent red beside opaque blue leaves no red at %ix%i", async (width, height) => {
    const source = paint(96, 64, (x, y) => (x + y / 3 < 52 ? [255, 0, 0, 0] : [0, 20, 255, 255]));
    const { data } = await resample(source, width, height);
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3]! > 3) expect(data[at]).toBeLessThanOrEqual(data[at + 3]! < 32 ? 40 : 3);
    const theirs = await judged(source, width, height);
    expect(difference({ width, height, data }, theirs).mean).toBeLessThanOrEqual(1.2);
  });
  // libvips enlarges by another filter, so only reductions compare
  test.each(sizes.slice(0, 2))("a scene with falling alpha agrees with libvips at %ix%i", async (width, height) => {
    const source = scene(96, 64, true);
    expect(difference(await resample(source, width, height), await judged(source, width, height)).mean).toBeLessThanOrEqual(
      1.2,
    );
  });
});
