/** WriteGetObjectResponse: the function's answer, passed on to the client that waits. Specification: opap-and-fc.md section 3. */
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  createRequestId,
  drained,
  type HttpHandler,
  headerValue,
  OssError,
  parseTarget,
  queryValue,
  type RequestHeaders,
} from "./http.ts";
import { type Keyring, verifySignature } from "./signature.ts";

export interface WriteBackOptions {
  readonly keyring: Keyring;
  readonly region: string;
  readonly now: () => Date;
}

/** One client waiting for one answer. */
export interface Ticket {
  /** The invocation has ended: makes the token void. True when an answer had arrived or is arriving. */
  close(): boolean;
}

export interface WriteBack {
  readonly handle: HttpHandler;
  /** host:port under which functions reach `handle`; known once it listens. */
  setRoute(route: string): void;
  expect(token: string, requestId: string, client: ServerResponse): Ticket;
}

interface Waiting {
  readonly requestId: string;
  readonly client: ServerResponse;
  isUsed: boolean;
}

// The documented lists, complete
const STATUSES = new Set([200, 206, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 411, 412, 416, 500, 503]);
const FORWARDED = new Set([
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-range",
  "content-type",
  "etag",
  "expires",
  "last-modified",
]);
const FORWARD_PREFIX = "x-oss-fwd-header-";

export function createWriteBack(options: WriteBackOptions): WriteBack {
  const waiting = new Map<string, Waiting>();
  let route = "";

  const handle: HttpHandler = async (request, response) => {
    checkCall(options, request, route);
    const answer = readAnswer(request.headers);
    const entry = waiting.get(headerValue(request.headers, "x-oss-request-token") ?? "");
    // One answer for a token that never was, has ended or was used: a guess learns nothing. The real code is not documented.
    if (entry === undefined || entry.isUsed)
      throw new OssError(403, "AccessDenied", "The request token is not valid or was used before.");
    entry.isUsed = true;
    await passOn(request, entry, answer);
    response.writeHead(200, { "Content-Length": 0, "x-oss-request-id": createRequestId() }).end();
  };

  const expect = (token: string, requestId: string, client: ServerResponse): Ticket => {
    const entry: Waiting = { requestId, client, isUsed: false };
    waiting.set(token, entry);
    return {
      close: () => {
        waiting.delete(token);
        return entry.isUsed;
      },
    };
  };

  const setRoute = (value: string) => {
    route = value;
  };
  return { handle, expect, setRoute };
}

/** The call itself: method, signature, route. */
function checkCall(options: WriteBackOptions, request: IncomingMessage, route: string): void {
  const { query, path } = parseTarget(request);
  if (request.method !== "POST" || path !== "/" || queryValue(query, "x-oss-write-get-object-response") === undefined) {
    throw new OssError(405, "MethodNotAllowed", "This endpoint takes POST /?x-oss-write-get-object-response.");
  }
  const signed = { method: "POST", path: "/", query, headers: request.headers };
  const credential = verifySignature(signed, options.keyring, { now: options.now(), region: options.region });
  if (credential === undefined) throw new OssError(403, "AccessDenied", "Anonymous access is forbidden for this operation.");
  if (headerValue(request.headers, "x-oss-request-route") !== route) {
    throw new OssError(400, "InvalidArgument", "x-oss-request-route is not the route of the event.");
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Bytes; the size the client is told. */
  readonly length: number;
}

/** Status and headers for the client; whatever is not on the documented lists is refused, so that nobody gets used to it. */
function readAnswer(headers: RequestHeaders): Answer {
  const status = Number(headerValue(headers, "x-oss-fwd-status") ?? Number.NaN);
  if (!STATUSES.has(status)) throw new OssError(400, "InvalidArgument", "x-oss-fwd-status is not one of the allowed statuses.");
  const length = Number(headerValue(headers, "content-length") ?? Number.NaN);
  if (!Number.isInteger(length))
    throw new OssError(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  const forwarded: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    if (!name.startsWith(FORWARD_PREFIX)) continue;
    const bare = name.slice(FORWARD_PREFIX.length);
    if (!FORWARDED.has(bare))
      throw new OssError(400, "InvalidArgument", `${name} is not one of the headers that can be forwarded.`);
    forwarded[bare] = headerValue(headers, name) ?? "";
  }
  return { status, headers: forwarded, length };
}

/** Streams at the client's pace. A client that left does not disturb the function: the rest is read and dropped. */
async function passOn(request: IncomingMessage, entry: Waiting, answer: Answer): Promise<void> {
  const { client } = entry;
  const length = answer.status === 304 ? {} : { "content-length": answer.length };
  if (!client.destroyed) {
    client.writeHead(answer.status, { ...answer.headers, ...length, server: "AliyunOSS", "x-oss-request-id": entry.requestId });
  }
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (client.destroyed || answer.status === 304) continue;
      if (!client.write(chunk)) await drained(client);
    }
    client.end();
  } catch (thrown) {
    client.destroy(); // the function died in mid-body: the client must not take a part for the whole
    throw thrown;
  }
}
