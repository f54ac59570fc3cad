import type { turnOf } from "../core/geometry.ts";
import { allocate } from "../core/raster.ts";
import { type KernelMemory, reserveBytes } from "./memory.ts";

export type Turn = ReturnType<typeof turnOf>;

/**
 * Pixels on the edge of a tile of the transposing turns. Of 16, 32 and 64, all within 10 % of each other, 32 was the
 * fastest or within noise of it at 0.5, 2 and 24 MP.
 */
const TILE = 32;

/**
 * The picture of `width`×`height` RGBA pixels turned (see turnOf in core/geometry.ts), as a new packed picture;
 * `source` is left as it is and may start at any byteOffset. OUTPUT_TOO_LARGE where memory is short.
 *
 * TypeScript by measurement: a WASM kernel has to copy tiles in and out, which costs what it gains unless they are large.
 * Best and median ms, interleaved in one process, Node 20.20, Xeon 2.8 GHz, 2 shared cores; WASM: 4×4 px at once with SIMD.
 *
 *   axes swapped               720×588       1600×1200     2725×2225
 *   this                       1.8 / 2.4     8.2 / 11.2    29.3 / 40.6
 *   WASM, tiles of 128×128     1.7 / 2.2     9.2 / 11.8    33.3 / 41.6
 *   WASM, tiles of 256×256     1.3 / 1.6     6.6 / 8.3     22.8 / 26.1   in 512 KiB, which all pictures would pay for
 *
 * Mirrored and flipped pictures are left to the runtime's own copy and reverse. Also rejected: one row of a tile at a time
 * (198..243 ms at 24 MP where this took 151..168), Uint32Array (the same once optimized, 22..28 ms on the first call: its
 * values do not fit V8's small integers).
 */
export function turn(source: Uint8Array, width: number, height: number, way: Turn): Uint8Array {
  const output = allocate(width * height * 4);
  if (way.swap) transpose(pixelsOf(source), pixelsOf(output), width, height, way.mirrorX, way.mirrorY);
  else if (way.mirrorY && !way.mirrorX) flip(source, output, width * 4);
  else {
    output.set(source.subarray(0, output.length));
    mirror(pixelsOf(output), width, way);
  }
  return output;
}

/** In place, in both directions or from left to right. */
function mirror(pixels: Int32Array | Uint8Array, width: number, { mirrorX, mirrorY }: Turn): void {
  if (mirrorX && mirrorY) pixels.reverse();
  else if (mirrorX) for (let i = 0; i < pixels.length; i += width) pixels.subarray(i, i + width).reverse();
}

/** What wasm/build/pixels.wasm exports for planes (wasm/kernels/turn.ts). */
export interface TurnExports extends KernelMemory {
  transpose(dst: number, dstStride: number, src: number, srcStride: number, columns: number, rows: number): void;
}

/** Samples on the edge of a tile in WASM, whose source and result are 64 KiB each. */
const PLANE_TILE = 256;

/**
 * `turn` for a plane, one byte a sample, into `output` of the same size. Best and median ms with axes swapped, in TypeScript as
 * above, and in WASM, 8×8 samples at once with SIMD: 1.1 and 1.4 against 0.5 and 0.7 at 720×588, 4.2 and 7.4 against 2.5 and
 * 4.1 at 1600×1200, 17.8 and 28.8 against 10.8 and 14.8 at 2725×2225. Tiles of 128×128 took twice as long.
 */
export function turnSamples(
  wasm: TurnExports,
  source: Uint8Array,
  width: number,
  height: number,
  way: Turn,
  output: Uint8Array,
): void {
  if (way.swap) transposeTiles(wasm, source, width, height, way, output);
  else if (way.mirrorY && !way.mirrorX) flip(source, output, width);
  else {
    output.set(source);
    mirror(output, width, way);
  }
}

function transposeTiles(
  wasm: TurnExports,
  source: Uint8Array,
  width: number,
  height: number,
  { mirrorX, mirrorY }: Turn,
  output: Uint8Array,
): void {
  const tileBytes = Math.min(width, PLANE_TILE) * Math.min(height, PLANE_TILE);
  const src = reserveBytes(wasm, tileBytes);
  const dst = reserveBytes(wasm, tileBytes);
  const memory = new Uint8Array(wasm.memory.buffer); // after the last reservation: growing detaches views
  for (let top = 0; top < height; top += PLANE_TILE) {
    const rows = Math.min(PLANE_TILE, height - top);
    const outputLeft = mirrorX ? height - top - rows : top;
    for (let left = 0; left < width; left += PLANE_TILE) {
      const columns = Math.min(PLANE_TILE, width - left);
      const outputTop = mirrorY ? width - left - columns : left;
      const inRows = { rows, bytes: columns };
      copyRows(
        { data: source, start: top * width + left, stride: width },
        { data: memory, start: src, stride: columns },
        inRows,
      );
      wasm.transpose(
        mirrorY ? dst + (columns - 1) * rows : dst,
        mirrorY ? -rows : rows,
        mirrorX ? src + (rows - 1) * columns : src,
        mirrorX ? -columns : columns,
        columns,
        rows,
      );
      const place = { data: output, start: outputTop * height + outputLeft, stride: height };
      copyRows({ data: memory, start: dst, stride: rows }, place, { rows: columns, bytes: rows });
    }
  }
}

interface Rows {
  readonly data: Uint8Array;
  readonly start: number;
  readonly stride: number;
}

function copyRows(from: Rows, to: Rows, { rows, bytes }: { readonly rows: number; readonly bytes: number }): void {
  for (let row = 0, at = from.start; row < rows; row++, at += from.stride) {
    to.data.set(from.data.subarray(at, at + bytes), to.start + row * to.stride);
  }
}

/** Pixels as int32; a view whose byteOffset is no multiple of 4 is copied. */
function pixelsOf(data: Uint8Array): Int32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}

function flip(source: Uint8Array, output: Uint8Array, rowBytes: number): void {
  for (let start = 0; start < output.length; start += rowBytes) {
    output.set(source.subarray(start, start + rowBytes), output.length - rowBytes - start);
  }
}

/**
 * Reads along source rows and writes along output columns, in tiles so that the lines written stay in the cache until
 * they are full, and four rows at once so that each line is met a quarter as often.
 */
function transpose(
  source: Int32Array,
  output: Int32Array,
  width: number,
  height: number,
  mirrorX: boolean,
  mirrorY: boolean,
): void {
  // Source (x, y) lands at origin + x * alongX + y * alongY; an output row is `height` pixels long
  const alongX = mirrorY ? -height : height;
  const alongY = mirrorX ? -1 : 1;
  const origin = (mirrorX ? height - 1 : 0) + (mirrorY ? (width - 1) * height : 0);
  for (let left = 0; left < width; left += TILE) {
    const columns = Math.min(TILE, width - left);
    for (let top = 0; top < height; top += TILE) {
      const bottom = Math.min(top + TILE, height);
      let y = top;
      for (; y + 4 <= bottom; y += 4) {
        const start = y * width + left;
        fourRows(source, start, width, columns, output, origin + left * alongX + y * alongY, alongX, alongY);
      }
      for (; y < bottom; y++) {
        const start = y * width + left;
        oneRow(source, start, columns, output, origin + left * alongX + y * alongY, alongX);
      }
    }
  }
}

function fourRows(
  source: Int32Array,
  start: number,
  width: number,
  columns: number,
  output: Int32Array,
  to: number,
  alongX: number,
  alongY: number,
): void {
  let second = start + width;
  let third = second + width;
  let fourth = third + width;
  for (let first = start; first < start + columns; first++, second++, third++, fourth++, to += alongX) {
    output[to] = source[first]!;
    output[to + alongY] = source[second]!;
    output[to + 2 * alongY] = source[third]!;
    output[to + 3 * alongY] = source[fourth]!;
  }
}

function oneRow(source: Int32Array, start: number, columns: number, output: Int32Array, to: number, alongX: number): void {
  for (let from = start; from < start + columns; from++, to += alongX) output[to] = source[from]!;
}
