import sharp from "sharp";
import { type ErrorCode, TransformError } from "../../src/core/errors.ts";
import type { Library } from "../../src/library.ts";
import { decodeWithSharp, type Pixels } from "../support/pictures.ts";

/** Absolute differences 0..255 over R, G, B (each times alpha) and alpha. */
export interface Difference {
  readonly mean: number;
  readonly largest: number;
}
/** How far one result is from what an independent decoder shows, or the size both have if they disagree on it. */
export type Comparison = { readonly width: number; readonly height: number } & (
  | Difference
  | { readonly expected: { readonly width: number; readonly height: number } }
);
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}
/** What became of one file. Without `comparison` there is no independent picture to compare with. */
export type Outcome = Refusal | { readonly width: number; readonly height: number; readonly comparison?: Comparison };

/** Premultiplied, so that the color of what cannot be seen does not count. Sizes must agree. */
export function premultipliedDifference(a: Pixels, b: Pixels): Difference {
  if (a.width !== b.width || a.height !== b.height) throw new Error(`${a.width}x${a.height} is not ${b.width}x${b.height}`);
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const [aa, ba] = [a.data[i + 3]!, b.data[i + 3]!];
    for (let c = 0; c < 4; c++) {
      const d = c === 3 ? Math.abs(aa - ba) : Math.abs(a.data[i + c]! * aa - b.data[i + c]! * ba) / 255;
      sum += d;
      if (d > largest) largest = d;
    }
  }
  return { mean: sum / a.data.length, largest };
}

/**
 * The picture as libvips shows it: upright, converted to sRGB by its profile, 8 bits; as lenient with damage as browsers are.
 * undefined where libvips cannot read it. sharp takes 16-bit pictures with a profile to Display P3 first and leaves them there
 * unless an output profile is named.
 */
export async function referenceOf(bytes: Uint8Array): Promise<Pixels | undefined> {
  try {
    const image = sharp(bytes, { failOn: "none" });
    const { depth, hasProfile } = await image.metadata();
    const upright = image.autoOrient().toColorspace("srgb").ensureAlpha();
    const converted = depth === "ushort" && hasProfile ? upright.withIccProfile("srgb", { attach: false }) : upright;
    const { data, info } = await converted.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: new Uint8Array(data) };
  } catch {
    return undefined;
  }
}

/** Lanczos3 by libvips, from pixels: its shrinking JPEG and WebP decoders play no part. */
export async function scaledReference({ width, height, data }: Pixels, to: { width: number; height: number }): Promise<Pixels> {
  if (to.width === width && to.height === height) return { width, height, data };
  const image = sharp(data, { raw: { width, height, channels: 4 } });
  const scaled = await image.resize(to.width, to.height, { fit: "fill", kernel: "lanczos3" }).raw().toBuffer();
  return { ...to, data: new Uint8Array(scaled) };
}

/** One request on one file, or the TransformError it ends with; anything else that is thrown goes on. */
export async function transformed(library: Library, bytes: Uint8Array, query: string): Promise<Uint8Array | Refusal> {
  try {
    return (await library.transform(bytes, query)).data;
  } catch (thrown) {
    if (!(thrown instanceof TransformError)) throw thrown;
    return { code: thrown.code, message: thrown.message };
  }
}

/** Compares a finished PNG with a reference of full size, which is scaled to it where `scaled` allows. */
export async function compare(result: Uint8Array, reference: Pixels | undefined, scaled: boolean): Promise<Outcome> {
  const ours = await decodeWithSharp(result);
  const { width, height } = ours;
  if (reference === undefined) return { width, height };
  const expected = scaled ? scaledSize(reference) : { width: reference.width, height: reference.height };
  if (expected.width !== width || expected.height !== height) return { width, height, comparison: { width, height, expected } };
  const difference = premultipliedDifference(ours, await scaledReference(reference, expected));
  return { width, height, comparison: { width, height, ...difference } };
}

/** Pixels across in the second measurement. */
export const SMALL = 160;

/** 160 px wide, never enlarged; the height rounded to nearest, at least 1. */
function scaledSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  if (width <= SMALL) return { width, height };
  return { width: SMALL, height: Math.max(1, Math.round((height * SMALL) / width)) };
}
