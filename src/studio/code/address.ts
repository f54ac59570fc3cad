import { encodeKey } from "../state/link.ts";
import type { StackInfo } from "../state/store.ts";

export const EXAMPLE_BASE = "https://cdn.example.com";

/** Where pictures are asked for: what was typed, else the local stack, else an example. */
export function chosenBase(typed: string, stack: StackInfo | undefined): string {
  return readBase(typed) ?? stack?.edge ?? EXAMPLE_BASE;
}

/** A base address as a person types it, with a scheme and without a slash at the end; undefined where it is none. */
export function readBase(typed: string): string | undefined {
  const text = typed.trim();
  if (text === "") return undefined;
  try {
    const { protocol, host, pathname } = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`);
    const isWeb = (protocol === "http:" || protocol === "https:") && host !== "";
    return isWeb ? `${protocol}//${host}${pathname}`.replace(/\/+$/, "") : undefined;
  } catch {
    return undefined;
  }
}

/** Full address of an object, with what is asked of it. */
export function printAddress(base: string, key: string, query: string | undefined): string {
  return `${base}/${encodeKey(key)}${query === undefined ? "" : `?${query}`}`;
}

/** Name for a result's file: the key's last part with the extension of its new format. */
export function fileName(key: string, format: string | undefined): string {
  const name = key.slice(key.lastIndexOf("/") + 1) || "picture";
  if (format === undefined) return name;
  const extension = format === "jpeg" ? "jpg" : format;
  return `${name.replace(/\.\w+$/, "")}.${extension}`;
}
