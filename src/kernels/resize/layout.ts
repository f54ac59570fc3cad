import type { KernelFilter } from "../../core/filters.ts";
import type { ScaleAxis, ScaleOptions, ScalePlane } from "./scaler.ts";

/** Numbers of the filters in calls (wasm/kernels/resize/filters.ts), and their radius in samples. */
export const FILTERS: Readonly<Record<KernelFilter, { readonly number: number; readonly support: number }>> = {
  lanczos3: { number: 0, support: 3 },
  cubic: { number: 1, support: 2 },
  mitchell: { number: 2, support: 2 },
  triangle: { number: 3, support: 1 },
  box: { number: 4, support: 0.5 },
  nearest: { number: 5, support: 0.5 },
};

/**
 * Where an axis is reduced to less than a 48th, blocks of samples are averaged first, such that 24 to 36 of them are left for each
 * output: weights of 14 bits would else become too coarse, and the window of rows would grow with the ratio. Averages over a
 * 24th of an output sample take 0.07 % off the finest detail that the output can show (sinc(1 / 48)), a tenth of a level.
 */
const BLOCKS_FROM = 48;
const BLOCKS_LEFT = 24;

/** An axis as the kernel sees it: relative to the first sample that may be read, in blocks. */
export interface AxisLayout {
  /** Samples of the source that may be read, and from which on. */
  readonly first: number;
  readonly length: number;
  /** Samples in a block; 1 where they are taken as they are. */
  readonly block: number;
  /** Blocks. */
  readonly count: number;
  readonly outputs: number;
  /** The window relative to `first`, in 1 / by blocks. */
  readonly start: number;
  readonly window: number;
  readonly by: number;
  readonly align: 2 | 8;
  /** Taps of an output at most, as aligned. */
  readonly most: number;
}

export function layOutAxis(axis: ScaleAxis, filter: KernelFilter, align: 2 | 8): AxisLayout {
  const ratio = axis.length / (axis.by * axis.output);
  const block = ratio >= BLOCKS_FROM && filter !== "nearest" ? Math.floor(ratio / BLOCKS_LEFT) : 1;
  const { first, length } = readable(axis, FILTERS[filter].support * Math.max(1, ratio) + block);
  const count = Math.ceil(length / block);
  const reach = FILTERS[filter].support * Math.max(1, ratio / block);
  const taps = filter === "nearest" ? 1 : Math.min(count, Math.floor(2 * reach) + 2);
  const most = align === 2 ? (taps + 2) & ~1 : (taps + 7) & ~7; // an even start may be one sample early
  const start = axis.start - first * axis.by;
  return { first, length, block, count, outputs: axis.output, start, window: axis.length, by: axis.by * block, align, most };
}

/** What of an axis is read: what may be, as far as it is within reach of an output. */
function readable({ source, start, length, by, from, to }: ScaleAxis, reach: number): { first: number; length: number } {
  const lowest = from === undefined ? Math.floor(start / by) : Math.max(from, Math.floor(start / by - reach) - 1);
  const highest =
    to === undefined ? Math.ceil((start + length) / by) : Math.min(to, Math.ceil((start + length) / by + reach) + 1);
  const first = Math.min(Math.max(lowest, 0), source - 1);
  return { first, length: Math.max(Math.min(highest, source) - first, 1) };
}

/** What a plane needs of memory besides tables. */
export interface PlaneLayout {
  readonly x: AxisLayout;
  readonly y: AxisLayout;
  readonly channels: 1 | 4;
  /** Samples have 16 bits after color has been multiplied, made linear or averaged. */
  readonly wide: boolean;
  /** The result has to be divided by its alpha or taken back from linear light. */
  readonly exact: boolean;
  /** Of a row as it is handed in. */
  readonly rowBytes: number;
  /** Rows that are handed in at a time. */
  readonly staged: number;
  /** Samples of a row in the ring; 4 a pixel where packed. */
  readonly samples: number;
  /** Bytes of a pair of rows in the ring. */
  readonly stride: number;
  readonly outputBytes: number;
}

/** Rows wait here for the kernel: small enough for the second-level cache, 16 rows are an MCU row of most JPEGs. */
const STAGE_BYTES = 1 << 17;
const STAGE_ROWS = 16;

export function layOutPlane(
  { channels, x: across, y: down }: ScalePlane,
  { filter, linear, alpha }: ScaleOptions,
): PlaneLayout {
  const x = layOutAxis(across, filter, channels === 1 ? 8 : 2);
  const y = layOutAxis(down, filter, 2);
  const exact = linear || (alpha && channels === 4);
  const rowBytes = across.source * channels;
  const samples = x.count * channels;
  const packed = roundUp(samples, 16) * 4;
  return {
    x,
    y,
    channels,
    wide: exact || isAveraged({ x, y }),
    exact,
    rowBytes,
    staged: Math.min(Math.max(Math.floor(STAGE_BYTES / rowBytes) & ~1, 2), STAGE_ROWS), // even: rows are made pairs of
    samples,
    // What lies below each other must not all fall into one set of a cache whose ways are 4 KiB
    stride: packed % 1024 === 0 ? packed + 64 : packed,
    outputBytes: across.output * down.output * channels,
  };
}

export function isAveraged({ x, y }: Pick<PlaneLayout, "x" | "y">): boolean {
  return x.block > 1 || y.block > 1;
}

/** Rows of the ring beyond those within reach, so that rows come in by the batch. */
const SLACK = STAGE_ROWS + 2;
/** Vectors may be read and written beyond the end of what they are for. */
const OVERRUN = 64;

/** Pairs of rows in the ring, for `span` rows within reach of an output. */
export function slotsFor(span: number, count: number): number {
  return Math.ceil(Math.min(span + SLACK, count + 1) / 2);
}

/** Bytes of the parts of a plane's memory. `taps`: of both axes. */
export function partsOf(plane: PlaneLayout, slots: number, tapsAcross: number, tapsDown: number) {
  const { x, channels, samples } = plane;
  return {
    job: 96,
    stage: plane.staged * plane.rowBytes + OVERRUN,
    blocks: isAveraged(plane) ? samples * 8 : 0,
    values: roundUp(x.length * channels, 32) * 4 + OVERRUN,
    ring: slots * plane.stride,
    pairs: tapsDown * 4,
    between: (samples + (tapsAcross + 8) * channels) * 2 + OVERRUN,
    sums: plane.exact ? roundUp(x.outputs, 4) * channels * 4 : 0,
    result: plane.outputBytes + OVERRUN,
  };
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** Memory of an instance before any run, and what rounding up to pages and to 16 bytes for every part may add. */
const MODULE_BYTES = 3 * 65536;

/**
 * Upper bound of the bytes that a run holds: the instance's memory, which does not shrink afterwards, and the copies of the
 * output that `end` gives.
 */
export function scaleBytes(planes: readonly ScalePlane[], options: ScaleOptions): number {
  let bytes = MODULE_BYTES;
  const tables = new Set<string>();
  for (const plane of planes) {
    const layout = layOutPlane(plane, options);
    const parts = partsOf(layout, slotsFor(layout.y.most, layout.y.count), layout.x.most, layout.y.most);
    bytes += layout.outputBytes;
    for (const part of Object.values(parts)) bytes += part + 16;
    for (const axis of [layout.x, layout.y]) {
      if (!tables.has(axisKey(axis))) bytes += ((axis.outputs + 3) & ~3) * (12 + 2 * axis.most) + 8 * axis.most + 128;
      tables.add(axisKey(axis));
    }
  }
  return bytes;
}

/** Equal for axes whose tables are equal. */
export function axisKey({ count, outputs, start, window, by, align }: AxisLayout): string {
  return `${count} ${outputs} ${start} ${window} ${by} ${align}`;
}
