import type { Plan } from "../core/plan.ts";
import { parseQuery } from "./query.ts";
import { PLANNED_QUERY_ARGS, QUERY_ARGS } from "./query-args.ts";

/** A key that names more than an object: what stands before the last separator, and what behind it. */
export interface SplitKey {
  readonly original: string;
  readonly suffix: string;
}

/** `photo.jpg!w_200` → photo.jpg and w_200; undefined where the key's last part holds no separator with text on both sides. */
export function splitKey(key: string, separator: string): SplitKey | undefined {
  const at = key.lastIndexOf(separator);
  if (separator === "" || at <= key.lastIndexOf("/") + 1 || at + separator.length >= key.length) return undefined;
  return { original: key.slice(0, at), suffix: key.slice(at + separator.length) };
}

/** Longest first, so that `wm_g_se` is wm_g and not wm. */
const NAMES = [...Object.keys(QUERY_ARGS), ...PLANNED_QUERY_ARGS, "f"].sort((a, b) => b.length - a.length);

/** Plan of arguments in a key (`w_200,h_150,f_webp`), or undefined where a part is none of ours: the key is then a plain name. */
export function parseKeyArguments(suffix: string): Plan | undefined {
  const texts = new Map<string, string>();
  for (const part of suffix.split(",")) {
    const name = NAMES.find((candidate) => part.startsWith(`${candidate}_`));
    if (name === undefined) return undefined;
    texts.set(name, part.slice(name.length + 1));
  }
  return parseQuery(texts);
}
