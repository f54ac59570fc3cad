import { readFileSync } from "node:fs";
import sharp from "sharp";
import { expect } from "vitest";
import type { Leased } from "../../src/core/lease.ts";
import type { Plane, Raster, RgbaRaster, YcbcrRaster } from "../../src/core/raster.ts";
import { createJpegEncoder, type JpegEncoder, type JpegEncoding } from "../../src/kernels/jpeg/encoder.ts";
import { ROOT } from "../support/library.ts";
import type { Pixels } from "../support/pictures.ts";

const vectors = new WebAssembly.Module(readFileSync(`${ROOT}/wasm/build/jpeg_enc.wasm`));
const scalar = new WebAssembly.Module(readFileSync(`${ROOT}/wasm/build/jpeg_enc_scalar.wasm`));

/** A fresh instance of the SIMD build and how much memory it holds. */
export function createInstance(module = vectors): Leased<JpegEncoder> {
  return createJpegEncoder(module) as Leased<JpegEncoder>;
}

/** The instances that most tests share, so that one that leaves something behind is found out. */
const both = { vectors: createInstance().api, scalar: createInstance(scalar).api };

export const USUAL: JpegEncoding = { quality: 80, chroma: "420", progressive: false };
const none = () => undefined;

/** The file, after a check that both builds give the same bytes. */
export function encode(raster: Raster, options: Partial<JpegEncoding> = {}): Uint8Array {
  const file = both.vectors.encode(raster, { ...USUAL, ...options }, none);
  const twin = both.scalar.encode(raster, { ...USUAL, ...options }, none);
  expect(Buffer.compare(file, twin), "SIMD and scalar build").toBe(0);
  return file;
}

export function rgba({ width, height, data }: Pixels): RgbaRaster {
  return { layout: "rgba8", width, height, data, alpha: false };
}

/** Planes with chroma of that subsampling; every sample comes from `sample(component, x, y)`. */
export function planar(
  width: number,
  height: number,
  [subsampleX, subsampleY]: readonly [1 | 2 | 4, 1 | 2 | 4],
  sample: (component: number, x: number, y: number) => number,
): YcbcrRaster {
  const plane = (component: number, sx: number, sy: number) =>
    planeOf(Math.ceil(width / sx), Math.ceil(height / sy), (x, y) => sample(component, x, y));
  const planes = [plane(0, 1, 1), plane(1, subsampleX, subsampleY), plane(2, subsampleX, subsampleY)] as const;
  return { layout: "ycbcr8", width, height, subsampleX, subsampleY, alpha: false, planes };
}

export function planeOf(width: number, height: number, sample: (x: number, y: number) => number): Plane {
  const data = Uint8Array.from({ length: width * height }, (_, i) => sample(i % width, Math.floor(i / width)));
  return { width, height, data };
}

/** Decoded by libjpeg: R, G and B of 3 bytes, or 1 of a gray file. What it would warn of is an error. */
export async function decode(file: Uint8Array): Promise<{ data: Uint8Array; width: number; height: number; channels: number }> {
  const image = sharp(file, { failOn: "warning" });
  const { channels } = await image.metadata();
  const raw = (channels === 1 ? image.toColourspace("b-w") : image).raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Of all bytes, in dB. */
export function psnrOf(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 ** 2 * a.length) / sum);
}

export interface Segment {
  readonly marker: number;
  readonly data: Uint8Array;
}
/** Markers of a file in order, up to EOI; entropy-coded bytes are passed over, and no marker may be among them. */
export function segmentsOf(file: Uint8Array): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  expect([file[0], file[1]]).toEqual([0xff, 0xd8]);
  while (at < file.length) {
    expect(file[at]).toBe(0xff);
    const marker = file[at + 1]!;
    if (marker === 0xd9) {
      expect(at + 2).toBe(file.length);
      return [...segments, { marker, data: file.subarray(at + 2) }];
    }
    const end = at + 2 + file[at + 2]! * 256 + file[at + 3]!;
    segments.push({ marker, data: file.subarray(at + 4, end) });
    at = end;
    if (marker === 0xda) while (file[at] !== 0xff || file[at + 1] === 0) at++;
  }
  throw new Error("no EOI");
}
