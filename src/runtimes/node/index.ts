import { cpus } from "os";
import { DEFAULT_LIMITS } from "../../core/limits.ts";
import { fetchMarks } from "../../core/marks.ts";
import type { Probe } from "../../core/probe.ts";
import type { Explanation, Result } from "../../engine.ts";
import { checkBytes, createLibrary, type ExplainOptions, type Request, type TransformOptions, toPlan } from "../../library.ts";
import { fileFonts } from "./file-fonts.ts";
import { fileWasm } from "./file-wasm.ts";
import { createPool, type Pool } from "./pool.ts";

export * from "../../public.ts";

export interface NodeTransformOptions extends Omit<TransformOptions, "modules" | "fonts" | "signal"> {
  /** Terminates the thread at once; a codec in the middle of a picture ends with it. */
  readonly signal?: AbortSignal;
}

const loadWasm = fileWasm(new URL("../wasm/", import.meta.url));
const fontFolder = new URL("../fc/fonts/", import.meta.url);
const inThread = createLibrary(loadWasm, fileFonts(fontFolder), Date.now);
let pool: Pool | undefined;

/**
 * Transforms one picture in a worker thread that is terminated at the deadline or on abort, whatever its codec is doing.
 * Otherwise as `transform` of "opalens". Threads start with the first calls, as many as the machine has cores.
 */
export async function transform(bytes: Uint8Array, request: Request, options: NodeTransformOptions = {}): Promise<Result> {
  checkBytes(bytes);
  const plan = toPlan(request, options);
  const workerFile = new URL("./worker.js", import.meta.url);
  pool = pool ?? createPool({ workerFile, loadWasm, fontFolder, size: cpus().length });
  const objects = await fetchMarks(plan, options.fetchObject);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return pool.run({ bytes, plan, limits, objects, deadlineMs: options.deadlineMs, signal: options.signal });
}

/** As `probe` of "opalens". */
export function probe(bytes: Uint8Array): Promise<Probe> {
  return inThread.probe(bytes);
}

/** As `explain` of "opalens". */
export function explain(request: Request, source: Probe, options?: ExplainOptions): Explanation {
  return inThread.explain(request, source, options);
}

/** Ends all threads; running transforms fail with TIMEOUT. A process without work ends without it. */
export async function close(): Promise<void> {
  await pool?.close();
  pool = undefined;
}
