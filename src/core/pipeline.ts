import { textsOf } from "./chain.ts";
import { type Codec, layoutsFor } from "./codec.ts";
import { type Leading, leadingOf, stepsAfterDecode } from "./defer.ts";
import { TransformError } from "./errors.ts";
import type { Orientation, Size } from "./geometry.ts";
import type { LeaseWasm } from "./lease.ts";
import type { Limits } from "./limits.ts";
import { type FetchObject, fetchMarks } from "./marks.ts";
import { encodeWithin } from "./max-bytes.ts";
import type { Chroma, MetaRule, Plan } from "./plan.ts";
import { type MarkHeader, type Planned, type Planner, type Replan, textKey } from "./planner.ts";
import type { ColorMeaning, Probe } from "./probe.ts";
import { type Raster, rasterBytes } from "./raster.ts";
import { type Resolved, resolve } from "./resolve.ts";
import type { Decoded, RowSink } from "./rows.ts";
import type { ResolvedMark, ResolvedPictureMark, Step } from "./step.ts";
import { type Stopwatch, stopwatch } from "./stopwatch.ts";
import type { TextEngine } from "./text.ts";

/** What the pipeline is built from. The engine wires the tables in; tests wire in codecs of their own. */
export interface Parts {
  readonly planner: Planner;
  readonly probe: (bytes: Uint8Array) => Probe;
  /** What the pixels mean, where that is not sRGB. */
  readonly readColor: (bytes: Uint8Array, probe: Probe) => ColorMeaning | undefined;
  /** EXIF for the result, or undefined where there is nothing to keep. */
  readonly readMetadata: (bytes: Uint8Array, probe: Probe, rule: MetaRule, orientation: Orientation) => Uint8Array | undefined;
  readonly applyStep: (input: Raster, step: Step, tools: PipelineTools) => Raster | Promise<Raster>;
  /** Lays a raster over a color RRGGBB or RRGGBBAA; the result is opaque unless transparency may stay. */
  readonly underlay: (raster: Raster, background: string, keepsAlpha: boolean) => Promise<Raster>;
  readonly toLayout: (raster: Raster, layouts: Codec["supports"]["layouts"]) => Promise<Raster>;
  /** Opens a sink for the rows of a decoder, which resamples them as they come where it can. */
  readonly receive: (request: SinkRequest, tools: PipelineTools, work: (rows: RowSink) => Promise<Decoded>) => Promise<Decoded>;
  /** Whether all steps work on planes of Y, Cb and Cr, chroma at half size, so that nothing is to be packed for them. */
  readonly takePlanes: (steps: readonly Step[], input: Size) => boolean;
  /** JSON of the picture's average tone. */
  readonly describeHue: (raster: Raster) => Promise<string>;
  readonly now: () => number;
}
/** What becomes of a decoder's rows. */
export interface SinkRequest {
  readonly leading: Leading;
  /** The decoder's codec leaves rows; others give whole rasters. */
  readonly rows: boolean;
  /** Y, Cb and Cr may stay planes, chroma of this size; else they are packed. */
  readonly planes?: Chroma;
}
/** What a step may use. */
export interface PipelineTools {
  readonly lease: LeaseWasm;
  /** The prepared raster of a mark. */
  readonly mark: (mark: ResolvedMark) => Promise<Raster>;
  /** What the pixels of the picture mean that the steps are applied to, where that is not sRGB. */
  readonly colorMeaning: () => ColorMeaning | undefined;
  /** Throws TIMEOUT past the deadline or once the caller has given up. */
  readonly checkpoint: () => void;
  /** Time spent on resampling while rows were decoded, in ms. */
  readonly onResampled?: (ms: number) => void;
}

/** Bounds and surroundings of one transform. */
export interface Job {
  readonly limits: Limits;
  /** Bytes of a watermark picture, or undefined where there is no such object. */
  readonly fetchObject?: FetchObject | undefined;
  readonly checkpoint: () => void;
  readonly lease: LeaseWasm;
  readonly text: TextEngine;
  /** Reports bytes held besides wasm memory; the engine keeps the peak. */
  readonly onMemory: (bytes: number) => void;
}
export interface Picture {
  readonly data: Uint8Array;
  readonly format: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Milliseconds by stage; stages of one kind add up. */
  readonly timings: Readonly<Record<string, number>>;
  /** What is wrong with a damaged source of which this is what could be decoded: sentences. */
  readonly warnings: readonly string[];
}
interface MarkObject extends MarkHeader {
  readonly bytes: Uint8Array;
}

/** Probe, plan, limits, decode, steps, encode: one picture by a plan. Throws TransformError and nothing else. */
export async function run(bytes: Uint8Array, plan: Plan, parts: Parts, job: Job): Promise<Picture> {
  const watch = stopwatch(parts.now);
  const probe = watch.time("probe", () => parts.probe(bytes));
  const pictures = await watch.timeAsync("marks", () => readMarks(plan, parts, job));
  const texts = await watch.timeAsync("text", () => measureTexts(plan, parts, job));
  const drawables = { pictures, texts };
  const resolved = watch.time("plan", () => resolve(plan, probe, bytes.length, parts.planner, job.limits, drawables));
  const tools = createTools(bytes, probe, parts, job, pictures);
  const decoded = await watch.timeAsync("decode", () => decode(bytes, { probe, plan, resolved }, parts, job, tools, watch));
  const warnings = decoded.damage === undefined ? [] : [decoded.damage];
  const steps = stepsAfterDecode(resolved.leading, decoded);
  const raster = await applySteps(decoded.raster, steps, { parts, job, tools, watch }, resolved.replan);
  if (plan.answer === "average-hue") return { ...(await hueAnswer(raster, parts, watch)), warnings };
  const data = await watch.timeAsync("encode", () => encode(raster, { bytes, probe, plan, resolved }, parts, job));
  const { format, mimeType } = resolved.target;
  const { width, height } = raster;
  return { data, format, mimeType, width, height, frames: 1, timings: watch.timings, warnings };
}

/** Fetches the objects a plan draws and reads their headers. */
async function readMarks(plan: Plan, parts: Parts, { fetchObject }: Job): Promise<ReadonlyMap<string, MarkObject>> {
  const objects = await fetchMarks(plan, fetchObject);
  return new Map([...objects].map(([key, bytes]): [string, MarkObject] => [key, readMark(key, bytes, parts)]));
}
function readMark(key: string, bytes: Uint8Array, parts: Parts): MarkObject {
  try {
    return { bytes, byteLength: bytes.length, probe: parts.probe(bytes) };
  } catch (cause) {
    throw new TransformError("WATERMARK_FAILED", `the watermark picture ${key} cannot be read`, { cause });
  }
}

async function measureTexts(plan: Plan, { planner }: Parts, { text }: Job): Promise<ReadonlyMap<string, Size>> {
  const sizes = new Map<string, Size>();
  for (const spec of textsOf(plan, planner)) sizes.set(textKey(spec), await text.measure(spec));
  return sizes;
}

function createTools(
  bytes: Uint8Array,
  probe: Probe,
  parts: Parts,
  job: Job,
  objects: ReadonlyMap<string, MarkObject>,
): PipelineTools {
  const tools: PipelineTools = {
    lease: job.lease,
    checkpoint: job.checkpoint,
    colorMeaning: () => parts.readColor(bytes, probe),
    async mark(mark) {
      if (mark.kind === "text") return job.text.draw(mark.text);
      const object = mark.kind === "picture" ? objects.get(mark.key) : undefined;
      if (mark.kind !== "picture" || object === undefined) throw new TransformError("INTERNAL", "a mark that was not read");
      return drawMark(mark, object.bytes, { ...tools, colorMeaning: () => parts.readColor(object.bytes, mark.probe) });
    },
  };
  async function drawMark(mark: ResolvedPictureMark, bytes: Uint8Array, tools: PipelineTools): Promise<Raster> {
    const codec = parts.planner.codecs.get(mark.probe.format) as Codec;
    const leading = leadingOf(mark.steps, mark.probe);
    try {
      const request = { leading, rows: codec.rowsOf?.(mark.probe, leading.needs) !== undefined };
      const decoded = await parts.receive(request, tools, (rows) =>
        codec.decode(bytes, mark.probe, leading.needs, { ...job, rows }),
      );
      return await applySteps(decoded.raster, stepsAfterDecode(leading, decoded), { parts, job, tools });
    } catch (cause) {
      if (cause instanceof TransformError && cause.code !== "CORRUPT_IMAGE") throw cause;
      throw new TransformError("WATERMARK_FAILED", `the watermark picture ${mark.key} cannot be decoded`, { cause });
    }
  }
  return tools;
}

async function decode(
  bytes: Uint8Array,
  { probe, plan, resolved }: Pick<Encoding, "probe" | "plan" | "resolved">,
  parts: Parts,
  job: Job,
  tools: PipelineTools,
  watch: Stopwatch,
): Promise<Decoded> {
  job.checkpoint();
  const { source, leading } = resolved;
  const planes = planesFor(plan, resolved, parts);
  const needs = planes === "420" ? { ...leading.needs, halvedChroma: true } : leading.needs;
  const request = {
    leading,
    rows: source.rowsOf?.(probe, needs) !== undefined,
    ...(planes === undefined ? {} : { planes }),
  };
  const timed = { ...tools, onResampled: (ms: number) => watch.move("decode", "scale", ms) };
  const decoded = await parts.receive(request, timed, (rows) => source.decode(bytes, probe, needs, { ...job, rows }));
  job.onMemory(rasterBytes(decoded.raster));
  return decoded;
}

/** Planes go as they are to an encoder that takes them, where every step between does too. */
function planesFor(plan: Plan, { leading, target }: Resolved, parts: Parts): Chroma | undefined {
  if (plan.answer !== "picture" || !layoutsFor(target, plan.settings.effort).includes("ycbcr8")) return undefined;
  const start = leading.cut?.output ?? leading.scale?.output ?? leading.needs.region;
  return parts.takePlanes(leading.rest, start) ? (plan.settings.chroma ?? "420") : undefined;
}

interface Surroundings {
  readonly parts: Parts;
  readonly job: Job;
  readonly tools: PipelineTools;
  /** Absent for marks, whose time is that of the step that draws them. */
  readonly watch?: Stopwatch;
}

/** Behind a step that left less than was planned the rest is planned again. */
async function applySteps(
  start: Raster,
  planned: readonly Step[],
  surroundings: Surroundings,
  replan?: Replan,
): Promise<Raster> {
  let raster = start;
  let rest: Planned = { steps: planned, ...(replan === undefined ? {} : { replan }) };
  for (let step = rest.steps[0]; step !== undefined; step = rest.steps[0]) {
    raster = await applyStep(raster, step, surroundings);
    rest = step.kind === "trim" && rest.replan !== undefined ? rest.replan(raster) : { ...rest, steps: rest.steps.slice(1) };
  }
  return raster;
}

async function applyStep(input: Raster, step: Step, { parts, job, tools, watch }: Surroundings): Promise<Raster> {
  job.checkpoint();
  let drawn = 0;
  const counting: PipelineTools = {
    ...tools,
    async mark(mark) {
      const raster = await tools.mark(mark);
      drawn = rasterBytes(raster);
      return raster;
    },
  };
  const apply = async () => parts.applyStep(input, step, counting);
  const raster = await (watch === undefined ? apply() : watch.timeAsync(step.kind, apply));
  job.onMemory(rasterBytes(input) + (raster === input ? 0 : rasterBytes(raster)) + drawn);
  const { width, height } = step.output;
  const smaller = step.kind === "trim" && raster.width <= width && raster.height <= height;
  if (!smaller && (raster.width !== width || raster.height !== height)) {
    throw new TransformError("INTERNAL", `${step.kind} gave ${raster.width}x${raster.height} instead of the planned size`);
  }
  return raster;
}

interface Encoding {
  readonly bytes: Uint8Array;
  readonly probe: Probe;
  readonly plan: Plan;
  readonly resolved: Resolved;
}

async function encode(raster: Raster, { bytes, probe, plan, resolved }: Encoding, parts: Parts, job: Job) {
  const { target, quality, orientation } = resolved;
  const { progressive, lossless, maxBytes, meta, effort, chroma = "420" } = plan.settings;
  const fitting = await parts.toLayout(await onBackground(raster, plan, target, parts), layoutsFor(target, effort));
  const exif = target.supports.exif ? parts.readMetadata(bytes, probe, meta, orientation) : undefined;
  const options = { progressive, lossless, effort, chroma, ...(exif === undefined ? {} : { exif }) };
  const encodeAt = async (quality: number) => {
    job.checkpoint();
    const data = await target.encode(fitting, { ...options, quality }, job);
    job.onMemory(rasterBytes(fitting) + data.length);
    return data;
  };
  if (maxBytes === undefined) return encodeAt(quality);
  return encodeWithin(encodeAt, maxBytes, target.supports.quality && !lossless ? quality : undefined);
}

/** An explicit background lies under every transparent picture; without one, white where the format has no alpha. */
async function onBackground(raster: Raster, { settings }: Plan, { supports }: Codec, parts: Parts): Promise<Raster> {
  if (!raster.alpha) return raster;
  const background = settings.background ?? (supports.alpha ? undefined : "FFFFFF");
  return background === undefined ? raster : parts.underlay(raster, background, supports.alpha);
}

async function hueAnswer(raster: Raster, parts: Parts, watch: Stopwatch): Promise<Omit<Picture, "warnings">> {
  const text = await watch.timeAsync("average-hue", () => parts.describeHue(raster));
  const { width, height } = raster;
  const data = new TextEncoder().encode(text);
  return { data, format: "json", mimeType: "application/json", width, height, frames: 1, timings: watch.timings };
}
