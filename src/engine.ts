import { CODECS } from "./codecs/index.ts";
import { asTransformError, TransformError } from "./core/errors.ts";
import { createLessor, type IdleInstances } from "./core/lease.ts";
import { DEFAULT_LIMITS, type Limits } from "./core/limits.ts";
import type { FetchObject } from "./core/marks.ts";
import { type Parts, type Picture, run } from "./core/pipeline.ts";
import type { Plan } from "./core/plan.ts";
import type { Probe } from "./core/probe.ts";
import { type Planner, resolve } from "./core/resolve.ts";
import type { Step } from "./core/step.ts";
import type { LoadWasm, WasmName } from "./core/wasm.ts";
import { createKernels, type Kernels } from "./kernels/index.ts";
import { OPERATIONS } from "./operations/index.ts";
import { printInfo } from "./operations/info.ts";
import { resolveQuality } from "./operations/quality.ts";
import { parseColor } from "./pixels/color.ts";
import { rgbaOf, toLayout } from "./pixels/convert.ts";
import { applyStep, stepScratchBytes } from "./pixels/index.ts";
import { probe } from "./probe/index.ts";
import { printPlan } from "./syntax/print.ts";

const PLANNER: Planner = {
  operations: OPERATIONS,
  codecs: CODECS,
  scratchBytes: stepScratchBytes,
  quality: resolveQuality,
};

export interface EngineOptions {
  /** Bytes of a watermark picture by key; without it every watermark fails. */
  readonly fetchObject?: FetchObject;
  readonly limits?: Partial<Limits>;
  /** Ends the transform between stages once aborted; an AbortSignal fits. */
  readonly signal?: { readonly aborted: boolean };
  /** Ends the transform between stages after this many milliseconds with TIMEOUT. */
  readonly deadlineMs?: number;
}
/** A finished transform. `format` is "json" for a plan that asks for info. */
export interface Result extends Picture {
  /** Most bytes that were held at one time: rasters, source and wasm memory. */
  readonly peakBytes: number;
}
/** What a plan amounts to for one picture, before any pixel work. */
export interface Explanation {
  readonly plan: Plan;
  /** The plan as a complete `x-oss-process` value. */
  readonly canonical: string;
  readonly steps: readonly ExplainedStep[];
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly mimeType: string;
  readonly quality?: number;
  /** Upper bound of the bytes the transform will hold at one time. */
  readonly memoryBytes: number;
}
export interface ExplainedStep {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly width: number;
  readonly height: number;
}
export interface Engine {
  /** One picture by a plan. Throws TransformError only. */
  transform(bytes: Uint8Array, plan: Plan, options?: EngineOptions): Promise<Result>;
}

export interface EngineParts {
  readonly loadWasm: LoadWasm;
  readonly now: () => number;
  /**
   * Runs the garbage collector at once, where a runtime can. Called between stages after a large instance was dropped: its
   * memory would otherwise stay until a collection happens to come, on top of what the next stage was planned to need.
   */
  readonly collectGarbage?: () => void;
}

/** An engine on modules that `loadWasm` compiles. It keeps small idle instances and nothing else. */
export function createEngine({ loadWasm, now, collectGarbage }: EngineParts): Engine {
  const once = keepModules(loadWasm);
  const idle: IdleInstances = new Map();
  const parts = createParts(once, now);
  return {
    async transform(bytes, plan, options = {}) {
      let wasmPeak = 0;
      let rasterPeak = 0;
      let dropped = false;
      const lease = createLessor(
        once,
        (bytes) => {
          wasmPeak = Math.max(wasmPeak, bytes);
        },
        idle,
        () => {
          dropped = true;
        },
      );
      const limits = { ...DEFAULT_LIMITS, ...options.limits };
      const inTime = createCheckpoint(options, now);
      const checkpoint = () => {
        if (dropped) collectGarbage?.();
        dropped = false;
        inTime();
      };
      try {
        checkpoint();
        if (plan.answer === "info") return infoResult(bytes, limits);
        const onMemory = (held: number) => {
          rasterPeak = Math.max(rasterPeak, held);
        };
        const picture = await run(bytes, plan, parts, {
          limits,
          fetchObject: options.fetchObject,
          checkpoint,
          lease,
          onMemory,
        });
        return { ...picture, peakBytes: bytes.length + rasterPeak + wasmPeak };
      } catch (thrown) {
        throw asTransformError(thrown, "INTERNAL", "the transform failed unexpectedly");
      }
    },
  };
}

function createParts(loadWasm: LoadWasm, now: () => number): Parts {
  let kernels: Promise<Kernels> | undefined;
  const loadKernels = () => {
    kernels = kernels ?? loadWasm("pixels").then(createKernels);
    kernels.catch(() => {
      kernels = undefined; // one failed load must not poison the engine
    });
    return kernels;
  };
  return {
    planner: PLANNER,
    probe,
    applyStep: (input, step, tools) => applyStep(input, step, { ...tools, kernels: loadKernels }),
    async flatten(raster, background) {
      const { data, width, height } = rgbaOf(raster);
      (await loadKernels()).flatten(data, ...parseColor(background));
      return { layout: "rgba8", width, height, data, alpha: false };
    },
    toLayout,
    now,
  };
}

/** Compiles each module once; a failure is forgotten, so that the next request tries again. */
function keepModules(loadWasm: LoadWasm): LoadWasm {
  const modules = new Map<WasmName, Promise<WebAssembly.Module>>();
  return (name) => {
    const kept = modules.get(name);
    if (kept !== undefined) return kept;
    const loading = loadWasm(name);
    modules.set(name, loading);
    loading.catch(() => modules.delete(name));
    return loading;
  };
}

function createCheckpoint({ signal, deadlineMs }: EngineOptions, now: () => number): () => void {
  const end = deadlineMs === undefined ? Number.POSITIVE_INFINITY : now() + deadlineMs;
  return () => {
    if (signal?.aborted) throw new TransformError("TIMEOUT", "the transform was given up by its caller");
    if (now() > end) throw new TransformError("TIMEOUT", `the transform took longer than ${deadlineMs} ms`);
  };
}

function infoResult(bytes: Uint8Array, limits: Limits): Result {
  if (bytes.length > limits.maxBytes) {
    throw new TransformError("SOURCE_TOO_LARGE", `the source has ${bytes.length} bytes, at most ${limits.maxBytes} are read`);
  }
  const found = probe(bytes);
  return {
    data: new TextEncoder().encode(printInfo(found, bytes.length)),
    format: "json",
    mimeType: "application/json",
    width: found.width,
    height: found.height,
    frames: found.frames,
    timings: {},
    peakBytes: bytes.length,
  };
}

/** Resolves a plan against a header alone: sizes, format and the memory it needs. Marks are not read, so not counted. */
export function explainPlan(plan: Plan, source: Probe, byteLength: number, limits: Partial<Limits> = {}): Explanation {
  const canonical = printPlan(plan);
  if (plan.answer === "info") {
    const { width, height } = source;
    return { plan, canonical, steps: [], width, height, format: "json", mimeType: "application/json", memoryBytes: byteLength };
  }
  const resolved = resolve(plan, source, byteLength, PLANNER, { ...DEFAULT_LIMITS, ...limits }, new Map());
  const { target, quality, memoryBytes, size } = resolved;
  return {
    plan,
    canonical,
    steps: resolved.steps.map(explainStep),
    ...size,
    format: target.format,
    mimeType: target.mimeType,
    ...(target.supports.quality ? { quality } : {}),
    memoryBytes,
  };
}

function explainStep({ kind, params, output }: Step): ExplainedStep {
  return { kind, params: { ...params }, width: output.width, height: output.height };
}

/** Modules a plan needs for a source, so that a runtime can compile them while the rest is still being read. */
export function modulesFor(plan: Plan, source: Probe): readonly WasmName[] {
  const decoder = CODECS.get(source.format)?.modules.decode ?? [];
  if (plan.answer === "info") return [];
  const asked = plan.settings.format;
  const encoder = CODECS.get(asked === undefined || asked === "gif" ? source.format : asked)?.modules.encode ?? [];
  const scales = plan.calls.some(({ name }) => name === "resize" || name === "fit");
  return [...new Set<WasmName>([...decoder, ...(scales ? (["squoosh_resize_bg"] as const) : []), "pixels", ...encoder])];
}
