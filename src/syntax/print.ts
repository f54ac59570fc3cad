import { type Arg, type ArgValue, isInitial } from "../core/args.ts";
import type { Operation, SettingOperation } from "../core/operation.ts";
import type { Call, Mark, Plan } from "../core/plan.ts";
import { OPERATIONS } from "../operations/index.ts";
import { encodeBase64Url } from "./base64.ts";

/**
 * Canonical text of a plan, a complete `x-oss-process` value: pixel operations in order, then settings in the order of the
 * operation table; arguments in the order they are declared, those at their initial value left out.
 * parseProcess(printPlan(plan)) equals plan. A plan that only re-encodes prints `image/quality,…` or `image/auto-orient,1`.
 */
export function printPlan(plan: Plan): string {
  if (plan.answer !== "picture") return `image/${plan.answer}`;
  const segments = [...plan.calls.map(printCall), ...settingSegments(plan)];
  return `image/${segments.length === 0 ? "auto-orient,1" : segments.join("/")}`;
}

function printCall(call: Call): string {
  const operation = OPERATIONS.get(call.name);
  if (operation === undefined) throw new Error(`no operation ${call.name}`);
  const parts = [call.name];
  for (const [name, arg] of Object.entries<Arg<ArgValue>>(operation.args)) {
    const value = call.args[name];
    if (name === "image" && call.mark !== undefined) parts.push(`image_${encodeBase64Url(printMark(call.mark))}`);
    else if (value !== undefined && (name === operation.bare || !isInitial(arg, value))) {
      const text = "encoded" in arg ? encodeBase64Url(arg.print(value)) : arg.print(value);
      parts.push(name === operation.bare ? text : `${name}_${text}`);
    }
  }
  return parts.join(",");
}

export function printMark({ key, plan }: Mark): string {
  return plan === undefined ? key : `${key}?x-oss-process=${printPlan(plan)}`;
}

function settingSegments(plan: Plan): readonly string[] {
  return [...OPERATIONS.values()].filter(isSetting).flatMap((operation) => {
    const texts = operation.get(plan.settings);
    if (texts === undefined) return [];
    const parts = Object.entries(texts).map(([name, text]) => (name === operation.bare ? text : `${name}_${text}`));
    return [[operation.name, ...parts].join(",")];
  });
}

function isSetting(operation: Operation): operation is SettingOperation {
  return operation.kind === "setting";
}
