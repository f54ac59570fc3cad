import { TransformError } from "../../core/errors.ts";
import type { Probe } from "../../core/probe.ts";
import type { JpegDecoderExports } from "./exports.ts";

/** Window and bits of the input, tables, a batch of coefficients, the module's own memory and rounding up to pages: 0.4 MB. */
const FIXED_BYTES = 640 * 1024;

/**
 * Upper bound of the wasm memory that decoding holds, whatever the sampling factors and however long the file, of which a
 * window is there at a time. Files of several sequential scans keep their planes, progressive ones their coefficients.
 * kept: samples kept of 8.
 */
export function jpegDecodeBytes(
  { width, height, coding, colorSpace, interleaved }: Pick<Probe, "width" | "height" | "coding" | "colorSpace" | "interleaved">,
  _byteLength: number,
  kept: number,
): number {
  const components = colorSpace === "gray" ? 1 : colorSpace === "cmyk" || colorSpace === "ycck" ? 4 : 3;
  // An MCU has up to 4 blocks along a side
  const blocks = Math.ceil(width / 32) * 4 * Math.ceil(height / 32) * 4 * components;
  const rows = (width + 32) * 4 * kept * components;
  const stored = coding === "progressive" ? storedBlockBytes(kept) : interleaved === true ? 0 : kept * kept;
  return blocks * stored + rows + FIXED_BYTES;
}

/** Bytes of a block of a progressive picture: DC, a bit for each coefficient, and those that are kept. */
export function storedBlockBytes(kept: number): number {
  return kept === 1 ? 2 : 10 + 2 * kept * kept;
}

/** Above this a size does not pass to the module as a 32-bit number; the module's own limit is as high. */
const MAX_BYTES = 0x40000000;

/** Address of fresh bytes; SOURCE_TOO_LARGE where there are not so many. May grow memory: views made before it are detached. */
export function reserveSource(wasm: JpegDecoderExports, bytes: number): number {
  const address = bytes <= MAX_BYTES ? wasm.reserve(bytes) : 0;
  if (address === 0) throw new TransformError("SOURCE_TOO_LARGE", "the picture needs more memory than there is");
  return address;
}
