import type { Codec } from "./codec.ts";
import { TransformError } from "./errors.ts";
import type { LeaseWasm } from "./lease.ts";
import type { Limits } from "./limits.ts";
import { type FetchObject, fetchMarks } from "./marks.ts";
import type { Plan } from "./plan.ts";
import type { Probe } from "./probe.ts";
import { type Raster, rasterBytes } from "./raster.ts";
import { type MarkHeader, needsOf, type Planner, type Resolved, resolve, stepsAfterDecode } from "./resolve.ts";
import { collectRows } from "./rows.ts";
import type { Step, StepParams } from "./step.ts";

/** What the pipeline is built from. The engine wires the tables in; tests wire in codecs of their own. */
export interface Parts {
  readonly planner: Planner;
  readonly probe: (bytes: Uint8Array) => Probe;
  readonly applyStep: (input: Raster, step: Step, tools: PipelineTools) => Raster | Promise<Raster>;
  /** Lays a raster over an opaque color RRGGBB. */
  readonly flatten: (raster: Raster, background: string) => Promise<Raster>;
  readonly toLayout: (raster: Raster, layouts: Codec["supports"]["layouts"]) => Raster;
  readonly now: () => number;
}
export interface PipelineTools {
  readonly lease: LeaseWasm;
  /** The prepared raster of a mark, by the step that draws it. */
  readonly mark: (params: StepParams["composite"]) => Promise<Raster>;
  /** Throws TIMEOUT past the deadline or once the caller has given up. */
  readonly checkpoint: () => void;
}

/** Bounds and surroundings of one transform. */
export interface Job {
  readonly limits: Limits;
  /** Bytes of a watermark picture, or undefined where there is no such object. */
  readonly fetchObject?: FetchObject | undefined;
  readonly checkpoint: () => void;
  readonly lease: LeaseWasm;
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
}
interface MarkObject extends MarkHeader {
  readonly bytes: Uint8Array;
}

/** Probe, plan, limits, decode, steps, encode: one picture by a plan. Throws TransformError and nothing else. */
export async function run(bytes: Uint8Array, plan: Plan, parts: Parts, job: Job): Promise<Picture> {
  const watch = stopwatch(parts.now);
  const probe = watch.time("probe", () => parts.probe(bytes));
  const objects = await watch.timeAsync("marks", () => readMarks(plan, parts, job));
  const resolved = watch.time("plan", () => resolve(plan, probe, bytes.length, parts.planner, job.limits, objects));
  const tools = createTools(parts, job, objects);
  const decoded = await watch.timeAsync("decode", () => decode(bytes, probe, resolved, job));
  const raster = await applySteps(decoded.raster, decoded.steps, parts, job, tools, watch);
  const data = await watch.timeAsync("encode", () => encode(raster, plan, resolved, parts, job));
  const { format, mimeType } = resolved.target;
  return { data, format, mimeType, ...resolved.size, frames: 1, timings: watch.timings };
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

function createTools(parts: Parts, job: Job, objects: ReadonlyMap<string, MarkObject>): PipelineTools {
  const tools: PipelineTools = {
    lease: job.lease,
    checkpoint: job.checkpoint,
    async mark({ mark }) {
      const object = objects.get(mark.key) as MarkObject;
      const codec = parts.planner.codecs.get(mark.probe.format) as Codec;
      const needs = needsOf(mark.steps, mark.probe);
      try {
        const { raster, covers } = await codec.decode(object.bytes, mark.probe, needs, {
          lease: job.lease,
          rows: collectRows(job.checkpoint),
        });
        const steps = stepsAfterDecode(mark.steps, needs, mark.probe, covers, raster);
        return await applySteps(raster, steps, parts, job, tools);
      } catch (cause) {
        if (cause instanceof TransformError && cause.code !== "CORRUPT_IMAGE") throw cause;
        throw new TransformError("WATERMARK_FAILED", `the watermark picture ${mark.key} cannot be decoded`, { cause });
      }
    },
  };
  return tools;
}

async function decode(bytes: Uint8Array, probe: Probe, { source, needs, steps }: Resolved, job: Job) {
  job.checkpoint();
  const rows = collectRows(job.checkpoint);
  const { raster, covers } = await source.decode(bytes, probe, needs, { lease: job.lease, rows });
  return { raster, steps: stepsAfterDecode(steps, needs, probe, covers, raster) };
}

async function applySteps(
  start: Raster,
  steps: readonly Step[],
  parts: Parts,
  job: Job,
  tools: PipelineTools,
  watch?: Stopwatch,
): Promise<Raster> {
  let raster = start;
  for (const step of steps) {
    job.checkpoint();
    const input = raster;
    const apply = async () => parts.applyStep(input, step, tools);
    raster = await (watch === undefined ? apply() : watch.timeAsync(step.kind, apply));
    job.onMemory(rasterBytes(input) + (raster === input ? 0 : rasterBytes(raster)));
    if (raster.width !== step.output.width || raster.height !== step.output.height) {
      throw new TransformError("INTERNAL", `${step.kind} gave ${raster.width}x${raster.height} instead of the planned size`);
    }
  }
  return raster;
}

async function encode(raster: Raster, plan: Plan, { target, quality }: Resolved, parts: Parts, job: Job) {
  job.checkpoint();
  const opaque = raster.alpha && !target.supports.alpha ? await parts.flatten(raster, plan.settings.background) : raster;
  const fitting = parts.toLayout(opaque, target.supports.layouts);
  const data = await target.encode(fitting, { quality }, { lease: job.lease });
  job.onMemory(rasterBytes(fitting) + data.length);
  return data;
}

interface Stopwatch {
  readonly timings: Record<string, number>;
  time<T>(stage: string, work: () => T): T;
  timeAsync<T>(stage: string, work: () => Promise<T>): Promise<T>;
}
function stopwatch(now: () => number): Stopwatch {
  const timings: Record<string, number> = {};
  const add = (stage: string, from: number) => {
    timings[stage] = (timings[stage] ?? 0) + now() - from;
  };
  return {
    timings,
    time(stage, work) {
      const from = now();
      const result = work();
      add(stage, from);
      return result;
    },
    async timeAsync(stage, work) {
      const from = now();
      const result = await work();
      add(stage, from);
      return result;
    },
  };
}
