import { TransformError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan.ts";
import { formatOfExtension } from "../../operations/format.ts";
import { parseKeyArguments, parseQueryString, parseText, splitKey } from "../../syntax/index.ts";
import { type Doc, docOf, EMPTY_DOC } from "../state/document.ts";
import { parseLink } from "../state/link.ts";

/** What a text asks for. `key` and `base` where it is the address of an object. */
export interface Read {
  readonly doc: Doc;
  readonly key?: string;
  /** Address that keys are appended to, without a slash at the end. */
  readonly base?: string;
}
/** nothing: neither an address of a picture nor arguments · style: a name that only the server knows · error: arguments, but wrong ones. */
export type PasteFault =
  | { readonly kind: "nothing" }
  | { readonly kind: "style"; readonly name: string }
  | { readonly kind: "error"; readonly error: TransformError };
export type Pasted = { readonly read: Read } | { readonly fault: PasteFault };

const SEPARATOR = "!";
const NOTHING: Pasted = { fault: { kind: "nothing" } };
/** An address of the web, also inside a longer text such as a curl line. */
const ADDRESS = /https?:\/\/[^\s"'<>]+/i;
const PROCESS = /^(?:image|style|video|doc|hls)(?:\/|%2F)/i;

/**
 * What a person pastes or types: an address of a picture with arguments in query or key, a link to this page, a process text,
 * a plain query. In an address, names that are not ours are left out, as the server does; elsewhere they are an error.
 */
export function readPasted(text: string): Pasted {
  const trimmed = text.trim().replace(/^(["'])(.*)\1$/s, "$2");
  try {
    return readTrimmed(trimmed);
  } catch (thrown) {
    if (thrown instanceof TransformError) return { fault: { kind: "error", error: thrown } };
    throw thrown;
  }
}

function readTrimmed(text: string): Pasted {
  if (PROCESS.test(text)) return readProcess(decoded(text));
  if (text.startsWith("#")) return readLink(text);
  if (/^\??[\w-]+=/.test(text)) return readQuery(text.replace(/^\?/, ""), true);
  const address = ADDRESS.exec(text)?.[0];
  if (address !== undefined) return readAddress(address);
  // A key never holds spaces here: otherwise every sentence would be one
  return /^[^\s?#]+\.\w+(?:[?!]\S*)?$/.test(text)
    ? readAddress(new URL(text.replace(/^\/+/, ""), "https://key/").href, true)
    : NOTHING;
}

function readAddress(address: string, keyAlone = false): Pasted {
  const url = parsedUrl(address);
  if (url === undefined) return NOTHING;
  if (/^#(?:.*&)?(?:key|process)=/.test(url.hash)) return readLink(url.hash);
  const path = decoded(url.pathname.replace(/^\/+/, ""));
  const base = keyAlone ? {} : { base: url.origin };
  const inQuery = readQuery(url.search.slice(1), false);
  if (!isNothing(inQuery)) return located(inQuery, splitArguments(path)?.original ?? path, base);
  const split = splitArguments(path);
  if (split !== undefined) {
    const plan = parseKeyArguments(split.suffix);
    return plan === undefined ? { fault: { kind: "style", name: split.suffix } } : located(planned(plan), split.original, base);
  }
  return isPictureName(path) ? located({ read: { doc: EMPTY_DOC } }, path, base) : NOTHING;
}

/** Arguments or a style behind the name of a picture; `wow!.jpg` has none. */
function splitArguments(path: string) {
  const split = splitKey(path, SEPARATOR);
  return split !== undefined && isPictureName(split.original) ? split : undefined;
}
function isPictureName(path: string): boolean {
  const extension = /\.(\w+)$/.exec(path)?.[1];
  return extension !== undefined && formatOfExtension(extension) !== undefined;
}

function located(pasted: Pasted, key: string, base: { readonly base?: string }): Pasted {
  return "fault" in pasted ? pasted : { read: { ...pasted.read, ...base, ...(key === "" ? {} : { key }) } };
}

function readQuery(query: string, strict: boolean): Pasted {
  const style = /(?:^|&)x-oss-process=style(?:\/|%2F)([^&]*)/i.exec(query)?.[1];
  if (style !== undefined) return { fault: { kind: "style", name: decoded(style) } };
  const parsed = parseQueryString(query, { strictQuery: strict });
  return parsed === undefined ? NOTHING : planned(parsed.plan);
}

function readProcess(process: string): Pasted {
  const style = /^style\/(.*)$/s.exec(process)?.[1];
  return style === undefined ? planned(parseText(process)) : { fault: { kind: "style", name: style } };
}

function readLink(fragment: string): Pasted {
  const style = /[#&]process=style(?:\/|%2F)([^&]*)/i.exec(fragment)?.[1];
  if (style !== undefined) return { fault: { kind: "style", name: decoded(style) } };
  const isLink = /^#(?:.*&)?(?:key|process)=/.test(fragment);
  return isLink ? { read: parseLink(fragment) } : NOTHING;
}

/** A description of the source is no picture that a chain could make. */
function planned(plan: Plan): Pasted {
  return plan.answer === "picture" ? { read: { doc: docOf(plan) } } : NOTHING;
}

function isNothing(pasted: Pasted): boolean {
  return "fault" in pasted && pasted.fault.kind === "nothing";
}
function parsedUrl(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
