/** What every endpoint of the stack shares: listening on loopback, request targets, OSS error documents. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Decoded name/value pairs in the order of the URL; `?acl` is ["acl", ""]. */
export type Query = readonly (readonly [name: string, value: string])[];

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Endpoint {
  readonly port: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** Stops listening and cuts what is still open. */
  close(): Promise<void>;
}

export interface Target {
  /** As received, "/" first; dot segments are left alone, since they are part of a key. */
  readonly rawPath: string;
  /** As received, without "?". */
  readonly rawQuery: string;
  /** Percent-decoded path. */
  readonly path: string;
  readonly query: Query;
}

/** An answer in OSS's error form; `code` is OSS's, e.g. "NoSuchKey". */
export class OssError extends Error {
  override readonly name = "OssError";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** 24 upper-case hex digits, as in `x-oss-request-id`. */
export function createRequestId(): string {
  return randomBytes(12).toString("hex").toUpperCase();
}

/** Listens on 127.0.0.1; port 0 takes a free one. Whatever the handler throws becomes an OSS error document. */
export async function listen(port: number, handler: HttpHandler): Promise<Endpoint> {
  const server = createServer((request, response) => {
    // A peer that goes away in mid-body is everyday life here; without a listener it would end the process.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    handler(request, response).catch((thrown: unknown) => answerThrown(request, response, thrown));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const actual = (server.address() as AddressInfo).port;
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerThrown(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
  if (response.headersSent) {
    response.destroy(); // too late for a status: a cut body is the only honest signal left
    return;
  }
  const error = thrown instanceof OssError ? thrown : new OssError(500, "InternalError", "We encountered an internal error.");
  sendError(request, response, error);
  request.resume(); // the body nobody read, so that the connection can be used again
}

/** Writes OSS's error document; a HEAD carries it in `x-oss-err`, where ali-oss looks for it. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: OssError,
  requestId = createRequestId(),
): void {
  const body = Buffer.from(printError(error, requestId, request.headers.host ?? "127.0.0.1"));
  const isHead = request.method === "HEAD";
  response.writeHead(error.status, {
    Server: "AliyunOSS",
    "x-oss-request-id": requestId,
    "Cache-Control": "no-store",
    ...(isHead
      ? { "x-oss-err": body.toString("base64") }
      : { "Content-Type": "application/xml", "Content-Length": body.length }),
  });
  response.end(isHead ? undefined : body);
}

// oss-img.md section 4.1; EC and RecommendDoc are left out, as a few live errors do
function printError(error: OssError, requestId: string, hostId: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>${escapeXml(error.code)}</Code>
  <Message>${escapeXml(error.message)}</Message>
  <RequestId>${requestId}</RequestId>
  <HostId>${escapeXml(hostId)}</HostId>
</Error>
`;
}

const XML_ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Also drops the control characters that XML 1.0 cannot carry at all. */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are meant
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"']/g, (c) => XML_ESCAPES[c] ?? c);
}

/** Splits a request target; a malformed percent sequence is a 400, as on OSS. */
export function parseTarget(request: IncomingMessage): Target {
  // Absolute form ("GET http://host/key") is legal for any server: RFC 9112 section 3.2.2
  const raw = (request.url ?? "/").replace(/^https?:\/\/[^/?]*/i, "");
  const mark = raw.indexOf("?");
  const rawPath = (mark < 0 ? raw : raw.slice(0, mark)) || "/";
  const rawQuery = mark < 0 ? "" : raw.slice(mark + 1);
  try {
    return { rawPath, rawQuery, path: decodeURIComponent(rawPath), query: parseQuery(rawQuery) };
  } catch {
    throw new OssError(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}

export function parseQuery(rawQuery: string): Query {
  return rawQuery
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const name = equals < 0 ? pair : pair.slice(0, equals);
      return [decodeQueryPart(name), equals < 0 ? "" : decodeQueryPart(pair.slice(equals + 1))];
    });
}

function decodeQueryPart(part: string): string {
  return decodeURIComponent(part.replace(/\+/g, " "));
}

/** The first value of a name, undefined when it is absent. */
export function queryValue(query: Query, name: string): string | undefined {
  return query.find(([candidate]) => candidate === name)?.[1];
}

export function printQuery(query: Query): string {
  return query.map(([name, value]) => (value === "" ? encodeName(name) : `${encodeName(name)}=${encodeName(value)}`)).join("&");
}

/** RFC 3986 encoding of one name or value: all but unreserved characters, as OSS V4 signing wants it. */
export function encodeName(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The same for a path: "/" stays. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeName).join("/");
}

/** One header as text, undefined when absent or empty. */
export function headerValue(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = typeof value === "string" ? value : value?.join(", ");
  return text === undefined || text === "" ? undefined : text;
}

/** Milliseconds; NaN for whatever is not an HTTP date. Date.parse alone takes "0" for the year 2000. */
export function parseHttpDate(text: string | undefined): number {
  return text !== undefined && / GMT$/.test(text.trim()) ? Date.parse(text) : Number.NaN;
}

/** Waits until a full response takes bytes again; a client that leaves ends the wait too. */
export function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
    if (response.destroyed) done();
  });
}
