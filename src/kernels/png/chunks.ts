import { TransformError } from "../../core/errors.ts";

/** What the chunks before the image data say (PNG 3rd edition section 11). */
export interface PngHeaders {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
  /** R, G, B of each entry; of color type 3 it is there. */
  readonly palette: Uint8Array | undefined;
  /** tRNS where it is as long as it must be: alpha of palette entries, or 16-bit samples of the one transparent color. */
  readonly transparency: Uint8Array | undefined;
}
/** The concatenated image data of a file. */
export interface ImageData {
  /** Copies the next bytes into `target`; fewer than it holds only at the end. */
  read(target: Uint8Array): number;
  /** Nothing is left. */
  ended(): boolean;
  /** CORRUPT_IMAGE where the file does not go on to its end. */
  finish(): void;
}

export const GRAY = 0;
export const RGB = 2;
export const PALETTE = 3;
export const GRAY_ALPHA = 4;
export const RGBA = 6;

/** PNG 3rd edition table 8: bit depths that each color type allows. */
const BIT_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  [GRAY]: [1, 2, 4, 8, 16],
  [RGB]: [8, 16],
  [PALETTE]: [1, 2, 4, 8],
  [GRAY_ALPHA]: [8, 16],
  [RGBA]: [8, 16],
};
/** Samples a pixel, by color type. */
export const CHANNELS: Readonly<Record<number, number>> = { [GRAY]: 1, [RGB]: 3, [PALETTE]: 1, [GRAY_ALPHA]: 2, [RGBA]: 4 };

const SIGNATURE_BYTES = 8;
const HEADER_BYTES = 13;
/** Length, type and checksum. */
const FRAME_BYTES = 12;

interface Chunk {
  readonly type: string;
  /** Of its data. */
  readonly at: number;
  readonly length: number;
}

export function corrupt(what: string): TransformError {
  return new TransformError("CORRUPT_IMAGE", what);
}

/**
 * Reads up to the image data. What is refused and what is passed over is what libvips and the png crate agree on, and
 * libvips where they do not: chunks of other kinds and a second tRNS are passed over, and so is a tRNS of a wrong length or
 * before its palette. Checksums of chunks are not verified, as neither does (files of the corpus have wrong ones); that of
 * the image data is.
 */
export function readPng(bytes: Uint8Array): { readonly headers: PngHeaders; readonly data: ImageData } {
  const first = chunkAt(bytes, SIGNATURE_BYTES);
  if (first.type !== "IHDR" || first.length !== HEADER_BYTES) throw corrupt("a PNG without a header chunk");
  const view = new DataView(bytes.buffer, bytes.byteOffset + first.at, HEADER_BYTES);
  const size = { width: view.getUint32(0), height: view.getUint32(4), bitDepth: view.getUint8(8) };
  const header = { ...size, colorType: view.getUint8(9), interlaced: view.getUint8(12) === 1 };
  const known = BIT_DEPTHS[header.colorType]?.includes(size.bitDepth) === true;
  if (!known || size.width === 0 || size.height === 0) throw corrupt("a PNG with an invalid header chunk");
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  let chunk = chunkAfter(bytes, first);
  for (; chunk.type !== "IDAT"; chunk = chunkAfter(bytes, chunk)) {
    const data = bytes.subarray(chunk.at, chunk.at + chunk.length);
    if (chunk.type === "IEND") throw corrupt("a PNG without image data");
    if (chunk.type === "IHDR") throw corrupt("a PNG with two header chunks");
    if (chunk.type === "PLTE") {
      if (palette !== undefined) throw corrupt("a PNG with two palettes");
      if (chunk.length === 0 || chunk.length % 3 !== 0 || chunk.length > 768) throw corrupt("a PNG with a damaged palette");
      palette = data;
    }
    if (chunk.type === "tRNS" && fits(header.colorType, chunk.length, palette)) transparency = transparency ?? data;
  }
  if (header.colorType === PALETTE && palette === undefined) throw corrupt("a PNG without its palette");
  return { headers: { ...header, palette, transparency }, data: imageData(bytes, chunk) };
}

/** Section 11.3.1.1. */
function fits(colorType: number, length: number, palette: Uint8Array | undefined): boolean {
  if (colorType === PALETTE) return palette !== undefined && length > 0 && length <= palette.length / 3;
  return (colorType === GRAY && length === 2) || (colorType === RGB && length === 6);
}

function chunkAt(bytes: Uint8Array, at: number): Chunk {
  if (at + FRAME_BYTES > bytes.length) throw corrupt("the picture ends early");
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  const length = view.getUint32(0);
  if (at + FRAME_BYTES + length > bytes.length) throw corrupt("the picture ends early");
  const type = String.fromCharCode(view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7));
  return { type, at: at + 8, length };
}

function chunkAfter(bytes: Uint8Array, { at, length }: Chunk): Chunk {
  return chunkAt(bytes, at + length + 4);
}

/** Section 5.6: IDAT chunks follow one another; one behind another chunk does not belong to the picture. */
function imageData(bytes: Uint8Array, first: Chunk): ImageData {
  let chunk = first;
  let taken = 0;
  /** Goes past what is used up; false behind the last one. */
  const more = (): boolean => {
    while (chunk.type === "IDAT" && taken === chunk.length) {
      chunk = chunkAfter(bytes, chunk);
      taken = 0;
    }
    return chunk.type === "IDAT";
  };
  return {
    read(target) {
      let filled = 0;
      while (filled < target.length && more()) {
        const part = bytes.subarray(chunk.at + taken, chunk.at + Math.min(chunk.length, taken + target.length - filled));
        target.set(part, filled);
        filled += part.length;
        taken += part.length;
      }
      return filled;
    },
    ended: () => !more(),
    finish() {
      while (chunk.type !== "IEND") chunk = chunkAfter(bytes, chunk);
    },
  };
}
