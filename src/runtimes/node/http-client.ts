import http from "http";
import https from "https";
import { TransformError } from "../../core/errors.ts";
import type { OpenedObject } from "../../http/source.ts";

export type Stream = http.IncomingMessage;
export interface ReadRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Agents of one instance: connections are kept between invocations. */
const AGENTS = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };

/**
 * Opens an object: resolves once its head has arrived. Redirects are not followed: they would leave the trusted hosts.
 * UPSTREAM_FAILED where the connection fails, TIMEOUT past `deadline` (a time of Date.now()), which also bounds the body.
 */
export function openObject(read: ReadRequest, deadline: number): Promise<OpenedObject<Stream>> {
  return open(read, deadline, true);
}

function open(read: ReadRequest, deadline: number, reuse: boolean): Promise<OpenedObject<Stream>> {
  return new Promise((resolve, reject) => {
    const target = new URL(read.url);
    const protocol = target.protocol === "https:" ? "https:" : "http:";
    const client = protocol === "https:" ? https : http;
    const agent = reuse ? AGENTS[protocol] : false;
    const path = pathAsWritten(read.url, target);
    const request = client.request(target, { method: "GET", path, headers: read.headers ?? {}, agent });
    const timer = setTimeout(() => request.destroy(timeout()), Math.max(1, deadline - Date.now()));
    request.on("response", (response) => {
      response.on("close", () => clearTimeout(timer));
      response.on("end", () => clearTimeout(timer));
      resolve(opened(response, request, deadline));
    });
    request.on("error", (error) => {
      clearTimeout(timer);
      // The store closes kept connections while an instance is idle or frozen: only the connection failed, not the read
      if (reuse && request.reusedSocket && !(error instanceof TransformError)) resolve(open(read, deadline, false));
      else reject(wrap(error));
    });
    request.end();
  });
}

/** A presigned URL goes out as it is: parsing it resolves dot segments, which belong to the key and are signed. */
function pathAsWritten(url: string, { pathname, search }: URL): string {
  const written = url.replace(/#.*$/, "").replace(/^https?:\/\/[^/?]*/i, "");
  return /^\/[\x21-\x7e]*$/.test(written) ? written : pathname + search;
}

function opened(response: Stream, request: http.ClientRequest, deadline: number): OpenedObject<Stream> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (typeof value === "string") headers[name] = value;
  }
  return {
    status: response.statusCode ?? 0,
    headers,
    stream: response,
    read: (maxBytes) => readAll(response, request, maxBytes, deadline),
    discard() {
      response.on("error", () => undefined);
      const length = Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
      if (length <= 65_536)
        response.resume(); // cheaper than a new connection
      else request.destroy();
    },
  };
}

/** Grows by doubling up to the bound: a claimed Content-Length is only a first guess, and never more than 1 MiB of trust. */
function readAll(response: Stream, request: http.ClientRequest, maxBytes: number, deadline: number): Promise<Uint8Array> {
  const claimed = Number(response.headers["content-length"] ?? Number.NaN);
  return new Promise((resolve, reject) => {
    const refuse = () => {
      request.destroy();
      reject(new TransformError("SOURCE_TOO_LARGE", `the original has more than ${maxBytes} bytes`));
    };
    if (claimed > maxBytes) return refuse();
    let buffer: Uint8Array = new Uint8Array(Math.min(Number.isNaN(claimed) ? 65_536 : claimed, 1_048_576));
    let filled = 0;
    response.on("data", (chunk: Uint8Array) => {
      if (filled + chunk.length > maxBytes) return refuse();
      if (filled + chunk.length > buffer.length)
        buffer = grown(buffer, filled + chunk.length, Number.isNaN(claimed) ? 0 : claimed);
      buffer.set(chunk, filled);
      filled += chunk.length;
    });
    const brokeOff = () =>
      reject(Date.now() >= deadline ? timeout() : new TransformError("UPSTREAM_FAILED", "the original broke off"));
    response.on("aborted", brokeOff); // Node 12 to 16 say only this
    response.on("error", brokeOff);
    response.on("end", () => {
      if (!response.complete) brokeOff();
      else resolve(filled === buffer.length ? buffer : buffer.slice(0, filled));
    });
  });
}

function grown(buffer: Uint8Array, needed: number, claimed: number): Uint8Array {
  const doubled = Math.max(needed, 2 * buffer.length);
  const bigger = new Uint8Array(claimed >= needed ? Math.min(doubled, claimed) : doubled);
  bigger.set(buffer);
  return bigger;
}

function timeout(): TransformError {
  return new TransformError("TIMEOUT", "the object store did not answer in time");
}
function wrap(error: Error): TransformError {
  return error instanceof TransformError
    ? error
    : new TransformError("UPSTREAM_FAILED", "the object store cannot be reached", { cause: error });
}
