/** R and B of a pixel loaded as u32 (little endian: R is the lowest byte), each in 16 bits of its own. */
const RED_BLUE: u32 = 0x00ff00ff;
const GREEN: u32 = 0x0000ff00;
/** 128 in both 16-bit halves: the half that makes the division below round. */
const HALVES: u32 = 0x00800080;

/** round(a * b / 255) for 8-bit a and b, exact: 255 is odd, so there are no ties. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function multiply255(a: u32, b: u32): u32 {
  const t = a * b + 128;
  return (t + (t >> 8)) >> 8;
}

/**
 * c = round((s * a + d * (255 - a)) / 255) of R, G and B of two pixels, exact for all 8-bit inputs; the result's A is 0.
 *
 * Two channels share one register: with t = s * a + d * (255 - a) + 128 at most 65153, neither t nor t + (t >> 8),
 * at most 65407, reaches the half above.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function mix(s: u32, d: u32, a: u32): u32 {
  const rest = 255 - a;
  const rb = (s & RED_BLUE) * a + (d & RED_BLUE) * rest + HALVES;
  const g = ((s & GREEN) >> 8) * a + ((d & GREEN) >> 8) * rest + 128;
  return (((rb + ((rb >> 8) & RED_BLUE)) >> 8) & RED_BLUE) | ((g + (g >> 8)) & GREEN);
}

/** One pixel over another, their alphas s and d both between 1 and 254, by the formula in composite.ts. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function blend(above: u32, below: u32, s: u32, d: u32): u32 {
  const weightAbove = 255 * s;
  const weightBelow = d * (255 - s);
  const n = weightAbove + weightBelow;
  const half = n >> 1; // for odd n there are no ties, so floor(n / 2) rounds as n / 2 does
  const r = ((above & 255) * weightAbove + (below & 255) * weightBelow + half) / n;
  const g = (((above >> 8) & 255) * weightAbove + ((below >> 8) & 255) * weightBelow + half) / n;
  const b = (((above >> 16) & 255) * weightAbove + ((below >> 16) & 255) * weightBelow + half) / n;
  const t = n + 128;
  return r | (g << 8) | (b << 16) | (((t + (t >> 8)) >> 8) << 24);
}

/** multiply255 of four a, 0..255 each in 32 bits, and four b likewise; a product fits the low 16 bits of its lane. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function multiply255By4(a: v128, b: v128): v128 {
  const t = i32x4.add(i16x8.mul(a, b), i32x4.splat(128));
  return i32x4.shr_u(i32x4.add(t, i32x4.shr_u(t, 8)), 8);
}

/** `mix` of four pixels, with their alphas, 0..255 each in 32 bits; the result's A is to be overwritten. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function mix4(s: v128, d: v128, a: v128): v128 {
  const full = i16x8.splat(255);
  const lowA = i8x16.shuffle(a, a, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5);
  const highA = i8x16.shuffle(a, a, 8, 9, 8, 9, 8, 9, 8, 9, 12, 13, 12, 13, 12, 13, 12, 13);
  const low = i16x8.add(
    i16x8.mul(i16x8.extend_low_i8x16_u(s), lowA),
    i16x8.mul(i16x8.extend_low_i8x16_u(d), i16x8.sub(full, lowA)),
  );
  const high = i16x8.add(
    i16x8.mul(i16x8.extend_high_i8x16_u(s), highA),
    i16x8.mul(i16x8.extend_high_i8x16_u(d), i16x8.sub(full, highA)),
  );
  return i8x16.narrow_i16x8_u(divided255(low), divided255(high));
}

/** round(t / 255) of eight unsigned 16-bit t up to 65025. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function divided255(values: v128): v128 {
  const t = i16x8.add(values, i16x8.splat(128));
  return i16x8.shr_u(i16x8.add(t, i16x8.shr_u(t, 8)), 8);
}

/**
 * The formula in composite.ts for four pixels with any alphas s and d, 0..255 each in 32 bits; where both are 0, the pixel
 * below.
 *
 * In f32, exactly: every numerator is an integer below 2^24. A quotient k − 1 / n, the one next below an integer k <= 255, is
 * not rounded up to k, because 1 / n >= 1 / 65025 is more than the distance of floats below 256, 1 / 65536; so the floor of
 * the rounded quotient is that of the exact one.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function blend4(above: v128, below: v128, s: v128, d: v128): v128 {
  const full = i32x4.splat(255);
  const weightAbove = i32x4.sub(i32x4.shl(s, 8), s);
  // Each factor is below 2^15 and its lane's upper half 0, so dot is a 32-bit product
  const weightBelow = i32x4.dot_i16x8_s(d, i32x4.sub(full, s));
  const n = i32x4.add(weightAbove, weightBelow);
  const above32 = f32x4.convert_i32x4_s(weightAbove);
  const below32 = f32x4.convert_i32x4_s(weightBelow);
  const n32 = f32x4.convert_i32x4_s(n);
  const half32 = f32x4.convert_i32x4_s(i32x4.shr_u(n, 1));
  const r = quotient(byte4(above, 0), byte4(below, 0), above32, below32, half32, n32);
  const g = quotient(byte4(above, 8), byte4(below, 8), above32, below32, half32, n32);
  const b = quotient(byte4(above, 16), byte4(below, 16), above32, below32, half32, n32);
  const t = i32x4.add(n, i32x4.splat(128));
  const a = i32x4.shr_u(i32x4.add(t, i32x4.shr_u(t, 8)), 8);
  const color = v128.or(r, v128.or(i32x4.shl(g, 8), i32x4.shl(b, 16)));
  return v128.bitselect(below, v128.or(color, i32x4.shl(a, 24)), i32x4.eq(n, i32x4.splat(0)));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function byte4(pixels: v128, shift: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(pixels, shift), i32x4.splat(255)));
}

/** Adding 2^23 leaves an integer's bits at the low end of the float; cheaper than a conversion, which has to saturate. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function quotient(above: v128, below: v128, weightAbove: v128, weightBelow: v128, half: v128, n: v128): v128 {
  const sum = f32x4.add(f32x4.add(f32x4.mul(above, weightAbove), f32x4.mul(below, weightBelow)), half);
  const floor = f32x4.floor(f32x4.div(sum, n));
  return v128.and(f32x4.add(floor, f32x4.splat(8388608)), i32x4.splat(255));
}
