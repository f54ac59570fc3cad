/**
 * Rows of a blur: how pixels become wide values and get edges to both sides. A px has four wide values, R, G, B, A, of 16
 * bits each: 256 · c of an opaque picture (A taken for 255), else premultiplied round(256 / 255 · c · A), and 256 · A.
 * Rows begin on addresses that are multiples of 8 and have room for 16 px more than they hold: with SIMD whole vectors are
 * read and written, and nobody looks at what lies behind the last px.
 * Reference: src/kernels/reference/blur.ts (must agree bit for bit).
 */

/** `count` RGBA px to wide values. */
export function spread(dst: usize, src: usize, count: i32, opaque: i32): void {
  const end = src + (<usize>count << 2);
  if (ASC_FEATURE_SIMD) {
    const zero = i32x4.splat(0);
    if (opaque) {
      const alpha = i32x4.splat(<i32>0xff000000);
      for (; src < end; src += 16, dst += 32) {
        const pixels = v128.or(v128.load(src), alpha);
        v128.store(dst, i8x16.shuffle(zero, pixels, 0, 16, 0, 17, 0, 18, 0, 19, 0, 20, 0, 21, 0, 22, 0, 23));
        v128.store(dst, i8x16.shuffle(zero, pixels, 0, 24, 0, 25, 0, 26, 0, 27, 0, 28, 0, 29, 0, 30, 0, 31), 16);
      }
    } else {
      const full = i16x8(0, 0, 0, 255, 0, 0, 0, 255);
      for (; src < end; src += 16, dst += 32) {
        const pixels = v128.load(src);
        const alpha0 = i8x16.shuffle(zero, pixels, 19, 0, 19, 0, 19, 0, 19, 0, 23, 0, 23, 0, 23, 0, 23, 0);
        const alpha1 = i8x16.shuffle(zero, pixels, 27, 0, 27, 0, 27, 0, 27, 0, 31, 0, 31, 0, 31, 0, 31, 0);
        v128.store(dst, premultiplied(v128.or(i16x8.extend_low_i8x16_u(pixels), full), alpha0));
        v128.store(dst, premultiplied(v128.or(i16x8.extend_high_i8x16_u(pixels), full), alpha1), 16);
      }
    }
    return;
  }
  for (; src < end; src += 4, dst += 8) {
    const pixel = load<u32>(src);
    const r = pixel & 255;
    const g = (pixel >> 8) & 255;
    const b = (pixel >> 16) & 255;
    const a = pixel >> 24;
    if (opaque) store<u64>(dst, <u64>((r << 8) | (g << 24)) | (<u64>((b << 8) | 0xff000000) << 32));
    else store<u64>(dst, <u64>(premultiply(r, a) | (premultiply(g, a) << 16)) | (<u64>(premultiply(b, a) | (a << 24)) << 32));
  }
}

/** c · A + c · A / 255, the quotient rounded: t + (t >> 8) >> 8 with t = c · A + 128, exact for all bytes. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function premultiply(c: u32, a: u32): u32 {
  const product = c * a;
  const t = product + 128;
  return product + ((t + (t >> 8)) >> 8);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function premultiplied(c: v128, a: v128): v128 {
  const product = i16x8.mul(c, a);
  const t = i16x8.add(product, i16x8.splat(128));
  return i16x8.add(product, i16x8.shr_u(i16x8.add(t, i16x8.shr_u(t, 8)), 8));
}

/** Puts `edge` copies of the first of `count` px before it and of the last behind it. */
export function replicate(row: usize, count: i32, edge: i32): void {
  const first = load<u64>(row);
  let right = row + (<usize>count << 3);
  const last = load<u64>(right - 8);
  let left = row - 8;
  for (let i = 0; i < edge; i++, left -= 8, right += 8) {
    store<u64>(left, first);
    store<u64>(right, last);
  }
}
