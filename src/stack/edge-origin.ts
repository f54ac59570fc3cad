/** The edge's way to its origin: one GET, whose body is shared by all who wait for it. */
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { type Entry, endToEndHeaders, readPolicy } from "./edge-cache.ts";
import { SharedBody } from "./shared-body.ts";

export interface OriginOptions {
  /** Base URL of the origin, without a slash at the end. */
  readonly origin: string;
  /** Time to the first byte. */
  readonly timeoutMs: number;
  readonly maxObjectBytes: number;
  readonly notFoundTtlSeconds: number;
  readonly now: () => number;
}

/** An answer whose body may still be arriving. */
export interface OriginAnswer {
  /** What is to be kept once `complete` says so. */
  readonly entry: Entry;
  /** True when the whole body arrived and is held. Never rejects. */
  readonly complete: Promise<boolean>;
}

export interface Origin {
  /** Rejects when no answer comes. */
  fetch(path: string, headers: Record<string, string | string[]>): Promise<OriginAnswer>;
  close(): void;
}

export function createOrigin(options: OriginOptions): Origin {
  const agent = new Agent(); // no kept connections: one that the origin has just closed would look like a failure of the origin
  return {
    fetch: async (path, headers) => receive(options, await open(options, agent, path, headers)),
    close: () => agent.destroy(),
  };
}

function open(
  options: OriginOptions,
  agent: Agent,
  path: string,
  headers: Record<string, string | string[]>,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(options.origin);
  return new Promise((resolve, reject) => {
    // The path goes out as it came: a parsed URL would resolve dot segments, which belong to the key
    const request = httpRequest({ hostname, port, path, headers, agent, method: "GET" });
    const timer = setTimeout(() => request.destroy(new Error("the origin did not answer in time")), options.timeoutMs);
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.on("response", (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    request.end();
  });
}

function receive(options: OriginOptions, response: IncomingMessage): OriginAnswer {
  const status = response.statusCode ?? 502;
  const nowMs = options.now();
  const policy = readPolicy(status, response.headers, options.notFoundTtlSeconds, nowMs);
  const declared = Number(response.headers["content-length"] ?? 0);
  const holds = policy.mayStore && declared <= options.maxObjectBytes;
  const body = new SharedBody(holds || isShared(status) ? "keep" : "pass");
  const age = Number(response.headers.age ?? 0);
  const headers = endToEndHeaders(response.headers);
  delete headers["age"];
  const bornMs = nowMs - (Number.isFinite(age) ? age * 1000 : 0);
  return { entry: { status, headers, body, policy, bornMs }, complete: fill(response, body, holds, options.maxObjectBytes) };
}

/** Errors are small, and handing one to all who wait for it spares a struggling origin as many further failures. */
export function isShared(status: number): boolean {
  return status >= 400;
}

async function fill(response: IncomingMessage, body: SharedBody, holds: boolean, maxBytes: number): Promise<boolean> {
  let received = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      received += chunk.length;
      body.push(chunk);
      if (received > maxBytes && !body.isPassing) body.startPassing();
      await body.room();
      if (body.isUnwanted) break; // ends the origin's connection
    }
    if (body.isUnwanted) return false;
    body.end();
    return holds && !body.isPassing;
  } catch {
    body.fail();
    return false;
  }
}
