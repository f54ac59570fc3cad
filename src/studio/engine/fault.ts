import { TransformError } from "../../core/errors.ts";
import type { Failure } from "./protocol.ts";

/** A TransformError that knows which pixel operation of the plan is at fault, so that it can cross from a worker to the page. */
export class PlanFault extends TransformError {
  /** Index of the call. */
  readonly call?: number;
  constructor({ code, message, fault, call }: Failure, cause?: unknown) {
    super(code, message, { cause, ...(fault === undefined ? {} : { fault }) });
    if (call !== undefined) this.call = call;
  }
}

/** The answer is not wanted any more: something newer has been asked. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}
