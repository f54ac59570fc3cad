import { type Arg, type ArgValue, parseArg } from "../core/args.ts";
import { badArgument, notSupported } from "../core/errors.ts";
import { hasOwn } from "../core/own.ts";
import type { Plan } from "../core/plan.ts";
import { emptyPlan } from "./oss-process.ts";
import { PLANNED_QUERY_ARGS, QUERY_ARGS, type QueryArgs } from "./query-args.ts";
import { planOf } from "./query-plan.ts";

const ALIASES: Readonly<Record<string, string>> = { f: "format" };

/** True for a name that this grammar reads, now or later. */
export function isQueryName(name: string): boolean {
  return hasOwn(ALIASES, name) || hasOwn(QUERY_ARGS, name) || PLANNED_QUERY_ARGS.includes(name);
}

/**
 * Plan of plain arguments by name, or undefined where none of them is ours. The order of operations is fixed:
 * orient, crop, trim, resize, rotate, flip, effects, watermark, encode. `strict` refuses unknown names.
 */
export function parseQuery(texts: ReadonlyMap<string, string>, strict = false): Plan | undefined {
  const values: Record<string, ArgValue> = {};
  let found = false;
  for (const [written, text] of texts) {
    const name = ALIASES[written] ?? written;
    if (PLANNED_QUERY_ARGS.includes(name)) throw notSupported("query", name);
    if (name === "g" && text === "smart") throw notSupported("query", name, text);
    const arg: Arg<ArgValue> | undefined = hasOwn(QUERY_ARGS, name) ? QUERY_ARGS[name as keyof typeof QUERY_ARGS] : undefined;
    if (arg === undefined) {
      if (strict) throw badArgument({ operation: "query", parameter: written, value: text, expected: "a known name" });
      continue;
    }
    values[name] = parseArg("query", written, arg, text);
    found = true;
  }
  if (!found) return undefined;
  for (const [name, arg] of Object.entries<Arg<ArgValue>>(QUERY_ARGS)) {
    if (values[name] === undefined && arg.initial !== undefined) values[name] = arg.initial;
  }
  if (values["info"] === 1) return infoPlan(texts);
  return planOf(values as QueryArgs);
}

/** Like OSS's own info, it describes the source and cannot be combined. */
function infoPlan(texts: ReadonlyMap<string, string>): Plan {
  const other = [...texts.keys()].find((name) => name !== "info" && isQueryName(name));
  if (other !== undefined)
    throw badArgument({ operation: "query", parameter: "info", value: "1", expected: `to stand without ${other}` });
  return { ...emptyPlan(), answer: "info" };
}
