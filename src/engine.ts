import { CODECS } from "./codecs/index.ts";
import { textsOf } from "./core/chain.ts";
import { asTransformError, TransformError } from "./core/errors.ts";
import type { LoadFont } from "./core/fonts.ts";
import { createLessor, type IdleInstances, type LeaseWasm } from "./core/lease.ts";
import { DEFAULT_LIMITS, type Limits } from "./core/limits.ts";
import type { FetchObject } from "./core/marks.ts";
import { hasOwn } from "./core/own.ts";
import { type Parts, type Picture, run } from "./core/pipeline.ts";
import type { Plan } from "./core/plan.ts";
import { NOTHING_READ, type Planner } from "./core/planner.ts";
import type { Probe } from "./core/probe.ts";
import { type Raster, rgbaOf } from "./core/raster.ts";
import { resolve } from "./core/resolve.ts";
import type { Step, StepParams } from "./core/step.ts";
import type { TextEngine } from "./core/text.ts";
import { type KernelName, kernelModule, type LoadWasm, type WasmName } from "./core/wasm.ts";
import { createKernels } from "./kernels/index.ts";
import { createPlaneKernels } from "./kernels/planes.ts";
import { metadataFor } from "./metadata/index.ts";
import { printHue } from "./operations/average-hue.ts";
import { OPERATIONS } from "./operations/index.ts";
import { printInfo } from "./operations/info.ts";
import { resolveQuality } from "./operations/quality.ts";
import { averageHue } from "./pixels/average-hue.ts";
import { applyStep, stepScratchBytes, takePlanes } from "./pixels/index.ts";
import { toLayout } from "./pixels/layout.ts";
import { receive, sinkBytes } from "./pixels/sink.ts";
import { underlay } from "./pixels/underlay.ts";
import { readColor } from "./probe/color.ts";
import { probe } from "./probe/index.ts";
import { printPlan } from "./syntax/print.ts";
import { textBytes } from "./text/bytes.ts";

const PLANNER: Planner = {
  operations: OPERATIONS,
  codecs: CODECS,
  scratchBytes: stepScratchBytes,
  sinkBytes,
  textBytes,
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
  /** Bytes of a font file; asked for when a text needs it. */
  readonly loadFont: LoadFont;
  readonly now: () => number;
  /**
   * Runs the garbage collector at once, where a runtime can. Called between stages after a large instance was dropped: its
   * memory would otherwise stay until a collection happens to come, on top of what the next stage was planned to need.
   */
  readonly collectGarbage?: () => void;
}

/** An engine on modules that `loadWasm` compiles. It keeps small idle instances and nothing else; fonts are in the shaper's. */
export function createEngine({ loadWasm, loadFont, now, collectGarbage }: EngineParts): Engine {
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
          text: lazyText({ lease, loadFont }),
          onMemory,
        });
        return { ...picture, peakBytes: bytes.length + rasterPeak + wasmPeak };
      } catch (thrown) {
        throw asTransformError(thrown, "INTERNAL", "the transform failed unexpectedly");
      }
    },
  };
}

/** The engine for text without its code, of which most requests need nothing. */
function lazyText(parts: { readonly lease: LeaseWasm; readonly loadFont: LoadFont }): TextEngine {
  const load = async () => (await import("./text/index.ts")).createTextEngine(parts);
  return {
    measure: async (spec) => (await load()).measure(spec),
    draw: async (spec) => (await load()).draw(spec),
  };
}

function createParts(loadWasm: LoadWasm, now: () => number): Parts {
  const kernels = onPixels(loadWasm, createKernels);
  const planes = onPixels(loadWasm, createPlaneKernels);
  const toPacked = (raster: Raster) => toLayout(raster, ["rgba8"], planes);
  return {
    planner: PLANNER,
    probe,
    readColor,
    readMetadata: metadataFor,
    applyStep: (input, step, tools) => applyStep(input, step, { ...tools, kernels, planes }),
    underlay: async (raster, background, keepsAlpha) => underlay(raster, background, keepsAlpha, await kernels()),
    describeHue: async (raster) => printHue(averageHue(rgbaOf(await toPacked(raster)))),
    toLayout: (raster, layouts) => toLayout(raster, layouts, planes),
    receive: (request, tools, work) => receive(request, { ...tools, planes, now }, work),
    takePlanes,
    now,
  };
}

/** Kernels of the module that every plan may use, made once. */
function onPixels<K>(loadWasm: LoadWasm, create: (module: WebAssembly.Module) => K): () => Promise<K> {
  let made: Promise<K> | undefined;
  return () => {
    made = made ?? loadWasm(kernelModule("pixels")).then(create);
    made.catch(() => {
      made = undefined; // one failed load must not poison the engine
    });
    return made;
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
    warnings: [],
    peakBytes: bytes.length,
  };
}

/** Resolves a plan against a header alone: sizes, format and the memory it needs. Marks are not read, so not counted. */
export function explainPlan(plan: Plan, source: Probe, byteLength: number, limits: Partial<Limits> = {}): Explanation {
  const canonical = printPlan(plan);
  if (plan.answer === "info") {
    const { width, height } = source;
    return { plan, canonical, steps: [], width, height, ...JSON_ANSWER, memoryBytes: byteLength };
  }
  const resolved = resolve(plan, source, byteLength, PLANNER, { ...DEFAULT_LIMITS, ...limits }, NOTHING_READ);
  const { target, quality, memoryBytes, size } = resolved;
  const lossy = target.supports.quality && !plan.settings.lossless;
  const picture = { format: target.format, mimeType: target.mimeType, ...(lossy ? { quality } : {}) };
  const answer = plan.answer === "picture" ? picture : JSON_ANSWER;
  return { plan, canonical, steps: resolved.steps.map(explainStep), ...size, ...answer, memoryBytes };
}
const JSON_ANSWER = { format: "json", mimeType: "application/json" };

function explainStep(step: Step): ExplainedStep {
  const { kind, output } = step;
  const params = step.kind === "composite" ? explainDrawing(step.params) : { ...step.params };
  return { kind, params, width: output.width, height: output.height };
}

/** Where a mark lies is known only once it has been read; until then the step says what will be drawn. */
function explainDrawing({ mark, ...rest }: StepParams["composite"]): Readonly<Record<string, unknown>> {
  if (mark.kind === "unread") return { mark: mark.name, opacity: rest.opacity };
  const name = mark.kind === "text" ? mark.text.text : mark.key;
  return { mark: name, markWidth: mark.size.width, markHeight: mark.size.height, ...rest };
}

/** Kernels that operations need besides those that any plan may use. */
const OPERATION_MODULES: Readonly<Record<string, readonly KernelName[]>> = {
  blur: ["effects"],
  sharpen: ["effects"],
  rotate: ["effects"],
};

/** Modules a plan needs for a source, so that a runtime can compile them while the rest is still being read. */
export function modulesFor(plan: Plan, source: Pick<Probe, "format">): readonly WasmName[] {
  if (plan.answer === "info") return [];
  const asked = plan.settings.format;
  const target = asked === undefined || asked === "gif" ? source.format : asked;
  const { encode, small } = CODECS.get(target)?.modules ?? { encode: [] };
  return [
    ...new Set<WasmName>([
      ...(CODECS.get(source.format)?.modules.decode ?? []),
      ...plan.calls
        .flatMap(({ name }) => (hasOwn(OPERATION_MODULES, name) ? (OPERATION_MODULES[name] ?? []) : []))
        .map(kernelModule),
      ...(textsOf(plan, PLANNER).length > 0 ? (["harfbuzz"] as const) : []),
      kernelModule("pixels"),
      kernelModule("resize"),
      ...(plan.settings.effort === "small" ? (small ?? encode) : encode),
    ]),
  ];
}
