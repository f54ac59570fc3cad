/**
 * Convolution with symmetric integer weights, four 15-bit channels in a u64: R in the lowest 16 bits, then G, B, A.
 * Two pixels at the same distance are added in all channels at once (15 + 15 bits fit 16), then every other channel is
 * multiplied in 32 bits of its own. Weights sum to 2^17, so a channel's sum is at most 32640 · 2^17, and with the half that
 * rounds it stays below 2^32.
 * Reference: src/kernels/reference/blur.ts (must agree bit for bit).
 */

/** Channels 0 and 2, with 32 bits for each. */
const EVEN: u64 = 0x0000ffff0000ffff;
const FIFTEEN_BITS: u64 = 0x00007fff00007fff;
/** 2^16 in both halves: the half that makes the division by 2^17 round. */
const ROUND: u64 = 0x0001000000010000;

/**
 * `count` RGBA pixels as 15-bit channels, with `radius` copies of the first before and of the last behind them.
 * opaque: 128 · c, A taken for 255. Else premultiplied: round(c · A / 2), and round(255 · A / 2) for A.
 */
export function spread(dst: usize, src: usize, count: i32, radius: i32, opaque: i32): void {
  const first = channelsOf(load<u32>(src), opaque);
  for (let i = 0; i < radius; i++, dst += 8) store<u64>(dst, first);
  const end = src + (<usize>count << 2);
  for (; src < end; src += 4, dst += 8) store<u64>(dst, channelsOf(load<u32>(src), opaque));
  const last = load<u64>(dst - 8);
  for (let i = 0; i < radius; i++, dst += 8) store<u64>(dst, last);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function channelsOf(pixel: u32, opaque: i32): u64 {
  const r = pixel & 255;
  const g = (pixel >> 8) & 255;
  const b = (pixel >> 16) & 255;
  const a = pixel >> 24;
  if (opaque) return <u64>((r << 7) | (g << 23)) | (<u64>((b << 7) | (255 << 23)) << 32);
  const rg = ((r * a + 1) >> 1) | (((g * a + 1) >> 1) << 16);
  const ba = ((b * a + 1) >> 1) | (((a * 255 + 1) >> 1) << 16);
  return <u64>rg | (<u64>ba << 32);
}

/** Convolves along a row: `count` pixels to `dst` from the count + 2 · radius that `spread` left at `src`. weights: u32 by distance. */
export function firRow(dst: usize, src: usize, weights: usize, radius: i32, count: i32): void {
  const end = dst + (<usize>count << 3);
  const reach = <usize>radius << 3;
  for (; dst < end; dst += 8, src += 8) {
    const center = load<u64>(src + reach);
    const weight = <u64>load<u32>(weights);
    let even = (center & EVEN) * weight + ROUND;
    let odd = ((center >> 16) & EVEN) * weight + ROUND;
    let left = src;
    let right = src + (reach << 1);
    for (let w = weights + (<usize>radius << 2); w > weights; w -= 4, left += 8, right -= 8) {
      const pair = load<u64>(left) + load<u64>(right);
      const both = <u64>load<u32>(w);
      even += (pair & EVEN) * both;
      odd += ((pair >> 16) & EVEN) * both;
    }
    store<u64>(dst, ((even >> 17) & FIFTEEN_BITS) | (((odd >> 17) & FIFTEEN_BITS) << 16));
  }
}

/**
 * Convolves across 2 · radius + 1 rows that lie `stride` bytes apart, the uppermost at `top`: `count` pixels to `dst` as
 * four u16, straight alpha, in 1/256 of a level. Where A comes out as 0 the color is 0.
 */
export function firColumns(
  dst: usize,
  top: usize,
  stride: i32,
  weights: usize,
  radius: i32,
  count: i32,
  opaque: i32,
): void {
  const end = dst + (<usize>count << 3);
  const reach = <usize>radius * <usize>stride;
  for (; dst < end; dst += 8, top += 8) {
    const center = load<u64>(top + reach);
    const weight = <u64>load<u32>(weights);
    let even = (center & EVEN) * weight;
    let odd = ((center >> 16) & EVEN) * weight;
    let above = top;
    let below = top + (reach << 1);
    for (let w = weights + (<usize>radius << 2); w > weights; w -= 4, above += stride, below -= stride) {
      const pair = load<u64>(above) + load<u64>(below);
      const both = <u64>load<u32>(w);
      even += (pair & EVEN) * both;
      odd += ((pair >> 16) & EVEN) * both;
    }
    if (opaque) {
      // 128 · c · 2^17 is c · 2^24; the half below 2^16 cannot carry out of 32 bits
      const rb = ((even + 0x0000800000008000) >> 16) & EVEN;
      const ga = ((odd + 0x0000800000008000) >> 16) & EVEN;
      store<u64>(dst, rb | (ga << 16));
    } else {
      storeStraight(dst, <u32>even, <u32>odd, <u32>(even >> 32), <u32>(odd >> 32));
    }
  }
}

/** Sums of c · A · 2^16 and of 255 · A · 2^16. */
function storeStraight(dst: usize, r: u32, g: u32, b: u32, a: u32): void {
  if (a == 0) {
    store<u64>(dst, 0);
    return;
  }
  store<u16>(dst, straight(r, a));
  store<u16>(dst + 2, straight(g, a));
  store<u16>(dst + 4, straight(b, a));
  store<u16>(dst + 6, <u32>(<f64>a / 65280.0 + 0.5));
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function straight(c: u32, a: u32): u32 {
  const value = <u32>((<f64>c * 65280.0) / <f64>a + 0.5);
  return value < 65280 ? value : 65280; // each pass rounds c and A on their own
}
