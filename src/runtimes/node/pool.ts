import { fileURLToPath } from "url";
import { Worker } from "worker_threads";
import { TransformError } from "../../core/errors.ts";
import type { Limits } from "../../core/limits.ts";
import type { Plan } from "../../core/plan.ts";
import type { LoadWasm, WasmName } from "../../core/wasm.ts";
import type { Result } from "../../engine.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";

export interface PoolJob {
  readonly bytes: Uint8Array;
  readonly plan: Plan;
  readonly limits: Limits;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** From the call to the answer; a thread at work on it is terminated past it. */
  readonly deadlineMs?: number | undefined;
  /** An AbortSignal, where the runtime has them. */
  readonly signal?: AbortSignal | undefined;
  /** `bytes` may be moved to the thread, so that it is gone here. */
  readonly takeBytes?: boolean;
}
export interface Pool {
  /** Starts a thread and compiles modules ahead of a job. */
  prepare(names: readonly WasmName[]): void;
  /** One transform. TIMEOUT where its thread had to be terminated; that thread is replaced. */
  run(job: PoolJob): Promise<Result>;
  close(): Promise<void>;
}
export interface PoolOptions {
  /** The built worker.js. */
  readonly workerFile: URL;
  readonly loadWasm: LoadWasm;
  /** Folder of the font files, which threads read themselves when a text needs them. */
  readonly fontFolder: URL;
  /** Threads at most; further jobs wait in order. */
  readonly size: number;
}

interface Thread {
  readonly worker: Worker;
  /** Modules this thread has been sent. */
  readonly sent: Set<WasmName>;
  task?: Task | undefined;
}
/** A job from its call to its answer. */
interface Task {
  readonly job: PoolJob;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: TransformError) => void;
  /** Stops watching deadline and signal. */
  readonly settle: () => void;
}

/** Engines on killable threads. Threads are started as jobs come and kept; an idle thread does not hold the process. */
export function createPool({ workerFile, loadWasm, fontFolder, size }: PoolOptions): Pool {
  const threads = new Set<Thread>();
  const waiting: Task[] = [];
  const modules = new Map<WasmName, Promise<WebAssembly.Module>>();
  let closed = false;

  const compile = (name: WasmName): Promise<WebAssembly.Module> => {
    const kept = modules.get(name) ?? loadWasm(name);
    modules.set(name, kept);
    kept.catch(() => modules.delete(name));
    return kept;
  };
  const sendModule = (thread: Thread, name: WasmName) => {
    if (thread.sent.has(name)) return;
    thread.sent.add(name);
    compile(name).then(
      (module) => post(thread, { kind: "module", name, module }),
      (error: unknown) => {
        thread.sent.delete(name);
        post(thread, { kind: "no-module", name, reason: String(error) });
      },
    );
  };

  function start(): Thread {
    const worker = new Worker(fileURLToPath(workerFile), { workerData: workerSetup(fontFolder) });
    const thread: Thread = { worker, sent: new Set() };
    worker.unref();
    worker.on("message", (message: FromWorker) => hear(thread, message));
    worker.on("error", (error: Error & { readonly code?: string }) => lose(thread, workerFailure(error)));
    worker.on("exit", () => lose(thread, new TransformError("INTERNAL", "the worker thread ended")));
    threads.add(thread);
    return thread;
  }

  function hear(thread: Thread, message: FromWorker): void {
    if (message.kind === "need") {
      sendModule(thread, message.name);
      return;
    }
    const task = release(thread);
    if (message.kind === "done") task?.resolve(message.result);
    else task?.reject(received(message));
    next();
  }

  function release(thread: Thread): Task | undefined {
    const { task } = thread;
    thread.task = undefined;
    thread.worker.unref();
    task?.settle();
    return task;
  }

  /** Forgets a thread, failing what it was working on. */
  function lose(thread: Thread, error: TransformError): void {
    if (!threads.delete(thread)) return;
    release(thread)?.reject(error);
    next();
  }

  /** Ends a task wherever it is: its thread is terminated, because nothing else stops a codec. */
  function giveUp(task: Task, error: TransformError): void {
    const thread = [...threads].find((candidate) => candidate.task === task);
    if (thread !== undefined) {
      lose(thread, error);
      void thread.worker.terminate();
    } else if (waiting.includes(task)) {
      waiting.splice(waiting.indexOf(task), 1);
      task.settle();
      task.reject(error);
    }
  }

  function idleThread(): Thread | undefined {
    return [...threads].find(({ task }) => task === undefined) ?? (threads.size < size ? start() : undefined);
  }

  function next(): void {
    const thread = closed || waiting.length === 0 ? undefined : idleThread();
    const task = thread === undefined ? undefined : waiting.shift();
    if (thread === undefined || task === undefined) return;
    thread.task = task;
    thread.worker.ref();
    const { bytes, plan, limits, objects, takeBytes } = task.job;
    const owned = takeBytes === true && bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength > 0;
    post(thread, { kind: "job", bytes, plan, limits, objects }, owned ? [bytes.buffer as ArrayBuffer] : []);
  }

  /** Watches deadline and signal from the call on, so that waiting for a thread counts. */
  function createTask(job: PoolJob, resolve: Task["resolve"], reject: Task["reject"]): Task {
    const { deadlineMs, signal } = job;
    const onDeadline = () => giveUp(task, new TransformError("TIMEOUT", `the transform took longer than ${deadlineMs} ms`));
    const onAbort = () => giveUp(task, givenUp());
    const timer = deadlineMs === undefined ? undefined : setTimeout(onDeadline, deadlineMs);
    signal?.addEventListener("abort", onAbort);
    const settle = () => {
      if (timer !== undefined) clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const task: Task = { job, resolve, reject, settle };
    return task;
  }

  return {
    prepare(names) {
      if (closed) return;
      const thread = idleThread();
      for (const name of names) {
        if (thread === undefined) void compile(name).catch(() => undefined);
        else sendModule(thread, name);
      }
    },
    run(job) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new TransformError("INTERNAL", "the engine is closed"));
        if (job.signal?.aborted === true) return reject(givenUp());
        waiting.push(createTask(job, resolve, reject));
        next();
      });
    },
    async close() {
      closed = true;
      const ending = [...threads].map((thread) => {
        lose(thread, givenUp());
        return thread.worker.terminate();
      });
      for (const task of [...waiting]) giveUp(task, givenUp());
      await Promise.all(ending);
    },
  };
}

function workerSetup(fontFolder: URL): WorkerSetup {
  return { fontFolder: fontFolder.href };
}

function post(thread: Thread, message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
  thread.worker.postMessage(message, [...transfer]);
}
function received({ code, message, cause, fault }: Extract<FromWorker, { readonly kind: "failed" }>): TransformError {
  return new TransformError(code, message, { ...(cause === "" ? {} : { cause }), ...(fault === undefined ? {} : { fault }) });
}
function givenUp(): TransformError {
  return new TransformError("TIMEOUT", "the transform was given up by its caller");
}
function workerFailure(error: Error & { readonly code?: string }): TransformError {
  return error.code === "ERR_WORKER_OUT_OF_MEMORY"
    ? new TransformError("SOURCE_TOO_LARGE", "the picture needs more memory than there is", { cause: error })
    : new TransformError("INTERNAL", "the worker thread failed", { cause: error });
}
