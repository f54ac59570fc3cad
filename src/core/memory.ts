import type { Codec, Rows } from "./codec.ts";
import { leadingOf } from "./defer.ts";
import { isKernelFilter } from "./filters.ts";
import type { Size } from "./geometry.ts";
import type { Probe } from "./probe.ts";
import type { Step, StepOf } from "./step.ts";

/** What the estimate asks of the tables. */
export interface MemoryModel {
  readonly codecs: ReadonlyMap<string, Codec>;
  /** Bytes a step holds besides its input and output. */
  readonly scratchBytes: (step: Step, input: Size, alpha: boolean) => number;
  /** Bytes that the sink of a decoder's rows holds, what it makes of them included. */
  readonly sinkBytes: (rows: Rows, scale: StepOf<"scale"> | undefined, alpha: boolean) => number;
  /** Bytes that drawing a text of that size holds, its raster included. */
  readonly textBytes: (size: Size) => number;
}
/** Where steps start: the raster they are given. */
export interface Start extends Size {
  readonly alpha: boolean;
}

/** Bytes that encoding the result takes besides its raster; of a mark there is none. */
export type EncodeBytes = (size: Size, alpha: boolean) => number;
const NOT_ENCODED: EncodeBytes = () => 0;

const RGBA = 4;
/** Glue, tables and the smallest memory of each instance that the larger terms do not count. */
const BASE_BYTES = 4 * 1024 * 1024;

/** Upper bound of the bytes held at one time: decode, then steps, then encode, besides the source's bytes and the marks'. */
export function estimateMemory(
  steps: readonly Step[],
  probe: Probe,
  byteLength: number,
  model: MemoryModel,
  source: Codec,
  encodeBytes: EncodeBytes,
): number {
  const leading = leadingOf(steps, probe);
  const { needs, scale, cut, rest } = leading;
  const decoding = source.decodeBytes(probe, byteLength, needs);
  const rows = source.rowsOf?.(probe, needs);
  if (rows === undefined) {
    return BASE_BYTES + byteLength + Math.max(decoding, memoryOfSteps(steps, probe, model, encodeBytes));
  }
  // Rows that are resampled as they come leave the steps behind that; the others a crop of what was covered before them
  const resampled = scale !== undefined && isKernelFilter(scale.params.filter) && !scale.params.linear;
  const start = { ...(resampled ? (cut ?? scale).output : rows), alpha: probe.alpha };
  const left = resampled || scale === undefined ? rest : [scale, ...(cut === undefined ? [] : [cut]), ...rest];
  const later = memoryOfSteps(left, start, model, encodeBytes);
  const sink = model.sinkBytes(rows, resampled ? scale : undefined, probe.alpha);
  return BASE_BYTES + byteLength + Math.max(decoding + sink, later);
}

/** Every stage holds its input raster and what it makes; the largest sum is the peak. Marks' files are held throughout. */
export function memoryOfSteps(steps: readonly Step[], start: Start, model: MemoryModel, encodeBytes: EncodeBytes): number {
  let held: Size = start;
  let { alpha } = start;
  let peak = 0;
  let marks = 0;
  for (const step of steps) {
    if (step.kind === "composite") {
      const { mark } = step.params;
      peak = Math.max(peak, area(held) * RGBA + markBytes(mark, model));
      marks += mark.kind === "picture" ? mark.byteLength : 0;
    }
    peak = Math.max(peak, (area(held) + area(step.output)) * RGBA + model.scratchBytes(step, held, alpha));
    held = step.output;
    alpha = alpha || addsAlpha(step);
  }
  return marks + Math.max(peak, area(held) * RGBA + encodeBytes(held, alpha));
}

function markBytes(mark: Extract<Step, { kind: "composite" }>["params"]["mark"], model: MemoryModel): number {
  if (mark.kind === "unread") return 0;
  if (mark.kind === "text") return model.textBytes(mark.size);
  const codec = model.codecs.get(mark.probe.format) as Codec;
  return estimateMemory(mark.steps, mark.probe, mark.byteLength, model, codec, NOT_ENCODED);
}

/** True where a step makes an opaque picture partly transparent. */
function addsAlpha({ kind, params }: Step): boolean {
  if (kind === "extend") return params.color === undefined || params.color.length === 8;
  return kind === "rotate" || kind === "mask";
}

function area({ width, height }: Size): number {
  return width * height;
}
