import { reserve, reset } from "../memory";
import { curve, NEAREST, prepare, supportOf } from "./filters";

/** Weights are i16 with 14 bits after the point; those of an output add up to exactly 1. */
const ONE: i32 = 16384;

/** Fields of a table's head, u32. */
const TAPS: u32 = 0;
const SPAN: u32 = 4;
const STARTS: u32 = 8;
const ENDS: u32 = 12;
const KEEPS: u32 = 16;
const WEIGHTS: u32 = 20;
const HEAD_BYTES: u32 = 24;

/**
 * Makes the table of an axis: `outputs` samples from the window start .. start + length, in 1 / by samples, of `count`
 * samples 0..count - 1 whose centers lie at n + 1/2. The filter is stretched by the scale where it reduces. Samples beyond
 * the ends are the ends repeated (their weights are added to the last sample's), as libvips has it.
 *
 * Gives the address of six u32, or 0 where there is no memory:
 *   taps     weights of each output, a multiple of `align`
 *   span     most rows from the first that is kept to the last that is needed
 *   starts   u32 of each output: sample of its first weight; even where `align` is 2
 *   ends     u32 of each output: last sample with a weight that is not 0
 *   keeps    u32 of each output: smallest start of this output and all later ones
 *   weights  i16, `taps` of each output, 0 beyond its own
 * Starts and weights go on to a multiple of four outputs, with zeros. `most`: taps at most (src/kernels/resize/scaler.ts).
 */
export function axis(
  count: i32,
  outputs: i32,
  start: f64,
  length: f64,
  by: f64,
  filter: i32,
  align: i32,
  most: i32,
): u32 {
  prepare(filter);
  const rounded = (outputs + 3) & ~3;
  const head = reserve(HEAD_BYTES);
  const starts = reserve(<u32>rounded << 2);
  const ends = reserve(<u32>rounded << 2);
  const keeps = reserve(<u32>rounded << 2);
  const weights = reserve(<u32>rounded * <u32>most * 2);
  const scratch = reserve(<u32>most << 3);
  if (head == 0 || starts == 0 || ends == 0 || keeps == 0 || weights == 0 || scratch == 0) return 0;
  memory.fill(starts, 0, <u32>rounded << 2);
  memory.fill(weights, 0, <u32>rounded * <u32>most * 2);

  const scale = max<f64>(1, length / (by * <f64>outputs));
  const whole = 2 * <f64>outputs * by;
  const shift = 2 * start * <f64>outputs;
  let taps = 1;
  for (let i = 0; i < outputs; i++) {
    const center = (<f64>(2 * i + 1) * length + shift) / whole;
    const used = output(i, center, scale, count, filter, align, most, starts, ends, weights, scratch);
    taps = max<i32>(taps, used);
  }
  reset(scratch);
  taps = (taps + align - 1) & -align;
  pack(weights, outputs, most, taps);
  memory.fill(weights + <u32>outputs * <u32>taps * 2, 0, <u32>(rounded - outputs) * <u32>taps * 2);

  store<u32>(head, taps, TAPS);
  store<u32>(head, keepAndSpan(outputs, starts, ends, keeps), SPAN);
  store<u32>(head, starts, STARTS);
  store<u32>(head, ends, ENDS);
  store<u32>(head, keeps, KEEPS);
  store<u32>(head, weights, WEIGHTS);
  return head;
}

/** Start, end and weights of one output. Gives how many taps it uses, from its start on. */
function output(
  i: i32,
  center: f64,
  scale: f64,
  count: i32,
  filter: i32,
  align: i32,
  most: i32,
  starts: u32,
  ends: u32,
  weights: u32,
  scratch: u32,
): i32 {
  const nearest = min<i32>(<i32>floor<f64>(center), count - 1);
  let low = nearest;
  let high = nearest;
  let first = scratch; // entry of `low`
  if (filter == NEAREST) store<i32>(scratch, ONE);
  else {
    const reach = supportOf(filter) * scale;
    const from = <i32>ceil<f64>(center - reach - 0.5);
    const to = <i32>floor<f64>(center + reach - 0.5);
    low = max<i32>(from, 0);
    high = min<i32>(to, count - 1);
    const sum = sample(center, scale, filter, from, to, low, high, scratch);
    quantize(scratch, low, high, nearest, <f64>ONE / sum);
    for (; low < nearest && load<i32>(first) == 0; low++) first += 8;
    for (; high > nearest && load<i32>(first + (<u32>(high - low) << 3)) == 0; ) high--;
  }
  const start = align == 2 ? low & ~1 : low;
  let to = weights + ((<u32>i * <u32>most + <u32>(low - start)) << 1);
  for (let j = low; j <= high; j++, to += 2, first += 8) store<i16>(to, load<i32>(first));
  store<u32>(starts + (<u32>i << 2), start);
  store<u32>(ends + (<u32>i << 2), high);
  return high - start + 1;
}

/** Puts the filter's values at the samples low..high into scratch (f64 each), those of from..to beyond them added at the ends. Gives their sum. */
function sample(center: f64, scale: f64, filter: i32, from: i32, to: i32, low: i32, high: i32, scratch: u32): f64 {
  const unit = 1 / scale;
  const first = 0.5 - center;
  let sum = 0.0;
  for (let j = from; j <= to; j++) {
    const value = curve(filter, (<f64>j + first) * unit);
    const at = scratch + (<u32>(min<i32>(max<i32>(j, low), high) - low) << 3);
    if ((j <= low && j > from) || j > high) store<f64>(at, load<f64>(at) + value);
    else store<f64>(at, value);
    sum += value;
  }
  return sum;
}

/**
 * Turns scratch into integers (i32 in the place of each f64) that add up to ONE: both sides are rounded such that their
 * running sums from the outer end are never off by more than a half, and the sample that holds the center takes the rest.
 * So an error of rounding is made up for next door, and mirrored tables have mirrored weights.
 */
function quantize(scratch: u32, low: i32, high: i32, middle: i32, factor: f64): void {
  const rest = ONE - side(scratch, middle - low, 8, factor) - side(scratch + (<u32>(high - low) << 3), high - middle, -8, factor);
  store<i32>(scratch + (<u32>(middle - low) << 3), rest);
}

/** `count` entries from the outer end on. Gives the sum of the integers. */
function side(at: u32, count: i32, step: i32, factor: f64): i32 {
  let exact = 0.0;
  let sum = 0;
  for (let n = 0; n < count; n++, at += step) {
    exact += load<f64>(at);
    const rounded = <i32>floor<f64>(exact * factor + 0.5);
    store<i32>(at, rounded - sum);
    sum = rounded;
  }
  return sum;
}

/** Moves rows of `most` weights together so that each has `taps`. */
function pack(weights: u32, outputs: i32, most: i32, taps: i32): void {
  let from = weights;
  let to = weights;
  for (let i = 0; i < outputs; i++, from += <u32>most << 1, to += <u32>taps << 1) memory.copy(to, from, <u32>taps << 1);
}

/** Fills in `keeps`, from the last output to the first. Gives the span. */
function keepAndSpan(outputs: i32, starts: u32, ends: u32, keeps: u32): i32 {
  let keep = i32.MAX_VALUE;
  let span = 1;
  for (let i = outputs - 1; i >= 0; i--) {
    const at = <u32>i << 2;
    keep = min<i32>(keep, load<i32>(starts + at));
    store<i32>(keeps + at, keep);
    span = max<i32>(span, load<i32>(ends + at) - keep + 1);
  }
  return span;
}
