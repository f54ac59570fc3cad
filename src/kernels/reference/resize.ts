import type { KernelFilter } from "../../core/filters.ts";
import type { ScaleAxis, ScaleOptions, ScalePlane } from "../resize/scaler.ts";

/**
 * A whole plane resampled, by the definition of what wasm/kernels/resize does by rows: the same integers in another order. It
 * shares no code with the kernel or its glue, so that tests may compare the two byte for byte.
 */
export function resize(data: Uint8Array, { channels, x, y }: ScalePlane, options: ScaleOptions): Uint8Array {
  const across = windowOf(x, options.filter);
  const down = windowOf(y, options.filter);
  const averaged = across.block > 1 || down.block > 1;
  const alpha = options.alpha && channels === 4;
  const wide = alpha || options.linear || averaged;
  /** A sample of the source; 255 is 32640 where wide. */
  const sample = (column: number, row: number, channel: number): number => {
    const at = (row * x.source + column) * channels;
    const level = data[at + channel]!;
    if (!alpha && !options.linear) return wide ? level * 128 : level;
    const isAlpha = channels === 4 && channel === 3;
    if (isAlpha) return level * 128;
    const product = level * data[at + 3]!;
    if (!options.linear) return Math.floor((product + Math.floor(product / 256) + 1) / 2);
    const light = Math.floor(lightOf(level / 255) * 32640 + 0.5);
    return alpha ? Math.floor((light * data[at + 3]! + 127) / 255) : light;
  };
  const rows = blocksOf(across, down, channels, sample);
  const between = columns(rows, across.count * channels, weightsOf(down), wide ? 15 : 8);
  const sums = along(between, across.count, y.output, channels, weightsOf(across));
  return finish(sums, channels, alpha, options.linear);
}

/** The samples of an axis that are read, and in blocks of how many. */
interface Window {
  readonly axis: ScaleAxis;
  readonly filter: KernelFilter;
  readonly first: number;
  readonly end: number;
  readonly block: number;
  readonly count: number;
}
function windowOf(axis: ScaleAxis, filter: KernelFilter): Window {
  const first = Math.floor(axis.start / axis.by);
  const end = Math.min(Math.ceil((axis.start + axis.length) / axis.by), axis.source);
  const ratio = axis.length / (axis.by * axis.output);
  const block = ratio >= 48 && filter !== "nearest" ? Math.floor(ratio / 24) : 1;
  return { axis, filter, first, end, block, count: Math.ceil((end - first) / block) };
}

/** Rounded averages of blocks, or the samples where blocks are single ones. */
function blocksOf(
  across: Window,
  down: Window,
  channels: number,
  sample: (column: number, row: number, channel: number) => number,
): number[][] {
  return Array.from({ length: down.count }, (_row, j) => {
    const [top, bottom] = spanOf(down, j);
    return Array.from({ length: across.count * channels }, (_sample, i) => {
      const [left, right] = spanOf(across, Math.floor(i / channels));
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) sum += sample(column, row, i % channels);
      }
      const count = (bottom - top) * (right - left);
      return Math.floor((sum + Math.floor(count / 2)) / count);
    });
  });
}
function spanOf({ first, end, block }: Window, n: number): readonly [number, number] {
  return [first + n * block, Math.min(first + (n + 1) * block, end)];
}

/** Weights of one output, in 1 / 16384; the first is that of sample (or block) `from`. */
interface Weights {
  readonly from: number;
  readonly list: readonly number[];
}
function weightsOf({ axis, filter, first, block, count }: Window): readonly Weights[] {
  const by = axis.by * block;
  const start = axis.start - first * axis.by;
  const scale = Math.max(1, axis.length / (by * axis.output));
  return Array.from({ length: axis.output }, (_, i) => {
    const center = ((2 * i + 1) * axis.length + 2 * start * axis.output) / (2 * axis.output * by);
    const middle = Math.min(Math.floor(center), count - 1);
    if (filter === "nearest") return { from: middle, list: [16384] };
    const reach = SUPPORT[filter] * scale;
    const low = Math.max(Math.ceil(center - reach - 0.5), 0);
    const high = Math.min(Math.floor(center + reach - 0.5), count - 1);
    const exact = new Array<number>(high - low + 1).fill(0);
    let sum = 0;
    for (let j = Math.ceil(center - reach - 0.5); j <= Math.floor(center + reach - 0.5); j++) {
      const value = curve(filter, (j + (0.5 - center)) * (1 / scale));
      const at = Math.min(Math.max(j, low), high) - low; // samples beyond the edge repeat it
      exact[at] = exact[at]! + value;
      sum += value;
    }
    return { from: low, list: rounded(exact, middle - low, 16384 / sum) };
  });
}
const SUPPORT = { lanczos3: 3, cubic: 2, mitchell: 2, triangle: 1, box: 0.5 } as const;

/** Integers that add up to 16384: running sums from both ends are right to a half, the middle takes the rest. */
function rounded(exact: readonly number[], middle: number, factor: number): number[] {
  const result = new Array<number>(exact.length).fill(0);
  let rest = 16384;
  for (const side of [
    exact.map((_, i) => i).slice(0, middle),
    exact
      .map((_, i) => i)
      .slice(middle + 1)
      .reverse(),
  ]) {
    let running = 0;
    let done = 0;
    for (const i of side) {
      running += exact[i]!;
      result[i] = Math.floor(running * factor + 0.5) - done;
      done += result[i]!;
    }
    rest -= done;
  }
  result[middle] = rest;
  return result;
}

function curve(filter: Exclude<KernelFilter, "nearest">, distance: number): number {
  const x = Math.abs(distance);
  switch (filter) {
    case "lanczos3":
      return interpolated(x);
    case "cubic":
      return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    case "mitchell":
      return x < 1 ? (21 * x - 36) * x * x + 16 : x < 2 ? ((-7 * x + 36) * x - 60) * x + 32 : 0;
    case "triangle":
      return x < 1 ? 1 - x : 0;
    case "box":
      return distance >= -0.5 && distance < 0.5 ? 1 : 0;
  }
}
/** Lanczos between its values at multiples of 1 / 512. */
function interpolated(x: number): number {
  if (x >= 3) return 0;
  const below = Math.floor(x * 512);
  const value = lanczos(below / 512);
  return value + (lanczos((below + 1) / 512) - value) * (x * 512 - below);
}
function lanczos(x: number): number {
  if (x === 0) return 1;
  if (x >= 3) return 0;
  const third = (Math.PI / 3) * x;
  const s = sine(x > 1.5 ? Math.PI - third : third);
  return ((3 - 4 * s * s) * s * s) / (3 * third * third);
}
function sine(x: number): number {
  const square = x * x;
  let sum = 1;
  for (let n = 14; n > 0; n -= 2) sum = 1 - (square / (n * (n + 1))) * sum;
  return x * sum;
}

/** Rows of samples to output rows with 6 bits after the point. */
function columns(rows: readonly number[][], samples: number, weights: readonly Weights[], shift: number): number[][] {
  return weights.map(({ from, list }) =>
    Array.from({ length: samples }, (_, i) => {
      const sum = list.reduce((total, weight, tap) => total + weight * rows[from + tap]![i]!, 0);
      return Math.min(Math.max(Math.floor((sum + 2 ** (shift - 1)) / 2 ** shift), -32768), 32767);
    }),
  );
}

/** Output pixels with 20 bits after the point. */
function along(rows: readonly number[][], count: number, height: number, channels: number, weights: readonly Weights[]) {
  const sums: number[] = [];
  for (let y = 0; y < height; y++) {
    for (const { from, list } of weights) {
      if (from + list.length > count) throw new RangeError("a tap beyond the row");
      for (let channel = 0; channel < channels; channel++) {
        sums.push(list.reduce((total, weight, tap) => total + weight * rows[y]![(from + tap) * channels + channel]!, 0));
      }
    }
  }
  return sums;
}

function finish(sums: readonly number[], channels: number, alpha: boolean, linear: boolean): Uint8Array {
  return Uint8Array.from(sums, (sum, i) => {
    const plain = clamp(Math.floor((sum + 2 ** 19) / 2 ** 20), 255);
    if ((channels === 4 && i % 4 === 3) || (!alpha && !linear)) return plain;
    if (!alpha) return levelOf(clamp(Math.floor((sum + 128) / 256), LIGHT));
    const a = sums[i - (i % 4) + 3]!;
    if (Math.floor((a + 2 ** 19) / 2 ** 20) <= 0) return 0;
    const full = linear ? LIGHT : 255;
    const factor = Math.fround(full / Math.fround(a));
    const straight = Math.floor(clamp(Math.fround(Math.fround(Math.fround(sum) * factor) + 0.5), full));
    return linear ? levelOf(straight) : straight;
  }).map((value, i, all) => (alpha && all[i - (i % 4) + 3] === 0 ? 0 : value));
}
function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** IEC 61966-2-1; x^2.4 as x² times the fifth root of x². */
function lightOf(level: number): number {
  if (level <= 0.04045) return level / 12.92;
  const x = (level + 0.055) / 1.055;
  const square = x * x;
  let root = 1;
  for (let i = 0; i < 16; i++) root -= (root - square / (root * root * root * root)) / 5;
  return square * root;
}
const LIGHT = 255 * 4096;
let thresholds: number[] | undefined;
/** How many of the levels 1..255 begin at or below a light. */
function levelOf(light: number): number {
  thresholds ??= Array.from({ length: 255 }, (_, k) => Math.ceil(lightOf((k + 0.5) / 255) * LIGHT));
  return thresholds.filter((threshold) => threshold <= light).length;
}
