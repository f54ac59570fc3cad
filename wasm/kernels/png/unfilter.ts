/**
 * Filters of PNG (3rd edition section 9) undone. Rows of source: a byte that names the filter, then `rowBytes` filtered
 * bytes. Rows of the result: packed, and the row before the first one lies right before it in memory (zeros above the
 * picture). Up to 16 bytes are read behind the source and written behind the result.
 *
 * A pixel's bytes do not depend on each other, so one goes through a filter at a time, in the lanes of a vector.
 */

const NONE: u32 = 0;
const SUB: u32 = 1;
const UP: u32 = 2;
const AVERAGE: u32 = 3;
const PAETH: u32 = 4;

const OPAQUE: u32 = 0xff000000;

/** Undoes `rows` rows whose pixels take `step` bytes (1, 2, 3, 4, 6 or 8); false at a filter that does not exist. */
export function unfilter(dst: u32, src: u32, rowBytes: u32, rows: u32, step: u32): bool {
  for (; rows > 0; rows--) {
    const filter = <u32>load<u8>(src++);
    const above = dst - rowBytes;
    if (filter > PAETH) return false;
    if (filter == NONE) memory.copy(dst, src, rowBytes);
    else if (filter == UP) up(dst, above, src, rowBytes);
    else if (filter == SUB) sub(dst, src, rowBytes, step);
    else if (filter == AVERAGE) average(dst, above, src, rowBytes, step);
    else paeth(dst, above, src, rowBytes, step);
    dst += rowBytes;
    src += rowBytes;
  }
  return true;
}

/** Undoes rows of RGB, 3 bytes a pixel, into rows of RGBA with A = 255; false at a filter that does not exist. */
export function unfilterRgb(dst: u32, src: u32, width: u32, rows: u32): bool {
  for (; rows > 0; rows--) {
    const filter = <u32>load<u8>(src++);
    const above = dst - (width << 2);
    if (filter > PAETH) return false;
    if (filter == NONE) rgbNone(dst, src, width);
    else if (filter == UP) rgbUp(dst, above, src, width);
    else if (filter == SUB) rgbSub(dst, src, width);
    else if (filter == AVERAGE) rgbAverage(dst, above, src, width);
    else rgbPaeth(dst, above, src, width);
    dst += width << 2;
    src += width * 3;
  }
  return true;
}

function up(dst: u32, above: u32, src: u32, count: u32): void {
  const stop = dst + count;
  if (ASC_FEATURE_SIMD) {
    const vectors = dst + (count & ~15);
    for (; dst < vectors; dst += 16) {
      v128.store(dst, i8x16.add(v128.load(src), v128.load(above)));
      src += 16;
      above += 16;
    }
  }
  for (; dst < stop; dst++) store<u8>(dst, <u32>load<u8>(src++) + <u32>load<u8>(above++));
}

function sub(dst: u32, src: u32, count: u32, step: u32): void {
  const stop = dst + count;
  if (ASC_FEATURE_SIMD) {
    if (step == 4) return sub4(dst, src, count);
    if (step == 8 || step == 6) {
      let left = i64x2.splat(0);
      for (; dst < stop; dst += step) {
        left = i8x16.add(left, v128.load64_zero(src));
        v128.store64_lane(dst, left, 0);
        src += step;
      }
      return;
    }
  }
  const first = dst + step;
  for (; dst < first; dst++) store<u8>(dst, load<u8>(src++));
  for (; dst < stop; dst++) store<u8>(dst, <u32>load<u8>(src++) + <u32>load<u8>(dst - step));
}

/** Sums over the pixels before, four pixels at a time. */
function sub4(dst: u32, src: u32, count: u32): void {
  const stop = dst + count;
  const zero = i32x4.splat(0);
  let left = zero;
  for (; dst < stop; dst += 16) {
    let sum = v128.load(src);
    sum = i8x16.add(sum, i8x16.shuffle(zero, sum, 0, 0, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
    sum = i8x16.add(sum, i8x16.shuffle(zero, sum, 0, 0, 0, 0, 0, 0, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23));
    sum = i8x16.add(sum, left);
    left = i8x16.shuffle(sum, sum, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
    v128.store(dst, sum);
    src += 16;
  }
}

function average(dst: u32, above: u32, src: u32, count: u32, step: u32): void {
  if (ASC_FEATURE_SIMD && step >= 4) {
    const stop = dst + count;
    const ones = i8x16.splat(1);
    let left = i64x2.splat(0);
    for (; dst < stop; dst += step) {
      const b = v128.load64_zero(above);
      // floor((a + b) / 2): what avgr rounds up is taken off
      const mean = i8x16.sub(i8x16.avgr_u(left, b), v128.and(v128.xor(left, b), ones));
      left = i8x16.add(mean, v128.load64_zero(src));
      if (step == 4) v128.store32_lane(dst, left, 0);
      else v128.store64_lane(dst, left, 0);
      src += step;
      above += step;
    }
    return;
  }
  const stop = dst + count;
  const first = dst + step;
  for (; dst < first; dst++) store<u8>(dst, <u32>load<u8>(src++) + (<u32>load<u8>(above++) >> 1));
  for (; dst < stop; dst++) {
    store<u8>(dst, <u32>load<u8>(src++) + ((<u32>load<u8>(dst - step) + <u32>load<u8>(above++)) >> 1));
  }
}

/** Section 9.4: the one of left, above and above left that is nearest to left + above - above left. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function predict(a: i32, b: i32, c: i32): i32 {
  const pa = abs(b - c);
  const pb = abs(a - c);
  const pc = abs(a + b - c - c);
  const other = pb <= pc ? b : c;
  return pa <= min(pb, pc) ? a : other;
}

/**
 * One pixel of the Paeth filter in lanes of 16 bits: x + predict(a, b, c), modulo 256. All that needs no `a` is worked out
 * beside the chain from pixel to pixel: x + b and x + c are there when it is known which is nearer.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function paethLanes(x: v128, a: v128, b: v128, c: v128, bytes: v128): v128 {
  const rise = i16x8.sub(b, c);
  const pa = i16x8.abs(rise);
  const run = i16x8.sub(a, c);
  const pb = i16x8.abs(run);
  const pc = i16x8.abs(i16x8.add(run, rise));
  const xb = i16x8.add(x, b);
  const xc = i16x8.add(x, c);
  const other = v128.xor(xb, v128.and(v128.xor(xb, xc), i16x8.gt_s(pb, pc)));
  const xa = i16x8.add(x, a);
  return v128.and(v128.bitselect(other, xa, i16x8.gt_s(pa, i16x8.min_s(pb, pc))), bytes);
}

function paeth(dst: u32, above: u32, src: u32, count: u32, step: u32): void {
  const stop = dst + count;
  if (ASC_FEATURE_SIMD) {
    if (step == 4) return paeth4(dst, above, src, count);
    if (step > 4) {
      const bytes = i16x8.splat(255);
      let a = i64x2.splat(0);
      let c = a;
      for (; dst < stop; dst += step) {
        const b = i16x8.extend_low_i8x16_u(v128.load64_zero(above));
        a = paethLanes(i16x8.extend_low_i8x16_u(v128.load64_zero(src)), a, b, c, bytes);
        c = b;
        v128.store64_lane(dst, i8x16.narrow_i16x8_u(a, a), 0);
        src += step;
        above += step;
      }
      return;
    }
  }
  if (step == 1) {
    let a: i32 = 0;
    let c: i32 = 0;
    for (; dst < stop; dst++) {
      const b = <i32>load<u8>(above++);
      a = (<i32>load<u8>(src++) + predict(a, b, c)) & 255;
      c = b;
      store<u8>(dst, a);
    }
    return;
  }
  const first = dst + step;
  for (; dst < first; dst++) store<u8>(dst, <u32>load<u8>(src++) + <u32>load<u8>(above++)); // nearest to above: above
  for (; dst < stop; dst++) {
    const nearest = predict(<i32>load<u8>(dst - step), <i32>load<u8>(above), <i32>load<u8>(above - step));
    store<u8>(dst, <i32>load<u8>(src++) + nearest);
    above++;
  }
}

function paeth4(dst: u32, above: u32, src: u32, count: u32): void {
  const stop = dst + count;
  const bytes = i16x8.splat(255);
  let a = i64x2.splat(0);
  let c = a;
  for (; dst < stop; dst += 4) {
    const b = i16x8.extend_low_i8x16_u(v128.load32_zero(above));
    a = paethLanes(i16x8.extend_low_i8x16_u(v128.load32_zero(src)), a, b, c, bytes);
    c = b;
    v128.store32_lane(dst, i8x16.narrow_i16x8_u(a, a), 0);
    src += 4;
    above += 4;
  }
}

/** Four pixels of RGB, from 16 bytes of which the last 4 are not used; A is 0. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function spread(packed: v128): v128 {
  return i8x16.shuffle(packed, i32x4.splat(0), 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function rgb(at: u32): u32 {
  return <u32>load<u16>(at) | (<u32>load<u8>(at + 2) << 16);
}

function rgbNone(dst: u32, src: u32, width: u32): void {
  const stop = dst + (width << 2);
  if (ASC_FEATURE_SIMD) {
    const vectors = dst + ((width & ~3) << 2);
    const opaque = i32x4.splat(OPAQUE);
    for (; dst < vectors; dst += 16) {
      v128.store(dst, v128.or(spread(v128.load(src)), opaque));
      src += 12;
    }
  }
  for (; dst < stop; dst += 4) {
    store<u32>(dst, rgb(src) | OPAQUE);
    src += 3;
  }
}

function rgbUp(dst: u32, above: u32, src: u32, width: u32): void {
  const stop = dst + (width << 2);
  if (ASC_FEATURE_SIMD) {
    const vectors = dst + ((width & ~3) << 2);
    const opaque = i32x4.splat(OPAQUE);
    for (; dst < vectors; dst += 16) {
      v128.store(dst, v128.or(i8x16.add(spread(v128.load(src)), v128.load(above)), opaque));
      src += 12;
      above += 16;
    }
  }
  for (; dst < stop; dst += 4) {
    store<u32>(dst, addBytes(rgb(src), load<u32>(above)) | OPAQUE);
    src += 3;
    above += 4;
  }
}

/** R, G and B added modulo 256 each; A is rubbish. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function addBytes(a: u32, b: u32): u32 {
  return (((a & 0x00ff00ff) + (b & 0x00ff00ff)) & 0x00ff00ff) | (((a & 0x0000ff00) + (b & 0x0000ff00)) & 0x0000ff00);
}

function rgbSub(dst: u32, src: u32, width: u32): void {
  const stop = dst + (width << 2);
  let pixel: u32 = 0;
  if (ASC_FEATURE_SIMD) {
    const vectors = dst + ((width & ~3) << 2);
    const opaque = i32x4.splat(OPAQUE);
    const zero = i32x4.splat(0);
    let left = zero;
    for (; dst < vectors; dst += 16) {
      let sum = spread(v128.load(src));
      sum = i8x16.add(sum, i8x16.shuffle(zero, sum, 0, 0, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
      sum = i8x16.add(sum, i8x16.shuffle(zero, sum, 0, 0, 0, 0, 0, 0, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23));
      sum = i8x16.add(sum, left);
      left = i8x16.shuffle(sum, sum, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
      v128.store(dst, v128.or(sum, opaque));
      src += 12;
    }
    pixel = i32x4.extract_lane(left, 0);
  }
  for (; dst < stop; dst += 4) {
    pixel = addBytes(rgb(src), pixel);
    store<u32>(dst, pixel | OPAQUE);
    src += 3;
  }
}

function rgbAverage(dst: u32, above: u32, src: u32, width: u32): void {
  const stop = dst + (width << 2);
  if (ASC_FEATURE_SIMD) {
    const ones = i8x16.splat(1);
    const opaque = i32x4.splat(OPAQUE);
    let left = i32x4.splat(0);
    for (; dst < stop; dst += 4) {
      const b = v128.load32_zero(above);
      const mean = i8x16.sub(i8x16.avgr_u(left, b), v128.and(v128.xor(left, b), ones));
      left = i8x16.add(mean, v128.load32_zero(src));
      v128.store32_lane(dst, v128.or(left, opaque), 0);
      src += 3;
      above += 4;
    }
    return;
  }
  let left: u32 = 0;
  for (; dst < stop; dst += 4) {
    const b = load<u32>(above);
    const mean = (left & b) + (((left ^ b) & 0xfefefefe) >> 1);
    left = addBytes(rgb(src), mean);
    store<u32>(dst, left | OPAQUE);
    src += 3;
    above += 4;
  }
}

function rgbPaeth(dst: u32, above: u32, src: u32, width: u32): void {
  const stop = dst + (width << 2);
  if (ASC_FEATURE_SIMD) {
    const bytes = i16x8.splat(255);
    const opaque = i32x4.splat(OPAQUE);
    let a = i64x2.splat(0);
    let c = a;
    for (; dst < stop; dst += 4) {
      const b = i16x8.extend_low_i8x16_u(v128.load32_zero(above));
      a = paethLanes(i16x8.extend_low_i8x16_u(v128.load32_zero(src)), a, b, c, bytes);
      c = b;
      v128.store32_lane(dst, v128.or(i8x16.narrow_i16x8_u(a, a), opaque), 0);
      src += 3;
      above += 4;
    }
    return;
  }
  let ar: i32 = 0;
  let ag: i32 = 0;
  let ab: i32 = 0;
  let corner: u32 = 0;
  for (; dst < stop; dst += 4) {
    const b = load<u32>(above);
    ar = (<i32>load<u8>(src) + predict(ar, b & 255, corner & 255)) & 255;
    ag = (<i32>load<u8>(src + 1) + predict(ag, (b >> 8) & 255, (corner >> 8) & 255)) & 255;
    ab = (<i32>load<u8>(src + 2) + predict(ab, (b >> 16) & 255, (corner >> 16) & 255)) & 255;
    corner = b;
    store<u32>(dst, ar | (ag << 8) | (ab << 16) | OPAQUE);
    src += 3;
    above += 4;
  }
}
