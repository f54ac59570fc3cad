/** The files of the studio page: those of a list that is read at start, and no others. */
import { realpath } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseTarget } from "./http.ts";
import { ObjectFiles } from "./object-files.ts";
import { checkConditions, readRange } from "./object-response.ts";
import { STUDIO_POLICY } from "./studio-policy.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".ttf": "font/ttf",
};

/** What the page needs of the engine's folder. */
const ENGINE_FOLDERS = ["wasm/", "fonts/"];

/** Answers requests for files by their name below the page. */
export async function createStudioPage(
  dir: string,
  engineDir: string,
): Promise<(name: string, request: IncomingMessage, response: ServerResponse) => Promise<void>> {
  const listed = await listFiles(dir, engineDir);
  return async (name, request, response) => {
    request.resume();
    const file = name === "" ? "index.html" : name;
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead) return sendText(response, 405, "The studio's files are read with GET and HEAD.\n", { allow: "GET, HEAD" });
    if (!listed.has("index.html")) return sendText(response, 404, "The studio is not built: `npm run build` makes it.\n");
    const isSent = await sendFile(listed.get(file), file, request, response);
    if (!isSent) sendText(response, 404, "The studio has no such file.\n");
  };
}

/** By name: the folder it lies in. The page's own files win. */
async function listFiles(dir: string, engineDir: string): Promise<ReadonlyMap<string, ObjectFiles>> {
  const listed = new Map<string, ObjectFiles>();
  const engine = await openFolder(engineDir);
  for (const folder of ENGINE_FOLDERS) for (const name of await engine.keys(folder)) listed.set(name, engine);
  const page = await openFolder(dir);
  for (const name of await page.keys()) listed.set(name, page);
  return listed;
}
/** A folder that is missing is an empty one. */
async function openFolder(path: string): Promise<ObjectFiles> {
  return new ObjectFiles(await realpath(path).catch(() => path));
}

/** False where there is no such file, also when it has gone since the start. */
async function sendFile(
  files: ObjectFiles | undefined,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const object = await files?.open(name);
  if (object === undefined) return false;
  const { info, handle } = object;
  try {
    const status = checkConditions(request.headers, info);
    // Names of assets carry a hash; the page asks for the engine's files with one as the query
    const isHashed = name.startsWith("assets/") || parseTarget(request).rawQuery !== "";
    const headers = {
      etag: info.etag,
      "cache-control": isHashed && name !== "index.html" ? "public, max-age=31536000, immutable" : "no-cache",
      "content-security-policy": [...STUDIO_POLICY, "frame-ancestors 'none'"].join("; "),
      "x-content-type-options": "nosniff",
    };
    if (status === 304) {
      response.writeHead(304, headers).end();
      return true;
    }
    const type = CONTENT_TYPES[extname(name)] ?? info.headers["content-type"] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "content-type": type, "content-length": info.size });
    if (request.method === "HEAD") response.end();
    else await pipeline(Readable.from(readRange(handle, { start: 0, end: info.size - 1 })), response).catch(() => undefined); // the client left
    return true;
  } finally {
    await handle.close();
  }
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}
