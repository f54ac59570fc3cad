import type { Rect } from "../../core/geometry.ts";
import type { CreateInstance } from "../../core/lease.ts";
import type { RowShape } from "../../core/rows.ts";
import type { JpegDecoderExports } from "./exports.ts";
import { createJpegInput } from "./input.ts";
import { BAD_DATA, type JpegJob } from "./job.ts";
import { addStandardTables, colorKind, corrupt, emptyHeaders, readToScan } from "./markers.ts";
import { planPicture } from "./picture.ts";
import { decodeProgressive } from "./progressive.ts";
import { decodeManyScans, decodeSingleScan } from "./scans.ts";

export interface JpegRequest {
  /** Part of the picture that is wanted, in px; what is delivered may reach further, to MCU borders. */
  readonly region: Rect;
  /** Samples kept of 8 along both axes of a block, one of KEPT: the picture comes at kept / 8 of its size. */
  readonly kept: number;
}
/** A writer as core/rows.ts has it, besides its end. */
export interface PlaneWriter {
  write(plane: number, rows: Uint8Array): void;
}
export interface JpegDecoder {
  /**
   * Decodes to the planes as they are stored, by rows of MCUs (of progressive and multi-scan files: once all scans are
   * read). `begin` is called once, before the first row. Gives a sentence where the picture is damaged and was filled in.
   * CORRUPT_IMAGE where nothing can be decoded, UNSUPPORTED_FORMAT for arithmetic, lossless, hierarchical and other than 8 bits.
   */
  decode(
    bytes: Uint8Array,
    request: JpegRequest,
    begin: (shape: RowShape) => PlaneWriter,
    pause: () => void,
  ): string | undefined;
}

export { jpegDecodeBytes } from "./memory.ts";

/** Numbers of samples of 8 that can be kept. */
export const KEPT: readonly number[] = [1, 2, 3, 4, 8];

/** A decoder on an instance of wasm/build/jpeg_dec.wasm. After a throw the instance is of no more use. */
export const createJpegDecoder: CreateInstance<JpegDecoder> = (module) => {
  const wasm = new WebAssembly.Instance(module, {}).exports as unknown as JpegDecoderExports;
  return {
    api: {
      decode(bytes, request, begin, pause) {
        const start = wasm.mark();
        const damage = decodeJpeg(wasm, bytes, request, begin, pause);
        wasm.reset(start);
        return damage;
      },
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};

function decodeJpeg(
  wasm: JpegDecoderExports,
  bytes: Uint8Array,
  request: JpegRequest,
  begin: (shape: RowShape) => PlaneWriter,
  pause: () => void,
): string | undefined {
  const headers = emptyHeaders();
  const scan = readToScan(bytes, 2, headers);
  const { frame } = headers;
  if (frame === undefined || scan === undefined) throw corrupt("a JPEG without image data");
  const picture = planPicture(frame, colorKind(headers), request);
  const job: JpegJob = { wasm, bytes, headers, frame, picture, input: createJpegInput(wasm, bytes), begin, pause };
  wasm.clearDamage();
  if (!frame.progressive) addStandardTables(headers);
  if (!frame.progressive && scan.components.length === frame.components.length) decodeSingleScan(job, scan);
  else if (!frame.progressive) decodeManyScans(job, scan);
  else decodeProgressive(job, scan);
  const damage = wasm.damage();
  if (damage === 0) return undefined;
  return (damage & BAD_DATA) !== 0 ? "the image data is damaged" : "the image data ends early";
}
