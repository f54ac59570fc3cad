/**
 * The last step of a blur: from wide values (levels.ts) to RGBA bytes.
 * Reference: src/kernels/reference/{blur,unsharp}.ts (must agree bit for bit).
 */

/**
 * `count` px in place, premultiplied wide values to straight ones in 1/256 of a level: 65280 · value over A's value, at most
 * 65280, in single precision, rounded after either operation, then to the nearest. Px whose A is 65280 stay as they are.
 */
export function straighten(row: usize, count: i32): void {
  const end = row + (<usize>count << 3);
  if (ASC_FEATURE_SIMD) {
    const opaque = i16x8(0, 0, 0, -256, 0, 0, 0, -256);
    for (; row < end; row += 16) {
      const pixels = v128.load(row);
      // Most px of most pictures are opaque: -256 is 65280, and other lanes than those of A are at least 0
      if (i16x8.all_true(i16x8.ge_u(pixels, opaque))) continue;
      const first = straightOf(i32x4.extend_low_i16x8_u(pixels));
      v128.store(row, i16x8.narrow_i32x4_u(first, straightOf(i32x4.extend_high_i16x8_u(pixels))));
    }
  } else {
    for (; row < end; row += 8) {
      const a = load<u16>(row, 6);
      if (a >= 65280) continue;
      const divisor = <f32>(a > 0 ? a : 1);
      store<u16>(row, straight(load<u16>(row), divisor));
      store<u16>(row, straight(load<u16>(row, 2), divisor), 2);
      store<u16>(row, straight(load<u16>(row, 4), divisor), 4);
    }
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function straight(value: u32, divisor: f32): i32 {
  const level: f32 = (<f32>value * 65280) / divisor;
  const bounded: f32 = level < 65280 ? level : 65280;
  return <i32>(bounded + 0.5);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function straightOf(pixel: v128): v128 {
  const alphas = i8x16.shuffle(pixel, pixel, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
  const divisor = f32x4.convert_i32x4_s(i32x4.max_u(alphas, i32x4.splat(1)));
  const level = f32x4.div(f32x4.mul(f32x4.convert_i32x4_s(pixel), f32x4.splat(65280)), divisor);
  const bounded = f32x4.min(level, f32x4.splat(65280));
  const kept = v128.or(i32x4.ge_u(alphas, i32x4.splat(65280)), i32x4(0, 0, 0, -1));
  return v128.bitselect(pixel, i32x4.trunc_sat_f32x4_s(f32x4.add(bounded, f32x4.splat(0.5))), kept);
}

/** `count` px of straight values in 1/256 of a level to RGBA bytes, rounded; where A becomes 0 the color is 0. */
export function narrow(dst: usize, src: usize, count: i32): void {
  const end = dst + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const half = i16x8.splat(128);
    const visible = i32x4.splat(0x01000000);
    for (; dst < end; dst += 16, src += 32) {
      const first = i16x8.add_sat_u(v128.load(src), half);
      const second = i16x8.add_sat_u(v128.load(src, 16), half);
      const pixels = i8x16.shuffle(first, second, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
      v128.store(dst, v128.and(pixels, i32x4.ge_u(pixels, visible)));
    }
  } else {
    for (; dst < end; dst += 4, src += 8) {
      const r = levelOf(load<u16>(src));
      const g = levelOf(load<u16>(src, 2));
      const b = levelOf(load<u16>(src, 4));
      const a = levelOf(load<u16>(src, 6));
      store<u32>(dst, a == 0 ? 0 : r | (g << 8) | (b << 16) | (a << 24));
    }
  }
}

/** Wide values can be above 65280 where weights are negative. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function levelOf(value: u32): u32 {
  const level = (value + 128) >> 8;
  return level < 255 ? level : 255;
}

/**
 * Unsharp mask of `count` RGBA px at `src`: c + k / 4096 · (c − blurred c), rounded and clamped. A stays, and where it or
 * the blurred one is 0 the px stays as it is. blurred: as `narrow` takes it. k: 0..28631, so that 4096 + k is an i16; sums stay
 * below 2^31.
 */
export function unsharp(dst: usize, src: usize, blurred: usize, count: i32, k: i32): void {
  const end = dst + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const zero = i32x4.splat(0);
    const weights = i32x4.splat((4096 + k) | (-k << 16));
    for (; dst < end; dst += 16, src += 16, blurred += 32) {
      const pixels = v128.load(src);
      const first = v128.load(blurred);
      const second = v128.load(blurred, 16);
      const own0 = i16x8.shl(i16x8.extend_low_i8x16_u(pixels), 7);
      const own1 = i16x8.shl(i16x8.extend_high_i8x16_u(pixels), 7);
      const sharp = i8x16.narrow_i16x8_u(
        sharpened(own0, i16x8.avgr_u(first, zero), weights),
        sharpened(own1, i16x8.avgr_u(second, zero), weights),
      );
      // A of the four blurred px, in 32 bits each
      const alphas = i8x16.shuffle(first, second, 6, 7, 6, 7, 14, 15, 14, 15, 22, 23, 22, 23, 30, 31, 30, 31);
      const visible = v128.and(i32x4.ne(alphas, zero), i32x4.ge_u(pixels, i32x4.splat(0x01000000)));
      v128.store(dst, v128.bitselect(sharp, pixels, v128.and(visible, i32x4.splat(0x00ffffff))));
    }
  } else {
    for (; dst < end; dst += 4, src += 4, blurred += 8) {
      const pixel = load<u32>(src);
      if (pixel >> 24 == 0 || load<u16>(blurred, 6) == 0) {
        store<u32>(dst, pixel);
        continue;
      }
      const r = away(pixel & 255, load<u16>(blurred), k);
      const g = away((pixel >> 8) & 255, load<u16>(blurred, 2), k);
      const b = away((pixel >> 16) & 255, load<u16>(blurred, 4), k);
      store<u32>(dst, r | (g << 8) | (b << 16) | (pixel & 0xff000000));
    }
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function away(c: u32, blurred: u32, k: i32): u32 {
  const value = (<i32>(c << 7) * (4096 + k) - <i32>((blurred + 1) >> 1) * k + 262144) >> 19;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Of eight values in 1/128 of a level. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function sharpened(own: v128, blurred: v128, weights: v128): v128 {
  const half = i32x4.splat(262144);
  const lows = i8x16.shuffle(own, blurred, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
  const highs = i8x16.shuffle(own, blurred, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(lows, weights), half), 19),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(highs, weights), half), 19),
  );
}
