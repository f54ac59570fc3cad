/** Prediction of whole macroblocks, RFC 6386 sections 12.2 and 12.3. */
import { DC, H, V } from "./layout";

/** 8 equal bytes. */
const EACH: u64 = 0x0101010101010101;

/** `above`: 16 samples, with the one to the left before them; the others to the left lie before each row of `to`. */
export function predictLuma(mode: i32, to: usize, stride: u32, above: usize, hasLeft: bool, hasAbove: bool): void {
  if (mode == DC) {
    const both = mean(to - 1, stride, above, 16, hasLeft, hasAbove) * EACH;
    for (let row = 0; row < 16; row++, to += stride) setRow(to, both, both);
  } else if (mode == V) {
    const low = load<u64>(above);
    const high = load<u64>(above, 8);
    for (let row = 0; row < 16; row++, to += stride) setRow(to, low, high);
  } else if (mode == H) {
    for (let row = 0; row < 16; row++, to += stride) {
      const both = <u64>load<u8>(to - 1) * EACH;
      setRow(to, both, both);
    }
  } else {
    const corner = <i32>load<u8>(above - 1);
    for (let row = 0; row < 16; row++, to += stride) {
      const step = <i32>load<u8>(to - 1) - corner;
      setSums(to, above, step, step);
    }
  }
}

/** The same for 8 samples of U and 8 of V side by side; those to the left lie 8 before the end of each. */
export function predictChroma(mode: i32, to: usize, stride: u32, above: usize, hasLeft: bool, hasAbove: bool): void {
  if (mode == DC) {
    const u = mean(to - 9, stride, above, 8, hasLeft, hasAbove) * EACH;
    const v = mean(to - 1, stride, above + 8, 8, hasLeft, hasAbove) * EACH;
    for (let row = 0; row < 8; row++, to += stride) setRow(to, u, v);
  } else if (mode == V) {
    const u = load<u64>(above);
    const v = load<u64>(above, 8);
    for (let row = 0; row < 8; row++, to += stride) setRow(to, u, v);
  } else if (mode == H) {
    for (let row = 0; row < 8; row++, to += stride) {
      setRow(to, <u64>load<u8>(to - 9) * EACH, <u64>load<u8>(to - 1) * EACH);
    }
  } else {
    const cornerU = <i32>load<u8>(above - 9);
    const cornerV = <i32>load<u8>(above - 1);
    for (let row = 0; row < 8; row++, to += stride) {
      setSums(to, above, <i32>load<u8>(to - 9) - cornerU, <i32>load<u8>(to - 1) - cornerV);
    }
  }
}

/** Rounded mean of what there is of `count` samples above and as many to the left, 128 without any. */
function mean(left: usize, stride: u32, above: usize, count: u32, hasLeft: bool, hasAbove: bool): u64 {
  let sum: u32 = 0;
  let terms: u32 = 0;
  if (hasAbove) {
    for (let i: u32 = 0; i < count; i++) sum += load<u8>(above + i);
    terms += count;
  }
  if (hasLeft) {
    for (let i: u32 = 0; i < count; i++) sum += load<u8>(left + i * stride);
    terms += count;
  }
  return terms == 0 ? 128 : (sum + (terms >> 1)) / terms;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function setRow(to: usize, low: u64, high: u64): void {
  store<u64>(to, low);
  store<u64>(to, high, 8);
}

/** 16 samples clamp(above + step), with a step for each half. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function setSums(to: usize, above: usize, low: i32, high: i32): void {
  if (ASC_FEATURE_SIMD) {
    const samples = v128.load(above);
    const sums = i8x16.narrow_i16x8_u(
      i16x8.add(i16x8.extend_low_i8x16_u(samples), i16x8.splat(<i16>low)),
      i16x8.add(i16x8.extend_high_i8x16_u(samples), i16x8.splat(<i16>high)),
    );
    v128.store(to, sums);
  } else {
    for (let x: usize = 0; x < 16; x++) {
      store<u8>(to + x, max(0, min(255, <i32>load<u8>(above + x) + (x < 8 ? low : high))));
    }
  }
}
