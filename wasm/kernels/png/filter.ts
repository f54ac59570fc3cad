/**
 * Rows filtered for PNG (3rd edition section 9). Before a row lie as many zeros as a pixel has bytes, or more; up to 16
 * bytes are read behind it and written behind the result.
 */

const NONE: i32 = 0;
const SUB: i32 = 1;
const UP: i32 = 2;
const AVERAGE: i32 = 3;
const PAETH: i32 = 4;

/** Sums of the five filters. */
const SUMS: usize = memory.data(5 * 4, 16);
/** Vectors whose sums of bytes fit 16 bits: each adds up to 2 × 128 to a lane. */
const BATCH: u32 = 255;

/** Writes the filter's number and the row without any filter. */
export function filterNone(dst: u32, row: u32, count: u32): void {
  store<u8>(dst, NONE);
  memory.copy(dst + 1, row, count);
}

/**
 * Writes the row by the filter whose bytes, as signed numbers, have the smallest sum of magnitudes (section 12.7); of equal
 * ones the first, but the one above where both rows are equal. `step`: bytes of a pixel. The number of the filter comes first.
 */
export function filterRow(dst: u32, row: u32, above: u32, count: u32, step: u32): void {
  if (areEqual(row, above, count)) return applyFilter(dst, row, above, count, step, UP);
  sumFilters(row, above, count, step);
  let best = NONE;
  let least = load<u32>(SUMS);
  for (let filter = SUB; filter <= PAETH; filter++) {
    const sum = load<u32>(SUMS + (filter << 2));
    if (sum < least) {
      least = sum;
      best = filter;
    }
  }
  applyFilter(dst, row, above, count, step, best);
}

/** As of the empty and even parts of a drawing. */
function areEqual(row: u32, above: u32, count: u32): bool {
  const stop = row + count;
  const eights = row + (count & ~7);
  for (; row < eights; row += 8) {
    if (load<u64>(row) != load<u64>(above)) return false;
    above += 8;
  }
  for (; row < stop; row++) if (load<u8>(row) != load<u8>(above++)) return false;
  return true;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function magnitude(x: i32): u32 {
  const byte = x & 255;
  return min(byte, 256 - byte);
}

/** As in unfilter.ts. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function nearest(a: i32, b: i32, c: i32): i32 {
  const pa = abs(b - c);
  const pb = abs(a - c);
  const pc = abs(a + b - c - c);
  const other = pb <= pc ? b : c;
  return pa <= min(pb, pc) ? a : other;
}

/** floor((a + b) / 2) of bytes. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function meanLanes(a: v128, b: v128): v128 {
  return i8x16.sub(i8x16.avgr_u(a, b), v128.and(v128.xor(a, b), i8x16.splat(1)));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function apart(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

/**
 * Paeth's prediction in bytes. With pa = |b - c| and pb = |a - c|, pc = |a + b - 2c| is their sum where a and b lie on the
 * same side of c (cut to 255, which changes no comparison) and their difference where c lies between.
 */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function nearestLanes(a: v128, b: v128, c: v128): v128 {
  const pa = apart(b, c);
  const pb = apart(a, c);
  const between = v128.xor(i8x16.eq(i8x16.max_u(a, c), a), i8x16.eq(i8x16.max_u(b, c), b));
  const pc = v128.bitselect(apart(pa, pb), i8x16.add_sat_u(pa, pb), between);
  const other = v128.bitselect(b, c, i8x16.le_u(pb, pc));
  return v128.bitselect(a, other, i8x16.le_u(pa, i8x16.min_u(pb, pc)));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function addMagnitudes(sums: v128, bytes: v128): v128 {
  return i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(i8x16.abs(bytes)));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function across(sums: v128): u32 {
  const wide = i32x4.extadd_pairwise_i16x8_u(sums);
  return (
    i32x4.extract_lane(wide, 0) + i32x4.extract_lane(wide, 1) + i32x4.extract_lane(wide, 2) + i32x4.extract_lane(wide, 3)
  );
}

function sumFilters(row: u32, above: u32, count: u32, step: u32): void {
  let none: u32 = 0;
  let sub: u32 = 0;
  let up: u32 = 0;
  let average: u32 = 0;
  let paeth: u32 = 0;
  const stop = row + count;
  if (ASC_FEATURE_SIMD) {
    const vectors = row + (count & ~15);
    while (row < vectors) {
      const batch = min(vectors, row + BATCH * 16);
      let nones = i32x4.splat(0);
      let subs = nones;
      let ups = nones;
      let averages = nones;
      let paeths = nones;
      for (; row < batch; row += 16) {
        const x = v128.load(row);
        const a = v128.load(row - step);
        const b = v128.load(above);
        const c = v128.load(above - step);
        nones = addMagnitudes(nones, x);
        subs = addMagnitudes(subs, i8x16.sub(x, a));
        ups = addMagnitudes(ups, i8x16.sub(x, b));
        averages = addMagnitudes(averages, i8x16.sub(x, meanLanes(a, b)));
        paeths = addMagnitudes(paeths, i8x16.sub(x, nearestLanes(a, b, c)));
        above += 16;
      }
      none += across(nones);
      sub += across(subs);
      up += across(ups);
      average += across(averages);
      paeth += across(paeths);
    }
  }
  for (; row < stop; row++) {
    const x = <i32>load<u8>(row);
    const a = <i32>load<u8>(row - step);
    const b = <i32>load<u8>(above);
    const c = <i32>load<u8>(above - step);
    none += magnitude(x);
    sub += magnitude(x - a);
    up += magnitude(x - b);
    average += magnitude(x - ((a + b) >> 1));
    paeth += magnitude(x - nearest(a, b, c));
    above++;
  }
  store<u32>(SUMS, none);
  store<u32>(SUMS, sub, 4);
  store<u32>(SUMS, up, 8);
  store<u32>(SUMS, average, 12);
  store<u32>(SUMS, paeth, 16);
}

function applyFilter(dst: u32, row: u32, above: u32, count: u32, step: u32, filter: i32): void {
  if (filter == NONE) return filterNone(dst, row, count);
  store<u8>(dst++, filter);
  const stop = row + count;
  if (ASC_FEATURE_SIMD) {
    const vectors = row + (count & ~15);
    for (; row < vectors; row += 16) {
      const a = v128.load(row - step);
      const b = v128.load(above);
      let predicted = b;
      if (filter == SUB) predicted = a;
      else if (filter == AVERAGE) predicted = meanLanes(a, b);
      else if (filter == PAETH) predicted = nearestLanes(a, b, v128.load(above - step));
      v128.store(dst, i8x16.sub(v128.load(row), predicted));
      above += 16;
      dst += 16;
    }
  }
  for (; row < stop; row++) {
    const a = <i32>load<u8>(row - step);
    const b = <i32>load<u8>(above);
    let predicted = b;
    if (filter == SUB) predicted = a;
    else if (filter == AVERAGE) predicted = (a + b) >> 1;
    else if (filter == PAETH) predicted = nearest(a, b, <i32>load<u8>(above - step));
    store<u8>(dst++, <i32>load<u8>(row) - predicted);
    above++;
  }
}
