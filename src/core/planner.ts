import type { Size } from "./geometry.ts";
import type { MemoryModel, Start } from "./memory.ts";
import type { Operation } from "./operation.ts";
import type { QualityRule } from "./plan.ts";
import type { Probe } from "./probe.ts";
import type { Step } from "./step.ts";
import type { TextSpec } from "./text.ts";

/** Everything planning needs besides the plan and the header. */
export interface Planner extends MemoryModel {
  readonly operations: ReadonlyMap<string, Operation>;
  /** Encoder's quality 1..100 by rule. */
  readonly quality: (rule: QualityRule, source: number | undefined, fallback: number, ijgQuality: boolean) => number;
}

/** What a plan draws, as far as it is known: in `explain` nothing of it has been read. */
export interface Drawables {
  /** Headers of watermark pictures by key. */
  readonly pictures: ReadonlyMap<string, MarkHeader>;
  /** Sizes of texts by textKey. */
  readonly texts: ReadonlyMap<string, Size>;
}
export interface MarkHeader {
  readonly probe: Probe;
  readonly byteLength: number;
}
export const NOTHING_READ: Drawables = { pictures: new Map(), texts: new Map() };

/** Equal for equal texts. */
export function textKey({ text, font, size, color, shadow, rotateDeg }: TextSpec): string {
  return JSON.stringify([text, font, size, color, shadow, rotateDeg]);
}

/** Steps behind the first that depends on pixels, for the raster it has really left; all checks once more. */
export type Replan = (start: Start) => Planned;
export interface Planned {
  readonly steps: readonly Step[];
  readonly replan?: Replan;
}
