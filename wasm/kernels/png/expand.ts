/**
 * Samples of PNG as 8-bit gray or RGBA. 16-bit samples, big endian, are cut to their high byte. A color key (tRNS of gray
 * and RGB, PNG 3rd edition section 11.3.1.1) is compared before that; -1 is none. The kernels may read and write up to 16
 * bytes more than they say.
 */

const OPAQUE: u32 = 0xff000000;
/** One in every byte, and of each byte one bit, the first pixel's (the highest) in the lowest byte. */
const SPREAD: u64 = 0x0101010101010101;
const PICKED: u64 = 0x0102040810204080;
const CARRIES: u64 = 0x7f7f7f7f7f7f7f7f;

/** Samples of 1, 2 or 4 bits, in rows of `rowBytes` bytes, to bytes that are `factor` times the sample. */
export function unpack(dst: u32, src: u32, width: u32, rowBytes: u32, rows: u32, depth: u32, factor: u32): void {
  for (; rows > 0; rows--) {
    const stop = dst + width;
    let from = src;
    if (depth == 1) {
      for (; dst < stop; dst += 8) {
        const set = ((<u64>load<u8>(from++) * SPREAD) & PICKED) + CARRIES;
        store<u64>(dst, ((set >> 7) & SPREAD) * <u64>factor);
      }
    } else if (depth == 2) {
      for (; dst < stop; dst += 4) {
        const four = <u32>load<u8>(from++);
        const apart = (four >> 6) | ((four & 0x30) << 4) | ((four & 0x0c) << 14) | ((four & 3) << 24);
        store<u32>(dst, apart * factor);
      }
    } else {
      for (; dst < stop; dst += 2) {
        const two = <u32>load<u8>(from++);
        store<u16>(dst, ((two >> 4) | ((two & 15) << 8)) * factor);
      }
    }
    dst = stop;
    src += rowBytes;
  }
}

/** `count` bytes to RGBA by a table of 256 pixels. */
export function lookup(dst: u32, src: u32, count: u32, table: u32): void {
  const four = src + (count & ~3);
  for (; src < four; src += 4) {
    const index = load<u32>(src);
    store<u32>(dst, load<u32>(table + ((index & 255) << 2)));
    store<u32>(dst, load<u32>(table + ((index >> 6) & 0x3fc)), 4);
    store<u32>(dst, load<u32>(table + ((index >> 14) & 0x3fc)), 8);
    store<u32>(dst, load<u32>(table + ((index >> 24) << 2)), 12);
    dst += 16;
  }
  const stop = four + (count & 3);
  for (; src < stop; src++) {
    store<u32>(dst, load<u32>(table + (<u32>load<u8>(src) << 2)));
    dst += 4;
  }
}

/** A of pixels whose R, G and B are those of `key` (R lowest) to 0, in place. */
export function keyRgb(dst: u32, count: u32, key: u32): void {
  const stop = dst + (count << 2);
  if (ASC_FEATURE_SIMD) {
    const vectors = dst + ((count & ~3) << 2);
    const keys = i32x4.splat(key | OPAQUE);
    const opaque = i32x4.splat(OPAQUE);
    for (; dst < vectors; dst += 16) {
      const pixels = v128.load(dst);
      v128.store(dst, v128.andnot(pixels, v128.and(i32x4.eq(v128.or(pixels, opaque), keys), opaque)));
    }
  }
  for (; dst < stop; dst += 4) if ((load<u32>(dst) & 0xffffff) == key) store<u32>(dst, key);
}

/** 16-bit gray to 8 bits. */
export function gray16(dst: u32, src: u32, count: u32): void {
  const stop = dst + count;
  if (ASC_FEATURE_SIMD) {
    const vectors = dst + (count & ~15);
    for (; dst < vectors; dst += 16) {
      const a = v128.load(src);
      const b = v128.load(src, 16);
      v128.store(dst, i8x16.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
      src += 32;
    }
  }
  for (; dst < stop; dst++) {
    store<u8>(dst, load<u8>(src));
    src += 2;
  }
}

/** 16-bit gray to RGBA, keyed. */
export function gray16Keyed(dst: u32, src: u32, count: u32, key: i32): void {
  const stop = dst + (count << 2);
  for (; dst < stop; dst += 4) {
    const high = <u32>load<u8>(src);
    const value = (high << 8) | <u32>load<u8>(src, 1);
    store<u32>(dst, (high * 0x010101) | (value == <u32>key ? 0 : OPAQUE));
    src += 2;
  }
}

/** Gray and alpha to RGBA; `bytes`: 1 or 2 a sample. */
export function grayAlpha(dst: u32, src: u32, count: u32, bytes: u32): void {
  const stop = dst + (count << 2);
  if (ASC_FEATURE_SIMD && bytes == 1) {
    const vectors = dst + ((count & ~3) << 2);
    for (; dst < vectors; dst += 16) {
      const four = v128.load64_zero(src);
      v128.store(dst, i8x16.shuffle(four, four, 0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 6, 7));
      src += 8;
    }
  }
  for (; dst < stop; dst += 4) {
    store<u32>(dst, (<u32>load<u8>(src) * 0x010101) | (<u32>load<u8>(src + bytes) << 24));
    src += bytes << 1;
  }
}

/** 16-bit RGB to RGBA; the key's samples, or -1. */
export function rgb16(dst: u32, src: u32, count: u32, red: i32, green: i32, blue: i32): void {
  const stop = dst + (count << 2);
  for (; dst < stop; dst += 4) {
    const r = <u32>load<u8>(src);
    const g = <u32>load<u8>(src, 2);
    const b = <u32>load<u8>(src, 4);
    const keyed =
      red >= 0 &&
      ((r << 8) | <u32>load<u8>(src, 1)) == <u32>red &&
      ((g << 8) | <u32>load<u8>(src, 3)) == <u32>green &&
      ((b << 8) | <u32>load<u8>(src, 5)) == <u32>blue;
    store<u32>(dst, r | (g << 8) | (b << 16) | (keyed ? 0 : OPAQUE));
    src += 6;
  }
}

/** 16-bit RGBA to 8 bits. */
export function rgba16(dst: u32, src: u32, count: u32): void {
  gray16(dst, src, count << 2);
}
