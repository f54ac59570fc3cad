/** A caching edge in front of the access point: stands in for the CDN, obeys Cache-Control and says in `x-cache` what it did. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ageSeconds, EdgeCache, type Entry, endToEndHeaders, isFresh, readPolicy } from "./edge-cache.ts";
import { createOrigin, isShared, type Origin, type OriginAnswer } from "./edge-origin.ts";
import { sendEntry } from "./edge-response.ts";
import { type Endpoint, headerValue, listen, OssError } from "./http.ts";
import type { BodyReader } from "./shared-body.ts";

export interface EdgeOptions {
  /** Base URL of the access point. */
  readonly origin: string;
  readonly port?: number;
  /** Default 256 MiB. */
  readonly maxBytes?: number;
  /** Larger bodies stream through uncached. Default 64 MiB. */
  readonly maxObjectBytes?: number;
  /** How long a 404 is kept; default 0 is not at all. */
  readonly notFoundTtlSeconds?: number;
  /** Time to the origin's first byte; default 60 s, above the function's own time-out. */
  readonly originTimeoutMs?: number;
  readonly log?: (line: string) => void;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
  /** Serves what is not a picture (the studio page); true when it has taken the request. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
}

/** REVALIDATED: the origin confirmed the kept bytes. STALE: the origin failed, the kept bytes were served all the same. */
export type CacheState = "HIT" | "MISS" | "REVALIDATED" | "STALE";

export interface EdgeStats {
  readonly hits: number;
  readonly misses: number;
  readonly revalidated: number;
  readonly stale: number;
  /** Requests that waited for another's origin request. */
  readonly coalesced: number;
  readonly originRequests: number;
  readonly entries: number;
  readonly bytes: number;
}

export interface Edge extends Endpoint {
  stats(): EdgeStats;
  /** Forgets everything. */
  purge(): void;
}

interface Served {
  readonly entry: Entry;
  readonly state: CacheState;
  /** Taken in the same tick as the decision to serve these bytes, so that none of them can pass by. */
  readonly reader: BodyReader;
}

export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const now = options.now ?? Date.now;
  const origin = createOrigin({
    origin: options.origin,
    timeoutMs: options.originTimeoutMs ?? 60_000,
    maxObjectBytes: options.maxObjectBytes ?? 64 * 1024 * 1024,
    notFoundTtlSeconds: options.notFoundTtlSeconds ?? 0,
    now,
  });
  const service = new EdgeService(
    origin,
    new EdgeCache(options.maxBytes ?? 256 * 1024 * 1024),
    now,
    options.log ?? (() => undefined),
  );
  const endpoint = await listen(options.port ?? 0, async (request, response) => {
    if ((await options.intercept?.(request, response)) === true) return;
    await service.serve(request, response);
  });
  const close = async () => {
    origin.close();
    await endpoint.close();
  };
  return { ...endpoint, stats: () => service.stats(), purge: () => service.purge(), close };
}

class EdgeService {
  private readonly origin: Origin;
  private readonly cache: EdgeCache;
  private readonly now: () => number;
  private readonly log: (line: string) => void;
  /** Origin requests under way, by cache key. */
  private readonly flights = new Map<string, Promise<Served>>();
  private readonly counts = { hits: 0, misses: 0, revalidated: 0, stale: 0, coalesced: 0, originRequests: 0 };

  constructor(origin: Origin, cache: EdgeCache, now: () => number, log: (line: string) => void) {
    this.origin = origin;
    this.cache = cache;
    this.now = now;
    this.log = log;
  }

  stats(): EdgeStats {
    return { ...this.counts, entries: this.cache.count, bytes: this.cache.bytes };
  }

  purge(): void {
    this.cache.clear();
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new OssError(405, "MethodNotAllowed", "The edge serves GET and HEAD.");
    }
    const served = await this.find(request);
    if (served.state === "HIT") this.counts.hits++;
    if (served.state === "MISS") this.counts.misses++;
    if (served.state === "REVALIDATED") this.counts.revalidated++;
    if (served.state === "STALE") this.counts.stale++;
    const extra = { "x-cache": served.state, age: String(ageSeconds(served.entry, this.now())) };
    try {
      await sendEntry(request, response, served.entry, served.reader, extra);
    } finally {
      served.reader.close();
    }
  }

  private async find(request: IncomingMessage): Promise<Served> {
    const key = request.url ?? "/"; // path and whole query, as they came
    // RFC 9111 section 3.5: an answer to one user's credentials is not for others
    if (headerValue(request.headers, "authorization") !== undefined) return this.fetch(key, request, undefined, false);
    const kept = this.cache.get(key);
    if (kept !== undefined && isFresh(kept, this.now())) return serve(kept, "HIT");
    const flight = this.flights.get(key);
    if (flight === undefined) return this.startFlight(key, request, kept);
    this.counts.coalesced++;
    const { entry, state } = await flight;
    // What must not be shared, or has lost its beginning by now, everybody fetches alone
    const isShareable = (entry.policy.mayStore || isShared(entry.status)) && !entry.body.isPassing;
    return isShareable ? serve(entry, state) : this.fetch(key, request, undefined, false);
  }

  /** The flight ends with the body, not with the headers: until then late-comers read what has arrived and follow. */
  private startFlight(key: string, request: IncomingMessage, kept: Entry | undefined): Promise<Served> {
    const flight = this.fetch(key, request, kept, true, () => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    this.flights.set(key, flight);
    return flight;
  }

  private async fetch(
    key: string,
    request: IncomingMessage,
    kept: Entry | undefined,
    mayStore: boolean,
    landed: () => void = () => undefined,
  ): Promise<Served> {
    this.counts.originRequests++;
    let answer: OriginAnswer;
    try {
      answer = await this.origin.fetch(key, originHeaders(request, kept));
    } catch (thrown) {
      landed();
      return this.serveFailure(key, kept, thrown);
    }
    const { entry, complete } = answer;
    if (kept !== undefined && entry.status === 304) {
      landed();
      return this.refresh(key, kept, entry);
    }
    if (kept !== undefined && entry.status >= 500 && kept.policy.mayServeStale) {
      landed();
      entry.body.abandon(); // nobody reads the origin's apology
      return serve(kept, "STALE");
    }
    if (kept !== undefined && entry.status < 500) this.cache.delete(key);
    void complete.then((isWhole) => {
      if (isWhole && mayStore) this.cache.set(key, entry);
      landed();
    });
    return serve(entry, "MISS");
  }

  private serveFailure(key: string, kept: Entry | undefined, thrown: unknown): Served {
    this.log(`edge: the origin failed for ${key.split("?")[0]}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    if (kept?.policy.mayServeStale === true) return serve(kept, "STALE");
    throw new OssError(502, "BadGateway", "The origin did not answer.");
  }

  /** RFC 9111 section 4.3.4: a 304 brings new headers for the kept bytes. */
  private refresh(key: string, kept: Entry, confirmed: Entry): Served {
    const { "content-length": _length, ...news } = confirmed.headers;
    const headers = { ...kept.headers, ...news };
    // A 304 without Cache-Control says nothing about freshness: the old policy starts anew
    const isSilent = news["cache-control"] === undefined && news["expires"] === undefined;
    const policy = isSilent ? kept.policy : readPolicy(kept.status, headers, 0, this.now());
    const entry: Entry = { ...kept, headers, policy, bornMs: confirmed.bornMs };
    if (policy.mayStore) this.cache.set(key, entry);
    else this.cache.delete(key);
    return serve(entry, "REVALIDATED");
  }
}

function serve(entry: Entry, state: CacheState): Served {
  return { entry, state, reader: entry.body.read() };
}

/**
 * The client's conditions and range are answered here, so the origin sees none but ours. Accept-Encoding is not part of the key: it must not
 * decide about bytes that others get. Accept is passed on although Vary is ignored, as a CDN would do to whoever negotiates behind it.
 */
function originHeaders(request: IncomingMessage, kept: Entry | undefined): Record<string, string | string[]> {
  const headers = endToEndHeaders(request.headers);
  for (const name of [
    "host",
    "range",
    "if-range",
    "if-none-match",
    "if-modified-since",
    "if-match",
    "if-unmodified-since",
    "accept-encoding",
    "cookie",
  ]) {
    delete headers[name];
  }
  headers["x-forwarded-for"] = request.socket.remoteAddress ?? "127.0.0.1";
  const etag = kept?.headers["etag"];
  const modified = kept?.headers["last-modified"];
  if (etag !== undefined) headers["if-none-match"] = etag;
  else if (modified !== undefined) headers["if-modified-since"] = modified;
  return headers;
}
