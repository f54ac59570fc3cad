/** From an entry to a client: its conditions, its range, its pace. RFC 9110 sections 13 and 14. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Entry } from "./edge-cache.ts";
import { drained, headerValue, parseHttpDate } from "./http.ts";
import { type ByteRange, matchesEtag, parseRange } from "./object-response.ts";
import type { BodyReader } from "./shared-body.ts";

/** Resolves when the client has everything or has left. `extra`: headers of the edge itself. The reader stays the caller's. */
export async function sendEntry(
  request: IncomingMessage,
  response: ServerResponse,
  entry: Entry,
  reader: BodyReader,
  extra: Readonly<Record<string, string>>,
): Promise<void> {
  const size = sizeOf(entry);
  const headers = { ...entry.headers, ...extra, ...(size === undefined ? {} : { "content-length": String(size) }) };
  if (entry.status === 200 && isUnchanged(request, entry)) {
    const { "content-length": _length, "content-type": _type, ...rest } = headers as Record<string, string | string[]>;
    response.writeHead(304, rest).end();
    return;
  }
  const range = entry.status === 200 && size !== undefined ? readRangeHeader(request, entry, size) : undefined;
  if (range === "outside") {
    response.writeHead(416, { ...extra, "content-range": `bytes */${size}`, "content-length": 0 }).end();
    return;
  }
  if (entry.status === 200 && size !== undefined) Object.assign(headers, { "accept-ranges": "bytes" });
  if (range !== undefined) {
    const { start, end } = range;
    Object.assign(headers, { "content-range": `bytes ${start}-${end}/${size}`, "content-length": String(end - start + 1) });
  }
  response.writeHead(range === undefined ? entry.status : 206, headers);
  if (request.method === "HEAD") response.end();
  else await copy(reader, response, range ?? { start: 0, end: Number.POSITIVE_INFINITY });
}

async function copy(reader: BodyReader, response: ServerResponse, range: ByteRange): Promise<void> {
  let offset = 0;
  try {
    while (offset <= range.end && !response.destroyed) {
      const chunk = await reader.next();
      if (chunk === undefined) break;
      const part = chunk.subarray(Math.max(0, range.start - offset), Math.max(0, range.end + 1 - offset));
      offset += chunk.length;
      if (part.length > 0 && !response.write(part)) await drained(response);
    }
    response.end();
  } catch {
    response.destroy(); // the origin broke off: so do we, lest a part pass for the whole
  }
}

function isUnchanged(request: IncomingMessage, entry: Entry): boolean {
  const etag = headerValue(entry.headers, "etag");
  const noneMatch = headerValue(request.headers, "if-none-match");
  if (noneMatch !== undefined) return etag !== undefined && matchesEtag(noneMatch, etag);
  const since = parseHttpDate(headerValue(request.headers, "if-modified-since"));
  const modified = parseHttpDate(headerValue(entry.headers, "last-modified"));
  return modified <= since; // false when either is missing or unreadable: NaN
}

function readRangeHeader(request: IncomingMessage, entry: Entry, size: number): ByteRange | "outside" | undefined {
  if (request.method !== "GET") return undefined; // RFC 9110 section 14.2
  const condition = headerValue(request.headers, "if-range");
  const validators = [headerValue(entry.headers, "etag"), headerValue(entry.headers, "last-modified")];
  // RFC 9110 section 13.1.5: strong comparison, and anything that does not fit means the whole
  if (condition !== undefined && (condition.startsWith("W/") || !validators.includes(condition))) return undefined;
  return parseRange(headerValue(request.headers, "range"), size);
}

/** Undefined while a body without Content-Length is arriving. */
function sizeOf(entry: Entry): number | undefined {
  const declared = headerValue(entry.headers, "content-length");
  if (declared !== undefined) return Number(declared);
  return entry.body.isComplete ? entry.body.size : undefined;
}
