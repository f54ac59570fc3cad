import type { Size } from "../core/geometry.ts";
import { BAND } from "./bytes.ts";

/** Hears coverage 0..255 of `count` px from (x, y) on; the array is used again for the next row. */
export type TakeRow = (x: number, y: number, row: Uint8Array, count: number) => void;

/**
 * Anti-aliased coverage of a shape by exact areas, row by row.
 *
 * edges: x0 y0 x1 y1 … of closed contours, in px, y down, as `flatten` gives them. Each edge adds the signed area it shuts
 * off to the right of it to the two or more pixels of a row that it crosses; the running sum along a row is the winding
 * number averaged over each pixel. Its magnitude, at most 1, is the coverage: the non-zero rule, so contours that overlap
 * do not cancel each other (in a pixel where the borders of two overlapping contours meet, areas add up to at most 1).
 * Edges outside `size` count as if they lay on its border.
 */
export function cover(edges: readonly number[], size: Size, take: TakeRow): void {
  const bounds = pixelBounds(edges, size);
  const width = bounds.right - bounds.left;
  if (width <= 0) return;
  const stride = width + 2; // an edge on the right border writes one further, a slanted one two
  const sums = new Float64Array(stride * BAND);
  const row = new Uint8Array(width);
  for (let top = bounds.top; top < bounds.bottom; top += BAND) {
    const bottom = Math.min(top + BAND, bounds.bottom);
    sums.fill(0);
    for (let at = 0; at < edges.length; at += 4) {
      const [x0, y0, x1, y1] = [edges[at], edges[at + 1], edges[at + 2], edges[at + 3]] as [number, number, number, number];
      if (y0 < y1) addEdge(sums, stride, bounds.left, top, bottom, x0, y0, x1, y1, 1);
      else addEdge(sums, stride, bounds.left, top, bottom, x1, y1, x0, y0, -1);
    }
    for (let y = top; y < bottom; y++) {
      sumRow(sums, (y - top) * stride, row);
      take(bounds.left, y, row, width);
    }
  }
}

function sumRow(sums: Float64Array, start: number, row: Uint8Array): void {
  let winding = 0;
  for (let x = 0; x < row.length; x++) {
    winding += sums[start + x] as number;
    row[x] = Math.floor(Math.min(1, Math.abs(winding)) * 255 + 0.5);
  }
}

/** One edge with y0 < y1, as far as it lies between the rows `top` and `bottom`. */
function addEdge(
  sums: Float64Array,
  stride: number,
  left: number,
  top: number,
  bottom: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  direction: number,
): void {
  const from = Math.max(y0, top);
  const to = Math.min(y1, bottom);
  if (from >= to) return;
  const slope = (x1 - x0) / (y1 - y0);
  const widest = stride - 2;
  const clampX = (x: number): number => Math.max(0, Math.min(widest, x - left));
  const lastRow = Math.min(bottom - 1, Math.floor(to));
  let x = clampX(x0 + (from - y0) * slope);
  for (let y = Math.floor(from); y <= lastRow; y++) {
    const end = Math.min(y + 1, to);
    const height = end - Math.max(y, from);
    if (height <= 0) break;
    const next = clampX(x0 + (end - y0) * slope);
    addSpan(sums, (y - top) * stride, Math.min(x, next), Math.max(x, next), height * direction);
    x = next;
  }
}

/** What lies right of a straight piece from x = low to x = high within one row; `signed` is its height times its direction. */
function addSpan(sums: Float64Array, start: number, low: number, high: number, signed: number): void {
  const first = Math.floor(low);
  const last = Math.ceil(high);
  if (last <= first + 1) {
    const outside = signed * ((low + high) / 2 - first);
    add(sums, start + first, signed - outside);
    add(sums, start + first + 1, outside);
    return;
  }
  // The piece crosses several pixels: in each, the part of the row's height it has passed, averaged over the pixel
  const perPixel = signed / (high - low);
  let before = 0; // area to the right of the piece, summed up to the pixel before
  for (let pixel = first; pixel < last; pixel++) {
    const a = Math.max(low, pixel) - pixel;
    const b = Math.min(high, pixel + 1) - pixel;
    const passedBefore = (pixel + a - low) * perPixel;
    const risen = (b - a) * perPixel;
    // Mean over the pixel of the height passed: nothing left of a, a ramp from a to b, all that was passed right of b
    const mean = passedBefore * (1 - a) + risen * (1 - a - (b - a) / 2);
    add(sums, start + pixel, mean - before);
    before = mean;
  }
  add(sums, start + last, signed - before);
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] as number) + value;
}

interface PixelBounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function pixelBounds(edges: readonly number[], { width, height }: Size): PixelBounds {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let at = 0; at < edges.length; at += 2) {
    const x = edges[at] as number;
    const y = edges[at + 1] as number;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(width, Math.ceil(right)),
    bottom: Math.min(height, Math.ceil(bottom)),
  };
}
