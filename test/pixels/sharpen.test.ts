import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { sharpen } from "../../src/pixels/sharpen.ts";
import { fixture } from "../support/library.ts";
import { decodeWithSharp, difference, type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

const sharpenOf = (picture: Pixels, alpha: boolean, sigmaMilli: number, amountMilli: number) =>
  runStage(sharpen, picture, { sigmaMilli, amountMilli }, { alpha });

/** c + amount · (c − G * c) in doubles, rounded once. */
function exact({ width, height, data }: Pixels, sigma: number, amount: number): Pixels {
  const radius = Math.ceil(3 * sigma);
  const weight = (d: number) => Math.exp(-(d * d) / (2 * sigma * sigma));
  let total = 0;
  for (let d = -radius; d <= radius; d++) total += weight(d);
  const output = data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let v = -radius; v <= radius; v++) {
          for (let u = -radius; u <= radius; u++) {
            const [px, py] = [Math.max(0, Math.min(x + u, width - 1)), Math.max(0, Math.min(y + v, height - 1))];
            sum += weight(u) * weight(v) * data[(py * width + px) * 4 + c]!;
          }
        }
        const own = data[(y * width + x) * 4 + c]!;
        const value = own + amount * (own - sum / (total * total));
        output[(y * width + x) * 4 + c] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return { width, height, data: output };
}

describe("sharpen", () => {
  // biome-ignore format: one row per case
  test.each([[700, 500], [700, 1000], [700, 3990], [300, 1000], [2500, 1000], [10000, 1000]])("is the unsharp mask in doubles: sigma %i/1000, amount %i/1000, largest difference ≤ 1", async (sigmaMilli, amountMilli) => {
    const picture = scene(40, 28);
    const got = await sharpenOf(picture, false, sigmaMilli, amountMilli);
    const { mean, largest } = difference(got, exact(picture, sigmaMilli / 1000, amountMilli / 1000));
    expect(largest).toBeLessThanOrEqual(1);
    expect(mean).toBeLessThanOrEqual(0.05);
  });

  // OSS IMG reference, section 13: the live service gave 23,015 bytes, libjpeg with these settings 23,009
  test("sharpen,100 on example.jpg weighs what OSS's result weighs, within 2 %", async () => {
    const picture = await decodeWithSharp(await fixture("example.jpg"));
    const { data, width, height } = await sharpenOf(picture, false, 700, 1000);
    const jpeg = await sharp(data, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .jpeg({ quality: 82, chromaSubsampling: "4:2:0", optimiseCoding: true })
      .toBuffer();
    expect(Math.abs(jpeg.length - 23_015)).toBeLessThan(0.02 * 23_015);
  });

  test("a larger amount steepens edges more", async () => {
    const edge = paint(20, 6, (x) => (x < 10 ? [100, 60, 90, 255] : [150, 160, 120, 255]));
    const steps: number[] = [];
    for (const amountMilli of [500, 1000, 3990]) {
      const got = await sharpenOf(edge, false, 700, amountMilli);
      steps.push(pixelAt(got, 10, 3)[0]! - pixelAt(got, 9, 3)[0]!);
      expect(pixelAt(got, 2, 3)).toEqual([100, 60, 90, 255]);
    }
    expect(steps[0]).toBeGreaterThan(50);
    expect(steps[1]).toBeGreaterThan(steps[0]!);
    expect(steps[2]).toBeGreaterThan(steps[1]!);
  });

  test("hidden colors of clear pixels make no halo", async () => {
    const flat = paint(30, 20, (x) => (x < 15 ? [120, 130, 140, 255] : [255, 0, 255, 0]));
    for (const sigmaMilli of [700, 9000]) {
      const got = await sharpenOf(flat, true, sigmaMilli, 3990);
      expect(difference(got, flat).largest).toBeLessThanOrEqual(1);
    }
  });

  test("alpha stays as it is", async () => {
    const picture = paint(30, 20, (x, y) => [x * 8, y * 12, 90, (x * 9) & 255]);
    const got = await sharpenOf(picture, true, 1500, 2000);
    for (let i = 3; i < got.data.length; i += 4) expect(got.data[i]).toBe(picture.data[i]);
  });
});
