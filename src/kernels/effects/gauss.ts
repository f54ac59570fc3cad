/**
 * How a picture is blurred: halved `levels` times, convolved with `weights`, and doubled as often; equal for one sigma and
 * radius everywhere. Weights are by distance, the center first, and add up to WEIGHT_SUM over all of -radius..radius.
 */
export interface BlurKernel {
  readonly levels: number;
  /** The last halving is by the fine filter (wasm/kernels/pyramid.ts). */
  readonly fine: boolean;
  readonly weights: Int16Array;
  /** A part of the curve that is the same at all distances; the weights are of the rest, and each axis is halved alone. */
  readonly box?: Box;
}
/** 2 · radius + 1 px with the weight `each`; what is left has the weight `share`. */
export interface Box {
  readonly radius: number;
  readonly each: number;
  readonly share: number;
}
/** What decides about memory: upper bounds of the radius of weights and box, the latter 0 where there is none. */
export interface BlurExtent {
  readonly levels: number;
  readonly radius: number;
  readonly boxRadius: number;
}

/** Sum of the integer weights: 15-bit fractions, see wasm/kernels/fir.ts. */
export const WEIGHT_SUM = 32768;
/** The binomial filters that halve and double, the coarse and the fine one. */
const COARSE = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16] as const;
const FINE = [1 / 64, 6 / 64, 15 / 64, 20 / 64, 15 / 64, 6 / 64, 1 / 64] as const;
/** Least standard deviation in px of the picture halved once, of one halved more often, and with the coarse filter alone. */
const SMALLEST_FIRST = 1;
const SMALLEST = 1.1;
const SMALLEST_COARSE = 1.5;
/** Where the curve is cut off at less than this many sigmas it takes a finer picture; at less than that, the picture itself. */
const WHOLE_CURVE = 2.9;
const SMALLEST_CUT = 3;
const SMOOTH_CUT = 2.5;
/** Least radius of a box, and how often the picture is halved for what is left of the curve. */
const SMALLEST_BOX = 20;
const BOX_LEVELS = 2;
/** Beyond so many sigmas the curve is below 2^-17 of its height: no weight holds it. */
const REACH = 5;

/**
 * Gaussian with a standard deviation of sigmaMilli / 1000 px, 300 at least, cut off beyond `radius` px and normalized.
 *
 * From sigma 2 on, where the cut is at 2.5 sigma or further, the picture is halved as often as leaves a standard deviation of
 * 1.1 px or more; then the cost does not grow with sigma. Weights are those that come closest to the curve in the square
 * mean, so what halving and doubling widen is made up for. Largest difference from the exact convolution, in levels of 255,
 * in one dimension, over steps, lines, bars, waves and noise of full amplitude: 1.2 at sigma 2, 0.6 at 2.2, 0.3 at 2.5, 0.4 at
 * 3, 0.25 at 4, 0.5 at 4.4, 0.3 at 6, 0.6 at 8.8, 0.25 at 12; cut off at 2.5 sigma, 0.5 at 6. Rejected: the coarse filter for
 * deviations of 1.25 (0.8 at sigma 2.5) and 1 (2.4 at sigma 2); linear interpolation, which takes 4 px of the smaller picture
 * a sigma for 0.3.
 */
export function blurKernel(sigmaMilli: number, radius: number): BlurKernel {
  const sigma = sigmaMilli / 1000;
  const reach = Math.min(radius, Math.ceil(REACH * sigma));
  const curve = gaussian(sigma, reach);
  if (hasBox(sigma, radius)) return withBox(curve, sigma, radius);
  const levels = levelsOf(sigma, radius);
  const fine = levels > 0 && sigma < SMALLEST_COARSE * 2 ** levels;
  return { levels, fine, weights: quantized(levels === 0 ? curve : fitted(curve, levels, fine)) };
}

export function blurExtent(sigmaMilli: number, radius: number): BlurExtent {
  const sigma = sigmaMilli / 1000;
  const levels = hasBox(sigma, radius) ? BOX_LEVELS : levelsOf(sigma, radius);
  const reach = Math.ceil(Math.min(radius, Math.ceil(REACH * sigma)) / 2 ** levels);
  return { levels, radius: reach, boxRadius: hasBox(sigma, radius) ? radius : 0 };
}

function hasBox(sigma: number, radius: number): boolean {
  return radius < SMOOTH_CUT * sigma && radius >= SMALLEST_BOX;
}

/**
 * A curve that ends in a step cannot be had from a smaller picture; but without the height of the step it ends in a bend,
 * which can: differences as above are 0.1 at radius and sigma 50, 0.44 at radius 20 and sigma 10. Rejected: halving a third
 * time (0.5 at radius 40 and sigma 20), and halving once with the step (2.0 at radius and sigma 50).
 */
function withBox(curve: Float64Array, sigma: number, radius: number): BlurKernel {
  const each = curve[0]! * decay(((radius + 1) * (radius + 1)) / (2 * sigma * sigma));
  const rest = curve.map((weight) => weight - each);
  const box = { radius, each, share: 1 - (2 * radius + 1) * each };
  return { levels: BOX_LEVELS, fine: false, weights: quantized(fitted(normalized(rest), BOX_LEVELS, false)), box };
}

function levelsOf(sigma: number, radius: number): number {
  if (radius < SMOOTH_CUT * sigma) return 0;
  const whole = radius >= WHOLE_CURVE * sigma;
  let levels = 0;
  while (sigma >= (!whole ? SMALLEST_CUT : levels === 0 ? SMALLEST_FIRST : SMALLEST) * 2 ** (levels + 1)) levels++;
  return levels;
}

/** e^-x for x ≥ 0 to 1e-12, of + and * and / alone: Taylor's series at x / 2^n below 1/2, squared n times. */
export function decay(x: number): number {
  if (x > 64) return 0; // below 2e-28, which no weight can hold
  let halvings = 0;
  let small = x;
  for (; small > 0.5; halvings++) small /= 2;
  let sum = 1;
  for (let i = 16; i > 0; i--) sum = 1 - (small / i) * sum; // Horner's scheme
  for (; halvings > 0; halvings--) sum *= sum;
  return sum;
}

/** Weights by distance, 0..radius, that add up to 1 over both sides. */
function gaussian(sigma: number, radius: number): Float64Array {
  return normalized(Float64Array.from({ length: radius + 1 }, (_, d) => decay((d * d) / (2 * sigma * sigma))));
}

/** Rounding is made up for by the center; distances whose weight rounds to 0 are left out, but for the first. */
function quantized(curve: Float64Array): Int16Array {
  const weights = Int16Array.from(curve, (weight) => Math.floor(weight * WEIGHT_SUM + 0.5));
  weights[0] = weights[0]! + WEIGHT_SUM - bothSides(weights);
  let length = weights.length;
  while (length > 2 && weights[length - 1] === 0) length--;
  return weights.slice(0, length);
}

/**
 * Weights on px of a picture halved `levels` times whose blur, doubled again, is nearest to `curve` in the square mean over
 * all places of a px between those of the smaller picture. By the normal equations of the response to each weight alone.
 */
function fitted(curve: Float64Array, levels: number, fine: boolean): Float64Array {
  const step = 2 ** levels;
  const response = responseOf(levels, fine);
  const radius = Math.ceil((curve.length - 1) / step);
  const at = (d: number) => response[Math.abs(d)] ?? 0;
  const ofWeight = (k: number, d: number) => (k === 0 ? at(d) : at(d - k * step) + at(d + k * step));
  const rows = Array.from({ length: radius + 1 }, () => new Float64Array(radius + 2));
  for (let d = 0; d < radius * step + response.length; d++) {
    const sides = d === 0 ? 1 : 2;
    const each = rows.map((_, k) => ofWeight(k, d));
    for (const [j, row] of rows.entries()) {
      const own = sides * each[j]!;
      if (own === 0) continue;
      for (const [k, value] of each.entries()) row[k] = row[k]! + own * value;
      row[radius + 1] = row[radius + 1]! + own * (curve[d] ?? 0);
    }
  }
  return normalized(solved(rows));
}

/** By distance, what halving so many times and doubling again makes of a px, on average over its places. */
function responseOf(levels: number, fine: boolean): Float64Array {
  let taps = Float64Array.of(1);
  for (let pass = 0; pass < 2; pass++) {
    for (let level = 0; level < levels; level++) {
      const step = 2 ** level;
      const filter = fine && level === levels - 1 ? FINE : COARSE;
      const wider = new Float64Array(taps.length + (filter.length - 1) * step);
      for (const [i, tap] of taps.entries()) {
        for (const [j, part] of filter.entries()) wider[i + j * step] = wider[i + j * step]! + tap * part;
      }
      taps = wider;
    }
  }
  return taps.slice((taps.length - 1) / 2);
}

/** Gaussian elimination; the matrix is symmetric and positive definite, so it needs no pivots. The right side is the last column. */
function solved(rows: readonly Float64Array[]): Float64Array {
  const count = rows.length;
  for (const [i, pivot] of rows.entries()) {
    for (const row of rows.slice(i + 1)) {
      const factor = row[i]! / pivot[i]!;
      for (let k = i; k <= count; k++) row[k] = row[k]! - factor * pivot[k]!;
    }
  }
  const solution = new Float64Array(count);
  for (let i = count - 1; i >= 0; i--) {
    let rest = rows[i]![count]!;
    for (let k = i + 1; k < count; k++) rest -= rows[i]![k]! * solution[k]!;
    solution[i] = rest / rows[i]![i]!;
  }
  return solution;
}

function normalized(weights: Float64Array): Float64Array {
  const total = bothSides(weights);
  return weights.map((weight) => weight / total);
}

function bothSides(weights: Float64Array | Int16Array): number {
  let sum = weights[0]!;
  for (let d = 1; d < weights.length; d++) sum += 2 * weights[d]!;
  return sum;
}
