import { Overtaken } from "./fault.ts";

/** Runs pieces of work one at a time. In each lane only the newest waits: what it replaces fails with Overtaken. */
export interface Lanes<L extends string> {
  run<T>(lane: L, work: () => Promise<T>): Promise<T>;
  /** Drops everything that waits. */
  clear(): void;
}

interface Waiting {
  readonly start: () => Promise<void>;
  readonly drop: () => void;
}

/** `order`: which lane goes first where several wait. */
export function createLanes<L extends string>(order: readonly L[]): Lanes<L> {
  const waiting = new Map<L, Waiting>();
  let isBusy = false;

  const next = async (): Promise<void> => {
    const lane = order.find((name) => waiting.has(name));
    const job = lane === undefined ? undefined : waiting.get(lane);
    if (isBusy || lane === undefined || job === undefined) return;
    waiting.delete(lane);
    isBusy = true;
    await job.start();
    isBusy = false;
    void next();
  };
  const drop = (lane: L) => {
    waiting.get(lane)?.drop();
    waiting.delete(lane);
  };
  return {
    run<T>(lane: L, work: () => Promise<T>): Promise<T> {
      drop(lane);
      return new Promise<T>((resolve, reject) => {
        const start = () => work().then(resolve, reject);
        waiting.set(lane, { start, drop: () => reject(new Overtaken()) });
        void next();
      });
    },
    clear() {
      for (const lane of order) drop(lane);
    },
  };
}
