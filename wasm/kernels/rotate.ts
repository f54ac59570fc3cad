/**
 * `count` RGBA pixels as four f64 each, with `left` copies of the first before and `right` of the last behind them:
 * c · A and A, or c and 255 where the picture is opaque.
 */
export function widen(dst: usize, src: usize, count: i32, left: i32, right: i32, opaque: i32): void {
  for (let i = 0; i < left; i++, dst += 32) widenPixel(dst, load<u32>(src), opaque);
  const end = src + (<usize>count << 2);
  for (; src < end; src += 4, dst += 32) widenPixel(dst, load<u32>(src), opaque);
  for (let i = 0; i < right; i++, dst += 32) widenPixel(dst, load<u32>(end - 4), opaque);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function widenPixel(dst: usize, pixel: u32, opaque: i32): void {
  const scale = opaque ? 1 : pixel >> 24;
  store<f64>(dst, <f64>((pixel & 255) * scale));
  store<f64>(dst, <f64>(((pixel >> 8) & 255) * scale), 8);
  store<f64>(dst, <f64>(((pixel >> 16) & 255) * scale), 16);
  store<f64>(dst, opaque ? 255.0 : <f64>scale, 24);
}

/** 1 / 2^31: coordinates are in halves of 1 / 2^30 px (src/core/angle.ts). */
const UNIT: f64 = 1.0 / 2147483648.0;

/**
 * A tile of `columns`×`rows` RGBA pixels of a picture turned by an angle, straight alpha, packed at `dst`.
 *
 * u, v: where the tile's first pixel lies in the source, from its center, in 1 / 2^31 px; cosine, sine: of the angle, in
 * 1 / 2^30. All four are integers, and all sums stay below 2^53, so positions are exact.
 * window: source pixels by `widen`, `stride` bytes a row, the first of them pixel left, top of the source; it reaches one
 * pixel before and two behind every pixel that is asked for.
 * Color: Catmull-Rom (Keys 1981 with a = −1/2) over 4×4 px, premultiplied, edges replicated. Alpha: the same, times how
 * much of the picture covers the point, which falls from 1 to 0 within half a pixel to both sides of its edge.
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
  const centerX = <f64>(width - 1) * 0.5;
  const centerY = <f64>(height - 1) * 0.5;
  for (let row = 0; row < rows; row++) {
    let atX = u;
    let atY = v;
    for (let column = 0; column < columns; column++, dst += 4) {
      const x = atX * UNIT + centerX;
      const y = atY * UNIT + centerY;
      const cover = covered(x, <f64>width) * covered(y, <f64>height);
      if (cover > 0) {
        const wholeX = Math.floor(x);
        const wholeY = Math.floor(y);
        const from =
          window + <usize>((<i32>wholeY - 1 - top) * stride) + (<usize>(<i32>wholeX - 1 - left) << 5);
        store<u32>(dst, interpolate(from, stride, x - wholeX, y - wholeY, cover, opaque));
      } else store<u32>(dst, 0);
      atX += 2 * cosine;
      atY -= 2 * sine;
    }
    u += 2 * sine;
    v += 2 * cosine;
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function covered(at: f64, size: f64): f64 {
  const inside = Math.min(at + 1, size - at);
  return Math.max(0, Math.min(inside, 1));
}

/** A pixel; tx and ty are how far the point lies behind the second of four pixels in each direction. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function interpolate(from: usize, stride: i32, tx: f64, ty: f64, cover: f64, opaque: i32): u32 {
  const x0 = ((2 - tx) * tx - 1) * tx * 0.5;
  const x1 = ((3 * tx - 5) * tx * tx + 2) * 0.5;
  const x2 = ((4 - 3 * tx) * tx + 1) * tx * 0.5;
  const x3 = (tx - 1) * tx * tx * 0.5;
  let r: f64 = 0;
  let g: f64 = 0;
  let b: f64 = 0;
  let a: f64 = 0;
  for (let row = 0; row < 4; row++, from += stride) {
    let weight: f64;
    if (row == 0) weight = ((2 - ty) * ty - 1) * ty * 0.5;
    else if (row == 1) weight = ((3 * ty - 5) * ty * ty + 2) * 0.5;
    else if (row == 2) weight = ((4 - 3 * ty) * ty + 1) * ty * 0.5;
    else weight = (ty - 1) * ty * ty * 0.5;
    r += weight * across(from, x0, x1, x2, x3);
    g += weight * across(from + 8, x0, x1, x2, x3);
    b += weight * across(from + 16, x0, x1, x2, x3);
    if (!opaque) a += weight * across(from + 24, x0, x1, x2, x3);
  }
  if (opaque) return pixelOf(r, g, b, 255, cover);
  if (a < 0.5) return 0; // A rounds to 0
  return pixelOf(r / a, g / a, b / a, a, cover);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function across(from: usize, x0: f64, x1: f64, x2: f64, x3: f64): f64 {
  return x0 * load<f64>(from) + x1 * load<f64>(from, 32) + x2 * load<f64>(from, 64) + x3 * load<f64>(from, 96);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function pixelOf(r: f64, g: f64, b: f64, a: f64, cover: f64): u32 {
  const alpha = <u32>(Math.min(a, 255) * cover + 0.5);
  if (alpha == 0) return 0;
  return levelOf(r) | (levelOf(g) << 8) | (levelOf(b) << 16) | (alpha << 24);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function levelOf(value: f64): u32 {
  return <u32>(Math.max(0, Math.min(value, 255)) + 0.5);
}
