import { type ArgSpecs, type ArgsOf, parseArgs } from "../../src/core/args.ts";
import type { Limits } from "../../src/core/limits.ts";
import type { PixelOperation } from "../../src/core/operation.ts";
import type { Probe } from "../../src/core/probe.ts";
import type { PlanInput, Step } from "../../src/core/step.ts";
import { type Explanation, explainPlan } from "../../src/engine.ts";
import { parseText } from "../../src/syntax/request.ts";

/** A plan explained for a header, as the library does it. */
export function explained(source: Probe, text: string, limits: Partial<Limits> = {}): Explanation {
  return explainPlan(parseText(text), source, 20_000, limits);
}
export function sizeOf(source: Probe, text: string, limits: Partial<Limits> = {}): string {
  const { width, height } = explained(source, text, limits);
  return `${width}x${height}`;
}
/** Kinds, sizes and what says where, e.g. "scale 160x80 | crop 150x80 at 5,0". */
export function stepsOf(source: Probe, text: string): string {
  const lines = explained(source, text).steps.map(({ kind, params, width, height }) => {
    const { rect, x, y, color, orientation } = params as {
      rect?: { x: number; y: number };
      x?: number;
      y?: number;
      color?: string;
      orientation?: number;
    };
    const at = rect ?? (x === undefined || y === undefined ? undefined : { x, y });
    const where = at === undefined ? "" : ` at ${at.x},${at.y}`;
    return `${kind} ${width}x${height}${where}${color === undefined ? "" : ` on ${color}`}${orientation === undefined ? "" : ` as ${orientation}`}`;
  });
  return lines.join(" | ");
}

/** Steps of one operation for texts by name and a size. */
export function planOf(
  operation: PixelOperation,
  texts: Readonly<Record<string, string>>,
  width: number,
  height: number,
  rest: Partial<PlanInput> = {},
): readonly Step[] {
  const input: PlanInput = { width, height, keepsAlpha: false, ossStrict: false, ...rest };
  const args = parseArgs(operation.name, operation.args, texts) as ArgsOf<ArgSpecs>;
  return operation.plan(args, input, {});
}
