import { describe, expect, test } from "vitest";
import type { Layout, Raster, YcbcrRaster } from "../../src/core/raster.ts";
import { rgbaOf } from "../../src/core/raster.ts";
import { createPlaneKernels } from "../../src/kernels/planes.ts";
import { toLayout as convert } from "../../src/pixels/layout.ts";
import { loadWasm } from "../support/library.ts";
import { rejectionOf } from "../support/pictures.ts";

const planes = () => loadWasm("pixels").then(createPlaneKernels);
const toLayout = (raster: Raster, layouts: readonly Layout[]) => convert(raster, layouts, planes);
const clamp = (value: number) => Math.min(255, Math.max(0, value));
/** JFIF 1.02 page 3 in floating point. */
function jfif(y: number, cb: number, cr: number): readonly number[] {
  return [y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)].map((value) =>
    clamp(Math.round(value)),
  );
}
function ycbcr(width: number, height: number, subsampleX: 1 | 2 | 4, subsampleY: 1 | 2 | 4): YcbcrRaster {
  const plane = (w: number, h: number, step: number) => ({
    width: w,
    height: h,
    data: Uint8Array.from({ length: w * h }, (_, i) => (i * step + step) & 255),
  });
  const [cw, ch] = [Math.ceil(width / subsampleX), Math.ceil(height / subsampleY)];
  return {
    layout: "ycbcr8",
    width,
    height,
    subsampleX,
    subsampleY,
    planes: [plane(width, height, 11), plane(cw, ch, 37), plane(cw, ch, 71)],
    alpha: false,
  };
}

describe("toLayout", () => {
  // biome-ignore format: one row per case
  test.each([[1, 1, 8, 6], [1, 1, 7, 5], [4, 4, 9, 6], [4, 1, 1, 1], [2, 2, 1, 1]] as const)(
    "ycbcr8 subsampled %ix%i, %ix%i px: each pixel takes the chroma that covers it, within 1 of JFIF",
    async (subsampleX, subsampleY, width, height) => {
      const source = ycbcr(width, height, subsampleX, subsampleY);
      const rgba = rgbaOf(await toLayout(source, ["rgba8"]));
      const [luma, blue, red] = source.planes;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const chroma = Math.floor(y / subsampleY) * blue.width + Math.floor(x / subsampleX);
          const want = jfif(luma.data[y * width + x]!, blue.data[chroma]!, red.data[chroma]!);
          const got = rgba.data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4);
          for (const [i, value] of want.entries()) expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(1);
          expect(got[3]).toBe(255);
        }
      }
      expect(rgba).toMatchObject({ width, height, alpha: false });
    },
  );
  test("gray without chroma is exact: every level", async () => {
    const levels = Uint8Array.from({ length: 256 }, (_, i) => i);
    const neutral = new Uint8Array(256).fill(128);
    const planes = [levels, neutral, neutral].map((data) => ({
      width: 256,
      height: 1,
      data,
    })) as unknown as YcbcrRaster["planes"];
    const fromColor = rgbaOf(
      await toLayout({ layout: "ycbcr8", width: 256, height: 1, subsampleX: 1, subsampleY: 1, planes, alpha: false }, [
        "rgba8",
      ]),
    );
    const fromGray = rgbaOf(await toLayout({ layout: "gray8", width: 256, height: 1, data: levels, alpha: false }, ["rgba8"]));
    const want = Uint8Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 255 : i >> 2));
    expect(fromColor.data).toEqual(want);
    expect(fromGray.data).toEqual(want);
  });
  test("leaves a layout that is taken as it is, best first or not", async () => {
    const rasters: readonly Raster[] = [
      ycbcr(4, 4, 2, 2),
      { layout: "gray8", width: 1, height: 1, data: new Uint8Array(1), alpha: false },
    ];
    for (const raster of rasters) expect(await toLayout(raster, ["rgba8", "ycbcr8", "gray8"])).toBe(raster);
  });
  test("makes rgba8 where that is taken at all, whatever stands before it", async () => {
    const gray: Raster = { layout: "gray8", width: 1, height: 1, data: Uint8Array.of(9), alpha: false };
    expect(rgbaOf(await toLayout(gray, ["ycbcr8", "rgba8"])).data).toEqual(Uint8Array.of(9, 9, 9, 255));
  });
  test("cannot make anything else", async () => {
    expect((await rejectionOf(toLayout(ycbcr(2, 2, 1, 1), ["gray8"]))).code).toBe("INTERNAL");
    expect(() => rgbaOf(ycbcr(2, 2, 1, 1))).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});
