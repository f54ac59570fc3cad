import { computed, type ReadonlySignal } from "@preact/signals";
import { markKeys, type Plan } from "../../core/plan.ts";
import { emptyPlan } from "../../syntax/oss-process.ts";
import { printPlan } from "../../syntax/print.ts";
import { marks, plan, processText, type Source, source, stack } from "../state/store.ts";
import { areEqual } from "./shown.ts";

/** A picture that is wanted. */
export interface Wanted {
  readonly source: Source;
  readonly plan: Plan;
  /** "" asks for nothing. */
  readonly text: string;
  /** What it is made of; equal where the picture is the same. */
  readonly inputs: readonly unknown[];
}

/** What the document asks for; undefined without a picture or a plan. Keeps its identity as long as it is the same picture. */
export function createWanted(): ReadonlySignal<Wanted | undefined> {
  let last: Wanted | undefined;
  return computed(() => {
    const [from, asked] = [source.value, plan.value];
    if (from === undefined || asked === undefined) {
      last = undefined;
      return undefined;
    }
    const text = processText.value ?? "";
    const inputs = [from.id, text, ...markInputs(asked)];
    if (last === undefined || !areEqual(last.inputs, inputs)) last = { source: from, plan: asked, text, inputs };
    return last;
  });
}

/** Pictures that are drawn may come and change after the text that names them. */
function markInputs(asked: Plan): readonly unknown[] {
  const keys = markKeys(asked);
  return keys.length === 0 ? [] : [stack.value?.edge, ...keys.map((key) => marks.value.get(key))];
}

/** Of a plan that the page made for itself: "" where it asks for nothing. */
export function textOf(asked: Plan): string {
  const text = printPlan(asked);
  return text === printPlan(emptyPlan()) ? "" : text;
}
