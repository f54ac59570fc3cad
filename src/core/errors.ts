/** Stable reasons; clients and dashboards match on them. */
export type ErrorCode =
  | "BAD_ARGUMENT"
  | "NOT_SUPPORTED"
  | "SOURCE_NOT_FOUND"
  | "STYLE_NOT_FOUND"
  | "ACCESS_DENIED"
  | "SOURCE_TOO_LARGE"
  | "UNSUPPORTED_FORMAT"
  | "CORRUPT_IMAGE"
  | "OUTPUT_TOO_LARGE"
  | "WATERMARK_FAILED"
  | "UPSTREAM_FAILED"
  | "TIMEOUT"
  | "INTERNAL";

/** What was wrong with an argument, for printers that make their own sentence of it. */
export interface ArgumentFault {
  readonly operation: string;
  /** Name of the parameter as the caller wrote it, the operation's for a bare value; absent when the whole operation is at fault. */
  readonly parameter?: string;
  readonly value?: string;
  /** What would have been right, e.g. "an integer from 1 to 16384". */
  readonly expected: string;
  /** Kinds that OSS answers with a code or sentence of their own. */
  readonly kind?: "missing" | "digits" | "base64" | "outside";
}

/** The one error that leaves the engine. `message` may be shown to callers; raw failures and secrets stay in `cause`. */
export class TransformError extends Error {
  override readonly name = "TransformError";
  readonly code: ErrorCode;
  readonly fault?: ArgumentFault;
  readonly cause?: unknown;
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; fault?: ArgumentFault } = {}) {
    super(message);
    this.code = code;
    if (options.cause !== undefined) this.cause = options.cause;
    if (options.fault !== undefined) this.fault = options.fault;
  }
}

/** BAD_ARGUMENT naming operation, parameter, range and the value that was given. */
export function badArgument(fault: ArgumentFault): TransformError {
  const bare = fault.parameter === undefined || fault.parameter === fault.operation;
  const where = bare ? fault.operation : `${fault.operation}.${fault.parameter}`;
  const got = fault.value === undefined ? "" : `, got ${JSON.stringify(fault.value.slice(0, 100))}`;
  return new TransformError("BAD_ARGUMENT", `${where}: expected ${fault.expected}${got}`, { fault });
}

/** NOT_SUPPORTED for a name, or one value of a name, that is ours but whose capability is not built. */
export function notSupported(operation: string, parameter?: string, value?: string): TransformError {
  const where = parameter === undefined ? operation : `${operation}.${parameter}`;
  const fault: ArgumentFault = {
    operation,
    ...(parameter === undefined ? {} : { parameter }),
    ...(value === undefined ? {} : { value }),
    expected: "something this version supports",
  };
  const what = value === undefined ? where : `${where} ${value.slice(0, 100)}`;
  return new TransformError("NOT_SUPPORTED", `${what} is not supported yet`, { fault });
}

/** Passes a TransformError on and wraps anything else once, as `code`. */
export function asTransformError(thrown: unknown, code: ErrorCode, message: string): TransformError {
  return thrown instanceof TransformError ? thrown : new TransformError(code, message, { cause: thrown });
}
