/**
 * Halving and doubling of rows of wide values (levels.ts) with the binomial filter 1 4 6 4 1, or 1 6 15 20 15 6 1 where `fine`.
 * All of it is averages of two values that round halves up, which have SIMD instructions of their own, keep flat color flat
 * and cannot overflow.
 * A smaller row's px i lies on px 2 · i of the larger one.
 * Reference: src/kernels/reference/blur.ts (must agree bit for bit).
 */

const FIFTEEN_BITS: u64 = 0x7fff7fff7fff7fff;

/** (a + b + 1) >> 1 of four 16-bit values each: what i16x8.avgr_u does to eight. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function average(a: u64, b: u64): u64 {
  return (a | b) - (((a ^ b) >> 1) & FIFTEEN_BITS);
}

/** 1 4 6 4 1 of five px in a row. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function binomial(a: u64, b: u64, c: u64, d: u64, e: u64): u64 {
  return average(average(b, d), average(average(average(a, e), c), c));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function binomials(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  return i16x8.avgr_u(i16x8.avgr_u(b, d), i16x8.avgr_u(i16x8.avgr_u(i16x8.avgr_u(a, e), c), c));
}

/** 1 6 1 of three px: the even ones of a doubled row. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function smooth(a: u64, b: u64, c: u64): u64 {
  return average(average(average(a, c), b), b);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function smooths(a: v128, b: v128, c: v128): v128 {
  return i16x8.avgr_u(i16x8.avgr_u(i16x8.avgr_u(a, c), b), b);
}

/** 6 20 6 of three px: the same of the fine filter. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function fineOn(a: u64, b: u64, c: u64): u64 {
  const outer = average(a, c);
  return average(average(average(outer, b), outer), b);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function finesOn(a: v128, b: v128, c: v128): v128 {
  const outer = i16x8.avgr_u(a, c);
  return i16x8.avgr_u(i16x8.avgr_u(i16x8.avgr_u(outer, b), outer), b);
}

/** 1 15 15 1 of four px: the odd ones of the fine filter. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function fineBetween(a: u64, b: u64, c: u64, d: u64): u64 {
  const inner = average(b, c);
  return average(average(average(average(average(a, d), inner), inner), inner), inner);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function finesBetween(a: v128, b: v128, c: v128, d: v128): v128 {
  const inner = i16x8.avgr_u(b, c);
  const once = i16x8.avgr_u(i16x8.avgr_u(a, d), inner);
  return i16x8.avgr_u(i16x8.avgr_u(i16x8.avgr_u(once, inner), inner), inner);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function firsts(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function seconds(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}

/** `count` px of a row half as long. src: two px before the one that the first result lies on. */
export function halveRow(dst: usize, src: usize, count: i32): void {
  const end = dst + (<usize>count << 3);
  if (ASC_FEATURE_SIMD) {
    let a = v128.load(src);
    let b = v128.load(src, 16);
    for (; dst < end; dst += 32, src += 64) {
      const c = v128.load(src, 32);
      const d = v128.load(src, 48);
      const e = v128.load(src, 64);
      const f = v128.load(src, 80);
      const middle = firsts(c, d);
      v128.store(dst, binomials(firsts(a, b), seconds(a, b), firsts(b, c), seconds(b, c), middle));
      v128.store(dst, binomials(middle, seconds(c, d), firsts(d, e), seconds(d, e), firsts(e, f)), 16);
      a = e;
      b = f;
    }
  } else {
    for (; dst < end; dst += 8, src += 16) {
      const value = binomial(load<u64>(src), load<u64>(src, 8), load<u64>(src, 16), load<u64>(src, 24), load<u64>(src, 32));
      store<u64>(dst, value);
    }
  }
}

/** The same with the fine filter. src: three px before the one that the first result lies on. */
export function halveRowFinely(dst: usize, src: usize, count: i32): void {
  const end = dst + (<usize>count << 3);
  if (ASC_FEATURE_SIMD) {
    // Px -3..4 around the two that two results lie on, 0 and 2
    let a = v128.load(src);
    let b = v128.load(src, 16);
    let c = v128.load(src, 32);
    for (; dst < end; dst += 16, src += 32) {
      const d = v128.load(src, 48);
      const e = v128.load(src, 64);
      const between = finesBetween(firsts(a, b), firsts(b, c), firsts(c, d), firsts(d, e));
      v128.store(dst, i16x8.avgr_u(between, finesOn(seconds(a, b), seconds(b, c), seconds(c, d))));
      a = c;
      b = d;
      c = e;
    }
  } else {
    for (; dst < end; dst += 8, src += 16) {
      const between = fineBetween(load<u64>(src), load<u64>(src, 16), load<u64>(src, 32), load<u64>(src, 48));
      store<u64>(dst, average(between, fineOn(load<u64>(src, 8), load<u64>(src, 24), load<u64>(src, 40))));
    }
  }
}

/** `count` px of the row that seven rows make, by the fine filter. */
export function halveRowsFinely(
  dst: usize,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  e: usize,
  f: usize,
  g: usize,
  count: i32,
): void {
  const bytes = <usize>count << 3;
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const between = finesBetween(v128.load(a + at), v128.load(c + at), v128.load(e + at), v128.load(g + at));
      v128.store(dst + at, i16x8.avgr_u(between, finesOn(v128.load(b + at), v128.load(d + at), v128.load(f + at))));
    }
  } else {
    for (let at: usize = 0; at < bytes; at += 8) {
      const between = fineBetween(load<u64>(a + at), load<u64>(c + at), load<u64>(e + at), load<u64>(g + at));
      store<u64>(dst + at, average(between, fineOn(load<u64>(b + at), load<u64>(d + at), load<u64>(f + at))));
    }
  }
}

/** `count` px of the row that five rows make. */
export function halveRows(dst: usize, a: usize, b: usize, c: usize, d: usize, e: usize, count: i32): void {
  const bytes = <usize>count << 3;
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const outer = i16x8.avgr_u(v128.load(a + at), v128.load(e + at));
      const inner = i16x8.avgr_u(v128.load(b + at), v128.load(d + at));
      const own = v128.load(c + at);
      v128.store(dst + at, i16x8.avgr_u(inner, i16x8.avgr_u(i16x8.avgr_u(outer, own), own)));
    }
  } else {
    for (let at: usize = 0; at < bytes; at += 8) {
      const own = load<u64>(c + at);
      store<u64>(dst + at, binomial(load<u64>(a + at), load<u64>(b + at), own, load<u64>(d + at), load<u64>(e + at)));
    }
  }
}

/** `count` px of the row that lies on the row `own` of a smaller picture. */
export function doubleRows(dst: usize, above: usize, own: usize, below: usize, count: i32): void {
  const bytes = <usize>count << 3;
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(dst + at, smooths(v128.load(above + at), v128.load(own + at), v128.load(below + at)));
    }
  } else {
    for (let at: usize = 0; at < bytes; at += 8) {
      store<u64>(dst + at, smooth(load<u64>(above + at), load<u64>(own + at), load<u64>(below + at)));
    }
  }
}

/** `count` px of a row in the middle between two rows of a smaller picture. */
export function betweenRows(dst: usize, above: usize, below: usize, count: i32): void {
  const bytes = <usize>count << 3;
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(dst + at, i16x8.avgr_u(v128.load(above + at), v128.load(below + at)));
    }
  } else {
    for (let at: usize = 0; at < bytes; at += 8) store<u64>(dst + at, average(load<u64>(above + at), load<u64>(below + at)));
  }
}

/** `count` px of a row twice as long, rounded up to an even number. src: the px that the first result lies on; the one before it is read. */
export function doubleRow(dst: usize, src: usize, count: i32): void {
  const end = dst + (<usize>count << 3);
  if (ASC_FEATURE_SIMD) {
    for (; dst < end; dst += 32, src += 16) {
      const own = v128.load(src);
      const next = v128.load(src, 8);
      const even = smooths(v128.load(src - 8), own, next);
      const odd = i16x8.avgr_u(own, next);
      v128.store(dst, firsts(even, odd));
      v128.store(dst, seconds(even, odd), 16);
    }
  } else {
    for (; dst < end; dst += 16, src += 8) {
      const own = load<u64>(src);
      const next = load<u64>(src, 8);
      store<u64>(dst, smooth(load<u64>(src - 8), own, next));
      store<u64>(dst, average(own, next), 8);
    }
  }
}

/** The same as doubleRows with the fine filter. */
export function doubleRowsFinely(dst: usize, above: usize, own: usize, below: usize, count: i32): void {
  const bytes = <usize>count << 3;
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(dst + at, finesOn(v128.load(above + at), v128.load(own + at), v128.load(below + at)));
    }
  } else {
    for (let at: usize = 0; at < bytes; at += 8) {
      store<u64>(dst + at, fineOn(load<u64>(above + at), load<u64>(own + at), load<u64>(below + at)));
    }
  }
}

/** `count` px of a row in the middle between the second and the third of four rows, by the fine filter. */
export function betweenRowsFinely(dst: usize, a: usize, b: usize, c: usize, d: usize, count: i32): void {
  const bytes = <usize>count << 3;
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(dst + at, finesBetween(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at)));
    }
  } else {
    for (let at: usize = 0; at < bytes; at += 8) {
      store<u64>(dst + at, fineBetween(load<u64>(a + at), load<u64>(b + at), load<u64>(c + at), load<u64>(d + at)));
    }
  }
}

/** The same as doubleRow with the fine filter. */
export function doubleRowFinely(dst: usize, src: usize, count: i32): void {
  const end = dst + (<usize>count << 3);
  if (ASC_FEATURE_SIMD) {
    for (; dst < end; dst += 32, src += 16) {
      const before = v128.load(src - 8);
      const own = v128.load(src);
      const next = v128.load(src, 8);
      const even = finesOn(before, own, next);
      const odd = finesBetween(before, own, next, v128.load(src, 16));
      v128.store(dst, firsts(even, odd));
      v128.store(dst, seconds(even, odd), 16);
    }
  } else {
    for (; dst < end; dst += 16, src += 8) {
      const before = load<u64>(src - 8);
      const own = load<u64>(src);
      const next = load<u64>(src, 8);
      store<u64>(dst, fineOn(before, own, next));
      store<u64>(dst, fineBetween(before, own, next, load<u64>(src, 16)), 8);
    }
  }
}
