/**
 * Columns of samples to rows and back, so that edges that run down a picture are filtered like those that run across it.
 * Columns are 16 bytes each, one behind the other.
 */

const COLUMN: usize = 16;

/** Interleaves the bytes of the low, or of the high halves. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function low8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function high8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

const between: usize = memory.data(256, 16);

/** 16 rows of 16 to as many columns, or the other way. */
export function transpose16(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  if (ASC_FEATURE_SIMD) {
    riffleTwice(from, fromStep, between, 16);
    riffleTwice(between, 16, to, toStep);
  } else {
    for (let y: usize = 0; y < 16; y++) {
      for (let x: usize = 0; x < 16; x++) store<u8>(to + x * toStep + y, load<u8>(from + y * fromStep + x));
    }
  }
}

/**
 * Interleaves the first eight of 16 vectors with the last eight, twice over. An interleaving moves the highest bit of an
 * index of 8 bits to the lowest place; four of them exchange rows and columns.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function riffleTwice(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  for (let i = 0; i < 4; i++, from += fromStep, to += toStep << 2) {
    const a = v128.load(from);
    const b = v128.load(from + fromStep * 4);
    const c = v128.load(from + fromStep * 8);
    const d = v128.load(from + fromStep * 12);
    const first = low8(a, c);
    const second = high8(a, c);
    const third = low8(b, d);
    const fourth = high8(b, d);
    v128.store(to, low8(first, third));
    v128.store(to + toStep, high8(first, third));
    v128.store(to + toStep * 2, low8(second, fourth));
    v128.store(to + toStep * 3, high8(second, fourth));
  }
}

/** 8 rows of 8 samples of U and 8 of V to 8 columns of 8 of U above 8 of V, or the other way. */
export function transpose8(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  if (ASC_FEATURE_SIMD) {
    const a = v128.load(from);
    const b = v128.load(from + fromStep);
    const c = v128.load(from + fromStep * 2);
    const d = v128.load(from + fromStep * 3);
    const e = v128.load(from + fromStep * 4);
    const f = v128.load(from + fromStep * 5);
    const g = v128.load(from + fromStep * 6);
    const h = v128.load(from + fromStep * 7);
    const u0 = low8(low8(a, e), low8(c, g));
    const u1 = high8(low8(a, e), low8(c, g));
    const u2 = low8(low8(b, f), low8(d, h));
    const u3 = high8(low8(b, f), low8(d, h));
    const v0 = low8(high8(a, e), high8(c, g));
    const v1 = high8(high8(a, e), high8(c, g));
    const v2 = low8(high8(b, f), high8(d, h));
    const v3 = high8(high8(b, f), high8(d, h));
    storePair(to, toStep, low8(u0, u2), low8(v0, v2));
    storePair(to + toStep * 2, toStep, high8(u0, u2), high8(v0, v2));
    storePair(to + toStep * 4, toStep, low8(u1, u3), low8(v1, v3));
    storePair(to + toStep * 6, toStep, high8(u1, u3), high8(v1, v3));
  } else {
    for (let y: usize = 0; y < 8; y++) {
      for (let x: usize = 0; x < 8; x++) {
        store<u8>(to + x * toStep + y, load<u8>(from + y * fromStep + x));
        store<u8>(to + x * toStep + 8 + y, load<u8>(from + y * fromStep + 8 + x));
      }
    }
  }
}
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function storePair(to: usize, step: usize, u: v128, v: v128): void {
  v128.store(to, i64x2.shuffle(u, v, 0, 2));
  v128.store(to + step, i64x2.shuffle(u, v, 1, 3));
}

/** 4 samples of 8 rows at `first` and of 8 at `second` to 4 columns. */
export function fourToColumns(first: usize, second: usize, stride: usize, columns: usize): void {
  if (ASC_FEATURE_SIMD) {
    const a = fourRows(first, stride);
    const b = fourRows(first + stride * 4, stride);
    const c = fourRows(second, stride);
    const d = fourRows(second + stride * 4, stride);
    const a0 = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const a2 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const c0 = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const c2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(columns, i64x2.shuffle(a0, c0, 0, 2));
    v128.store(columns + COLUMN, i64x2.shuffle(a0, c0, 1, 3));
    v128.store(columns + COLUMN * 2, i64x2.shuffle(a2, c2, 0, 2));
    v128.store(columns + COLUMN * 3, i64x2.shuffle(a2, c2, 1, 3));
  } else {
    for (let y: usize = 0; y < 16; y++) {
      const from = y < 8 ? first + y * stride : second + (y - 8) * stride;
      for (let x: usize = 0; x < 4; x++) store<u8>(columns + x * COLUMN + y, load<u8>(from + x));
    }
  }
}
/** 4 samples of 4 rows, by columns. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function fourRows(at: usize, stride: usize): v128 {
  let rows = v128.load32_zero(at);
  rows = v128.load32_lane(at + stride, rows, 1);
  rows = v128.load32_lane(at + stride * 2, rows, 2);
  rows = v128.load32_lane(at + stride * 3, rows, 3);
  return i8x16.shuffle(rows, rows, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

/** The way back of fourToColumns. */
export function fourFromColumns(columns: usize, first: usize, second: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD) {
    const a = v128.load(columns);
    const b = v128.load(columns + COLUMN);
    const c = v128.load(columns + COLUMN * 2);
    const d = v128.load(columns + COLUMN * 3);
    storeFour(first, stride, low8(low8(a, c), low8(b, d)));
    storeFour(first + stride * 4, stride, high8(low8(a, c), low8(b, d)));
    storeFour(second, stride, low8(high8(a, c), high8(b, d)));
    storeFour(second + stride * 4, stride, high8(high8(a, c), high8(b, d)));
  } else {
    for (let y: usize = 0; y < 16; y++) {
      const to = y < 8 ? first + y * stride : second + (y - 8) * stride;
      for (let x: usize = 0; x < 4; x++) store<u8>(to + x, load<u8>(columns + x * COLUMN + y));
    }
  }
}
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function storeFour(at: usize, stride: usize, rows: v128): void {
  v128.store32_lane(at, rows, 0);
  v128.store32_lane(at + stride, rows, 1);
  v128.store32_lane(at + stride * 2, rows, 2);
  v128.store32_lane(at + stride * 3, rows, 3);
}
