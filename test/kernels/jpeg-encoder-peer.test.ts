import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { GrayRaster } from "../../src/core/raster.ts";
import { fixture } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { decode, encode, psnrOf, rgba } from "./jpeg-encoder-module.ts";

/** Against libjpeg-turbo's encoder, through sharp, on the same pixels: IJG's tables, its accurate integer DCT, optimized codes. */
interface Photo {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  readonly rgba: Uint8Array;
}

async function photo(name: string): Promise<Photo> {
  const small = sharp(await fixture(name)).resize(500, 371, { fit: "cover" });
  const rgb = new Uint8Array(await small.clone().removeAlpha().raw().toBuffer());
  const rgba = new Uint8Array(await small.clone().ensureAlpha().raw().toBuffer());
  return { width: 500, height: 371, rgb, rgba };
}

async function peerFile(data: Uint8Array, channels: 1 | 3, quality: number, chroma: string, progressive: boolean) {
  const chromaSubsampling = chroma === "420" ? "4:2:0" : "4:4:4";
  const raw = sharp(data, { raw: { width: 500, height: 371, channels } });
  const own = channels === 1 ? raw.toColourspace("b-w") : raw;
  return new Uint8Array(await own.jpeg({ quality, chromaSubsampling, progressive, optimiseCoding: true }).toBuffer());
}

describe.each(["owl.jpg", "road.jpg"])("%s", (name) => {
  test.each(["420", "444"] as const)("PSNR and size at %s are libjpeg's", async (chroma) => {
    const picture = await photo(name);
    for (const progressive of [false, true]) {
      for (const quality of [1, 10, 30, 50, 75, 80, 90, 95, 100]) {
        const file = encode(rgba({ ...picture, data: picture.rgba }), { quality, chroma, progressive });
        const peer = await peerFile(picture.rgb, 3, quality, chroma, progressive);
        const label = `quality ${quality}, progressive ${progressive}`;
        const [own, other] = [psnrOf((await decode(file)).data, picture.rgb), psnrOf((await decode(peer)).data, picture.rgb)];
        expect(own - other, label).toBeGreaterThan(-0.05);
        expect(file.length / peer.length, label).toBeLessThan(1.01);
      }
    }
  });

  test("PSNR and size in gray are libjpeg's", async () => {
    const { rgb } = await photo(name);
    const data = Uint8Array.from({ length: rgb.length / 3 }, (_, i) => rgb[i * 3 + 1]!);
    const raster: GrayRaster = { layout: "gray8", width: 500, height: 371, data, alpha: false };
    for (const progressive of [false, true]) {
      for (const quality of [10, 50, 80, 95, 100]) {
        const file = encode(raster, { quality, progressive });
        const peer = await peerFile(data, 1, quality, "420", progressive);
        const [own, other] = [await decode(file), await decode(peer)];
        expect([own.channels, other.channels]).toEqual([1, 1]);
        const label = `quality ${quality}, progressive ${progressive}`;
        expect(psnrOf(own.data, data) - psnrOf(other.data, data), label).toBeGreaterThan(-0.05);
        expect(file.length / peer.length, label).toBeLessThan(1.01);
      }
    }
  });
});

test("noise: PSNR and size are libjpeg's", async () => {
  const data = noise(500 * 371 * 4, 3);
  const picture = rgba({ width: 500, height: 371, data });
  const rgb = data.filter((_, i) => i % 4 !== 3);
  for (const quality of [5, 50, 95, 100]) {
    for (const chroma of ["420", "444"] as const) {
      const file = encode(picture, { quality, chroma });
      const peer = await peerFile(rgb, 3, quality, chroma, false);
      const [own, other] = [await decode(file), await decode(peer)];
      expect(psnrOf(own.data, rgb) - psnrOf(other.data, rgb), `${quality} ${chroma}`).toBeGreaterThan(-0.05);
      expect(file.length / peer.length, `${quality} ${chroma}`).toBeLessThan(1.01);
    }
  }
});
