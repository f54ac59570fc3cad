import type { Spread } from "./arithmetic.mjs";

export interface Contender {
  readonly label: string;
  run(): Promise<{ readonly data: Uint8Array; readonly timings?: Readonly<Record<string, number>> }>;
}
export interface Measured {
  readonly label: string;
  readonly rounds: number;
  readonly ms: Spread;
  readonly ratio: Spread;
  readonly data: Uint8Array;
  readonly stages: Readonly<Record<string, number>>;
}
export interface Bounds {
  readonly rounds: number;
  readonly minRounds: number;
  readonly warmUps: number;
  readonly budgetMs: number;
}
export function measureInterleaved(contenders: readonly Contender[], bounds: Bounds): Promise<Measured[]>;
