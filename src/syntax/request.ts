import { badArgument, TransformError } from "../core/errors.ts";
import { hasOwn } from "../core/own.ts";
import type { Plan } from "../core/plan.ts";
import { parseProcess } from "./oss-process.ts";
import { isQueryName, parseQuery } from "./query.ts";

/** Which way of writing a plan was used; decides the form of errors and ETags. */
export type Grammar = "oss" | "query" | "key";

export interface Parsed {
  readonly plan: Plan;
  readonly grammar: Grammar;
}
export interface SyntaxOptions {
  /** Refuse unknown plain names. */
  readonly strictQuery?: boolean;
  /** Named styles: name to process text. */
  readonly styles?: Readonly<Record<string, string>>;
}

/**
 * Plan of a raw query string (with or without "?"), or undefined where it asks for nothing of ours.
 * `x-oss-process` wins over plain names, which are then not read.
 */
export function parseQueryString(query: string, options: SyntaxOptions = {}): Parsed | undefined {
  const pairs = rawPairs(query);
  const process = pairs.get("x-oss-process");
  if (process !== undefined)
    return { plan: parseProcessOrStyle(decodeValue("x-oss-process", process, false), options), grammar: "oss" };
  const texts = new Map<string, string>();
  for (const [name, text] of pairs) texts.set(name, isQueryName(name) ? decodeValue(name, text, true) : text);
  const plan = parseQuery(texts, options.strictQuery ?? false);
  return plan === undefined ? undefined : { plan, grammar: "query" };
}

/** Plan of `image/…` or `style/name`. */
export function parseProcessOrStyle(text: string, { styles = {} }: SyntaxOptions = {}): Plan {
  if (!text.startsWith("style/")) return parseProcess(text);
  const name = text.slice("style/".length);
  if (!/^[A-Za-z0-9_.-]{1,63}$/.test(name)) {
    throw badArgument({ operation: "style", parameter: "stylename", value: name, expected: "1 to 63 of A-Z a-z 0-9 _ . -" });
  }
  const style = hasOwn(styles, name) ? styles[name] : undefined;
  if (style === undefined) throw new TransformError("STYLE_NOT_FOUND", "The style you get is not found.");
  return parseProcess(style);
}

/** Plan of what a caller of the library or the command line writes: a process text, or a plain query. */
export function parseText(text: string, options: SyntaxOptions = {}): Plan {
  if (/^(image|style|video|doc|hls)\//.test(text)) return parseProcessOrStyle(text, options);
  const parsed = parseQueryString(text, { strictQuery: true, ...options });
  if (parsed === undefined)
    throw badArgument({ operation: "query", value: text, expected: "image/… or plain names such as w=200" });
  return parsed.plan;
}

/** Names decoded, values raw; the last of several with one name counts, as in OSS. */
function rawPairs(query: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of query.replace(/^\?/, "").split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = percentDecoded(at < 0 ? pair : pair.slice(0, at), true);
    if (name === undefined) continue; // no name of ours
    pairs.delete(name); // the last counts, also between a name and its alias
    pairs.set(name, at < 0 ? "" : pair.slice(at + 1));
  }
  return pairs;
}

/** Percent-decodes. A plus is a space in forms, but a digit of the standard base64 alphabet inside x-oss-process. */
function percentDecoded(text: string, plusIsSpace: boolean): string | undefined {
  try {
    return decodeURIComponent(plusIsSpace ? text.replace(/\+/g, " ") : text);
  } catch {
    return undefined;
  }
}
function decodeValue(name: string, text: string, plusIsSpace: boolean): string {
  const value = percentDecoded(text, plusIsSpace);
  if (value !== undefined) return value;
  throw badArgument({ operation: "query", parameter: name, value: text, expected: "percent-encoded UTF-8" });
}
