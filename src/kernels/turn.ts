import type { turnOf } from "../core/geometry.ts";
import { allocate } from "../core/raster.ts";

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
 * TypeScript by measurement: a WASM kernel has to copy strips in and out, which costs more than it gains.
 * Median ms, interleaved in one process, Node 20.20, Xeon 2.8 GHz, 2 shared cores; WASM tiled 32×32 in bands of 1 MiB:
 *
 *                       6000×4000 (7 runs)      1600×1200 (31 runs)
 *                       this        WASM        this       WASM
 *   mirrored, flipped   72..79      95..108     3.0..6.4   5.3..8.1
 *   axes swapped        159..237    200..253    11.5..12.6 8.2..12.2
 *
 * The first call in a fresh process, 1600×1200, axes swapped: 14..22 ms against 15..21 ms. Small transposed pictures are
 * the one case that WASM wins. Also rejected: one row of a tile at a time (198..243 ms at 24 MP where this took 151..168),
 * Uint32Array (the same once optimized, 22..28 ms on the first call: its values do not fit V8's small integers).
 */
export function turn(source: Uint8Array, width: number, height: number, { swap, mirrorX, mirrorY }: Turn): Uint8Array {
  const output = allocate(width * height * 4);
  if (swap) transpose(pixelsOf(source), pixelsOf(output), width, height, mirrorX, mirrorY);
  else if (mirrorY && !mirrorX) flip(source, output, width * 4);
  else {
    output.set(source.subarray(0, output.length));
    const pixels = pixelsOf(output);
    if (mirrorX && mirrorY) pixels.reverse();
    else if (mirrorX) for (let i = 0; i < pixels.length; i += width) pixels.subarray(i, i + width).reverse();
  }
  return output;
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
