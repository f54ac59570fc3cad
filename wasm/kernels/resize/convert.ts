import { ALPHA, LINEAR, PACKED } from "./job";
import { lightOf } from "./linear";

/** Bytes to i16, shifted left. With SIMD up to 15 more. */
export function widen(dst: u32, src: u32, samples: u32, shift: i32): void {
  const end = src + samples;
  if (ASC_FEATURE_SIMD) {
    for (; src < end; src += 16, dst += 32) {
      v128.store(dst, i16x8.shl(v128.load8x8_u(src), shift));
      v128.store(dst, i16x8.shl(v128.load8x8_u(src, 8), shift), 16);
    }
  } else for (; src < end; src++, dst += 2) store<u16>(dst, <u32>load<u8>(src) << shift);
}

/** Bytes to wide samples, 255 being 32640: color in light, or times its alpha, or both. With SIMD up to 15 more. */
export function convert(dst: u32, src: u32, samples: u32, kind: u32): void {
  if (!(kind & LINEAR)) premultiply(dst, src, samples);
  else if (kind & ALPHA) premultiplyLight(dst, src, samples);
  else if (kind & PACKED) lights(dst, src, samples);
  else for (let i: u32 = 0; i < samples; i++) store<u16>(dst + (i << 1), lightOf(load<u8>(src + i)));
}

function premultiply(dst: u32, src: u32, samples: u32): void {
  const end = src + samples;
  if (ASC_FEATURE_SIMD) {
    for (; src < end; src += 16, dst += 32) {
      const pixels = v128.load(src);
      v128.store(dst, premultiplyLow(pixels));
      v128.store(dst, premultiplyHigh(pixels), 16);
    }
  } else {
    for (; src < end; src += 4, dst += 8) {
      const a = <u32>load<u8>(src, 3);
      store<u16>(dst, wide(<u32>load<u8>(src) * a));
      store<u16>(dst, wide(<u32>load<u8>(src, 1) * a), 2);
      store<u16>(dst, wide(<u32>load<u8>(src, 2) * a), 4);
      store<u16>(dst, wide(255 * a), 6);
    }
  }
}
/**
 * c * a * 128 / 255 to less than one (a 128th of a level): p * 128 / 255 is p / 2 + p / 510, and this is p / 2 + p / 512 with its
 * roundings. Exact where a or c is 0 or 255.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function wide(product: u32): u32 {
  return (product + (product >> 8) + 1) >> 1;
}
// @ts-ignore: see wide
@inline
function wideVector(products: v128): v128 {
  return i16x8.avgr_u(products, i16x8.shr_u(products, 8));
}

/** Four pixels, two at a time. Alpha counts as 255 times itself: the same arithmetic makes 128 * a of it. */
// @ts-ignore: see wide
@inline
export function premultiplyLow(pixels: v128): v128 {
  return wideVector(i16x8.extmul_low_i8x16_u(colorsOf(pixels), alphasOf(pixels)));
}
// @ts-ignore: see wide
@inline
export function premultiplyHigh(pixels: v128): v128 {
  return wideVector(i16x8.extmul_high_i8x16_u(colorsOf(pixels), alphasOf(pixels)));
}
// @ts-ignore: see wide
@inline
function colorsOf(pixels: v128): v128 {
  return v128.or(pixels, i32x4.splat(0xff000000));
}
// @ts-ignore: see wide
@inline
function alphasOf(pixels: v128): v128 {
  return i8x16.shuffle(pixels, pixels, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
}

function lights(dst: u32, src: u32, samples: u32): void {
  for (const end = src + samples; src < end; src += 4, dst += 8) {
    store<u16>(dst, lightOf(load<u8>(src)));
    store<u16>(dst, lightOf(load<u8>(src, 1)), 2);
    store<u16>(dst, lightOf(load<u8>(src, 2)), 4);
    store<u16>(dst, <u32>load<u8>(src, 3) << 7, 6);
  }
}

function premultiplyLight(dst: u32, src: u32, samples: u32): void {
  for (const end = src + samples; src < end; src += 4, dst += 8) {
    const a = <u32>load<u8>(src, 3);
    store<u16>(dst, lightTimes(lightOf(load<u8>(src)), a));
    store<u16>(dst, lightTimes(lightOf(load<u8>(src, 1)), a), 2);
    store<u16>(dst, lightTimes(lightOf(load<u8>(src, 2)), a), 4);
    store<u16>(dst, a << 7, 6);
  }
}
/** round(light * a / 255), exact: 255 is odd, so there are no ties. */
// @ts-ignore: see wide
@inline
function lightTimes(light: u32, a: u32): u32 {
  return (light * a + 127) / 255;
}
