import { TransformError } from "../core/errors.ts";
import type { Probe, SourceFormat } from "../core/probe.ts";
import { isBmp, probeBmp } from "./bmp.ts";
import { isGif, probeGif } from "./gif.ts";
import { probeIsobmff, sniffIsobmff } from "./isobmff.ts";
import { isJpeg, probeJpeg } from "./jpeg.ts";
import { isPng, probePng } from "./png.ts";
import { Reader } from "./reader.ts";
import { isTiff, probeTiff } from "./tiff.ts";
import { isWebp, probeWebp } from "./webp.ts";

const PROBERS: Readonly<Record<SourceFormat, (bytes: Uint8Array) => Probe>> = {
  jpeg: probeJpeg,
  png: probePng,
  webp: probeWebp,
  avif: probeIsobmff,
  heic: probeIsobmff,
  gif: probeGif,
  bmp: probeBmp,
  tiff: probeTiff,
};

/**
 * What the headers say about a picture; no pixel is decoded. Time is linear in the bytes, memory in what is returned.
 * UNSUPPORTED_FORMAT when the content is none of the formats, CORRUPT_IMAGE when it is but its header is unusable.
 * Sizes over the limits are reported, not refused (core/limits.ts does that).
 */
export function probe(bytes: Uint8Array): Probe {
  const format = sniff(bytes);
  if (format === undefined) throw new TransformError("UNSUPPORTED_FORMAT", "This image format is not supported.");
  return PROBERS[format](bytes);
}

/**
 * The format by content; the first 64 bytes are enough. Names and claimed types play no part.
 * A HEIF file whose brands leave the codec open is "heic" here; `probe` looks at the coded item and may say "avif".
 */
export function sniff(bytes: Uint8Array): SourceFormat | undefined {
  const head = new Reader(bytes);
  if (isJpeg(head)) return "jpeg";
  if (isPng(head)) return "png";
  if (isWebp(head)) return "webp";
  if (isGif(head)) return "gif";
  if (isTiff(head)) return "tiff";
  return sniffIsobmff(head) ?? (isBmp(bytes) ? "bmp" : undefined);
}
