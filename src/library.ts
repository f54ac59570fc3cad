import { badArgument } from "./core/errors.ts";
import type { FontFile, LoadFont } from "./core/fonts.ts";
import type { Limits } from "./core/limits.ts";
import type { Plan } from "./core/plan.ts";
import type { Probe } from "./core/probe.ts";
import type { LoadWasm, WasmName } from "./core/wasm.ts";
import { createEngine, type EngineOptions, type Explanation, explainPlan, type Result } from "./engine.ts";
import { probe } from "./probe/index.ts";
import { parseText, type SyntaxOptions } from "./syntax/request.ts";

/** A process text (`image/resize,w_200`), a plain query (`w=200&format=webp`), or a Plan. */
export type Request = string | Plan;

export interface TransformOptions extends EngineOptions, SyntaxOptions {
  /** Compiled modules by name, for runtimes that cannot load them themselves; kept for later calls. */
  readonly modules?: Partial<Readonly<Record<WasmName, WebAssembly.Module>>>;
  /** Font files by name, likewise. */
  readonly fonts?: Partial<Readonly<Record<FontFile, Uint8Array>>>;
}
export interface ExplainOptions extends SyntaxOptions {
  readonly limits?: Partial<Limits>;
  /** Bytes of the source, for the memory figure. */
  readonly byteLength?: number;
}
/** The public functions of the library. All throw TransformError and nothing else. */
export interface Library {
  /** Transforms one picture. `bytes` is read, never changed; it may be a view into a larger buffer. */
  transform(bytes: Uint8Array, request: Request, options?: TransformOptions): Promise<Result>;
  /** Reads headers alone: size, orientation, alpha, frames, color space. UNSUPPORTED_FORMAT or CORRUPT_IMAGE otherwise. */
  probe(bytes: Uint8Array): Promise<Probe>;
  /** The plan, its canonical text, every step's size and the bytes it will need, before any pixel work. */
  explain(request: Request, source: Probe, options?: ExplainOptions): Explanation;
}

export function createLibrary(loadWasm: LoadWasm, loadFont: LoadFont, now: () => number): Library {
  const modules = new Map<string, WebAssembly.Module>();
  const fonts = new Map<string, Uint8Array>();
  const engine = createEngine({
    loadWasm: async (name) => modules.get(name) ?? loadWasm(name),
    loadFont: async (file) => fonts.get(file) ?? loadFont(file),
    now,
  });
  return {
    async transform(bytes, request, options = {}) {
      for (const [name, module] of Object.entries(options.modules ?? {})) modules.set(name, module);
      for (const [file, bytes] of Object.entries(options.fonts ?? {})) fonts.set(file, bytes);
      return engine.transform(checkBytes(bytes), toPlan(request, options), options);
    },
    probe: async (bytes) => probe(checkBytes(bytes)),
    explain: (request, source, options = {}) =>
      explainPlan(toPlan(request, options), source, options.byteLength ?? 0, options.limits),
  };
}

/** BAD_ARGUMENT for what is no request, as callers in JavaScript may pass. */
export function toPlan(request: Request, options: SyntaxOptions): Plan {
  if (typeof request === "string") return parseText(request, options);
  const plan: Partial<Plan> | undefined | null = request;
  if (Array.isArray(plan?.calls) && plan?.settings !== undefined && plan.answer !== undefined) return request;
  throw badArgument({ operation: "request", expected: "a process text, a plain query or a Plan" });
}

/** BAD_ARGUMENT for anything but a Uint8Array, of this realm or another. */
export function checkBytes(bytes: Uint8Array): Uint8Array {
  if (Object.prototype.toString.call(bytes) === "[object Uint8Array]") return bytes;
  throw badArgument({ operation: "bytes", expected: "a Uint8Array" });
}
