/** What every entry of the package exports besides its three functions; each name is a promise until the next major version. */
export { type ErrorCode, TransformError } from "./core/errors.ts";
export type { Limits } from "./core/limits.ts";
export type { Plan } from "./core/plan.ts";
export type { Probe } from "./core/probe.ts";
export type { Explanation, Result } from "./engine.ts";
export type { ExplainOptions, Request, TransformOptions } from "./library.ts";
export { printPlan as print } from "./syntax/print.ts";
export { parseText as parse } from "./syntax/request.ts";
