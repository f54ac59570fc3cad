/** The object store of the stack: one bucket of OSS's REST interface over a folder, on loopback. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  createRequestId,
  type Endpoint,
  headerValue,
  listen,
  OssError,
  parseTarget,
  queryValue,
  sendError,
  type Target,
} from "./http.ts";
import { listObjects, parseDeleteRequest, printDeleteResult } from "./list-objects.ts";
import { type ObjectAddress, readAddresses, resourceOf } from "./object-address.ts";
import { ObjectFiles, type OpenObject } from "./object-files.ts";
import { checkConditions, chooseRange, objectHeaders, readRange, storedHeaders } from "./object-response.ts";
import { type Keyring, verifySignature } from "./signature.ts";
import type { Credential } from "./signing.ts";

/** What a test wants to go wrong: an error status, no answer at all, or a body that ends half-way. */
export type Fault = { readonly status: number } | "hang" | "cut";

export interface FaultRequest {
  readonly method: string;
  readonly key: string;
  readonly headers: IncomingMessage["headers"];
}

export interface StoreOptions {
  /** Folder of the objects; made when absent. */
  readonly root: string;
  readonly bucket: string;
  readonly keyring: Keyring;
  readonly region: string;
  /** 0 or absent takes a free one. */
  readonly port?: number;
  /** GET and HEAD of objects need no signature. */
  readonly anonymousRead?: boolean;
  readonly faults?: (request: FaultRequest) => Fault | undefined;
  readonly now?: () => Date;
}

export interface Store extends Endpoint {
  readonly files: ObjectFiles;
}

/** One request on its way through. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly address: ObjectAddress;
  readonly credential: Credential | undefined;
  readonly fault: Fault | undefined;
}

const MAX_DELETE_BYTES = 2 * 1024 * 1024; // 1000 keys of 1023 bytes with their tags need about half of it
// Parameters of requests this store does not implement; answering them with the object's bytes would be worse than refusing.
const UNSUPPORTED =
  /^(acl|append|uploads|uploadId|partNumber|symlink|tagging|restore|location|bucketInfo|stat|cors|lifecycle|policy|versions|versioning|website|logging|referer|encryption|x-oss-async-process|asyncFetch|callback|metaQuery)$/;

export async function startStore(options: StoreOptions): Promise<Store> {
  const files = await ObjectFiles.create(options.root);
  const endpoint = await listen(options.port ?? 0, (request, response) => handle(files, options, request, response));
  return { ...endpoint, files };
}

async function handle(
  files: ObjectFiles,
  options: StoreOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("Server", "AliyunOSS");
  response.setHeader("x-oss-request-id", createRequestId());
  response.setHeader("x-oss-server-time", "1");
  const target = parseTarget(request);
  const { address, credential } = authenticate(options, request, target);
  const fault = options.faults?.({ method: request.method ?? "GET", key: address.key, headers: request.headers });
  if (fault === "hang") return; // never answered: the socket ends with the client or the stack
  if (typeof fault === "object") {
    sendError(
      request,
      response,
      new OssError(fault.status, fault.status === 503 ? "ServiceUnavailable" : "InternalError", "Injected fault."),
    );
    request.resume();
    return;
  }
  authorize(options, request, address, credential);
  const unsupported = target.query.find(([name]) => UNSUPPORTED.test(name));
  if (unsupported !== undefined)
    throw new OssError(501, "NotImplemented", `The local store does not implement ?${unsupported[0]}.`);
  const exchange: Exchange = { request, response, target, address, credential, fault };
  await (address.key === "" ? handleBucket(files, exchange) : handleObject(files, exchange));
}

/** Takes the reading of the address that the signature fits. */
function authenticate(
  options: StoreOptions,
  request: IncomingMessage,
  target: Target,
): { address: ObjectAddress; credential: Credential | undefined } {
  const [first, ...others] = readAddresses(request.headers, target.path, options.bucket);
  if (first === undefined) throw new OssError(400, "InvalidURI", "Couldn't parse the specified URI.");
  let mismatch: OssError | undefined;
  for (const address of [first, ...others]) {
    try {
      const signed = {
        method: request.method ?? "GET",
        path: resourceOf(address),
        query: target.query,
        headers: request.headers,
      };
      const credential = verifySignature(signed, options.keyring, {
        now: options.now?.() ?? new Date(),
        region: options.region,
      });
      return { address: credential === undefined ? first : address, credential };
    } catch (thrown) {
      if (!(thrown instanceof OssError) || thrown.code !== "SignatureDoesNotMatch") throw thrown;
      mismatch = thrown;
    }
  }
  throw mismatch;
}

function authorize(
  options: StoreOptions,
  request: IncomingMessage,
  address: ObjectAddress,
  credential: Credential | undefined,
): void {
  const reads = request.method === "GET" || request.method === "HEAD";
  const isAnonymousRead = options.anonymousRead === true && reads && address.key !== "";
  if (credential === undefined && !isAnonymousRead) {
    throw new OssError(403, "AccessDenied", "You have no right to access this object because of bucket acl.");
  }
  if (credential?.readOnly === true && !reads)
    throw new OssError(403, "AccessDenied", "You have no right to access this object.");
  if (address.bucket !== undefined && address.bucket !== options.bucket) {
    throw new OssError(404, "NoSuchBucket", "The specified bucket does not exist.");
  }
}

async function handleBucket(files: ObjectFiles, exchange: Exchange): Promise<void> {
  const { request, target, address } = exchange;
  const isDelete = request.method === "POST" && queryValue(target.query, "delete") !== undefined;
  if (address.bucket === undefined || (request.method !== "GET" && !isDelete)) {
    throw new OssError(501, "NotImplemented", "The local store implements GET and POST ?delete on its bucket.");
  }
  if (!isDelete) return sendXml(exchange, await listObjects(files, address.bucket, target.query));
  const { keys, quiet } = parseDeleteRequest(await readText(request, MAX_DELETE_BYTES));
  for (const key of keys) await files.remove(key);
  return sendXml(exchange, printDeleteResult(quiet ? [] : keys));
}

async function handleObject(files: ObjectFiles, exchange: Exchange): Promise<void> {
  switch (exchange.request.method) {
    case "GET":
    case "HEAD":
      return sendObject(files, exchange);
    case "PUT":
      return putObject(files, exchange);
    case "DELETE":
      await files.remove(exchange.address.key);
      exchange.response.writeHead(204).end();
      return;
    default:
      throw new OssError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  }
}

async function sendObject(files: ObjectFiles, exchange: Exchange): Promise<void> {
  const { request, response, target, address, credential, fault } = exchange;
  const object = await files.open(address.key);
  if (object === undefined) throw new OssError(404, "NoSuchKey", "The specified key does not exist.");
  try {
    const { info } = object;
    const status = checkConditions(request.headers, info);
    const headers = objectHeaders(info, target.query, credential !== undefined);
    const range = status === 304 ? undefined : chooseRange(request.headers, info.size);
    const { start, end } = range ?? { start: 0, end: info.size - 1 };
    const ranged = range === undefined ? {} : { "content-range": `bytes ${start}-${end}/${info.size}` };
    const length = status === 304 ? {} : { "content-length": end - start + 1 };
    response.writeHead(range === undefined ? status : 206, { ...headers, ...ranged, ...length });
    if (status === 304 || request.method === "HEAD") response.end();
    else if (fault === "cut") await cutBody(object, end - start + 1, response);
    else await pipeline(Readable.from(readRange(object.handle, { start, end })), response).catch(() => undefined); // the client left
  } finally {
    await object.handle.close();
  }
}

/** Promises the whole, sends half and hangs up. */
async function cutBody(object: OpenObject, size: number, response: ServerResponse): Promise<void> {
  const half = Buffer.alloc(size >> 1);
  await object.handle.read(half, 0, half.length, 0);
  await new Promise<void>((resolve) => response.write(half, () => resolve()));
  response.destroy();
}

async function putObject(files: ObjectFiles, { request, response, address }: Exchange): Promise<void> {
  if (headerValue(request.headers, "x-oss-copy-source") !== undefined) {
    throw new OssError(501, "NotImplemented", "The local store does not implement CopyObject.");
  }
  if (
    headerValue(request.headers, "content-length") === undefined &&
    headerValue(request.headers, "transfer-encoding") === undefined
  ) {
    throw new OssError(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  const contentMd5 = headerValue(request.headers, "content-md5");
  const etag = await files.put(address.key, request, storedHeaders(request.headers), contentMd5);
  response.writeHead(200, { ETag: etag, "Content-Length": 0 }).end();
}

async function sendXml({ response }: Exchange, xml: string): Promise<void> {
  const body = Buffer.from(xml);
  response.writeHead(200, { "Content-Type": "application/xml", "Content-Length": body.length }).end(body);
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new OssError(400, "EntityTooLarge", "The request body is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
