/** Adds up milliseconds by stage. */
export interface Stopwatch {
  readonly timings: Record<string, number>;
  time<T>(stage: string, work: () => T): T;
  timeAsync<T>(stage: string, work: () => Promise<T>): Promise<T>;
  /** Counts time that is part of one stage for another. */
  move(from: string, to: string, ms: number): void;
}

export function stopwatch(now: () => number): Stopwatch {
  const timings: Record<string, number> = {};
  const add = (stage: string, from: number) => {
    timings[stage] = (timings[stage] ?? 0) + now() - from;
  };
  return {
    timings,
    move(from, to, ms) {
      timings[from] = (timings[from] ?? 0) - ms;
      timings[to] = (timings[to] ?? 0) + ms;
    },
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
