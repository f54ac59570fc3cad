import { performance } from "perf_hooks";
import { setFlagsFromString } from "v8";
import { runInNewContext } from "vm";
import { parentPort, workerData } from "worker_threads";
import { TransformError } from "../../core/errors.ts";
import type { LoadWasm, WasmName } from "../../core/wasm.ts";
import { createEngine } from "../../engine.ts";
import { fileFonts } from "./file-fonts.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";

/**
 * The engine on a thread of its own, which the main thread terminates when a deadline passes: a codec call cannot be
 * interrupted from inside. One job at a time; compiled modules come by message, asked for when none has been sent ahead.
 */
interface Waiting {
  readonly promise: Promise<WebAssembly.Module>;
  resolve(module: WebAssembly.Module): void;
  reject(error: Error): void;
}
const modules = new Map<WasmName, Waiting>();
const port = parentPort;
if (port === null) throw new Error("worker.js runs as a worker thread");

const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, [...transfer]);

function slot(name: WasmName): Waiting {
  const kept = modules.get(name);
  if (kept !== undefined) return kept;
  let settle: Pick<Waiting, "resolve" | "reject"> | undefined;
  const promise = new Promise<WebAssembly.Module>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => modules.delete(name));
  const waiting: Waiting = { promise, ...(settle as Pick<Waiting, "resolve" | "reject">) };
  modules.set(name, waiting);
  return waiting;
}

const loadWasm: LoadWasm = (name) => {
  if (!modules.has(name)) send({ kind: "need", name });
  return slot(name).promise;
};
const loadFont = fileFonts(new URL((workerData as WorkerSetup).fontFolder));
const engine = createEngine({ loadWasm, loadFont, now: () => performance.now(), collectGarbage: findCollector() });

/** V8 shows its collector to contexts that are made after the flag is set, so this thread needs no flag at start. */
function findCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("typeof gc === 'function' ? gc : undefined");
  return typeof collect === "function" ? (collect as () => void) : () => undefined;
}

async function runJob({ bytes, plan, limits, objects }: Extract<ToWorker, { readonly kind: "job" }>): Promise<void> {
  try {
    const result = await engine.transform(bytes, plan, { limits, fetchObject: async (key) => objects.get(key) });
    const whole = result.data.byteLength === result.data.buffer.byteLength;
    const data = whole ? result.data : result.data.slice(); // only a buffer of its own can be moved to the other thread
    send({ kind: "done", result: { ...result, data } }, [data.buffer as ArrayBuffer]);
  } catch (thrown) {
    const error =
      thrown instanceof TransformError ? thrown : new TransformError("INTERNAL", "the worker failed", { cause: thrown });
    const { code, message, fault } = error;
    send({ kind: "failed", code, message, cause: describe(error.cause), fault });
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : cause === undefined ? "" : String(cause);
}

port.on("message", (message: ToWorker) => {
  if (message.kind === "module") slot(message.name).resolve(message.module);
  else if (message.kind === "no-module") slot(message.name).reject(new Error(message.reason));
  else void runJob(message);
});
