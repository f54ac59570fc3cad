import { type Work, work } from "../state/store.ts";
import type { Progress } from "./protocol.ts";

/** What is being done at the moment, of which `work` tells what matters most to somebody who waits. */
export interface Activity {
  onProgress(progress: Progress): void;
  /** Counts as work of that kind until the promise ends; gives the promise on. */
  during<T>(kind: "opening" | "drafting" | "rendering", promise: Promise<T>): Promise<T>;
}

const IDLE: Work = { kind: "idle" };

export function createActivity(now: () => number): Activity {
  /** By file; two workers may load the same one. */
  const loads = new Map<string, { readonly loaded: number; readonly total: number }>();
  const counts = { opening: 0, drafting: 0, rendering: 0 };
  let since = 0;

  const current = (): Work => {
    for (const [file, { loaded, total }] of loads) return { kind: "loading", file, loaded, total };
    if (counts.opening > 0) return { kind: "opening" };
    if (counts.rendering > 0) return { kind: "rendering", since };
    return counts.drafting > 0 ? { kind: "drafting" } : IDLE;
  };
  const tell = () => {
    const next = current();
    if (next.kind !== work.peek().kind || next.kind === "loading" || next.kind === "rendering") work.value = next;
  };
  return {
    onProgress({ file, loaded, total, done }) {
      if (done) loads.delete(file);
      else loads.set(file, { loaded, total });
      tell();
    },
    async during(kind, promise) {
      if (kind === "rendering") since = now();
      counts[kind]++;
      tell();
      try {
        return await promise;
      } finally {
        counts[kind]--;
        tell();
      }
    },
  };
}
