import { TransformError } from "../../core/errors.ts";
import { OPERATIONS } from "../../operations/index.ts";
import type { Doc, Problem } from "../state/document.ts";
import type { Fault } from "../state/store.ts";
import { PlanFault } from "./fault.ts";

/** A planning fault at the step that it is about, where it is about one. */
export function problemOfPlan(thrown: unknown, doc: Doc): Problem {
  const error = toError(thrown);
  const on = doc.steps.filter((step) => step.on);
  const call = error instanceof PlanFault ? error.call : undefined;
  const step = call === undefined ? on.filter(({ name }) => name === error.fault?.operation).pop() : on[call];
  const operation = step?.name ?? error.fault?.operation ?? "image";
  const written = error.fault?.parameter;
  const parameter = written === operation ? OPERATIONS.get(operation)?.bare : written; // faults call a bare value by its operation
  return {
    operation,
    error,
    ...(step === undefined ? {} : { step: step.id }),
    ...(parameter === undefined ? {} : { parameter }),
  };
}

export function faultOf(thrown: unknown): Fault {
  const { code, message } = toError(thrown);
  return { code, message };
}

function toError(thrown: unknown): TransformError {
  return thrown instanceof TransformError ? thrown : new TransformError("INTERNAL", String(thrown), { cause: thrown });
}
