import { TransformError } from "../../core/errors.ts";
import type { KernelFilter } from "../../core/filters.ts";
import type { CreateInstance } from "../../core/lease.ts";
import { type KernelMemory, reserveBytes } from "../memory.ts";
import { type AxisLayout, axisKey, FILTERS, layOutPlane, type PlaneLayout, partsOf, slotsFor } from "./layout.ts";

export { scaleBytes } from "./layout.ts";

/** One axis: `output` samples from the window start .. start + length of `source` samples, both in fractions `by`. */
export interface ScaleAxis {
  readonly source: number;
  readonly output: number;
  /** Start and length of the window in 1 / by samples. */
  readonly start: number;
  readonly length: number;
  readonly by: number;
  /** First sample that may be read, and the one behind the last: floor(start) and ceil(start + length) unless they say otherwise. */
  readonly from?: number;
  readonly to?: number;
}
export interface ScalePlane {
  /** Bytes a sample: 1 for a plane, 4 for packed pixels. */
  readonly channels: 1 | 4;
  readonly x: ScaleAxis;
  readonly y: ScaleAxis;
}
export interface ScaleOptions {
  readonly filter: KernelFilter;
  /** In linear light (IEC 61966-2-1 curve), for planes of R, G, B or gray and packed RGBA. */
  readonly linear: boolean;
  /** Packed RGBA with alpha: color counts by its A. */
  readonly alpha: boolean;
}
/** Resamples pictures whose rows come from top to bottom, in the memory of its instance. */
export interface Scaler {
  begin(planes: readonly ScalePlane[], options: ScaleOptions): ScaleRun;
}
export interface ScaleRun {
  /** Appends whole rows of a plane; copied at once. Rows beyond the window are passed over. */
  write(plane: number, rows: Uint8Array): void;
  /** The resampled planes, packed, in JavaScript memory. The instance is free for another run. CORRUPT_IMAGE where rows are missing. */
  end(): Uint8Array[];
}

/** What wasm/build/resize.wasm exports. The kernels say what each argument is. */
export interface ResizeExports extends KernelMemory {
  prepareCurve(): void;
  axis(
    count: number,
    outputs: number,
    start: number,
    window: number,
    by: number,
    filter: number,
    align: number,
    most: number,
  ): number;
  row(job: number, output: number): void;
  take(job: number, src: number, rows: number, row: number): void;
}

/**
 * Both passes are separable filters in integers (wasm/kernels/resize): columns first, for each output row as soon as the rows
 * within its reach have come. Memory is those rows and the output. Samples beyond the window's edges are the edges repeated.
 */
export const createScaler: CreateInstance<Scaler> = (module) => {
  const wasm = new WebAssembly.Instance(module, {}).exports as unknown as ResizeExports;
  const bottom = wasm.mark();
  return {
    api: {
      begin(planes, options) {
        wasm.reset(bottom); // a run that never ended
        return begin(wasm, bottom, planes, options);
      },
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};

function begin(wasm: ResizeExports, bottom: number, planes: readonly ScalePlane[], options: ScaleOptions): ScaleRun {
  if (options.linear) wasm.prepareCurve();
  const tables = new Map<string, Table>();
  const places = planes.map((plane) => reservePlane(wasm, layOutPlane(checked(plane), options), options, tables));
  const memory = new Uint8Array(wasm.memory.buffer); // after the last reservation: growing detaches views
  const writers = places.map((place) => createWriter(wasm, memory, place));
  return {
    write(plane, rows) {
      writers[plane]!.write(rows);
    },
    end() {
      if (writers.some((writer) => !writer.complete())) {
        throw new TransformError("CORRUPT_IMAGE", "the picture has fewer rows than it says");
      }
      const outputs = places.map(({ result, layout }) => memory.slice(result, result + layout.outputBytes));
      wasm.reset(bottom);
      return outputs;
    },
  };
}

/** A mistake of our own code, never of a client. */
function checked(plane: ScalePlane): ScalePlane {
  for (const { source, output, start, length, by } of [plane.x, plane.y]) {
    const whole = [source, output, start, length, by].every((value) => Number.isSafeInteger(value));
    if (!whole || source < 1 || output < 1 || start < 0 || length < 1 || by < 1 || start >= source * by) {
      throw new TransformError("INTERNAL", `scaler: no axis: ${[source, output, start, length, by].join(" ")}`);
    }
  }
  return plane;
}

/** A table of weights (wasm/kernels/resize/weights.ts). */
interface Table {
  readonly taps: number;
  readonly span: number;
  readonly starts: number;
  readonly ends: number;
  readonly keeps: number;
  readonly weights: number;
}

function tableOf(wasm: ResizeExports, axis: AxisLayout, filter: number, tables: Map<string, Table>): Table {
  const key = axisKey(axis);
  const kept = tables.get(key);
  if (kept !== undefined) return kept;
  const head = wasm.axis(axis.count, axis.outputs, axis.start, axis.window, axis.by, filter, axis.align, axis.most);
  if (head === 0) throw new TransformError("OUTPUT_TOO_LARGE", "cannot get wasm memory for weights");
  const [taps, span, starts, ends, keeps, weights] = new Uint32Array(wasm.memory.buffer, head, 6) as unknown as SixNumbers;
  const table = { taps, span, starts, ends, keeps, weights };
  tables.set(key, table);
  return table;
}
type SixNumbers = readonly [number, number, number, number, number, number];

/** A plane in wasm memory. */
interface Place {
  readonly layout: PlaneLayout;
  readonly down: Table;
  readonly slots: number;
  readonly job: number;
  readonly stage: number;
  readonly result: number;
}

function reservePlane(
  wasm: ResizeExports,
  layout: PlaneLayout,
  { filter, linear, alpha }: ScaleOptions,
  tables: Map<string, Table>,
): Place {
  const { number } = FILTERS[filter];
  const { x, y, channels } = layout;
  const across = tableOf(wasm, x, number, tables);
  const down = tableOf(wasm, y, number, tables);
  const slots = slotsFor(down.span, y.count);
  const parts = partsOf(layout, slots, across.taps, down.taps);
  const place = (bytes: number) => reserveBytes(wasm, bytes);
  const [job, stage, blocks, values] = [place(parts.job), place(parts.stage), place(parts.blocks), place(parts.values)];
  const [ring, pairs, between, sums] = [place(parts.ring), place(parts.pairs), place(parts.between), place(parts.sums)];
  const result = place(parts.result);
  new Uint8Array(wasm.memory.buffer, blocks, parts.blocks).fill(0);
  const packed = channels === 4;
  const kind = (packed ? 1 : 0) + (layout.wide ? 2 : 0) + (alpha && packed ? 4 : 0) + (linear ? 8 : 0);
  // In the order of wasm/kernels/resize/job.ts
  const fields = [
    ...[kind, layout.rowBytes, x.first * channels, x.length, y.length, x.block, y.block, blocks, values],
    ...[ring, slots, layout.stride, layout.samples],
    ...[down.taps, down.starts, down.weights, across.taps, across.starts, across.weights],
    ...[pairs, between, sums, x.outputs, result],
  ];
  new Uint32Array(wasm.memory.buffer, job, fields.length).set(fields);
  return { layout, down, slots, job, stage, result };
}

interface PlaneWriter {
  write(rows: Uint8Array): void;
  complete(): boolean;
}

/** Takes rows in as many at a time as the stage and the ring hold, and makes every output row whose rows have come. */
function createWriter(wasm: ResizeExports, memory: Uint8Array, { layout, down, slots, job, stage }: Place): PlaneWriter {
  const { rowBytes, staged, y } = layout;
  const ends = new Uint32Array(wasm.memory.buffer, down.ends, y.outputs);
  const keeps = new Uint32Array(wasm.memory.buffer, down.keeps, y.outputs);
  let next = 0;
  let row = -y.first; // of the window

  /** Rows of the ring are there by pairs. */
  function advance(): void {
    const there = row === y.length ? y.count : Math.floor(row / y.block) & ~1;
    for (; next < y.outputs && ends[next]! < there; next++) wasm.row(job, next);
  }
  return {
    complete: () => next === y.outputs,
    write(rows) {
      const count = rows.length / rowBytes;
      for (let done = 0; done < count && next < y.outputs; ) {
        const wanted = keeps[next]! * y.block;
        if (row < wanted) {
          const passed = Math.min(wanted - row, count - done);
          done += passed;
          row += passed;
          continue;
        }
        const room = (keeps[next]! + 2 * slots) * y.block - row;
        const some = Math.min(count - done, staged, room, y.length - row);
        const all = some === count;
        memory.set(all ? rows : rows.subarray(done * rowBytes, (done + some) * rowBytes), stage);
        wasm.take(job, stage, some, row);
        done += some;
        row += some;
        advance();
      }
    },
  };
}
