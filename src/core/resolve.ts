import type { ArgSpecs, ArgsOf } from "./args.ts";
import type { Codec, DecodeNeeds } from "./codec.ts";
import { notSupported, TransformError } from "./errors.ts";
import { isWhole, type Orientation, oriented, type Rect, type Size, swapsAxes, toStored } from "./geometry.ts";
import { checkOutput, checkRotation, checkSource, type Limits } from "./limits.ts";
import type { Operation } from "./operation.ts";
import type { OutputFormat, Plan, QualityRule } from "./plan.ts";
import type { Probe } from "./probe.ts";
import type { PlanInput, ResolvedMark, Step } from "./step.ts";

/** Everything planning needs besides the plan and the header. */
export interface Planner {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly codecs: ReadonlyMap<string, Codec>;
  /** Bytes a step holds besides its input and output. */
  readonly scratchBytes: (step: Step, input: Size, alpha: boolean) => number;
  /** Encoder's quality 1..100 by rule. */
  readonly quality: (rule: QualityRule, source: number | undefined, fallback: number, ijgQuality: boolean) => number;
}
/** Headers of watermark pictures by key; absent while they have not been read, as in `explain`. */
export type MarkHeaders = ReadonlyMap<string, MarkHeader>;
export interface MarkHeader {
  readonly probe: Probe;
  readonly byteLength: number;
}

/** A plan resolved against one source: integers only, every size checked against the limits. */
export interface Resolved {
  readonly steps: readonly Step[];
  readonly needs: DecodeNeeds;
  readonly source: Codec;
  readonly target: Codec;
  readonly size: Size;
  /** Of the result, 1..100. */
  readonly quality: number;
  /** Upper bound of the bytes held at one time. */
  readonly memoryBytes: number;
}

/**
 * Resolves a picture plan. SOURCE_TOO_LARGE and OUTPUT_TOO_LARGE before anything is allocated, UNSUPPORTED_FORMAT where
 * source or result has no codec, BAD_ARGUMENT where an operation misses the picture.
 * Marks whose header is not given are left out, so sizes are right and memory is that of the picture alone.
 */
export function resolve(
  plan: Plan,
  probe: Probe,
  byteLength: number,
  planner: Planner,
  limits: Limits,
  marks: MarkHeaders,
): Resolved {
  checkSource(probe, byteLength, limits);
  const source = sourceCodec(probe, planner);
  source.checkProbe(probe);
  const target = targetCodec(plan.settings.format, probe, planner);
  const turn = turnOfSource(probe, source, plan.settings.orient, limits);
  const start = probe.cleanAperture ?? probe;
  const upright: PlanInput = {
    ...oriented(start, turn),
    keepsAlpha: target.supports.alpha,
    ossStrict: limits.ossStrict,
  };
  const asked = planCalls(plan, upright, planner, limits, marks);
  const steps = [...apertureStep(probe), ...deferTurn(asked, start, turn)];
  const size = sizeAfter(steps, probe);
  checkOutput(size, limits); // a plan without operations makes a picture too
  checkTarget(size, target);
  const memoryBytes = estimateMemory(steps, probe, byteLength, planner, source, target);
  if (memoryBytes > limits.maxMemoryBytes) throw tooMuchMemory(memoryBytes, limits);
  const quality = planner.quality(plan.settings.quality, probe.quality, target.defaultQuality, target.supports.ijgQuality);
  return { steps, needs: needsOf(steps, probe), source, target, size, quality, memoryBytes };
}

function sourceCodec(probe: Probe, planner: Planner): Codec {
  const codec = planner.codecs.get(probe.format);
  if (codec !== undefined) return codec;
  throw new TransformError("UNSUPPORTED_FORMAT", `reading ${probe.format.toUpperCase()} is not supported yet`);
}

/** The asked format; `gif` counts only for a GIF source (OSS IMG reference, section 7.2). Silence keeps the source's format. */
function targetCodec(asked: OutputFormat | undefined, probe: Probe, planner: Planner): Codec {
  const wanted = asked === undefined || (asked === "gif" && probe.format !== "gif") ? probe.format : asked;
  const codec = planner.codecs.get(wanted);
  if (codec !== undefined) return codec;
  throw notSupported("format", undefined, wanted);
}

/** EXIF only where asked; irot and imir are part of the picture itself. */
function turnOfSource(probe: Probe, source: Codec, orient: boolean, limits: Limits): Orientation {
  if (!orient && !source.supports.containerOrientation) return 1;
  if (probe.orientation !== 1) checkRotation(probe, limits.ossStrict);
  return probe.orientation;
}

function planCalls(plan: Plan, input: PlanInput, planner: Planner, limits: Limits, marks: MarkHeaders): readonly Step[] {
  const steps: Step[] = [];
  let current = input;
  for (const call of plan.calls) {
    const operation = planner.operations.get(call.name);
    if (operation?.kind !== "pixels") throw new TransformError("INTERNAL", `no pixel operation ${call.name}`);
    if (call.mark !== undefined && !marks.has(call.mark.key)) continue;
    const resolveMark = (main: PlanInput) => planMark(call.mark, main, planner, limits, marks);
    const added = operation.plan(call.args as ArgsOf<ArgSpecs>, current, resolveMark);
    for (const step of added) checkOutput(step.output, limits); // of marks as well
    steps.push(...added);
    const { width, height } = sizeAfter(added, current);
    current = { ...current, width, height };
  }
  return steps;
}

/** A mark is decoded, turned upright and prepared like a picture of its own; `main` is what it will be drawn on. */
function planMark(
  mark: { readonly key: string; readonly plan?: Plan } | undefined,
  main: PlanInput,
  planner: Planner,
  limits: Limits,
  marks: MarkHeaders,
): ResolvedMark {
  const header = mark === undefined ? undefined : marks.get(mark.key);
  if (mark === undefined || header === undefined) throw new TransformError("INTERNAL", "a mark without its header");
  const { probe, byteLength } = header;
  checkSource(probe, byteLength, limits);
  const turn = turnOfSource(probe, markCodec(mark.key, probe, planner), true, limits);
  const start = probe.cleanAperture ?? probe;
  const input: PlanInput = { ...oriented(start, turn), keepsAlpha: true, ossStrict: limits.ossStrict, main };
  const asked = mark.plan === undefined ? [] : planCalls(mark.plan, input, planner, limits, marks);
  const steps = [...apertureStep(probe), ...deferTurn(asked, start, turn)];
  return { key: mark.key, probe, byteLength, steps, size: sizeAfter(steps, probe) };
}

/** A mark that no codec reads is a fault of the watermark, not of the source (OSS IMG reference, section 4.3, EC 027). */
function markCodec(key: string, probe: Probe, planner: Planner): Codec {
  try {
    const codec = sourceCodec(probe, planner);
    codec.checkProbe(probe);
    return codec;
  } catch (cause) {
    throw new TransformError("WATERMARK_FAILED", `the watermark picture ${key}: ${(cause as Error).message}`, { cause });
  }
}

function apertureStep({ cleanAperture }: Probe): readonly Step[] {
  return cleanAperture === undefined ? [] : [{ kind: "crop", params: { rect: cleanAperture }, output: cleanAperture }];
}

/**
 * Moves the turn to upright behind the crops and resamplings that come first, so that it moves the few pixels of the
 * result and not those of the source, and so that a decoder can be told in stored coordinates what is needed.
 */
export function deferTurn(steps: readonly Step[], stored: Size, orientation: Orientation): readonly Step[] {
  if (orientation === 1) return steps;
  const moved: Step[] = [];
  let size = stored;
  let next = 0;
  for (; next < steps.length; next++) {
    const step = steps[next] as Step;
    if (step.kind !== "crop" && step.kind !== "scale") break;
    const output = swapsAxes(orientation) ? { width: step.output.height, height: step.output.width } : step.output;
    if (step.kind === "crop") {
      const rect = toStored(step.params.rect, size, orientation);
      moved.push({ kind: "crop", params: { rect }, output: rect });
    } else moved.push({ ...step, output: { width: output.width, height: output.height } });
    size = output;
  }
  return [...moved, { kind: "turn", params: { orientation }, output: oriented(size, orientation) }, ...steps.slice(next)];
}

/** Leading crops make the region, a resampling behind them the size. */
export function needsOf(steps: readonly Step[], source: Size): DecodeNeeds {
  let region: Rect = { x: 0, y: 0, width: source.width, height: source.height };
  for (const step of steps) {
    if (step.kind === "crop") {
      const { x, y, width, height } = step.params.rect;
      region = { x: region.x + x, y: region.y + y, width, height };
    } else if (step.kind === "scale") return { region, size: step.output };
    else break;
  }
  return { region, size: { width: region.width, height: region.height } };
}

/**
 * Steps that are left when a decoder has delivered `covers` of the source at `raster` size: all for the whole picture,
 * none of the leading crops where it cut the region itself. A resampling takes whatever size it is given.
 */
export function stepsAfterDecode(
  steps: readonly Step[],
  needs: DecodeNeeds,
  source: Size,
  covers: Rect,
  raster: Size,
): readonly Step[] {
  const firstOther = steps.findIndex((step) => step.kind !== "crop");
  const leadingCrops = firstOther < 0 ? steps.length : firstOther;
  const cut = leadingCrops > 0 && sameRect(covers, needs.region);
  const left = cut ? steps.slice(leadingCrops) : steps;
  const scaled = raster.width !== covers.width || raster.height !== covers.height;
  const scalesFirst = left[0]?.kind === "scale";
  if (!cut && !isWhole(covers, source))
    throw new TransformError("INTERNAL", "a decoder delivered another region than was asked for");
  if (scaled && !scalesFirst) throw new TransformError("INTERNAL", "a decoder scaled where nothing resamples");
  return left;
}

function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

export function sizeAfter(steps: readonly Step[], start: Size): Size {
  const { width, height } = steps[steps.length - 1]?.output ?? start;
  return { width, height };
}

function checkTarget({ width, height }: Size, target: Codec): void {
  if (width <= target.maxSide && height <= target.maxSide) return;
  throw new TransformError(
    "OUTPUT_TOO_LARGE",
    `Maximum width and height allowed is ${target.maxSide} pixels for converting ${target.format}`,
  );
}

const RGBA = 4;
/** Glue, tables and the smallest memory of each instance that the larger terms do not count. */
const BASE_BYTES = 4 * 1024 * 1024;

/** Every stage holds the source's bytes, its input raster and what it makes; the largest sum is the plan's peak. */
function estimateMemory(
  steps: readonly Step[],
  probe: Probe,
  byteLength: number,
  planner: Planner,
  source: Codec,
  target: Codec,
): number {
  let peak = source.decodeBytes(probe, byteLength);
  let held: Size = probe;
  let marks = 0;
  let { alpha } = probe;
  for (const step of steps) {
    if (step.kind === "composite") {
      const { mark } = step.params;
      const codec = planner.codecs.get(mark.probe.format) as Codec;
      const own = estimateMemory(mark.steps, mark.probe, mark.byteLength, planner, codec, target);
      peak = Math.max(peak, area(held) * RGBA + own);
      marks += mark.byteLength;
    }
    peak = Math.max(peak, (area(held) + area(step.output)) * RGBA + planner.scratchBytes(step, held, alpha));
    held = step.output;
    alpha = alpha || (step.kind === "extend" && step.params.color === undefined);
  }
  return (
    BASE_BYTES +
    byteLength +
    marks +
    Math.max(peak, area(held) * RGBA + target.encodeBytes(held, alpha && target.supports.alpha))
  );
}

function area({ width, height }: Size): number {
  return width * height;
}

function tooMuchMemory(memoryBytes: number, limits: Limits): TransformError {
  const mib = (bytes: number) => Math.ceil(bytes / (1024 * 1024));
  return new TransformError(
    "SOURCE_TOO_LARGE",
    `this would need ${mib(memoryBytes)} MiB of memory, at most ${mib(limits.maxMemoryBytes)} are allowed (MemLimitExceeded)`,
  );
}
