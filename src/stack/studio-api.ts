/** What the studio asks of the stack: where it is, which objects there are, and a place for a picture. Errors are `{ message }`. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { posix } from "node:path";
import { Readable } from "node:stream";
import { ENGINE_VERSION } from "../version.ts";
import { headerValue, OssError } from "./http.ts";
import { contentTypeOf, type ObjectFiles } from "./object-files.ts";

interface Stored {
  readonly key: string;
  readonly bytes: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024; // what the engine takes as a source: core/limits.ts
const MAX_LISTED = 1000; // as many as OSS lists at once
/** The stack listens on loopback alone, so other names in Host come of a name that was bent to it (DNS rebinding). */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Answers requests by their path below /studio/api/. */
export function createStudioApi(
  objects: ObjectFiles,
  bucket: string,
): (path: string, request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const store = createStoring(objects);
  const answer = async (path: string, request: IncomingMessage): Promise<[status: number, value: object]> => {
    const host = checkCaller(request);
    if (path === "stack") {
      allow(request, "GET");
      return [200, { bucket, edge: `http://${host}`, version: ENGINE_VERSION }];
    }
    if (path === "objects") {
      allow(request, "GET");
      return [200, { objects: await list(objects) }];
    }
    if (!path.startsWith("objects/")) throw new OssError(404, "NotFound", "The studio has no such resource.");
    allow(request, "PUT");
    return [201, await store(path.slice("objects/".length), await readBody(request))];
  };
  return async (path, request, response) => {
    try {
      const [status, value] = await answer(path, request);
      sendJson(response, status, value);
    } catch (thrown) {
      const isExpected = thrown instanceof OssError;
      sendJson(response, isExpected ? thrown.status : 500, {
        message: isExpected ? thrown.message : "The stack met an internal error.",
      });
    } finally {
      request.resume(); // the body nobody read, so that the connection can be used again
    }
  };
}

/** The store is a folder of the user: no page but the studio may list it or write to it. Gives the Host. */
function checkCaller({ headers }: IncomingMessage): string {
  const host = headers.host ?? "";
  const origin = headerValue(headers, "origin");
  const isOwn = LOOPBACK.test(host) && (origin === undefined || origin === `http://${host}`);
  // The header keeps other sites out: their pages could only send it after a preflight, which is never granted
  if (isOwn && headers["x-opalens-studio"] === "1") return host;
  throw new OssError(403, "AccessDenied", "Only the studio of this stack may ask for that.");
}

function allow({ method }: IncomingMessage, allowed: string): void {
  if (method !== allowed) throw new OssError(405, "MethodNotAllowed", `The studio asks for that with ${allowed}.`);
}

/** Pictures (by their extension) first, so that they are not the ones cut off; those that the edge cannot serve are left out. */
async function list(objects: ObjectFiles): Promise<readonly Stored[]> {
  const keys = (await objects.keys()).filter((key) => !isHidden(key));
  const isPicture = (key: string) => contentTypeOf(key).startsWith("image/");
  const ordered = [...keys.filter(isPicture), ...keys.filter((key) => !isPicture(key))];
  const listed: Stored[] = [];
  for (const key of ordered.slice(0, MAX_LISTED)) {
    const bytes = await objects.size(key);
    if (bytes !== undefined) listed.push({ key, bytes }); // else it was deleted since the walk
  }
  return listed;
}
/** The page lies before it. */
function isHidden(key: string): boolean {
  return key === "studio" || key.startsWith("studio/");
}

/** One at a time: two pictures of one name must not find the same free key. */
function createStoring(objects: ObjectFiles): (key: string, body: Buffer) => Promise<Stored> {
  let last: Promise<unknown> = Promise.resolve();
  return (key, body) => {
    const stored = last.then(() => storeBeside(objects, key, body));
    last = stored.catch(() => undefined);
    return stored;
  };
}
/** Never over another picture: under a key that is free or has these very bytes already. */
async function storeBeside(objects: ObjectFiles, asked: string, body: Buffer): Promise<Stored> {
  if (isHidden(asked)) throw new OssError(400, "InvalidObjectName", "Keys below studio/ cannot be reached at the edge.");
  const etag = `"${createHash("md5").update(body).digest("hex").toUpperCase()}"`;
  const extension = posix.extname(asked);
  const stem = asked.slice(0, asked.length - extension.length);
  for (let count = 1; ; count++) {
    const key = count === 1 ? asked : `${stem}-${count}${extension}`;
    const taken = await objects.info(key);
    if (taken === undefined) await objects.put(key, Readable.from([body]), {});
    if (taken === undefined || taken.etag === etag) return { key, bytes: body.length };
  }
}

/** Reads on past the limit, without keeping it: a client that is still sending would not see the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw new OssError(413, "EntityTooLarge", "The studio stores pictures of at most 64 MiB.");
  return Buffer.concat(chunks);
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": body.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
