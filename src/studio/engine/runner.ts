import { TransformError } from "../../core/errors.ts";
import { Overtaken, PlanFault } from "./fault.ts";
import type { AskBody, Asks, FromWorker, Modules, Progress, ToWorker } from "./protocol.ts";

/** What of a Worker is used. */
export interface WorkerLike {
  onmessage: ((event: { readonly data: FromWorker }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(message: ToWorker): void;
  terminate(): void;
}

export type Answer<A extends AskBody> = Asks[A["kind"]]["answer"];

/** One worker with the asks it has not answered yet. */
export interface Runner {
  readonly isAlive: boolean;
  tell(message: Exclude<ToWorker, AskBody>): void;
  ask<A extends AskBody>(ask: A): Promise<Answer<A>>;
  /** Ends the worker, whatever it is doing; what it has not answered fails with Overtaken. */
  end(): void;
}

interface Heard {
  readonly onProgress: (progress: Progress) => void;
  /** What the worker has loaded, for others. */
  readonly onLoaded: (loaded: Modules) => void;
  /** The worker has been ended, or has died. */
  readonly onEnd: () => void;
}
interface Pending {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

export function createRunner(worker: WorkerLike, { onProgress, onLoaded, onEnd }: Heard): Runner {
  const pending = new Map<number, Pending>();
  const loading = new Set<string>();
  let isAlive = true;
  let asked = 0;

  const settle = (id: number): Pending | undefined => {
    const found = pending.get(id);
    pending.delete(id);
    return found;
  };
  const stop = (reason: Error) => {
    if (!isAlive) return;
    isAlive = false;
    worker.terminate();
    // Nobody else says that these have come to an end
    for (const file of loading) onProgress({ kind: "progress", file, loaded: 0, total: 0, done: true });
    for (const { reject } of pending.values()) reject(reason);
    pending.clear();
    onEnd();
  };
  const hear = (progress: Progress) => {
    if (progress.done) loading.delete(progress.file);
    else loading.add(progress.file);
    onProgress(progress);
  };

  worker.onmessage = ({ data: message }) => {
    if (!isAlive) return;
    switch (message.kind) {
      case "answer":
        return settle(message.id)?.resolve(message.value);
      case "failure":
        return settle(message.id)?.reject(new PlanFault(message.failure));
      case "progress":
        return hear(message);
      case "module":
        return onLoaded({ kind: "modules", modules: [[message.name, message.module]], fonts: [] });
      case "font":
        return onLoaded({ kind: "modules", modules: [], fonts: [[message.file, message.font]] });
    }
  };
  worker.onerror = ({ message }) => {
    const why = message === undefined || message === "" ? "" : `: ${message}`;
    stop(new TransformError("INTERNAL", `the engine stopped unexpectedly${why}`));
  };
  return {
    get isAlive() {
      return isAlive;
    },
    tell: (message) => worker.postMessage(message),
    ask<A extends AskBody>(ask: A): Promise<Answer<A>> {
      if (!isAlive) return Promise.reject(new Overtaken());
      const id = asked++;
      return new Promise<Answer<A>>((resolve, reject) => {
        pending.set(id, { resolve: resolve as Pending["resolve"], reject });
        worker.postMessage({ ...ask, id });
      });
    },
    end: () => stop(new Overtaken()),
  };
}
