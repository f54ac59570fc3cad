import { TransformError } from "./errors.ts";
import type { Size } from "./geometry.ts";
import type { Probe } from "./probe.ts";

/** Bounds on what one request may cost. All are checked before memory is spent. */
export interface Limits {
  /** Bytes of a source that will be decoded; pass-through is not bounded by it. */
  readonly maxBytes: number;
  /** width × height × frames of a source. */
  readonly maxPixels: number;
  /** width × height of any raster a plan makes. */
  readonly maxOutputPixels: number;
  readonly maxFrames: number;
  /** Estimated peak bytes of a whole transform. */
  readonly maxMemoryBytes: number;
  /** OSS's smaller limits too: sides over 4096 are refused by auto-orient and rotate (OSS IMG reference, section 2). */
  readonly ossStrict: boolean;
}

/** Sides a decoder is ever asked for: OSS refuses sources over 30,000 px (section 2). */
export const MAX_SOURCE_SIDE = 30_000;

export const DEFAULT_LIMITS: Limits = {
  maxBytes: 64 * 1024 * 1024, // OSS takes 20 MB, 200 MB on application; 64 MiB holds every phone and camera JPEG
  maxPixels: 128_000_000, // a 108 MP phone picture fits; as RGBA it is 512 MB, so memory decides before this does
  maxOutputPixels: 64_000_000,
  maxFrames: 1024,
  maxMemoryBytes: 2048 * 1024 * 1024,
  ossStrict: false,
};

/** Throws SOURCE_TOO_LARGE where a source exceeds the limits, judged by its header. */
export function checkSource(probe: Probe, byteLength: number, limits: Limits): void {
  const { width, height, frames } = probe;
  if (byteLength > limits.maxBytes)
    throw tooLarge(`the source has ${byteLength} bytes, at most ${limits.maxBytes} are decoded`);
  if (width > MAX_SOURCE_SIDE || height > MAX_SOURCE_SIDE) {
    throw tooLarge(`the source is ${width}x${height}, at most ${MAX_SOURCE_SIDE} px a side are decoded`);
  }
  if (frames > limits.maxFrames) throw tooLarge(`the source has ${frames} frames, at most ${limits.maxFrames} are decoded`);
  if (width * height * frames > limits.maxPixels) {
    throw tooLarge(`the source has ${width * height * frames} px, at most ${limits.maxPixels} are decoded`);
  }
}

/** Throws OUTPUT_TOO_LARGE where a planned raster exceeds the limits. */
export function checkOutput({ width, height }: Size, limits: Limits): void {
  if (width * height > limits.maxOutputPixels) {
    throw new TransformError(
      "OUTPUT_TOO_LARGE",
      `the result would be ${width}x${height}, at most ${limits.maxOutputPixels} px are made`,
    );
  }
}

/** Throws OUTPUT_TOO_LARGE where the result's format cannot hold a picture of that size. */
export function checkTarget({ width, height }: Size, target: { readonly maxSide: number; readonly format: string }): void {
  if (width <= target.maxSide && height <= target.maxSide) return;
  throw new TransformError(
    "OUTPUT_TOO_LARGE",
    `Maximum width and height allowed is ${target.maxSide} pixels for converting ${target.format}`,
  );
}

/** Throws SOURCE_TOO_LARGE where a plan needs more memory than it may have. */
export function checkMemory(memoryBytes: number, { maxMemoryBytes }: Limits): void {
  if (memoryBytes <= maxMemoryBytes) return;
  const mib = (bytes: number) => Math.ceil(bytes / (1024 * 1024));
  throw tooLarge(
    `this would need ${mib(memoryBytes)} MiB of memory, at most ${mib(maxMemoryBytes)} are allowed (MemLimitExceeded)`,
  );
}

/** OSS neither rotates nor auto-orients pictures with a side over this (OSS IMG reference, section 2, EC 006). */
const OSS_ROTATION_SIDE = 4096;

/** SOURCE_TOO_LARGE for what OSS refuses to turn, where its smaller limits are asked for. */
export function checkRotation({ width, height }: Size, ossStrict: boolean): void {
  if (!ossStrict || (width <= OSS_ROTATION_SIDE && height <= OSS_ROTATION_SIDE)) return;
  throw tooLarge("Picture exceed the maximum allowable rotation range");
}

function tooLarge(message: string): TransformError {
  return new TransformError("SOURCE_TOO_LARGE", message);
}
