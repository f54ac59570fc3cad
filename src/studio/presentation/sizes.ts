import type { ArgSpecs, ArgsOf } from "../../core/args.ts";
import type { Size } from "../../core/geometry.ts";
import { addCall, emptyPlan } from "../../syntax/oss-process.ts";
import { type Doc, pixelOperation, type Step, type Texts } from "../state/document.ts";

/** What a step meets and what it leaves, in px. */
export interface Through {
  readonly before: Size;
  readonly after: Size;
}
export interface Sizes {
  readonly steps: ReadonlyMap<string, Through>;
  /** What the last step leaves. */
  readonly end: Size;
}

/**
 * Size of the picture along a chain, as the operations themselves plan it. A step that is off or cannot be planned leaves the
 * size as it is. Sliders end where this says; what the result will have is the session's `explanation`.
 */
export function sizesOf({ steps }: Pick<Doc, "steps">, start: Size): Sizes {
  const sizes = new Map<string, Through>();
  let end = start;
  for (const step of steps) {
    const before = end;
    end = step.on ? sizeAfterStep(step, before) : before;
    sizes.set(step.id, { before, after: end });
  }
  return { steps: sizes, end };
}

/** The size that a step would leave, on or off. */
export function sizeAfterStep({ name, texts }: Pick<Step, "name" | "texts">, before: Size): Size {
  try {
    const operation = pixelOperation(name);
    const call = addCall(emptyPlan(), operation, filled(texts)).calls[0];
    const input = { ...before, keepsAlpha: true, ossStrict: false };
    const planned = call === undefined ? [] : operation.plan(call.args as ArgsOf<ArgSpecs>, input, {});
    const { width, height } = planned[planned.length - 1]?.output ?? before;
    return { width, height };
  } catch {
    return before; // said at the step by store.problem
  }
}

function filled(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
}
