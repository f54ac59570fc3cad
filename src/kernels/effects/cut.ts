import { reserveBytes } from "../memory.ts";
import { keepRows, type RowSource, rowBytes, WIDE } from "./blur-rows.ts";
import { convolveAlong, convolveDown, LARGER_ROWS } from "./convolution.ts";
import type { EffectsExports } from "./exports.ts";
import type { Box } from "./gauss.ts";
import { type Axis, axesOf, HALVED_ROWS, HALVING_EDGE } from "./pyramid.ts";

/** Rows behind the box that the rest of the curve may ask for: its weights reach a few px of the smallest picture further. */
const AHEAD_ROWS = 64;

/** Blurs by a curve that is cut off: along rows, then down columns, each the box plus the rest on a picture smaller that way. */
export function blurByBox(
  wasm: EffectsExports,
  source: RowSource,
  width: number,
  height: number,
  { levels, weights, box }: { readonly levels: number; readonly weights: Int16Array; readonly box: Box },
): RowSource {
  const columns = axesOf(width, levels);
  const rest = createRest(wasm, columns, weights);
  const along = keepRows(boxRows(box.radius), rowBytes(width, 0), wasm, (address, y) => {
    const row = source(y);
    wasm.slideRow(address, row, rest(row), box.radius, width, box.each, box.share);
  });
  return slideDown(wasm, along, width, axesOf(height, levels), weights, box);
}

/** Px of the edge that the rows of the source must have at both sides. */
export function edgeOf(box: Box): number {
  return Math.max(HALVING_EDGE, box.radius + 1);
}

/** Bytes of wasm memory besides the rows of the picture. */
export function boxMemoryBytes(width: number, levels: number, radius: number, boxRadius: number): number {
  const columns = axesOf(width, levels);
  const own = rowBytes(width, 0);
  const down = (boxRows(boxRadius) + levels * (HALVED_ROWS + LARGER_ROWS) + 2 * radius + 1 + 2 * LARGER_ROWS + 2) * own;
  let along = 3 * rowBytes(columns[levels]!.count, radius) + 64 * (radius + 2);
  for (const { count } of columns) along += 2 * rowBytes(count, HALVING_EDGE);
  return down + along;
}

function boxRows(radius: number): number {
  return 2 * radius + 2 + AHEAD_ROWS;
}

/** What is left of the curve, along a row with copies of the edge: halved, convolved, doubled. */
function createRest(wasm: EffectsExports, columns: readonly Axis[], weights: Int16Array): (row: number) => number {
  const small = columns.slice(1).map((axis) => ({
    ...axis,
    halved: reserveBytes(wasm, rowBytes(axis.count, HALVING_EDGE)) + HALVING_EDGE * WIDE,
  }));
  const large = columns.map(({ count }) => reserveBytes(wasm, rowBytes(count, 0)));
  const levels = small.length;
  const convolve = convolveAlong(wasm, columns[levels]!.count, weights);
  return (row) => {
    let from = row;
    for (const [i, { count, origin, halved }] of small.entries()) {
      wasm.halveRow(halved, from + (columns[i]!.origin - 2 * origin - 2) * WIDE, count);
      wasm.replicate(halved, count, HALVING_EDGE);
      from = halved;
    }
    convolve(large[levels]!, from, true);
    for (let level = levels; level > 0; level--) {
      const first = large[level]! + (columns[level]!.origin - columns[level - 1]!.origin / 2) * WIDE;
      wasm.doubleRow(large[level - 1]!, first, columns[level - 1]!.count);
    }
    return large[0]!;
  };
}

function slideDown(
  wasm: EffectsExports,
  rows: RowSource,
  width: number,
  lines: readonly Axis[],
  weights: Int16Array,
  { radius, each, share }: Box,
): RowSource {
  const height = lines[0]!.count;
  const values = width * 4;
  const sums = reserveBytes(wasm, 2 * rowBytes(width, 0));
  const rest = restDown(wasm, rows, width, lines, weights);
  const at = (y: number) => rows(Math.max(0, Math.min(y, height - 1)));
  return keepRows(1, rowBytes(width, 0), wasm, (address, y) => {
    const own = rest(y);
    if (y === 0) for (let d = -radius - 1; d < radius; d++) wasm.sumRow(sums, at(d), values, d < -radius ? 1 : 0);
    wasm.slideRows(address, sums, at(y + radius), at(y - radius - 1), own, values, each, share);
  });
}

/** What is left of the curve, down the columns. */
function restDown(
  wasm: EffectsExports,
  rows: RowSource,
  width: number,
  lines: readonly Axis[],
  weights: Int16Array,
): RowSource {
  const bytes = rowBytes(width, 0);
  let source = rows;
  for (let level = 1; level < lines.length; level++) {
    const [above, below, from] = [lines[level - 1]!, lines[level]!, source];
    source = keepRows(HALVED_ROWS, bytes, wasm, (address, i) => {
      const y = 2 * (i - below.origin) + above.origin;
      const row = (dy: number) => from(Math.max(0, Math.min(y + dy, above.count - 1)));
      wasm.halveRows(address, row(-2), row(-1), row(0), row(1), row(2), width);
    });
  }
  const smallest = source;
  const center = (address: number, y: number) => wasm.center(address, smallest(y), width);
  let result = convolveDown(wasm, center, width, lines[lines.length - 1]!.count, weights);
  for (let level = lines.length - 1; level > 0; level--) {
    const [above, below, from] = [lines[level - 1]!, lines[level]!, result];
    result = keepRows(LARGER_ROWS, bytes, wasm, (address, y) => {
      const place = y - above.origin;
      const own = Math.floor(place / 2) + below.origin;
      if (place % 2 === 0) wasm.doubleRows(address, from(own - 1), from(own), from(own + 1), width);
      else wasm.betweenRows(address, from(own), from(own + 1), width);
    });
  }
  return result;
}
