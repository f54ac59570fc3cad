import { TransformError } from "../../core/errors.ts";
import type { JpegDecoderExports } from "./exports.ts";

/** Hands the bytes of a file to the kernel in pieces, so that it never holds more than a window of them. */
export interface JpegInput {
  /** The entropy-coded data of a scan begins at `at`. */
  open(at: number): void;
  /** Decodes one row of the open scan; `decode` gives 1 as long as it needs input first. */
  row(decode: () => number): void;
  /** Passes over the scan whose data begins at `at`. */
  pass(at: number): void;
  /** First byte that the kernel has not taken, or the marker it stopped at. */
  position(): number;
}

export function createJpegInput(wasm: JpegDecoderExports, bytes: Uint8Array): JpegInput {
  const buffers = wasm.reserveInput();
  if (buffers === 0) throw new TransformError("SOURCE_TOO_LARGE", "the picture needs more memory than there is");
  let next = 0;
  const feed = () => {
    const address = wasm.inputAddress();
    const count = Math.min(wasm.inputRoom(), bytes.length - next);
    new Uint8Array(wasm.memory.buffer, address, count).set(bytes.subarray(next, next + count));
    next += count;
    wasm.input(count, next === bytes.length ? 1 : 0);
  };
  return {
    open(at) {
      next = at;
      wasm.openInput(buffers);
    },
    row(decode) {
      while (decode() !== 0) feed();
    },
    pass(at) {
      next = at;
      wasm.openInput(buffers);
    },
    position: () => next - wasm.inputLeft(),
  };
}
