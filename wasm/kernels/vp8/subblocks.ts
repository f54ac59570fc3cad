/** Prediction of subblocks of 4 by 4, RFC 6386 section 12.3. */
import { DC, TM } from "./layout";

/**
 * The edge of a subblock, from the bottom left up to the corner and on to the right, in 15 bytes:
 *
 *   0  L3 again   1..4  L3 to L0, the samples to the left from below   5  P, the corner
 *   6..13  A0 to A7, the samples above and above to the right          14  A7 again
 *
 * Every other mode than DC and TM gives each of its samples either a smoothed one of these, (a + 2 b + c + 2) / 4 with b at
 * index i, or the mean of two, (a + b + 1) / 2 with a at i. PICKS has 32 bytes for each mode: indices of smoothed ones in the
 * order of rows, then of means; NONE where it is the other.
 */
const NONE: u8 = 128;
// biome-ignore format: a row of samples per group
const PICKS: usize = memory.data<u8>([
  // VE
  6, 7, 8, 9,  6, 7, 8, 9,  6, 7, 8, 9,  6, 7, 8, 9,
  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,
  // HE
  4, 4, 4, 4,  3, 3, 3, 3,  2, 2, 2, 2,  1, 1, 1, 1,
  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,
  // RD
  5, 6, 7, 8,  4, 5, 6, 7,  3, 4, 5, 6,  2, 3, 4, 5,
  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,
  // VR
  NONE, NONE, NONE, NONE,  5, 6, 7, 8,  4, NONE, NONE, NONE,  3, 5, 6, 7,
  5, 6, 7, 8,  NONE, NONE, NONE, NONE,  NONE, 5, 6, 7,  NONE, NONE, NONE, NONE,
  // LD
  7, 8, 9, 10,  8, 9, 10, 11,  9, 10, 11, 12,  10, 11, 12, 13,
  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,  NONE, NONE, NONE, NONE,
  // VL
  NONE, NONE, NONE, NONE,  7, 8, 9, 10,  NONE, NONE, NONE, 11,  8, 9, 10, 12,
  6, 7, 8, 9,  NONE, NONE, NONE, NONE,  7, 8, 9, NONE,  NONE, NONE, NONE, NONE,
  // HD
  NONE, 5, 6, 7,  NONE, 4, NONE, 5,  NONE, 3, NONE, 4,  NONE, 2, NONE, 3,
  4, NONE, NONE, NONE,  3, NONE, 4, NONE,  2, NONE, 3, NONE,  1, NONE, 2, NONE,
  // HU
  NONE, 3, NONE, 2,  NONE, 2, NONE, 1,  NONE, 1, NONE, NONE,  NONE, NONE, NONE, NONE,
  3, NONE, 2, NONE,  2, NONE, 1, NONE,  1, NONE, 0, 0,  0, 0, 0, 0,
]);
/** VE; the modes from here on have picks. */
const FIRST_PICKED: i32 = 2;

/** The edge, and what is made of it; only the scalar build keeps it in memory. */
const edge: usize = memory.data(16, 16);

/** above: 8 samples, 4 of them to the right. corner: the sample before `above`. The others to the left lie before each row of `to`. */
export function predictSubblock(mode: i32, to: usize, stride: u32, above: u64, corner: u32): void {
  const second = to + stride;
  const third = second + stride;
  const fourth = third + stride;
  const l0 = <u64>load<u8>(to - 1);
  const l1 = <u64>load<u8>(second - 1);
  const l2 = <u64>load<u8>(third - 1);
  const l3 = <u64>load<u8>(fourth - 1);
  if (mode == DC) {
    const sum = (above & 255) + ((above >> 8) & 255) + ((above >> 16) & 255) + ((above >> 24) & 255) + l0 + l1 + l2 + l3;
    const each = <u32>((sum + 4) >> 3) * 0x01010101;
    store<u32>(to, each);
    store<u32>(second, each);
    store<u32>(third, each);
    store<u32>(fourth, each);
    return;
  }
  if (mode == TM) {
    trueMotion(to, <u32>above, <i32>l0 - corner);
    trueMotion(second, <u32>above, <i32>l1 - corner);
    trueMotion(third, <u32>above, <i32>l2 - corner);
    trueMotion(fourth, <u32>above, <i32>l3 - corner);
    return;
  }
  const front = l3 * 0x0101 | (l2 << 16) | (l1 << 24) | (l0 << 32) | (<u64>corner << 40) | (above << 48);
  const back = (above >> 16) | ((above >> 56) << 48);
  const picks = PICKS + ((mode - FIRST_PICKED) << 5);
  if (ASC_FEATURE_SIMD) {
    const b = i64x2.replace_lane(i64x2.splat(front), 1, back);
    const a = i8x16.shuffle(b, b, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    const c = i8x16.shuffle(b, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 14, 14);
    // Rounded down, the mean of a and c, so that its rounded mean with b is that of all four
    const outer = i8x16.sub(i8x16.avgr_u(a, c), v128.and(v128.xor(a, c), i8x16.splat(1)));
    const smoothed = i8x16.avgr_u(outer, b);
    const means = i8x16.avgr_u(b, c);
    const rows = v128.or(i8x16.swizzle(smoothed, v128.load(picks)), i8x16.swizzle(means, v128.load(picks + 16)));
    v128.store32_lane(to, rows, 0);
    v128.store32_lane(second, rows, 1);
    v128.store32_lane(third, rows, 2);
    v128.store32_lane(fourth, rows, 3);
  } else {
    store<u64>(edge, front);
    store<u64>(edge, back, 8);
    for (let i: usize = 0; i < 16; i++) {
      const smoothed = load<u8>(picks + i);
      const at = edge + (smoothed == NONE ? <usize>load<u8>(picks + i, 16) : <usize>smoothed);
      const b = <u32>load<u8>(at);
      const c = <u32>load<u8>(at, 1);
      const value = smoothed == NONE ? (b + c + 1) >> 1 : (<u32>load<u8>(at - 1) + 2 * b + c + 2) >> 2;
      store<u8>(to + (i >> 2) * stride + (i & 3), value);
    }
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function trueMotion(to: usize, above: u32, step: i32): void {
  for (let x = 0; x < 4; x++) store<u8>(to + x, max(0, min(255, <i32>((above >> (x << 3)) & 255) + step)));
}
