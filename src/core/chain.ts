import type { ArgSpecs, ArgsOf } from "./args.ts";
import type { Codec } from "./codec.ts";
import { sizeAfter } from "./defer.ts";
import { TransformError } from "./errors.ts";
import { checkMemory, checkOutput, checkSource, checkTarget, type Limits } from "./limits.ts";
import { type EncodeBytes, memoryOfSteps, type Start } from "./memory.ts";
import type { Draws, PixelOperation } from "./operation.ts";
import type { Call, Mark, Plan } from "./plan.ts";
import { type Drawables, type Planned, type Planner, type Replan, textKey } from "./planner.ts";
import type { Probe } from "./probe.ts";
import type { PlanInput, ResolvedMark, Step } from "./step.ts";
import type { TextSpec } from "./text.ts";
import { stepsOf, uprightOf } from "./upright.ts";

/** What planning a chain needs besides the chain. */
export interface Surroundings {
  readonly planner: Planner;
  readonly limits: Limits;
  readonly drawables: Drawables;
  readonly target: Codec;
  readonly encodeBytes: EncodeBytes;
  /** UNSUPPORTED_FORMAT where no codec reads this kind of picture. */
  readonly sourceCodec: (probe: Probe, planner: Planner) => Codec;
}

/** Steps of a chain on an input of that size. Each planned size is checked, also those of marks. */
export function planCalls(calls: readonly Call[], input: PlanInput, surroundings: Surroundings): Planned {
  const steps: Step[] = [];
  let replan: Replan | undefined;
  let current = input;
  calls.forEach((call, index) => {
    const operation = pixelOperation(call.name, surroundings.planner);
    const added = operation.plan(call.args as ArgsOf<ArgSpecs>, current, drawsOf(call, operation, surroundings));
    for (const step of added) checkOutput(step.output, surroundings.limits);
    steps.push(...added);
    const { keepsAlpha, ossStrict } = current;
    if (replan === undefined && added.some(dependsOnPixels)) {
      replan = (start) => planRest(calls.slice(index + 1), start, { keepsAlpha, ossStrict }, surroundings);
    }
    current = { ...current, ...sizeAfter(added, current) };
  });
  return { steps, ...(replan === undefined ? {} : { replan }) };
}

/** Its output is an upper bound until it has run. */
function dependsOnPixels(step: Step): boolean {
  return step.kind === "trim";
}

function planRest(
  calls: readonly Call[],
  start: Start,
  rest: Pick<PlanInput, "keepsAlpha" | "ossStrict">,
  surroundings: Surroundings,
): Planned {
  const { width, height } = start;
  const planned = planCalls(calls, { ...rest, width, height }, surroundings);
  const { planner, limits, target, encodeBytes } = surroundings;
  checkTarget(sizeAfter(planned.steps, start), target);
  checkMemory(memoryOfSteps(planned.steps, start, planner, encodeBytes), limits);
  return planned;
}

function pixelOperation(name: string, { operations }: Planner): PixelOperation {
  const operation = operations.get(name);
  if (operation?.kind !== "pixels") throw new TransformError("INTERNAL", `no pixel operation ${name}`);
  return operation;
}

/** Everything a plan writes, each once. */
export function textsOf(plan: Plan, planner: Planner): readonly TextSpec[] {
  const specs = plan.calls.map(({ name, args }) => pixelOperation(name, planner).text?.(args as ArgsOf<ArgSpecs>));
  const byKey = new Map(specs.flatMap((spec) => (spec === undefined ? [] : [[textKey(spec), spec] as const])));
  return [...byKey.values()];
}

function drawsOf({ args, mark }: Call, operation: PixelOperation, surroundings: Surroundings): Draws {
  const spec = operation.text?.(args as ArgsOf<ArgSpecs>);
  return {
    ...(mark === undefined ? {} : { picture: (main: PlanInput) => planMark(mark, main, surroundings) }),
    ...(spec === undefined ? {} : { text: planText(spec, surroundings) }),
  };
}

function planText(text: TextSpec, { drawables, limits }: Surroundings): ResolvedMark {
  const size = drawables.texts.get(textKey(text));
  if (size === undefined) return unread(text.text);
  if (size.width * size.height > limits.maxOutputPixels) {
    const needs = `${size.width}x${size.height}, at most ${limits.maxOutputPixels} px are drawn`;
    throw new TransformError("OUTPUT_TOO_LARGE", `watermark.text: at size ${text.size} it would be ${needs}`);
  }
  return { kind: "text", text, size };
}

function unread(name: string): ResolvedMark {
  return { kind: "unread", name, size: { width: 1, height: 1 } };
}

/** A mark is decoded, turned upright and prepared like a picture of its own; `main` is what it will be drawn on. */
function planMark({ key, plan }: Mark, main: PlanInput, surroundings: Surroundings): ResolvedMark {
  const { limits, drawables } = surroundings;
  const header = drawables.pictures.get(key);
  if (header === undefined) return unread(key);
  const { probe, byteLength } = header;
  checkSource(probe, byteLength, limits);
  const upright = uprightOf(probe, markCodec(key, probe, surroundings), true, limits);
  const input: PlanInput = { ...upright.size, keepsAlpha: true, ossStrict: limits.ossStrict, main };
  const asked = plan === undefined ? [] : planCalls(plan.calls, input, surroundings).steps;
  const steps = stepsOf(asked, probe, upright);
  return { kind: "picture", key, probe, byteLength, steps, size: sizeAfter(steps, probe) };
}

/** A mark that no codec reads is a fault of the watermark, not of the source (OSS IMG reference, section 4.3, EC 027). */
function markCodec(key: string, probe: Probe, { planner, sourceCodec }: Surroundings): Codec {
  try {
    return sourceCodec(probe, planner);
  } catch (cause) {
    throw new TransformError("WATERMARK_FAILED", `the watermark picture ${key}: ${(cause as Error).message}`, { cause });
  }
}
