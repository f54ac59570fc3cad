/** Answers of GetObject and HeadObject: conditions, one range, headers. RFC 9110 sections 13 and 14 where OSS says nothing else. */
import type { FileHandle } from "node:fs/promises";
import { headerValue, OssError, parseHttpDate, type Query, type RequestHeaders } from "./http.ts";
import type { ObjectInfo } from "./object-files.ts";

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

// Kept with the object and given back: OSS PutObject, "Request headers"
const STORED = ["cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"];

/** What PutObject keeps of a request's headers. */
export function storedHeaders(headers: RequestHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headerValue(headers, name);
    if (value !== undefined && (STORED.includes(name) || name.startsWith("x-oss-meta-"))) kept[name] = value;
  }
  return kept;
}

/** 200, 304, or OssError PreconditionFailed (412). */
export function checkConditions(headers: RequestHeaders, info: ObjectInfo): 200 | 304 {
  const modifiedSeconds = Math.floor(info.lastModified.getTime() / 1000);
  const seconds = (name: string) => parseHttpDate(headerValue(headers, name)) / 1000; // NaN compares false: an unreadable date is no condition
  const match = headerValue(headers, "if-match");
  const noneMatch = headerValue(headers, "if-none-match");
  const failed = match === undefined ? modifiedSeconds > seconds("if-unmodified-since") : !matchesEtag(match, info.etag);
  if (failed) throw new OssError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
  const unchanged =
    noneMatch === undefined ? modifiedSeconds <= seconds("if-modified-since") : matchesEtag(noneMatch, info.etag);
  return unchanged ? 304 : 200;
}

/** Weak comparison against a list or "*". Quotes are optional, as OSS forgives their absence. */
export function matchesEtag(list: string, etag: string): boolean {
  const bare = (text: string) => text.trim().replace(/^W\//, "").replace(/^"|"$/g, "");
  return list.trim() === "*" || list.split(",").some((candidate) => bare(candidate) === bare(etag));
}

/** One range inside `size`; undefined for none, several or nonsense, "outside" when it cannot be satisfied. */
export function parseRange(text: string | undefined, size: number): ByteRange | "outside" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const count = Math.min(Number(match[2]), size);
    return count === 0 ? "outside" : { start: size - count, end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start >= size) return "outside";
  return end < start ? undefined : { start, end };
}

/** The range to send. OSS answers one outside the object with the whole of it, unless asked for standard behaviour (416). */
export function chooseRange(headers: RequestHeaders, size: number): ByteRange | undefined {
  const range = parseRange(headerValue(headers, "range"), size);
  if (range !== "outside") return range;
  if (headerValue(headers, "x-oss-range-behavior") !== "standard") return undefined;
  throw new OssError(416, "InvalidRange", "The requested range cannot be satisfied.");
}

/** `response-*` parameters replace stored headers, for signed requests only. */
export function objectHeaders(info: ObjectInfo, query: Query, isSigned: boolean): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const [name, value] of query) {
    const header = name.replace(/^response-/, "");
    if (isSigned && header !== name && STORED.includes(header)) overrides[header] = value;
  }
  return {
    ...info.headers,
    ...overrides,
    etag: info.etag,
    "last-modified": info.lastModified.toUTCString(),
    "accept-ranges": "bytes",
    "x-oss-object-type": "Normal",
    "x-oss-storage-class": "Standard",
  };
}

/** Leaves the handle open: it belongs to the caller. */
export async function* readRange(handle: FileHandle, range: ByteRange): AsyncGenerator<Buffer> {
  if (range.end < range.start) return; // an empty object
  for await (const chunk of handle.createReadStream({ ...range, autoClose: false })) yield chunk as Buffer;
}
