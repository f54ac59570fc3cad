import type { Size } from "../../core/geometry.ts";
import { reserveBytes } from "../memory.ts";
import { BAND_ROWS, type BlurTarget, createRows, keepRows, RGBA, type RowSource, rowBytes, WIDE } from "./blur-rows.ts";
import { convolveAlong, convolveDown, LARGER_ROWS } from "./convolution.ts";
import { blurByBox, boxMemoryBytes, edgeOf } from "./cut.ts";
import type { EffectsExports } from "./exports.ts";
import type { BlurExtent, BlurKernel } from "./gauss.ts";
import { type Axis, axesOf, HALVED_ROWS, HALVING_EDGE } from "./pyramid.ts";

/** Blurs or sharpens row by row. */
export function blurRows(wasm: EffectsExports, target: BlurTarget, kernel: BlurKernel): void {
  const { width, height } = target.picture;
  const { levels, weights, box } = kernel;
  const edge = box !== undefined ? edgeOf(box) : levels > 0 ? HALVING_EDGE : 0;
  const rows = createRows(wasm, target, edge);
  const result =
    box === undefined
      ? blurSmaller(wasm, rows.source, target.picture, kernel)
      : blurByBox(wasm, rows.source, width, height, { levels, weights, box });
  for (let y = 0; y < height; y++) rows.write(y, result(y));
}

/** Halves, convolves and doubles. */
function blurSmaller(wasm: EffectsExports, picture: RowSource, { width, height }: Size, kernel: BlurKernel): RowSource {
  const { levels, fine, weights } = kernel;
  const columns = axesOf(width, levels);
  const lines = axesOf(height, levels);
  let source = picture;
  for (let level = 1; level <= levels; level++) {
    const last = level === levels;
    source = halve(
      wasm,
      source,
      [columns[level - 1]!, columns[level]!],
      [lines[level - 1]!, lines[level]!],
      last,
      last && fine,
    );
  }
  const { count } = columns[levels]!;
  const smallest = source;
  const along = convolveAlong(wasm, count, weights);
  const centered = (address: number, y: number) => along(address, smallest(y), false);
  let result = convolveDown(wasm, centered, count, lines[levels]!.count, weights);
  for (let level = levels; level > 0; level--) {
    const finely = level === levels && fine;
    result = double(wasm, result, [columns[level - 1]!, columns[level]!], [lines[level - 1]!, lines[level]!], finely);
  }
  return result;
}

/** Bytes of wasm memory that a blur of a picture takes, the module's own included. */
export function blurMemoryBytes({ width }: Size, { levels, radius, boxRadius }: BlurExtent): number {
  const module = 128 * 1024;
  const rows = 3 * (BAND_ROWS * width * RGBA + 64) + rowBytes(width, Math.max(HALVING_EDGE, boxRadius + 1));
  if (boxRadius > 0) return module + rows + boxMemoryBytes(width, levels, radius, boxRadius);
  const columns = axesOf(width, levels);
  const top = rowBytes(columns[levels]!.count, radius);
  let bytes = module + rows + (2 * radius + 3 + LARGER_ROWS) * top + 64 * (radius + 2);
  for (let level = 1; level <= levels; level++) {
    const own = rowBytes(columns[level]!.count, HALVING_EDGE);
    bytes += (HALVED_ROWS + 2) * own + LARGER_ROWS * rowBytes(columns[level - 1]!.count, 0);
  }
  return bytes;
}

type Two = readonly [larger: Axis, smaller: Axis];

/** Rows of half a picture, with copies of the edge beside them where it is not the last; one is valid at a time. */
function halve(
  wasm: EffectsExports,
  source: RowSource,
  [larger, smaller]: Two,
  [above, below]: Two,
  last: boolean,
  fine: boolean,
): RowSource {
  const { count } = smaller;
  const reach = fine ? 3 : 2;
  const halved = keepRows(HALVED_ROWS, rowBytes(count, 0), wasm, (address, y) => {
    const first = source(y) + (larger.origin - 2 * smaller.origin - reach) * WIDE;
    if (fine) wasm.halveRowFinely(address, first, count);
    else wasm.halveRow(address, first, count);
  });
  const edge = last ? 0 : HALVING_EDGE;
  const address = reserveBytes(wasm, rowBytes(count, edge)) + edge * WIDE;
  return (i) => {
    const y = 2 * (i - below.origin) + above.origin;
    const row = (dy: number) => halved(Math.max(0, Math.min(y + dy, above.count - 1)));
    if (fine) wasm.halveRowsFinely(address, row(-3), row(-2), row(-1), row(0), row(1), row(2), row(3), count);
    else wasm.halveRows(address, row(-2), row(-1), row(0), row(1), row(2), count);
    if (!last) wasm.replicate(address, count, edge);
    return address;
  };
}

/** Rows of twice a picture; the last LARGER_ROWS are valid. */
function double(
  wasm: EffectsExports,
  source: RowSource,
  [larger, smaller]: Two,
  [above, below]: Two,
  fine: boolean,
): RowSource {
  const { count } = smaller;
  const mixed = reserveBytes(wasm, rowBytes(count, 0));
  const first = mixed + (smaller.origin - larger.origin / 2) * WIDE;
  const mix = fine
    ? {
        on: (y: number) => wasm.doubleRowsFinely(mixed, source(y - 1), source(y), source(y + 1), count),
        between: (y: number) => wasm.betweenRowsFinely(mixed, source(y - 1), source(y), source(y + 1), source(y + 2), count),
      }
    : {
        on: (y: number) => wasm.doubleRows(mixed, source(y - 1), source(y), source(y + 1), count),
        between: (y: number) => wasm.betweenRows(mixed, source(y), source(y + 1), count),
      };
  return keepRows(LARGER_ROWS, rowBytes(larger.count, 0), wasm, (address, y) => {
    const at = y - above.origin;
    const own = Math.floor(at / 2) + below.origin;
    if (at % 2 === 0) mix.on(own);
    else mix.between(own);
    if (fine) wasm.doubleRowFinely(address, first, larger.count);
    else wasm.doubleRow(address, first, larger.count);
  });
}
