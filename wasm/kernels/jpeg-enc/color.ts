/*
 * RGB to YCbCr as JFIF 1.02 has it (BT.601, full range), weights in 1/32768 rounded so that those of Y add up to 1 and those
 * of Cb and Cr to 0. Pixels are packed, 4 bytes each, the fourth is not read. The last samples
 * are repeated up to `padded`. Chroma is weighted from sums of pixels, so that it is rounded once.
 */

import { repeatLast } from "./chroma";

const Y_RED: i32 = 9798;
const Y_GREEN: i32 = 19235;
const Y_BLUE: i32 = 3735;
const B_RED: i32 = -5529;
const B_GREEN: i32 = -10855;
const R_GREEN: i32 = -13720;
const R_BLUE: i32 = -2664;
/** Of blue in Cb, of red in Cr. */
const HALF: i32 = 16384;

/** A row for 4:4:4, to `padded` samples (a multiple of 8) of each of the three. */
export function convertRow(src: usize, width: i32, padded: i32, y: usize, b: usize, r: usize): void {
  let x = 0;
  if (ASC_FEATURE_SIMD) {
    for (; x <= width - 8; x += 8) {
      const first = v128.load(src + (<usize>x << 2));
      const second = v128.load(src + (<usize>x << 2), 16);
      const rb0 = redBlue(first);
      const rb1 = redBlue(second);
      const ga0 = greenAlpha(first);
      const ga1 = greenAlpha(second);
      store8(y + x, luma(rb0, ga0), luma(rb1, ga1));
      store8(b + x, chromaBlue(rb0, ga0, 15), chromaBlue(rb1, ga1, 15));
      store8(r + x, chromaRed(rb0, ga0, 15), chromaRed(rb1, ga1, 15));
    }
  }
  for (; x < width; x++) {
    const pixel = load<u32>(src + (<usize>x << 2));
    store<u8>(y + x, lumaOf(pixel));
    store<u8>(b + x, blueOf(pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255, 15));
    store<u8>(r + x, redOf(pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255, 15));
  }
  repeatLast(y, width, padded);
  repeatLast(b, width, padded);
  repeatLast(r, width, padded);
}

/** Two rows for 4:2:0, to `padded` samples (a multiple of 16) of Y each and half as many of Cb and Cr. */
export function convertRows(
  upper: usize,
  lower: usize,
  width: i32,
  padded: i32,
  y0: usize,
  y1: usize,
  b: usize,
  r: usize,
): void {
  let x = 0;
  if (ASC_FEATURE_SIMD) {
    for (; x <= width - 16; x += 16) {
      const at = <usize>x << 2;
      const rb0 = lumaOfEight(upper + at, lower + at, y0 + x, y1 + x);
      const ga0 = greenSums(upper + at, lower + at);
      const rb1 = lumaOfEight(upper + at + 32, lower + at + 32, y0 + x + 8, y1 + x + 8);
      const ga1 = greenSums(upper + at + 32, lower + at + 32);
      store8(b + (x >> 1), chromaBlue(rb0, ga0, 17), chromaBlue(rb1, ga1, 17));
      store8(r + (x >> 1), chromaRed(rb0, ga0, 17), chromaRed(rb1, ga1, 17));
    }
  }
  for (; x < width; x += 2) {
    const p0 = pixelAt(upper, x, width);
    const p1 = pixelAt(upper, x + 1, width);
    const p2 = pixelAt(lower, x, width);
    const p3 = pixelAt(lower, x + 1, width);
    store<u8>(y0 + x, lumaOf(p0));
    store<u8>(y0 + x, lumaOf(p1), 1);
    store<u8>(y1 + x, lumaOf(p2));
    store<u8>(y1 + x, lumaOf(p3), 1);
    const red = (p0 & 255) + (p1 & 255) + (p2 & 255) + (p3 & 255);
    const green = ((p0 >> 8) & 255) + ((p1 >> 8) & 255) + ((p2 >> 8) & 255) + ((p3 >> 8) & 255);
    const blue = ((p0 >> 16) & 255) + ((p1 >> 16) & 255) + ((p2 >> 16) & 255) + ((p3 >> 16) & 255);
    store<u8>(b + (x >> 1), blueOf(red, green, blue, 17));
    store<u8>(r + (x >> 1), redOf(red, green, blue, 17));
  }
  repeatLast(y0, width, padded);
  repeatLast(y1, width, padded);
  repeatLast(b, (width + 1) >> 1, padded >> 1);
  repeatLast(r, (width + 1) >> 1, padded >> 1);
}

/** Pixel x, or the last one. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function pixelAt(src: usize, x: i32, width: i32): u32 {
  return load<u32>(src + (<usize>(x < width ? x : width - 1) << 2));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lumaOf(pixel: u32): i32 {
  const red = <i32>(pixel & 255);
  const green = <i32>((pixel >> 8) & 255);
  const blue = <i32>((pixel >> 16) & 255);
  return (red * Y_RED + green * Y_GREEN + blue * Y_BLUE + HALF) >> 15;
}

/** Of sums of 1 (bits = 15) or 4 (bits = 17) pixels. The half that rounds is short of 1 so that 255.5 stays 255. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function blueOf(red: i32, green: i32, blue: i32, bits: i32): i32 {
  return (red * B_RED + green * B_GREEN + blue * HALF + (128 << bits) + (1 << (bits - 1)) - 1) >> bits;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function redOf(red: i32, green: i32, blue: i32, bits: i32): i32 {
  return (red * HALF + green * R_GREEN + blue * R_BLUE + (128 << bits) + (1 << (bits - 1)) - 1) >> bits;
}

/** R and B of four pixels as pairs of i16. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function redBlue(pixels: v128): v128 {
  return v128.and(pixels, i32x4.splat(0x00ff00ff));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function greenAlpha(pixels: v128): v128 {
  return i16x8.shr_u(pixels, 8);
}

/** Weights for pairs: the first of R or G, the second of B or A. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function pair(first: i32, second: i32): v128 {
  return i32x4.splat((first & 0xffff) | (second << 16));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function weigh(rb: v128, ga: v128, red: i32, green: i32, blue: i32, bias: i32): v128 {
  const sum = i32x4.add(i32x4.dot_i16x8_s(rb, pair(red, blue)), i32x4.dot_i16x8_s(ga, pair(green, 0)));
  return i32x4.add(sum, i32x4.splat(bias));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function luma(rb: v128, ga: v128): v128 {
  return i32x4.shr_s(weigh(rb, ga, Y_RED, Y_GREEN, Y_BLUE, HALF), 15);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function chromaBlue(rb: v128, ga: v128, bits: i32): v128 {
  return i32x4.shr_s(weigh(rb, ga, B_RED, B_GREEN, HALF, (128 << bits) + (1 << (bits - 1)) - 1), bits);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function chromaRed(rb: v128, ga: v128, bits: i32): v128 {
  return i32x4.shr_s(weigh(rb, ga, HALF, R_GREEN, R_BLUE, (128 << bits) + (1 << (bits - 1)) - 1), bits);
}

/** Eight bytes from two times four i32, all 0..255. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function store8(dst: usize, a: v128, b: v128): void {
  const words = i16x8.narrow_i32x4_s(a, b);
  v128.store64_lane(dst, i8x16.narrow_i16x8_u(words, words), 0);
}

/** Y of two rows of 8 px; gives R and B of the four 2x2 sums. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function lumaOfEight(upper: usize, lower: usize, y0: usize, y1: usize): v128 {
  const p0 = v128.load(upper);
  const p1 = v128.load(upper, 16);
  const p2 = v128.load(lower);
  const p3 = v128.load(lower, 16);
  const rb0 = redBlue(p0);
  const rb1 = redBlue(p1);
  const rb2 = redBlue(p2);
  const rb3 = redBlue(p3);
  store8(y0, luma(rb0, greenAlpha(p0)), luma(rb1, greenAlpha(p1)));
  store8(y1, luma(rb2, greenAlpha(p2)), luma(rb3, greenAlpha(p3)));
  return neighborSums(i16x8.add(rb0, rb2), i16x8.add(rb1, rb3));
}

/** G and A of the four 2x2 sums of two rows of 8 px. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function greenSums(upper: usize, lower: usize): v128 {
  const left = i16x8.add(greenAlpha(v128.load(upper)), greenAlpha(v128.load(lower)));
  const right = i16x8.add(greenAlpha(v128.load(upper, 16)), greenAlpha(v128.load(lower, 16)));
  return neighborSums(left, right);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function neighborSums(left: v128, right: v128): v128 {
  return i16x8.add(i32x4.shuffle(left, right, 0, 2, 4, 6), i32x4.shuffle(left, right, 1, 3, 5, 7));
}
