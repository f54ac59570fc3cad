/*
 * Samples of a source plane become those of an output plane, along each axis on its own: of a finer plane two are averaged; a
 * coarser one is interpolated between the centers of its samples, as "fancy upsampling" of libjpeg does, so that a picture of
 * full chroma made of one with less does not show its steps. Everything is rounded once, half up. Beyond the edge of
 * the source its last samples count; beyond the edge of the output its last samples are repeated.
 */

/** How many times finer the output is, as a power of 2: 1 or 2 bits of enlargement, 0 for the same, -1 for half. */
type Enlargement = i32;

/**
 * Rows first..end - 1 of a source plane are at `src`, packed, `width` samples each; they are all that output rows y..y + rows - 1
 * take. Writes those rows, `count` samples that are repeated up to `padded`, to `dst`.
 */
export function fitPlane(
  src: usize,
  width: i32,
  first: i32,
  end: i32,
  dst: usize,
  count: i32,
  padded: i32,
  y: i32,
  rows: i32,
  finerX: Enlargement,
  finerY: Enlargement,
): void {
  for (const until = y + rows; y < until; y++, dst += padded) {
    const near = nearOf(y, finerY);
    const other = max(min(otherOf(y, near, finerY), end - 1), first);
    const upper = src + <usize>((near - first) * width);
    const lower = src + <usize>((other - first) * width);
    if (finerX > 0 || finerY > 0) {
      interpolateRow(upper, lower, weightOf(y, finerY), shareBits(finerY), width, dst, count, finerX);
    } else if (finerX < 0) {
      halveRow(upper, lower, width, dst, count);
    } else if (finerY < 0) {
      averageRow(upper, lower, dst, count);
    } else {
      memory.copy(dst, upper, count);
    }
    repeatLast(dst, count, padded);
  }
}

/** Repeats the last of `have` rows of `width` samples down to row `rows`. */
export function repeatRows(at: usize, width: i32, have: i32, rows: i32): void {
  for (let y = have; y < rows; y++) memory.copy(at + <usize>(y * width), at + <usize>((have - 1) * width), width);
}

/** Repeats the last of `count` samples up to `padded`. */
export function repeatLast(row: usize, count: i32, padded: i32): void {
  if (padded > count) memory.fill(row + count, load<u8>(row + count - 1), padded - count);
}

/** Of an output sample: the source sample that has its center in it or the first of two. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function nearOf(at: i32, finer: Enlargement): i32 {
  return finer < 0 ? 2 * at : at >> finer;
}

/** The other source sample that counts. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function otherOf(at: i32, near: i32, finer: Enlargement): i32 {
  if (finer <= 0) return finer < 0 ? near + 1 : near;
  const firstHalf = ((at >> (finer - 1)) & 1) == 0;
  return firstHalf ? near - 1 : near + 1;
}

/** What the near sample counts, of 1 << shareBits: 1 of 2 for a mean, 3 of 4, or 5 and 7 of 8. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function weightOf(at: i32, finer: Enlargement): i32 {
  if (finer <= 0) return 1;
  const factor = 1 << finer;
  const middle = 2 * (at & (factor - 1)) + 1 - factor;
  return 2 * factor - abs(middle);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function shareBits(finer: Enlargement): i32 {
  return finer <= 0 ? 1 : finer + 1;
}

/** `weight` of 1 << `bits` parts of the upper row and the rest of the lower, then the same along the row. */
function interpolateRow(
  upper: usize,
  lower: usize,
  weight: i32,
  bits: i32,
  width: i32,
  dst: usize,
  count: i32,
  finer: Enlargement,
): void {
  const rest = (1 << bits) - weight;
  const share = shareBits(finer);
  const half = 1 << (bits + share - 1);
  const last = width - 1;
  for (let x = 0; x < count; x++) {
    const near = min(nearOf(x, finer), last);
    const other = max(0, min(otherOf(x, nearOf(x, finer), finer), last));
    const nearSum = <i32>load<u8>(upper + near) * weight + <i32>load<u8>(lower + near) * rest;
    const otherSum = <i32>load<u8>(upper + other) * weight + <i32>load<u8>(lower + other) * rest;
    const nearWeight = weightOf(x, finer);
    const sum = nearSum * nearWeight + otherSum * ((1 << share) - nearWeight);
    store<u8>(dst + x, (sum + half) >> (bits + share));
  }
}

/** Means of 2x2 samples; of 2x1 where both rows are one. */
function halveRow(upper: usize, lower: usize, width: i32, dst: usize, count: i32): void {
  let x = 0;
  if (ASC_FEATURE_SIMD) {
    const two = i16x8.splat(2);
    for (; x < count && 2 * x + 16 <= width; x += 8) {
      const above = i16x8.extadd_pairwise_i8x16_u(v128.load(upper + 2 * x));
      const below = i16x8.extadd_pairwise_i8x16_u(v128.load(lower + 2 * x));
      const mean = i16x8.shr_u(i16x8.add(i16x8.add(above, below), two), 2);
      v128.store64_lane(dst + x, i8x16.narrow_i16x8_u(mean, mean), 0);
    }
  }
  const last = width - 1;
  for (; x < count; x++) {
    const left = <usize>min(2 * x, last);
    const right = <usize>min(2 * x + 1, last);
    const above = <i32>load<u8>(upper + left) + <i32>load<u8>(upper + right);
    const below = <i32>load<u8>(lower + left) + <i32>load<u8>(lower + right);
    store<u8>(dst + x, (above + below + 2) >> 2);
  }
}

/** Means of two rows. */
function averageRow(upper: usize, lower: usize, dst: usize, count: i32): void {
  let x = 0;
  if (ASC_FEATURE_SIMD) {
    for (; x <= count - 16; x += 16) v128.store(dst + x, i8x16.avgr_u(v128.load(upper + x), v128.load(lower + x)));
  }
  for (; x < count; x++) {
    store<u8>(dst + x, (<i32>load<u8>(upper + x) + <i32>load<u8>(lower + x) + 1) >> 1);
  }
}
