/**
 * The part of a cut-off curve that is the same at all distances: a sum over 2 · radius + 1 px, of which one comes and one goes
 * from each px to the next. Added to it is what is left of the curve, convolved on a smaller picture.
 * Results are trunc(sum · each + rest · share + 1/2) of wide values (levels.ts) in single precision, rounded after every
 * operation; sums are whole numbers below 2^24 up to radius 127.
 * Reference: src/kernels/reference/blur.ts (must agree bit for bit).
 */

/** Along a row of `count` px at `src` that has radius + 1 copies of the edge at both sides. */
export function slideRow(dst: usize, src: usize, rest: usize, radius: i32, count: i32, each: f32, share: f32): void {
  const end = dst + (<usize>count << 3);
  let behind = src - (<usize>(radius + 1) << 3);
  let ahead = src + (<usize>radius << 3);
  if (ASC_FEATURE_SIMD) {
    let sum = i32x4.splat(0);
    for (let at = behind; at < ahead; at += 8) sum = i32x4.add(sum, i32x4.extend_low_i16x8_u(v128.load64_zero(at)));
    const weight = f32x4.splat(each);
    const restWeight = f32x4.splat(share);
    for (; dst < end; dst += 8, behind += 8, ahead += 8, rest += 8) {
      const coming = i32x4.extend_low_i16x8_u(v128.load64_zero(ahead));
      const going = i32x4.extend_low_i16x8_u(v128.load64_zero(behind));
      sum = i32x4.add(sum, i32x4.sub(coming, going));
      const value = mixed(sum, i32x4.extend_low_i16x8_u(v128.load64_zero(rest)), weight, restWeight);
      v128.store64_lane(dst, i16x8.narrow_i32x4_u(value, value), 0);
    }
  } else {
    for (let channel = 0; channel < 4; channel++) {
      let sum = 0;
      for (let at = behind; at < ahead; at += 8) sum += load<u16>(at);
      for (let at: usize = 0; dst + at < end; at += 8) {
        sum += <i32>load<u16>(ahead + at) - <i32>load<u16>(behind + at);
        store<u16>(dst + at, mix(sum, load<u16>(rest + at), each, share));
      }
      dst += 2;
      behind += 2;
      ahead += 2;
      rest += 2;
    }
  }
}

/** Down the columns: `values` sums of 32 bits each at `sums` become those of the next row. */
export function slideRows(
  dst: usize,
  sums: usize,
  coming: usize,
  going: usize,
  rest: usize,
  values: i32,
  each: f32,
  share: f32,
): void {
  const end = dst + (<usize>values << 1);
  if (ASC_FEATURE_SIMD) {
    const weight = f32x4.splat(each);
    const restWeight = f32x4.splat(share);
    for (; dst < end; dst += 16, sums += 32, coming += 16, going += 16, rest += 16) {
      const plus = v128.load(coming);
      const minus = v128.load(going);
      const other = v128.load(rest);
      let sum = i32x4.add(v128.load(sums), i32x4.extend_low_i16x8_u(plus));
      sum = i32x4.sub(sum, i32x4.extend_low_i16x8_u(minus));
      v128.store(sums, sum);
      const first = mixed(sum, i32x4.extend_low_i16x8_u(other), weight, restWeight);
      sum = i32x4.add(v128.load(sums, 16), i32x4.extend_high_i16x8_u(plus));
      sum = i32x4.sub(sum, i32x4.extend_high_i16x8_u(minus));
      v128.store(sums, sum, 16);
      v128.store(dst, i16x8.narrow_i32x4_u(first, mixed(sum, i32x4.extend_high_i16x8_u(other), weight, restWeight)));
    }
  } else {
    for (; dst < end; dst += 2, sums += 4, coming += 2, going += 2, rest += 2) {
      const sum = load<i32>(sums) + <i32>load<u16>(coming) - <i32>load<u16>(going);
      store<i32>(sums, sum);
      store<u16>(dst, mix(sum, load<u16>(rest), each, share));
    }
  }
}

/** Adds a row of `values` wide values to the sums, or begins them where `first`. */
export function sumRow(sums: usize, row: usize, values: i32, first: i32): void {
  const end = row + (<usize>values << 1);
  if (ASC_FEATURE_SIMD) {
    for (; row < end; row += 16, sums += 32) {
      const value = v128.load(row);
      const zero = i32x4.splat(0);
      v128.store(sums, i32x4.add(first ? zero : v128.load(sums), i32x4.extend_low_i16x8_u(value)));
      v128.store(sums, i32x4.add(first ? zero : v128.load(sums, 16), i32x4.extend_high_i16x8_u(value)), 16);
    }
  } else {
    for (; row < end; row += 2, sums += 4) store<i32>(sums, (first ? 0 : load<i32>(sums)) + <i32>load<u16>(row));
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function mix(sum: i32, rest: u32, each: f32, share: f32): i32 {
  return <i32>(<f32>sum * each + <f32>rest * share + 0.5);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function mixed(sum: v128, rest: v128, each: v128, share: v128): v128 {
  const both = f32x4.add(
    f32x4.mul(f32x4.convert_i32x4_s(sum), each),
    f32x4.mul(f32x4.convert_i32x4_s(rest), share),
  );
  return i32x4.trunc_sat_f32x4_s(f32x4.add(both, f32x4.splat(0.5)));
}
