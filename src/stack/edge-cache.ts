/** What the edge keeps and for how long. RFC 9111, as a shared cache; Vary is not looked at (Alibaba CDN: nothing documented). */
import type { IncomingHttpHeaders } from "node:http";
import { headerValue, parseHttpDate, type RequestHeaders } from "./http.ts";
import type { SharedBody } from "./shared-body.ts";

export interface Entry {
  readonly status: number;
  /** End-to-end headers of the origin; content-length is that of the body. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: SharedBody;
  readonly policy: Policy;
  /** When the origin answered, less the Age it gave. */
  readonly bornMs: number;
}

export interface Policy {
  /** False: neither kept nor shared with others who wait for the same. */
  readonly mayStore: boolean;
  /** 0: kept, but the origin is asked each time. */
  readonly ttlSeconds: number;
  /** May be served when the origin fails. */
  readonly mayServeStale: boolean;
}

/** An entry's cost beyond its body: headers, key, bookkeeping; a guess that keeps a million tiny entries from counting as nothing. */
const ENTRY_OVERHEAD_BYTES = 1024;

// Between two neighbours, not for the one behind: RFC 9110 section 7.6.1
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Freshness of an answer. Without Cache-Control and Expires nothing is kept: no heuristics, so that a missing header gets noticed. */
export function readPolicy(status: number, headers: IncomingHttpHeaders, notFoundTtlSeconds: number, nowMs: number): Policy {
  const directives = parseCacheControl(headers["cache-control"]);
  // Set by the operator, so it wins over the no-store that errors carry, as path_force_ttl_code does on Alibaba CDN
  if (status === 404 && notFoundTtlSeconds > 0) return { mayStore: true, ttlSeconds: notFoundTtlSeconds, mayServeStale: false };
  const forbidden = directives.has("no-store") || directives.has("private") || headers["set-cookie"] !== undefined;
  if (forbidden) return { mayStore: false, ttlSeconds: 0, mayServeStale: false };
  if (status !== 200) return { mayStore: false, ttlSeconds: 0, mayServeStale: false };
  const ttlSeconds = directives.has("no-cache") ? 0 : lifetimeSeconds(directives, headers, nowMs);
  if (ttlSeconds === undefined) return { mayStore: false, ttlSeconds: 0, mayServeStale: false };
  const strict = ["no-cache", "must-revalidate", "proxy-revalidate"].some((name) => directives.has(name));
  return { mayStore: true, ttlSeconds, mayServeStale: !strict };
}

function lifetimeSeconds(
  directives: ReadonlyMap<string, string>,
  headers: IncomingHttpHeaders,
  nowMs: number,
): number | undefined {
  const stated = directives.get("s-maxage") ?? directives.get("max-age");
  // RFC 9111 section 4.2.1: an unreadable lifetime counts as stale
  if (stated !== undefined) return /^\d+$/.test(stated) ? Number(stated) : 0;
  if (headers.expires === undefined) return undefined;
  const expiresMs = parseHttpDate(headers.expires);
  const dateMs = parseHttpDate(headers.date);
  return Number.isNaN(expiresMs) ? 0 : Math.max(0, (expiresMs - (Number.isNaN(dateMs) ? nowMs : dateMs)) / 1000);
}

/** Directive names in lower case; quotes around values are removed, a directive without value has "". */
export function parseCacheControl(text: string | undefined): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const part of (text ?? "").split(",")) {
    const [name = "", value = ""] = part.split("=", 2);
    if (name.trim() !== "") directives.set(name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, "$1"));
  }
  return directives;
}

export function ageSeconds(entry: Entry, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - entry.bornMs) / 1000));
}

export function isFresh(entry: Entry, nowMs: number): boolean {
  return (nowMs - entry.bornMs) / 1000 < entry.policy.ttlSeconds;
}

/** Without what concerns the connection only. */
export function endToEndHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = (headerValue(headers as RequestHeaders, "connection") ?? "").toLowerCase().split(",");
  const dropped = new Set([...HOP_BY_HOP, ...named.map((name) => name.trim())]);
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && !dropped.has(name)) kept[name] = value;
  return kept;
}

/** Least recently used entries go first when the bytes run out. */
export class EdgeCache {
  private readonly maxBytes: number;
  private readonly entries = new Map<string, Entry>();
  private heldBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.heldBytes;
  }

  get count(): number {
    return this.entries.size;
  }

  get(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key); // a Map keeps the order of insertion: now it is the youngest
    this.entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: Entry): void {
    this.delete(key);
    this.entries.set(key, entry);
    this.heldBytes += costOf(entry);
    for (const oldest of this.entries.keys()) {
      if (this.heldBytes <= this.maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.heldBytes -= costOf(entry);
  }

  clear(): void {
    this.entries.clear();
    this.heldBytes = 0;
  }
}

function costOf(entry: Entry): number {
  return entry.body.size + ENTRY_OVERHEAD_BYTES;
}
