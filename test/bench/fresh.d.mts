import type { Spread } from "./arithmetic.mjs";

export interface Run {
  readonly firstMs: number;
  readonly once: number;
  readonly repeated: number;
}
export interface Summary {
  readonly label: string;
  readonly firstMs: Spread;
  readonly ratio?: Spread;
  readonly net?: number;
  readonly onceBytes: number;
  readonly repeatedBytes: number;
}
export function summaries(rows: readonly { readonly label: string; readonly found: readonly Run[] }[]): Summary[];
