import { TransformError } from "../../core/errors.ts";
import type { Size } from "../../core/geometry.ts";
import type { CreateInstance } from "../../core/lease.ts";
import type { PlaneShape, RowShape } from "../../core/rows.ts";
import type { PlaneWriter } from "../jpeg/decoder.ts";
import { reserveBytes } from "../memory.ts";
import { NO_MEMORY, type Vp8Exports } from "./exports.ts";
import { findVp8Frame, type Vp8Frame } from "./frame.ts";

export type SampleRange = "full" | "limited";

export interface Vp8Decoder {
  /**
   * Decodes a lossy still WebP of that size to its planes, by rows of macroblocks; alpha in a chunk of its own is not read.
   * Samples are stretched to the full range of JFIF, or left as they are coded, with Y in 16..235 and U and V in 16..240.
   * `begin` is called once, before the first row. CORRUPT_IMAGE where the file is damaged or not whole; rows may have been
   * given then.
   */
  decode(bytes: Uint8Array, size: Size, range: SampleRange, begin: (shape: RowShape) => PlaneWriter, pause: () => void): void;
}

/** A decoder on an instance of wasm/build/vp8.wasm. After a throw the instance is of no more use. */
export const createVp8Decoder: CreateInstance<Vp8Decoder> = (module) => {
  const wasm = new WebAssembly.Instance(module, {}).exports as unknown as Vp8Exports;
  return {
    api: {
      decode(bytes, size, range, begin, pause) {
        const start = wasm.mark();
        const frame = findVp8Frame(bytes, size);
        openFrame(wasm, frame, range);
        decodeRows(wasm, frame, begin(shapeOf(frame)), pause);
        wasm.reset(start);
      },
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};

/** Upper bound of the wasm memory that decoding takes: the file, 68 rows of a byte a px, and what does not grow: tables, rounding up. */
export function vp8DecodeBytes({ width }: Size, byteLength: number): number {
  return byteLength + (width + 64) * 68 + 192 * 1024;
}

function openFrame(wasm: Vp8Exports, { width, height, data, firstSize }: Vp8Frame, range: SampleRange): void {
  const start = reserveBytes(wasm, data.length + wasm.aheadBytes());
  new Uint8Array(wasm.memory.buffer, start, data.length).set(data);
  const failure = wasm.openFrame(start, start + data.length, firstSize, width, height, range === "full" ? 1 : 0);
  if (failure === NO_MEMORY) throw new TransformError("OUTPUT_TOO_LARGE", "the picture needs more memory than there is");
  if (failure !== 0) throw new TransformError("CORRUPT_IMAGE", "a WebP with a damaged header");
}

function decodeRows(wasm: Vp8Exports, { width, height }: Size, writer: PlaneWriter, pause: () => void): void {
  const half = Math.ceil(width / 2);
  for (let y = 0; y < Math.ceil(height / 16); y++) {
    pause();
    if (wasm.decodeRow(y) === 0) throw new TransformError("CORRUPT_IMAGE", "the image data ends early");
    const lumaBytes = wasm.lumaReady() * width;
    const chromaBytes = wasm.chromaReady() * half;
    const rows = new Uint8Array(wasm.memory.buffer, wasm.outputAddress(), lumaBytes + 2 * chromaBytes);
    writer.write(0, rows.subarray(0, lumaBytes));
    writer.write(1, rows.subarray(lumaBytes, lumaBytes + chromaBytes));
    writer.write(2, rows.subarray(lumaBytes + chromaBytes));
  }
}

function shapeOf({ width, height }: Size): RowShape {
  const one = { of: 1, by: 1 };
  const two = { of: 2, by: 1 };
  const luma: PlaneShape = { width, height, spanX: one, spanY: one };
  const half: PlaneShape = { width: Math.ceil(width / 2), height: Math.ceil(height / 2), spanX: two, spanY: two };
  return { kind: "ycbcr", alpha: false, covers: { x: 0, y: 0, width, height }, planes: [luma, half, half] };
}
