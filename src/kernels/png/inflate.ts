import { reserveBytes } from "../memory.ts";
import { corrupt, type ImageData } from "./chunks.ts";
import type { PngDecoderExports } from "./exports.ts";

/** Compressed bytes in wasm memory at a time; with the window they stay in the second-level cache. */
const INPUT_BYTES = 64 * 1024;
/** Readable behind the input (wasm/kernels/png/inflate.ts, inflateFeed). */
const INPUT_SLACK = 2048;
/** How far back a match reaches. RFC 1951 section 2. */
const HISTORY_BYTES = 32 * 1024;
/** Fresh output at a time, at least. */
const OUTPUT_BYTES = 64 * 1024;
/** Writable behind the limit (inflateRun). */
const OUTPUT_SLACK = 1024;

// What inflateRun says
const NEEDS_INPUT = 0;
const DONE = 2;
const DAMAGED = 3;

/** The zlib stream of a picture, inflated into a sliding window in wasm memory. */
export interface Inflated {
  /** The views on wasm memory are made: nothing may be reserved from here on. */
  start(): void;
  /** Rows of that many bytes that are there as a whole, 1 at least. */
  rows(rowBytes: number): number;
  /** Address of the first of them. */
  at(): number;
  /** They are used. */
  drop(bytes: number): void;
  /** Checks the rest of the stream behind the last row: that there is an end and that the checksum is right. */
  finish(): void;
}

/** Bytes of wasm memory for it. */
export function inflateBytes(longestRow: number): number {
  return INPUT_BYTES + INPUT_SLACK + HISTORY_BYTES + freshBytes(longestRow) + OUTPUT_SLACK;
}

function freshBytes(longestRow: number): number {
  return Math.max(OUTPUT_BYTES, longestRow);
}

/** `longestRow`: most bytes that will be asked for at once. CORRUPT_IMAGE where the data ends early or is damaged. */
export function inflatePng(wasm: PngDecoderExports, data: ImageData, longestRow: number): Inflated {
  const input = reserveBytes(wasm, INPUT_BYTES + INPUT_SLACK);
  const window = reserveBytes(wasm, HISTORY_BYTES + freshBytes(longestRow) + OUTPUT_SLACK);
  const limit = window + HISTORY_BYTES + freshBytes(longestRow);
  let memory: Uint8Array;
  let inputEnd = input;
  let used = window;
  let out = window;
  let checksum = 1;

  function feed(): void {
    const next = wasm.inflateNext();
    const left = inputEnd - next;
    memory.copyWithin(input, next, inputEnd);
    inputEnd = input + left + data.read(memory.subarray(input + left, input + INPUT_BYTES));
    wasm.inflateFeed(input, inputEnd, data.ended() ? 1 : 0);
  }

  /** Gives room for output: moves what is not used yet, and what matches may reach back to, to the front. */
  function slide(): void {
    const keep = Math.max(window, Math.min(used, out - HISTORY_BYTES));
    const by = keep - window;
    memory.copyWithin(window, keep, out);
    wasm.inflateMoved(by, window);
    used -= by;
    out -= by;
  }

  /** True once the stream has ended. */
  function run(until: number): boolean {
    const said = wasm.inflateRun(until);
    const end = wasm.inflateOut();
    checksum = wasm.adler32(checksum, out, end - out);
    out = end;
    if (said === DAMAGED) throw corrupt("the picture's compressed data is damaged or ends early");
    if (said === NEEDS_INPUT) feed();
    return said === DONE;
  }

  function verify(): void {
    while (inputEnd - wasm.inflateNext() < 4 && !data.ended()) feed();
    const at = wasm.inflateNext();
    const stored = new DataView(memory.buffer).getUint32(at);
    if (inputEnd - at < 4 || stored !== checksum >>> 0) throw corrupt("the picture's checksum is wrong");
  }

  return {
    start() {
      memory = new Uint8Array(wasm.memory.buffer);
      wasm.inflateStart(window);
      wasm.inflateFeed(input, input, 0);
    },
    rows(rowBytes) {
      while (out - used < rowBytes) {
        if (out >= limit) slide();
        if (run(limit) && out - used < rowBytes) throw corrupt("the picture ends early");
      }
      return Math.floor((out - used) / rowBytes);
    },
    at: () => used,
    drop(bytes) {
      used += bytes;
    },
    finish() {
      for (;;) {
        if (out > used) return; // more data than picture, which libpng takes too; it is not worked through
        if (out >= limit) slide();
        if (run(out + 1)) break;
      }
      if (out === used) verify();
    },
  };
}
