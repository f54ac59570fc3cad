import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { createEmscripten } from "../../src/codecs/emscripten.ts";
import type { Size } from "../../src/core/geometry.ts";
import type { Leased } from "../../src/core/lease.ts";
import type { RowShape } from "../../src/core/rows.ts";
import { createVp8Decoder, type SampleRange, type Vp8Decoder } from "../../src/kernels/vp8/decoder.ts";
import { loadWasm, ROOT } from "../support/library.ts";
import type { Pixels } from "../support/pictures.ts";

const vectors = new WebAssembly.Module(readFileSync(`${ROOT}/wasm/build/vp8.wasm`));
const scalar = new WebAssembly.Module(readFileSync(`${ROOT}/wasm/build/vp8_scalar.wasm`));

/** A fresh instance of either build and how much memory it holds. */
export function createInstance(build: "vectors" | "scalar" = "vectors"): Leased<Vp8Decoder> {
  return createVp8Decoder(build === "vectors" ? vectors : scalar) as Leased<Vp8Decoder>;
}

export interface Planes {
  readonly shape: RowShape;
  readonly planes: readonly Uint8Array[];
}

/** Planes as a decoder leaves them; an error where it leaves more or less than it announced. */
export function planesBy(decoder: Vp8Decoder, bytes: Uint8Array, size: Size, range: SampleRange = "limited"): Planes {
  let shape: RowShape | undefined;
  const planes: Uint8Array[] = [];
  const filled = [0, 0, 0];
  const begin = (announced: RowShape) => {
    shape = announced;
    planes.push(...announced.planes.map(({ width, height }) => new Uint8Array(width * height)));
    return {
      write(plane: number, rows: Uint8Array) {
        planes[plane]!.set(rows, filled[plane]!);
        filled[plane]! += rows.length;
      },
    };
  };
  decoder.decode(bytes, size, range, begin, () => undefined);
  expect(filled).toEqual(planes.map(({ length }) => length));
  return { shape: shape!, planes };
}

/** The planes, after a check that both builds give the same; on fresh instances, since damaged files end one. */
export function decodePlanes(bytes: Uint8Array, size: Size, range: SampleRange = "limited"): Planes {
  const ours = planesBy(createInstance().api, bytes, size, range);
  const twin = planesBy(createInstance("scalar").api, bytes, size, range);
  for (const [i, plane] of ours.planes.entries()) {
    expect(Buffer.compare(plane, twin.planes[i]!), `plane ${i}, SIMD and scalar build`).toBe(0);
  }
  return ours;
}

/**
 * RGBA as libwebp makes it by default: chroma enlarged with weights of 9, 3, 3 and 1, edges repeated (its upsampling.c),
 * then 16-bit arithmetic of BT.601 limited range (its yuv.h).
 */
export function toRgba({ shape, planes }: Planes): Pixels {
  const { width, height } = shape.planes[0]!;
  const data = new Uint8Array(width * height * 4);
  const [luma, blue, red] = planes as [Uint8Array, Uint8Array, Uint8Array];
  const across = shape.planes[1]!.width;
  const down = shape.planes[1]!.height;
  const chroma = (plane: Uint8Array, x: number, y: number) => {
    const [nearX, nearY] = [x >> 1, y >> 1];
    const farX = clamp(nearX + (x % 2 === 0 ? -1 : 1), across - 1);
    const farY = clamp(nearY + (y % 2 === 0 ? -1 : 1), down - 1);
    const at = (x: number, y: number) => plane[y * across + x]!;
    const [a, b, c, d] = [at(nearX, nearY), at(farX, nearY), at(nearX, farY), at(farX, farY)];
    return (9 * a + 3 * b + 3 * c + d + 8) >> 4;
  };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const bright = (luma[y * width + x]! * 19_077) >> 8;
      const [u, v] = [chroma(blue, x, y), chroma(red, x, y)];
      data[at] = clamp((bright + ((v * 26_149) >> 8) - 14_234) >> 6, 255);
      data[at + 1] = clamp((bright - ((u * 6_419) >> 8) - ((v * 13_320) >> 8) + 8_708) >> 6, 255);
      data[at + 2] = clamp((bright + ((u * 33_050) >> 8) - 17_685) >> 6, 255);
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(last, value));
}

interface StockDecoder {
  decode(bytes: Uint8Array): { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray } | null;
}
interface StockEncoder {
  encode(data: Uint8ClampedArray, width: number, height: number, options: object): Uint8Array;
}

/** libwebp's own decoder, the judge: its pixels, or undefined where it refuses. */
export async function createStockDecoder(): Promise<(bytes: Uint8Array) => Pixels | undefined> {
  const create = createEmscripten<StockDecoder>(() => import("@jsquash/webp/codec/dec/webp_dec.js"));
  const { api } = await create(await loadWasm("webp_dec"));
  return (bytes) => {
    const image = api.decode(bytes);
    return image === null ? undefined : { width: image.width, height: image.height, data: Uint8Array.from(image.data) };
  };
}

/** libwebp's encoder with every option that changes what is in a frame; the others as its defaults are. */
export async function createStockEncoder(): Promise<(picture: Pixels, options: Partial<typeof DEFAULTS>) => Uint8Array> {
  const create = createEmscripten<StockEncoder>(() => import("@jsquash/webp/codec/enc/webp_enc.js"));
  const { api } = await create(await loadWasm("webp_enc"));
  return ({ width, height, data }, options) =>
    api.encode(Uint8ClampedArray.from(data), width, height, { ...DEFAULTS, ...options }).slice();
}
const DEFAULTS = {
  quality: 75,
  target_size: 0,
  target_PSNR: 0,
  method: 4,
  sns_strength: 50,
  filter_strength: 60,
  filter_sharpness: 0,
  filter_type: 1,
  partitions: 0,
  segments: 4,
  pass: 1,
  show_compressed: 0,
  preprocessing: 0,
  autofilter: 0,
  partition_limit: 0,
  alpha_compression: 1,
  alpha_filtering: 1,
  alpha_quality: 100,
  lossless: 0,
  exact: 0,
  image_hint: 0,
  emulate_jpeg_size: 0,
  thread_level: 0,
  low_memory: 0,
  near_lossless: 100,
  use_delta_palette: 0,
  use_sharp_yuv: 0,
};
