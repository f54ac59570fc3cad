import { interleave } from "./pack";

/**
 * JFIF 1.02 page 3 in the 16-bit fixed point of libjpeg (jdcolor.c), with cb and cr less 128:
 *   R = Y + ((91881 cr + 32768) >> 16)                1.402
 *   G = Y + ((-22554 cb - 46802 cr + 32768) >> 16)    0.344136, 0.714136
 *   B = Y + ((116130 cb + 32768) >> 16)               1.772
 * each clamped to 0..255. Vectors hold 2 cb and 2 cr. That halves G's factors, so that they are 16-bit and exact; and for R
 * and B a rounding multiplication, (2 cr · 22971 + 16384) >> 15 and (2 cb · 29033 + 16384) >> 15, gives libjpeg's value for
 * every one of the 256 levels (test/kernels/planes.test.ts goes through them).
 */
const RED: i32 = 22971;
const BLUE: i32 = 29033;
const GREEN_BLUE: i32 = -11277;
const GREEN_RED: i32 = -23401;

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function red8(luma: v128, cr: v128): v128 {
  return i16x8.add(luma, i16x8.q15mulr_sat_s(cr, splat16(RED)));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function blue8(luma: v128, cb: v128): v128 {
  return i16x8.add(luma, i16x8.q15mulr_sat_s(cb, splat16(BLUE)));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function green8(luma: v128, cb: v128, cr: v128): v128 {
  const factors = i32x4.splat((GREEN_BLUE & 0xffff) | (GREEN_RED << 16));
  const half = i32x4.splat(32768);
  const low = i32x4.dot_i16x8_s(i16x8.shuffle(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11), factors);
  const high = i32x4.dot_i16x8_s(i16x8.shuffle(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15), factors);
  const lowSum = i32x4.shr_s(i32x4.add(low, half), 16);
  return i16x8.add(luma, i16x8.narrow_i32x4_s(lowSum, i32x4.shr_s(i32x4.add(high, half), 16)));
}

/** A pixel without its fourth byte; cb and cr are doubled, as above. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function pixelOf(luma: i32, cb: i32, cr: i32): u32 {
  const r = clamp(luma + ((cr * RED + 16384) >> 15));
  const g = clamp(luma + ((cb * GREEN_BLUE + cr * GREEN_RED + 32768) >> 16));
  const b = clamp(luma + ((cb * BLUE + 16384) >> 15));
  return r | (g << 8) | (b << 16);
}

/** To 0..255 without a branch: a negative value has no bits left after the first line, one above 255 has all after the second. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function clamp(value: i32): u32 {
  const positive = value & ~(value >> 31);
  return <u32>(positive | ((255 - positive) >> 31)) & 255;
}

/**
 * `count` pixels, A = 255, at `dst` from as many samples of luma (bytes) and of chroma (i16, less 128 and doubled, as the
 * functions below leave it). Reference: src/kernels/reference/ycbcr.ts (must agree bit for bit).
 */
export function ycbcrToRgba(dst: usize, luma: usize, blue: usize, red: usize, count: i32): void {
  const end = luma + <usize>count;
  if (ASC_FEATURE_SIMD) {
    for (; luma + 16 <= end; luma += 16, blue += 32, red += 32, dst += 64) {
      const y = v128.load(luma);
      const y0 = i16x8.extend_low_i8x16_u(y);
      const y1 = i16x8.extend_high_i8x16_u(y);
      const cb0 = v128.load(blue);
      const cb1 = v128.load(blue, 16);
      const cr0 = v128.load(red);
      const cr1 = v128.load(red, 16);
      const r = i8x16.narrow_i16x8_u(red8(y0, cr0), red8(y1, cr1));
      const g = i8x16.narrow_i16x8_u(green8(y0, cb0, cr0), green8(y1, cb1, cr1));
      const b = i8x16.narrow_i16x8_u(blue8(y0, cb0), blue8(y1, cb1));
      interleave(dst, r, g, b, i8x16.splat(-1));
    }
  }
  for (; luma < end; luma++, blue += 2, red += 2, dst += 4) {
    store<u32>(dst, pixelOf(<i32>load<u8>(luma), <i32>load<i16>(blue), <i32>load<i16>(red)) | 0xff000000);
  }
}

/**
 * `count` samples of chroma for ycbcrToRgba from as many: (3 near + far + bias) >> 2, where far is the row on the other side of
 * the wanted one. libjpeg-turbo's h1v2_fancy_upsample: bias 1 in the upper row of two and 2 in the lower. The row itself where
 * near and far are the same.
 */
export function chroma(dst: usize, near: usize, far: usize, count: i32, bias: i32): void {
  const end = near + <usize>count;
  if (ASC_FEATURE_SIMD) {
    const center = splat16(bias - (128 << 2));
    for (; near + 8 <= end; near += 8, far += 8, dst += 16) {
      v128.store(dst, doubled(i16x8.shr_s(i16x8.add(nearAndFar(near, far), center), 2)));
    }
  }
  for (; near < end; near++, far++, dst += 2) {
    store<i16>(dst, ((<i32>load<u8>(near) * 3 + <i32>load<u8>(far) + bias - (128 << 2)) >> 2) * 2);
  }
}

/**
 * 2 · `count` samples of chroma for ycbcrToRgba from `count`, at least 1. With s = 3 near + far: (3 s + s before + even) >> 4 and
 * (3 s + s after + odd) >> 4; at the ends s itself stands for what is missing. libjpeg-turbo's h2v2_fancy_upsample with even 8
 * and odd 7; its h2v1_fancy_upsample where near and far are the same row, with even 4 and odd 8.
 * Reads up to 8 bytes behind near and far.
 */
export function chromaDoubled(dst: usize, near: usize, far: usize, count: i32, even: i32, odd: i32): void {
  const end = near + <usize>count;
  const evenBias = even - (128 << 4);
  const oddBias = odd - (128 << 4);
  let here = <i32>load<u8>(near) * 3 + <i32>load<u8>(far);
  let before = here;
  if (ASC_FEATURE_SIMD) {
    const three = i16x8.splat(3);
    const evens = splat16(evenBias);
    const odds = splat16(oddBias);
    let previous = splat16(before);
    let current = nearAndFar(near, far);
    // One sample must be left: the last has none after it
    for (; near + 8 < end; near += 8, far += 8, dst += 32) {
      const next = nearAndFar(near + 8, far + 8);
      const left = i16x8.shuffle(previous, current, 7, 8, 9, 10, 11, 12, 13, 14);
      const right = i16x8.shuffle(current, next, 1, 2, 3, 4, 5, 6, 7, 8);
      const weighted = i16x8.mul(current, three);
      const first = doubled(i16x8.shr_s(i16x8.add(i16x8.add(weighted, evens), left), 4));
      const second = doubled(i16x8.shr_s(i16x8.add(i16x8.add(weighted, odds), right), 4));
      v128.store(dst, i16x8.shuffle(first, second, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(dst, i16x8.shuffle(first, second, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      previous = current;
      current = next;
    }
    before = i16x8.extract_lane_s(previous, 7);
    here = i16x8.extract_lane_s(current, 0);
  }
  for (; near < end; dst += 4) {
    near++;
    far++;
    const after = near < end ? <i32>load<u8>(near) * 3 + <i32>load<u8>(far) : here;
    store<i16>(dst, ((here * 3 + before + evenBias) >> 4) * 2);
    store<i16>(dst, ((here * 3 + after + oddBias) >> 4) * 2, 2);
    before = here;
    here = after;
  }
}

/** times · `count` samples of chroma for ycbcrToRgba from `count`, each repeated; times: 2 or 4. */
export function chromaRepeated(dst: usize, src: usize, count: i32, times: i32): void {
  const end = src + <usize>count;
  if (ASC_FEATURE_SIMD) {
    const places =
      times == 2
        ? i8x16(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)
        : i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    const taken = <usize>(16 / times);
    const center = i16x8.splat(128);
    for (; src + 8 <= end; src += taken, dst += 32) {
      const samples = i8x16.swizzle(v128.load64_zero(src), places);
      v128.store(dst, doubled(i16x8.sub(i16x8.extend_low_i8x16_u(samples), center)));
      v128.store(dst, doubled(i16x8.sub(i16x8.extend_high_i8x16_u(samples), center)), 16);
    }
  }
  for (; src < end; src++) {
    const value = (<i32>load<u8>(src) - 128) * 2;
    for (let i = 0; i < times; i++, dst += 2) store<i16>(dst, value);
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function nearAndFar(near: usize, far: usize): v128 {
  return i16x8.add(i16x8.mul(v128.load8x8_u(near), i16x8.splat(3)), v128.load8x8_u(far));
}

/** i16x8.splat takes an i16, and a cast to it is what the compiler cannot be trusted with. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function splat16(value: i32): v128 {
  return i32x4.splat((value & 0xffff) | (value << 16));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function doubled(values: v128): v128 {
  return i16x8.add(values, values);
}

/**
 * `count` packed pixels Y, Cb, Cr, K to C, M, Y, K in place, with C = 255 − R and so on; K is kept. libjpeg's
 * ycck_cmyk_convert (jdcolor.c). Reference: src/kernels/reference/ycbcr.ts (must agree bit for bit).
 */
export function ycckToCmyk(dst: usize, count: i32): void {
  const end = dst + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const low = i32x4.splat(0xff);
    const center = i16x8.splat(128);
    for (; dst + 32 <= end; dst += 32) {
      const first = v128.load(dst);
      const second = v128.load(dst, 16);
      const y = i16x8.narrow_i32x4_s(v128.and(first, low), v128.and(second, low));
      const cbBytes = i16x8.narrow_i32x4_s(byteOf(first, 8), byteOf(second, 8));
      const crBytes = i16x8.narrow_i32x4_s(byteOf(first, 16), byteOf(second, 16));
      const cb = doubled(i16x8.sub(cbBytes, center));
      const cr = doubled(i16x8.sub(crBytes, center));
      // 255 − x of a byte is its complement
      const cm = v128.not(i8x16.narrow_i16x8_u(red8(y, cr), green8(y, cb, cr)));
      const yk = v128.not(i8x16.narrow_i16x8_u(blue8(y, cb), y));
      const k = i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(i32x4.shr_u(first, 24), i32x4.shr_u(second, 24)),
        i16x8.splat(0),
      );
      const pairs = i8x16.shuffle(cm, cm, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
      const others = i8x16.shuffle(yk, k, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      v128.store(dst, i16x8.shuffle(pairs, others, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(dst, i16x8.shuffle(pairs, others, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    }
  }
  for (; dst < end; dst += 4) {
    const pixel = load<u32>(dst);
    const cb = (<i32>((pixel >> 8) & 255) - 128) * 2;
    const cr = (<i32>((pixel >> 16) & 255) - 128) * 2;
    store<u32>(dst, (pixel & 0xff000000) | (pixelOf(<i32>(pixel & 255), cb, cr) ^ 0x00ffffff));
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function byteOf(pixels: v128, shift: i32): v128 {
  return v128.and(i32x4.shr_u(pixels, shift), i32x4.splat(0xff));
}
