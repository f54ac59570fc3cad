/**
 * `count` RGBA pixels as four f32 each, with `left` copies of the first before and `right` of the last behind them:
 * c · A and A, or c and 255 where the picture is opaque.
 */
export function widen(dst: usize, src: usize, count: i32, left: i32, right: i32, opaque: i32): void {
  for (let i = 0; i < left; i++, dst += 16) widenPixel(dst, load<u32>(src), opaque);
  const end = src + (<usize>count << 2);
  for (; src < end; src += 4, dst += 16) widenPixel(dst, load<u32>(src), opaque);
  for (let i = 0; i < right; i++, dst += 16) widenPixel(dst, load<u32>(end - 4), opaque);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function widenPixel(dst: usize, pixel: u32, opaque: i32): void {
  const scale: f32 = opaque ? 1 : <f32>(pixel >> 24);
  if (ASC_FEATURE_SIMD) {
    // A's lane is 1 for the product: 255 where the picture is opaque
    const lanes = i32x4.splat((pixel & 0xffffff) | (opaque ? 0xff000000 : 0x01000000));
    const values = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(lanes));
    v128.store(dst, f32x4.mul(f32x4.convert_i32x4_s(values), f32x4.splat(scale)));
  } else {
    store<f32>(dst, <f32>(pixel & 255) * scale);
    store<f32>(dst, <f32>((pixel >> 8) & 255) * scale, 4);
    store<f32>(dst, <f32>((pixel >> 16) & 255) * scale, 8);
    store<f32>(dst, opaque ? 255 : scale, 12);
  }
}

/** 1 / 2^31: coordinates are in halves of 1 / 2^30 px (src/core/angle.ts). */
const UNIT: f32 = 1.0 / 2147483648.0;

/**
 * A tile of `columns`×`rows` RGBA pixels of a picture turned by an angle, straight alpha, packed at `dst`.
 *
 * u, v: where the tile's first pixel lies in the source, from its center, in 1 / 2^31 px; cosine, sine: of the angle, in
 * 1 / 2^30. All four are whole numbers below 2^53, and sums are made in 64 bits, so positions are exact.
 * window: source pixels by `widen`, `stride` bytes a row, the first of them pixel left, top of the source; it reaches one
 * pixel before and two behind every pixel that is asked for.
 * Color: Catmull-Rom (Keys 1981 with a = −1/2) over 4×4 px, premultiplied, edges replicated, in single precision: rows
 * from left to right, then their sums from top to bottom. Alpha: the same, times how much of the picture covers the point,
 * which falls from 1 to 0 within half a pixel to both sides of its edge.
 * Reference: src/kernels/reference/rotate.ts (must agree bit for bit).
 */
export function rotateTile(
  dst: usize,
  columns: i32,
  rows: i32,
  u: f64,
  v: f64,
  cosine: f64,
  sine: f64,
  window: usize,
  stride: i32,
  left: i32,
  top: i32,
  width: i32,
  height: i32,
  opaque: i32,
): void {
  // From the source's first pixel, in whole units; its center is half of its last pixel's place
  let rowX = <i64>u + (<i64>(width - 1) << 30);
  let rowY = <i64>v + (<i64>(height - 1) << 30);
  const stepX = 2 * <i64>cosine;
  const stepY = 2 * <i64>sine;
  const first = window - <usize>((top + 1) * stride) - (<usize>(left + 1) << 4);
  for (let row = 0; row < rows; row++) {
    let atX = rowX;
    let atY = rowY;
    for (let column = 0; column < columns; column++, dst += 4) {
      const x = <i32>(atX >> 31);
      const y = <i32>(atY >> 31);
      const tx = <f32>(<i32>atX & 0x7fffffff) * UNIT;
      const ty = <f32>(<i32>atY & 0x7fffffff) * UNIT;
      let cover: f32 = 1;
      // Nearly all points are inside
      if (<u32>x >= <u32>(width - 1) || <u32>y >= <u32>(height - 1)) cover = <f32>(covered(atX, width) * covered(atY, height));
      if (cover > 0) store<u32>(dst, interpolate(first + <usize>(y * stride) + (<usize>x << 4), stride, tx, ty, cover, opaque));
      else store<u32>(dst, 0);
      atX += stepX;
      atY -= stepY;
    }
    rowX += stepY;
    rowY += stepX;
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function covered(units: i64, size: i32): f64 {
  const at = <f64>units * (1.0 / 2147483648.0);
  const inside = Math.min(at + 1, <f64>size - at);
  return Math.max(0, Math.min(inside, 1));
}

/** A pixel; tx and ty are how far the point lies behind the second of four pixels in each direction. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function interpolate(from: usize, stride: i32, tx: f32, ty: f32, cover: f32, opaque: i32): u32 {
  return ASC_FEATURE_SIMD
    ? interpolateVector(from, stride, tx, ty, cover, opaque)
    : interpolateScalar(from, stride, tx, ty, cover, opaque);
}

/** The four weights at t, by Horner's scheme. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function weightsAt(t: f32): v128 {
  const at = f32x4.splat(t);
  const cubic = f32x4.add(f32x4.mul(f32x4(-0.5, 1.5, -1.5, 0.5), at), f32x4(1, -2.5, 2, -0.5));
  const square = f32x4.add(f32x4.mul(cubic, at), f32x4(-0.5, 0, 0.5, 0));
  return f32x4.add(f32x4.mul(square, at), f32x4(0, 1, 0, 0));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lane0(v: v128): v128 {
  return i8x16.shuffle(v, v, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lane1(v: v128): v128 {
  return i8x16.shuffle(v, v, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lane2(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lane3(v: v128): v128 {
  return i8x16.shuffle(v, v, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function acrossVector(from: usize, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  let sum = f32x4.add(f32x4.mul(x0, v128.load(from)), f32x4.mul(x1, v128.load(from, 16)));
  sum = f32x4.add(sum, f32x4.mul(x2, v128.load(from, 32)));
  return f32x4.add(sum, f32x4.mul(x3, v128.load(from, 48)));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function interpolateVector(from: usize, stride: i32, tx: f32, ty: f32, cover: f32, opaque: i32): u32 {
  const across = weightsAt(tx);
  const down = weightsAt(ty);
  const x0 = lane0(across);
  const x1 = lane1(across);
  const x2 = lane2(across);
  const x3 = lane3(across);
  let sum = f32x4.mul(lane0(down), acrossVector(from, x0, x1, x2, x3));
  from += stride;
  sum = f32x4.add(sum, f32x4.mul(lane1(down), acrossVector(from, x0, x1, x2, x3)));
  from += stride;
  sum = f32x4.add(sum, f32x4.mul(lane2(down), acrossVector(from, x0, x1, x2, x3)));
  from += stride;
  sum = f32x4.add(sum, f32x4.mul(lane3(down), acrossVector(from, x0, x1, x2, x3)));
  let a: f32 = 255;
  if (!opaque) {
    a = f32x4.extract_lane(sum, 3);
    if (a < 0.5) return 0; // A rounds to 0
    sum = f32x4.div(sum, f32x4.splat(a));
    a = a < 255 ? a : 255;
  }
  const alpha = <u32>(a * cover + 0.5);
  if (alpha == 0) return 0;
  const bounded = f32x4.max(f32x4.splat(0), f32x4.min(sum, f32x4.splat(255)));
  const levels = i32x4.trunc_sat_f32x4_s(f32x4.add(bounded, f32x4.splat(0.5)));
  // The lowest byte of each lane
  const packed = i32x4.extract_lane(i8x16.swizzle(levels, i8x16(0, 4, 8, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), 0);
  return packed | (alpha << 24);
}

function interpolateScalar(from: usize, stride: i32, tx: f32, ty: f32, cover: f32, opaque: i32): u32 {
  const x0 = weight(tx, -0.5, 1, -0.5, 0);
  const x1 = weight(tx, 1.5, -2.5, 0, 1);
  const x2 = weight(tx, -1.5, 2, 0.5, 0);
  const x3 = weight(tx, 0.5, -0.5, 0, 0);
  const y0 = weight(ty, -0.5, 1, -0.5, 0);
  const y1 = weight(ty, 1.5, -2.5, 0, 1);
  const y2 = weight(ty, -1.5, 2, 0.5, 0);
  const y3 = weight(ty, 0.5, -0.5, 0, 0);
  let r: f32 = y0 * acrossScalar(from, x0, x1, x2, x3);
  let g: f32 = y0 * acrossScalar(from + 4, x0, x1, x2, x3);
  let b: f32 = y0 * acrossScalar(from + 8, x0, x1, x2, x3);
  let a: f32 = opaque ? 255 : y0 * acrossScalar(from + 12, x0, x1, x2, x3);
  for (let row = 1; row < 4; row++) {
    from += stride;
    const y = row == 1 ? y1 : row == 2 ? y2 : y3;
    r += y * acrossScalar(from, x0, x1, x2, x3);
    g += y * acrossScalar(from + 4, x0, x1, x2, x3);
    b += y * acrossScalar(from + 8, x0, x1, x2, x3);
    if (!opaque) a += y * acrossScalar(from + 12, x0, x1, x2, x3);
  }
  if (!opaque) {
    if (a < 0.5) return 0; // A rounds to 0
    r /= a;
    g /= a;
    b /= a;
    a = a < 255 ? a : 255;
  }
  const alpha = <u32>(a * cover + 0.5);
  if (alpha == 0) return 0;
  return levelOf(r) | (levelOf(g) << 8) | (levelOf(b) << 16) | (alpha << 24);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function weight(t: f32, cubic: f32, square: f32, linear: f32, constant: f32): f32 {
  return ((cubic * t + square) * t + linear) * t + constant;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function acrossScalar(from: usize, x0: f32, x1: f32, x2: f32, x3: f32): f32 {
  return x0 * load<f32>(from) + x1 * load<f32>(from, 16) + x2 * load<f32>(from, 32) + x3 * load<f32>(from, 48);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function levelOf(value: f32): u32 {
  const least: f32 = value < 255 ? value : 255;
  const bounded: f32 = least > 0 ? least : 0;
  return <u32>(bounded + 0.5);
}
