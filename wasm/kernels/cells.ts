/**
 * Blur by way of a smaller picture: pixels are shared out to cells `factor` px apart, these convolved, and the result
 * enlarged by linear interpolation. A pixel goes to the two nearest centers of cells in parts that keep its place, which
 * averages of squares do not. A row of cells goes from two before the picture to two behind it: the outermost hold copies
 * of the edge's pixels alone, so that replicated edges need no special case. Channels are R, G, B, A, premultiplied.
 * Reference: src/kernels/reference/blur.ts (must agree bit for bit).
 */

/**
 * Shares a row of `width` RGBA pixels out to its ceil(width / factor) + 4 cells of four u32: c · A, and 255 · A for A, in
 * parts of 1 / (2 · factor), so that a cell is at most 2 · factor² · 65025. factor: 2..180.
 */
export function gather(cells: usize, src: usize, width: i32, factor: i32, opaque: i32): void {
  const end = cells + (<usize>((width + factor - 1) / factor + 4) << 4);
  const parts: u32 = 2 * factor;
  const firstPart: u32 = 1 - (factor & 1);
  // From the middle of the cell before the first one; what it would hold is not asked for
  let x = (factor >> 1) - 3 * factor;
  let carryR: u32 = 0;
  let carryG: u32 = 0;
  let carryB: u32 = 0;
  let carryA: u32 = 0;
  for (let cell = cells - 16; cell < end; cell += 16) {
    let r: u32 = 0;
    let g: u32 = 0;
    let b: u32 = 0;
    let a: u32 = 0;
    let nextR: u32 = 0;
    let nextG: u32 = 0;
    let nextB: u32 = 0;
    let nextA: u32 = 0;
    let part = firstPart;
    for (const stop = x + factor; x < stop; x++, part += 2) {
      const at = x < 0 ? 0 : x < width ? x : width - 1;
      const pixel = load<u32>(src + (<usize>at << 2));
      const alpha = opaque ? 255 : pixel >> 24;
      const red = (pixel & 255) * alpha;
      const green = ((pixel >> 8) & 255) * alpha;
      const blue = ((pixel >> 16) & 255) * alpha;
      r += red;
      g += green;
      b += blue;
      a += alpha;
      nextR += red * part;
      nextG += green * part;
      nextB += blue * part;
      nextA += alpha * part;
    }
    nextA *= 255;
    if (cell >= cells) {
      store<u32>(cell, carryR + r * parts - nextR);
      store<u32>(cell, carryG + g * parts - nextG, 4);
      store<u32>(cell, carryB + b * parts - nextB, 8);
      store<u32>(cell, carryA + a * 255 * parts - nextA, 12);
    }
    carryR = nextR;
    carryG = nextG;
    carryB = nextB;
    carryA = nextA;
  }
}

/**
 * Adds a row of `values` u32 by `gather` to two rows of f64: `own` times to the one and `next` times to the other. Sums are
 * whole numbers below 2^53, so their order does not matter.
 */
export function addCells(row: usize, nextRow: usize, src: usize, own: f64, next: f64, values: i32): void {
  const end = src + (<usize>values << 2);
  for (; src < end; src += 4, row += 8, nextRow += 8) {
    const value = <f64>load<u32>(src);
    store<f64>(row, load<f64>(row) + value * own);
    store<f64>(nextRow, load<f64>(nextRow) + value * next);
  }
}

/**
 * Convolves a row of `count` cells of four f64 into as many at `dst`, and clears the cells. weights: f64 by distance,
 * radius + 1 of them. padded: room for count + 2 · radius cells.
 */
export function blurCells(dst: usize, cells: usize, weights: usize, radius: i32, count: i32, padded: usize): void {
  const first = padded + (<usize>radius << 5);
  const bytes = <usize>count << 5;
  for (let i: usize = 0; i < bytes; i += 8) {
    store<f64>(first + i, load<f64>(cells + i));
    store<f64>(cells + i, 0);
  }
  const last = first + bytes - 32;
  for (let i = 1; i <= radius; i++) {
    copyCell(first - (<usize>i << 5), first);
    copyCell(last + (<usize>i << 5), last);
  }
  convolve(dst, padded, 32, weights, radius, count << 2);
}

function copyCell(dst: usize, src: usize): void {
  store<f64>(dst, load<f64>(src));
  store<f64>(dst, load<f64>(src, 8), 8);
  store<f64>(dst, load<f64>(src, 16), 16);
  store<f64>(dst, load<f64>(src, 24), 24);
}

/** Convolves across 2 · radius + 1 rows of `values` f64 that lie `stride` bytes apart, the uppermost at `top`. */
export function blurCellRows(dst: usize, top: usize, stride: i32, weights: usize, radius: i32, values: i32): void {
  convolve(dst, top, stride, weights, radius, values);
}

/** From the outermost pair inwards, two values at a time where there are two; sums are in that order. */
function convolve(dst: usize, top: usize, stride: usize, weights: usize, radius: i32, values: i32): void {
  const reach = <usize>radius * stride;
  const outermost = weights + (<usize>radius << 3);
  // Cells have four channels, so `values` is a multiple of 4
  for (let i = 0; i < values; i += 2, dst += 16, top += 16) {
    let above = top;
    let below = top + (reach << 1);
    let sum0: f64 = 0;
    let sum1: f64 = 0;
    for (let w = outermost; w > weights; w -= 8, above += stride, below -= stride) {
      const weight = load<f64>(w);
      sum0 += weight * (load<f64>(above) + load<f64>(below));
      sum1 += weight * (load<f64>(above, 8) + load<f64>(below, 8));
    }
    store<f64>(dst, sum0 + load<f64>(weights) * load<f64>(above));
    store<f64>(dst, sum1 + load<f64>(weights) * load<f64>(above, 8), 8);
  }
}

/**
 * One row of `width` pixels, four u16 in 1/256 of a level, straight alpha, between two rows of `count` convolved cells.
 *
 * down: how far the row is below the center of `above`, 0..1 of a cell. fractions: f64, where the pixels of a cell lie
 * between the center to their left and the one to their right. between: room for `count` cells of four f64.
 */
export function enlarge(
  dst: usize,
  above: usize,
  below: usize,
  down: f64,
  fractions: usize,
  factor: i32,
  width: i32,
  count: i32,
  between: usize,
  opaque: i32,
): void {
  const bytes = <usize>count << 5;
  for (let i: usize = 0; i < bytes; i += 8) {
    const upper = load<f64>(above + i);
    store<f64>(between + i, upper + (load<f64>(below + i) - upper) * down);
  }
  const end = dst + (<usize>width << 3);
  let cell = between + 64; // behind the two before the picture
  let phase = 0;
  const half = factor >> 1; // pixels before it lie left of their cell's center
  while (dst < end) {
    const t = load<f64>(fractions + (<usize>phase << 3));
    const left = phase < half ? cell - 32 : cell;
    const r = mixed(left, 0, t);
    const g = mixed(left, 8, t);
    const b = mixed(left, 16, t);
    if (opaque) storePixel(dst, r, g, b, 255, 1);
    else {
      const a = mixed(left, 24, t);
      if (a < 0.001) store<u64>(dst, 0);
      else storePixel(dst, r, g, b, a, 255.0 / a);
    }
    dst += 8;
    if (++phase == factor) {
      phase = 0;
      cell += 32;
    }
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function mixed(cell: usize, channel: usize, t: f64): f64 {
  const left = load<f64>(cell + channel);
  return left + (load<f64>(cell + channel, 32) - left) * t;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function storePixel(dst: usize, r: f64, g: f64, b: f64, a: f64, scale: f64): void {
  store<u16>(dst, fixed(r * scale));
  store<u16>(dst, fixed(g * scale), 2);
  store<u16>(dst, fixed(b * scale), 4);
  store<u16>(dst, fixed(a), 6);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function fixed(level: f64): u32 {
  const value = <i32>(level * 256.0 + 0.5); // at most some levels outside 0..255: weights of a cut-off kernel can be negative
  return value < 0 ? 0 : value > 65280 ? 65280 : value;
}
