import type { Rgb } from "./quality.mjs";

interface EffectsTask {
  readonly format: string;
  readonly quality?: number;
}
type Run = (source: Uint8Array, peer: object, task: EffectsTask) => Promise<{ readonly data: Uint8Array }>;
export const EFFECTS: Readonly<Record<string, Readonly<Record<string, Run>>>>;
export function effectsReference(source: Uint8Array, task: EffectsTask): Promise<Rgb>;
