import sharp from "sharp";
import { TransformError } from "../../src/core/errors.ts";
import type { Probe, SourceFormat } from "../../src/core/probe.ts";

/** Straight-alpha RGBA, packed, top-down. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
export type Color = readonly [r: number, g: number, b: number, a: number];

/** A picture from a color for each pixel. */
export function paint(width: number, height: number, color: (x: number, y: number) => Color): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) data.set(color(x, y), at);
  }
  return { width, height, data };
}

/**
 * A colored picture without any symmetry: gradients that differ by axis and channel, a bright block at the top left, a dark
 * one right of the middle and a fine diagonal. With `alpha`, transparency falls from left to right and a block is clear.
 */
export function scene(width: number, height: number, alpha = false): Pixels {
  return paint(width, height, (x, y) => {
    const u = x / width;
    const v = y / height;
    const a = !alpha ? 255 : u > 0.7 && v < 0.3 ? 0 : Math.round(255 - 200 * u * v);
    if (u < 0.3 && v < 0.2) return [250, 220, 20, a];
    if (u > 0.55 && u < 0.8 && v > 0.4 && v < 0.7) return [20, 40, 90, a];
    const ripple = (x + 2 * y) % 16 < 2 ? 24 : 0;
    return [Math.round(40 + 150 * u) + ripple, Math.round(30 + 180 * v), Math.round(220 - 90 * u - 80 * v), a];
  });
}

/** Every pixel has a color of its own (for pictures of up to 65,536 px), so that any wrong move shows. */
export function numbered(width: number, height: number): Pixels {
  return paint(width, height, (x, y) => {
    const n = y * width + x + 1;
    return [n & 255, n >> 8, (n * 7) & 255, 255 - (n % 200)];
  });
}

export function pixelAt({ width, data }: Pixels, x: number, y: number): readonly number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

/** Decoded by libvips: independent of every decoder that is tested. Metadata plays no part. */
export async function decodeWithSharp(bytes: Uint8Array): Promise<Pixels & { readonly format: string }> {
  const image = sharp(bytes);
  const { format } = await image.metadata();
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data),
    format: info.format === "raw" ? nameOf(format) : nameOf(info.format),
  };
}
function nameOf(format: string | undefined): string {
  return format === "heif" ? "avif" : String(format);
}

export type Written = "jpeg" | "png" | "webp" | "avif";
/** Encoded by libvips; what has no transparency is written without it. */
export async function encodeWithSharp(
  { width, height, data }: Pixels,
  format: Written,
  options: object = {},
): Promise<Uint8Array> {
  const opaque = data.every((value, i) => i % 4 !== 3 || value === 255);
  const raw = sharp(data, { raw: { width, height, channels: 4 } });
  const encoded = await (opaque ? raw.removeAlpha() : raw).toFormat(format, options).toBuffer();
  return new Uint8Array(encoded);
}

export interface Difference {
  readonly mean: number;
  readonly largest: number;
}
/** Of all color channels, each weighted with the larger alpha, and of alpha itself. Sizes must agree. */
export function difference(a: Pixels, b: Pixels): Difference {
  expectSameSize(a, b);
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < a.data.length; i++) {
    const alphaAt = i - (i % 4) + 3;
    const weight = i % 4 === 3 ? 1 : Math.max(a.data[alphaAt]!, b.data[alphaAt]!) / 255;
    const d = Math.abs(a.data[i]! - b.data[i]!) * weight;
    sum += d;
    largest = Math.max(largest, d);
  }
  return { mean: sum / a.data.length, largest };
}

/** Peak signal-to-noise ratio of R, G and B in dB; Infinity for equal pictures. */
export function psnr(a: Pixels, b: Pixels): number {
  expectSameSize(a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) if (i % 4 !== 3) sum += (a.data[i]! - b.data[i]!) ** 2;
  return sum === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(255 ** 2 / (sum / ((a.data.length / 4) * 3)));
}

/**
 * Structural similarity of the luma, mean over all 8×8 windows in steps of 4 (Wang et al. 2004, with a flat window as
 * libvips and ffmpeg use): 1 for equal pictures.
 */
export function ssim(a: Pixels, b: Pixels): number {
  expectSameSize(a, b);
  const [first, second] = [luma(a), luma(b)];
  let total = 0;
  let windows = 0;
  for (let y = 0; y + 8 <= a.height; y += 4) {
    for (let x = 0; x + 8 <= a.width; x += 4, windows++) total += windowSsim(first, second, y * a.width + x, a.width);
  }
  return total / windows;
}
function windowSsim(a: Float64Array, b: Float64Array, start: number, stride: number): number {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let row = 0; row < 8; row++) {
    for (let i = start + row * stride; i < start + row * stride + 8; i++) {
      const [p, q] = [a[i]!, b[i]!];
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  const [ma, mb] = [sa / 64, sb / 64];
  const [va, vb, cov] = [saa / 64 - ma * ma, sbb / 64 - mb * mb, sab / 64 - ma * mb];
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  return ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
}
function luma({ data }: Pixels): Float64Array {
  return Float64Array.from(
    { length: data.length / 4 },
    (_, i) => 0.299 * data[i * 4]! + 0.587 * data[i * 4 + 1]! + 0.114 * data[i * 4 + 2]!,
  );
}
function expectSameSize(a: Pixels, b: Pixels): void {
  if (a.width !== b.width || a.height !== b.height) throw new Error(`${a.width}x${a.height} is not ${b.width}x${b.height}`);
}

/** A header that was never in a file, for tests of numbers alone. */
export function probeOf(width: number, height: number, rest: Partial<Probe> = {}): Probe {
  const format: SourceFormat = rest.format ?? "jpeg";
  const still = {
    orientation: 1,
    alpha: false,
    frames: 1,
    bitDepth: 8,
    colorSpace: "rgb",
    icc: "none",
    colorimetry: "srgb",
    exif: {},
  } as const;
  return {
    ...still,
    ...(format === "jpeg" ? { quality: 82, coding: "baseline", chroma: "4:2:0" } : {}),
    ...rest,
    format,
    width,
    height,
  };
}

/** 144 bytes: a gray baseline JPEG of that size with one quantization and two Huffman tables and 8 bytes of scan. */
export function claimingJpeg(width: number, height: number): Uint8Array {
  const u16 = (value: number) => [value >> 8, value & 255];
  const huffman = (id: number) => [id, 1, ...new Array<number>(15).fill(0), 0];
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...[0xff, 0xdb, ...u16(67), 0, ...new Array<number>(64).fill(16)],
    ...[0xff, 0xc0, ...u16(11), 8, ...u16(height), ...u16(width), 1, 1, 0x11, 0],
    ...[0xff, 0xc4, ...u16(38), ...huffman(0x00), ...huffman(0x10)],
    ...[0xff, 0xda, ...u16(8), 1, 1, 0, 0, 63, 0],
    ...[0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xd9],
  ]);
}

/** 68 bytes: a PNG whose header claims that size (RGBA, 8 bits) around 11 bytes of image data. */
export function claimingPng(width: number, height: number): Uint8Array {
  const u32 = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
  const chunk = (name: string, data: readonly number[]) => {
    const body = [...new TextEncoder().encode(name), ...data];
    return [...u32(data.length), ...body, ...u32(crc32(body))];
  };
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", [...u32(width), ...u32(height), 8, 6, 0, 0, 0]),
    ...chunk("IDAT", [0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1, 13]),
    ...chunk("IEND", []),
  ]);
}
/** PNG (third edition), annex D. */
function crc32(bytes: readonly number[]): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** What of an error matters to callers. */
export interface Failure {
  readonly code: string;
  readonly operation?: string;
  readonly parameter?: string;
  readonly value?: string;
  readonly kind?: string;
  readonly message: string;
}
function describe(thrown: unknown): Failure {
  if (!(thrown instanceof TransformError)) throw thrown;
  return { ...thrown.fault, code: thrown.code, message: thrown.message };
}
/** The TransformError that `work` throws; anything else it throws is passed on, and a result is an error. */
export function failureOf(work: () => unknown): Failure {
  let result: unknown;
  try {
    result = work();
  } catch (thrown) {
    return describe(thrown);
  }
  throw new Error(`expected an error, got ${JSON.stringify(result)}`);
}
export async function rejectionOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (thrown) {
    return describe(thrown);
  }
  throw new Error("expected an error");
}
