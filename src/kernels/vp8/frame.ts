import { TransformError } from "../../core/errors.ts";
import type { Size } from "../../core/geometry.ts";

/** A key frame of VP8 in a WebP file. */
export interface Vp8Frame extends Size {
  /** What follows the frame header: the first partition, of `firstSize` bytes, then the others. */
  readonly data: Uint8Array;
  readonly firstSize: number;
}

/** RFC 9649 section 2.3: name and size of a chunk. */
const CHUNK_HEADER = 8;
/** RFC 9649 section 2.4: "RIFF", size, "WEBP". */
const FILE_HEADER = 12;
/** RFC 6386 section 9.1: frame tag, start code, sides. */
const FRAME_HEADER = 10;
/** The last version of RFC 6386 section 9.1. */
const LAST_VERSION = 3;

/**
 * The frame of a lossy still picture, in the first "VP8 " chunk. CORRUPT_IMAGE where there is none, or the file or the chunk
 * ends before it should, or the frame is not of the size `expected`.
 */
export function findVp8Frame(bytes: Uint8Array, expected: Size): Vp8Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fileEnd = bytes.length < FILE_HEADER ? 0 : CHUNK_HEADER + view.getUint32(4, true);
  if (fileEnd > bytes.length) throw corrupt("the file ends early");
  for (let at = FILE_HEADER; at + CHUNK_HEADER <= fileEnd; ) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEADER;
    if (start + size > fileEnd) throw corrupt("a chunk runs past the end of the file");
    if (name === "VP8 ") return readFrame(bytes.subarray(start, start + size), expected);
    at = start + size + (size % 2);
  }
  throw corrupt("a file without a frame");
}

function readFrame(chunk: Uint8Array, expected: Size): Vp8Frame {
  if (chunk.length < FRAME_HEADER) throw corrupt("a frame without a header");
  const view = new DataView(chunk.buffer, chunk.byteOffset, FRAME_HEADER);
  const tag = view.getUint16(0, true) | (view.getUint8(2) << 16);
  const isKeyFrame = (tag & 1) === 0;
  const version = (tag >> 1) & 7;
  const shown = ((tag >> 4) & 1) === 1;
  if (!isKeyFrame || version > LAST_VERSION || !shown) throw corrupt("a frame that is no still picture");
  if (view.getUint8(3) !== 0x9d || view.getUint16(4, true) !== 0x2a01) throw corrupt("a frame without a start code");
  const width = view.getUint16(6, true) & 0x3fff;
  const height = view.getUint16(8, true) & 0x3fff;
  if (width !== expected.width || height !== expected.height) throw corrupt("a frame of another size than the file says");
  return { width, height, firstSize: tag >> 5, data: chunk.subarray(FRAME_HEADER) };
}

function corrupt(message: string): TransformError {
  return new TransformError("CORRUPT_IMAGE", message);
}
