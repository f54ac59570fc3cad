/** Inverse transforms, RFC 6386 sections 14.3 and 14.4, added to the prediction. */
import { COEFFICIENTS, DC_ONLY, EMPTY, KINDS } from "./layout";

/** sqrt(2) cos(pi / 8) - 1 and sqrt(2) sin(pi / 8) in 16 bits of fraction; the latter also less 1, so that it fits i16. */
const COS: i16 = 20091;
const WHOLE_SIN: i32 = 35468;
const SIN: i16 = -30068;

/** Y2 to the DC of the 16 blocks of Y. `end`: behind its last coefficient. Leaves zeros. */
export function spreadSecond(end: i32): void {
  const second = COEFFICIENTS + (24 << 5);
  if (end <= 1) {
    const dc = (<i32>load<i16>(second) + 3) >> 3;
    for (let block = 0; block < 16; block++) setDc(block, dc);
  } else {
    walshColumns(second);
    for (let row = 0; row < 4; row++) walshRow(row << 2);
  }
  memory.fill(second, 0, 32);
}

/** i32 each, 4 by 4. */
const sums: usize = memory.data(64, 16);

function walshColumns(second: usize): void {
  for (let column = 0; column < 4; column++) {
    const at = second + (column << 1);
    const outer = <i32>load<i16>(at) + <i32>load<i16>(at, 24);
    const inner = <i32>load<i16>(at, 8) + <i32>load<i16>(at, 16);
    const outerStep = <i32>load<i16>(at) - <i32>load<i16>(at, 24);
    const innerStep = <i32>load<i16>(at, 8) - <i32>load<i16>(at, 16);
    const to = sums + (column << 2);
    store<i32>(to, outer + inner);
    store<i32>(to, outerStep + innerStep, 16);
    store<i32>(to, outer - inner, 32);
    store<i32>(to, outerStep - innerStep, 48);
  }
}
function walshRow(block: i32): void {
  const at = sums + (block << 2);
  const dc = load<i32>(at) + 3;
  const outer = dc + load<i32>(at, 12);
  const inner = load<i32>(at, 4) + load<i32>(at, 8);
  const outerStep = dc - load<i32>(at, 12);
  const innerStep = load<i32>(at, 4) - load<i32>(at, 8);
  setDc(block, (outer + inner) >> 3);
  setDc(block + 1, (outerStep + innerStep) >> 3);
  setDc(block + 2, (outer - inner) >> 3);
  setDc(block + 3, (outerStep - innerStep) >> 3);
}
function setDc(block: i32, dc: i32): void {
  store<i16>(COEFFICIENTS + (block << 5), dc);
  if (dc != 0 && load<u8>(KINDS + block) == EMPTY) store<u8>(KINDS + block, DC_ONLY);
}

/** Adds a block's residue to the 4 by 4 samples at `to`, and leaves zeros in its coefficients. */
export function addBlock(block: u32, to: usize, stride: u32): void {
  const kind = <u32>load<u8>(KINDS + block);
  if (kind == EMPTY) return;
  const from = COEFFICIENTS + (block << 5);
  if (kind == DC_ONLY) {
    const dc = (<i32>load<i16>(from) + 4) >> 3;
    store<i16>(from, 0);
    if (ASC_FEATURE_SIMD) {
      const add = i16x8.splat(<i16>dc);
      addRows(to, stride, add, add);
    } else {
      for (let row: u32 = 0; row < 4; row++, to += stride) {
        for (let x = 0; x < 4; x++) addTo(to + x, dc);
      }
    }
  } else if (ASC_FEATURE_SIMD) addFull(from, to, stride);
  else addFullScalar(from, to, stride);
}

/** Rows 0 and 1, and 2 and 3, of what is to be added, i16. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function addRows(to: usize, stride: u32, first: v128, last: v128): void {
  const second = to + stride;
  const third = second + stride;
  const fourth = third + stride;
  let samples = v128.load32_zero(to);
  samples = v128.load32_lane(second, samples, 1);
  samples = v128.load32_lane(third, samples, 2);
  samples = v128.load32_lane(fourth, samples, 3);
  const sum = i8x16.narrow_i16x8_u(
    i16x8.add(i16x8.extend_low_i8x16_u(samples), first),
    i16x8.add(i16x8.extend_high_i8x16_u(samples), last),
  );
  v128.store32_lane(to, sum, 0);
  v128.store32_lane(second, sum, 1);
  v128.store32_lane(third, sum, 2);
  v128.store32_lane(fourth, sum, 3);
}

/**
 * floor(a * b / 65536) of i16. With p = a * b and r = (p + 2^14) >> 15, r >> 1 is that, or one more where the low half of p
 * is 0xc000 or above.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function highProduct(a: v128, b: v128): v128 {
  const low = i16x8.shr_s(i16x8.mul(a, b), 14);
  return i16x8.add(i16x8.shr_s(i16x8.q15mulr_sat_s(a, b), 1), i16x8.eq(low, i16x8.splat(-1)));
}

/**
 * A pass over four rows or columns a, b, c, d, each twice in a vector: results 0 and 1 are sumsOf + stepsOf, and 3 and 2
 * sumsOf - stepsOf. In the upper half c, and what is made of d, are subtracted.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function sumsOf(a: v128, c: v128): v128 {
  const upper = i64x2(0, -1);
  return i16x8.add(a, i16x8.sub(v128.xor(c, upper), upper));
}
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function stepsOf(b: v128, d: v128): v128 {
  const upper = i64x2(0, -1);
  const ofB = i16x8.add(b, highProduct(b, i16x8(COS, COS, COS, COS, SIN, SIN, SIN, SIN)));
  const ofD = i16x8.add(d, highProduct(d, i16x8(SIN, SIN, SIN, SIN, COS, COS, COS, COS)));
  return i16x8.add(ofB, i16x8.sub(v128.xor(ofD, upper), upper));
}

/** Two passes multiply by 14.9 at most, so 16 bits do up to here; encoders stay below, and more is left to 32 bits. */
const MOST: i16 = 2048;

function addFull(from: usize, to: usize, stride: u32): void {
  const front16 = i16x8.add(v128.load(from), i16x8.splat(MOST));
  const back16 = i16x8.add(v128.load(from + 16), i16x8.splat(MOST));
  if (v128.any_true(v128.and(v128.or(front16, back16), i16x8.splat(-2 * MOST)))) return addFullScalar(from, to, stride);
  let sums = sumsOf(v128.load64_splat(from), v128.load64_splat(from + 16));
  let steps = stepsOf(v128.load64_splat(from + 8), v128.load64_splat(from + 24));
  v128.store(from, i64x2.splat(0));
  v128.store(from + 16, i64x2.splat(0));
  let front = i16x8.add(sums, steps); // rows 0, 1
  let back = i16x8.sub(sums, steps); // rows 3, 2
  // Columns, each twice
  const a = i16x8.shuffle(front, back, 0, 4, 12, 8, 0, 4, 12, 8);
  const b = i16x8.shuffle(front, back, 1, 5, 13, 9, 1, 5, 13, 9);
  const c = i16x8.shuffle(front, back, 2, 6, 14, 10, 2, 6, 14, 10);
  const d = i16x8.shuffle(front, back, 3, 7, 15, 11, 3, 7, 15, 11);
  sums = sumsOf(i16x8.add(a, i16x8.splat(4)), c);
  steps = stepsOf(b, d);
  front = i16x8.shr_s(i16x8.add(sums, steps), 3);
  back = i16x8.shr_s(i16x8.sub(sums, steps), 3);
  const first = i16x8.shuffle(front, back, 0, 4, 12, 8, 1, 5, 13, 9);
  const last = i16x8.shuffle(front, back, 2, 6, 14, 10, 3, 7, 15, 11);
  addRows(to, stride, first, last);
}

/** i32 each: columns as they come of the first pass, and a row of the second. */
const half: usize = memory.data(64, 16);
const outcome: usize = memory.data(16, 16);

function addFullScalar(from: usize, to: usize, stride: u32): void {
  for (let i = 0; i < 4; i++) {
    const at = from + (i << 1);
    transform(load<i16>(at), load<i16>(at, 8), load<i16>(at, 16), load<i16>(at, 24), half + (i << 4));
  }
  memory.fill(from, 0, 32);
  for (let row = 0; row < 4; row++, to += stride) {
    const at = half + (row << 2);
    transform(load<i32>(at) + 4, load<i32>(at, 16), load<i32>(at, 32), load<i32>(at, 48), outcome);
    for (let x = 0; x < 4; x++) addTo(to + x, load<i32>(outcome + (x << 2)) >> 3);
  }
}

function transform(a: i32, b: i32, c: i32, d: i32, to: usize): void {
  const sum = a + c;
  const difference = a - c;
  const front = b + ((b * <i32>COS) >> 16) + ((d * WHOLE_SIN) >> 16);
  const back = ((b * WHOLE_SIN) >> 16) - d - ((d * <i32>COS) >> 16);
  store<i32>(to, sum + front);
  store<i32>(to, difference + back, 4);
  store<i32>(to, difference - back, 8);
  store<i32>(to, sum - front, 12);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function addTo(at: usize, residue: i32): void {
  store<u8>(at, max(0, min(255, <i32>load<u8>(at) + residue)));
}
