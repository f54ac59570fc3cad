import { asTransformError, TransformError } from "../core/errors.ts";
import type { Limits } from "../core/limits.ts";
import type { Plan } from "../core/plan.ts";
import { type Grammar, type Parsed, parseQueryString, printPlan } from "../syntax/index.ts";
import { cacheControl, conditionalStatus, type Validators } from "./caching.ts";
import { type FindOptions, type Found, findOriginal } from "./find.ts";
import { errorXml, statusOf } from "./problem.ts";
import type { ObjectSource } from "./source.ts";

/** What a client asked for, whatever carried it. Header names in lower case; key decoded, query raw. */
export interface PictureRequest {
  readonly key: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly hostId: string;
}
/** `stream` is the runtime's own body stream, to be sent as it comes. */
export interface Answer<S> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | { readonly stream: S; readonly length: number };
  /** For the log; never holds a URL, a token or a credential. */
  readonly log: Readonly<Record<string, unknown>>;
}
export interface Transformed {
  readonly data: Uint8Array;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly timings: Readonly<Record<string, number>>;
  readonly peakBytes: number;
  readonly warnings: readonly string[];
}
export interface HandlerOptions extends FindOptions {
  readonly limits: Limits;
  readonly strictQuery: boolean;
  readonly passSvg: boolean;
  readonly cacheControl?: string;
  /** Told what will be needed as soon as that is known, so that threads and codecs can start while the source is read. */
  readonly prepare: (plan: Plan) => void;
  readonly transform: (bytes: Uint8Array, plan: Plan) => Promise<Transformed>;
  /** Hex digest of a text, for ETags. */
  readonly digest: (text: string) => string;
  readonly engineVersion: string;
}

/** Answers one request: a picture, the untouched original, a 304 or 412, or an error in OSS's form. Never throws. */
export async function handle<S>(request: PictureRequest, source: ObjectSource<S>, options: HandlerOptions): Promise<Answer<S>> {
  try {
    const asked = readQuery(request.query, options);
    const found = await findOriginal(request.key, asked.parsed, source, options);
    return await answerFound(request, found, asked.failure ?? found.failure, options);
  } catch (thrown) {
    return errorAnswer(asTransformError(thrown, "INTERNAL", "the request failed unexpectedly"), request);
  }
}

interface Asked {
  readonly parsed?: Parsed;
  readonly failure?: TransformError;
}
/** With OPALENS_ON_ERROR=original even a bad argument is answered by the source, which is not open yet. */
function readQuery(query: string, options: HandlerOptions): Asked {
  try {
    const parsed = parseQueryString(query, options);
    if (parsed?.plan.answer === "picture") options.prepare(parsed.plan);
    return parsed === undefined ? {} : { parsed };
  } catch (thrown) {
    const failure = asTransformError(thrown, "INTERNAL", "the request could not be read");
    if (options.onError === "error") throw failure;
    return { failure };
  }
}

async function answerFound<S>(
  request: PictureRequest,
  found: Found<S>,
  failure: TransformError | undefined,
  options: HandlerOptions,
): Promise<Answer<S>> {
  const { object, plan, grammar } = found;
  if (object.status !== 200) {
    object.discard();
    throw upstreamError(object.status);
  }
  if (failure !== undefined) return passThrough(found, options, failure);
  const validators = validatorsOf(found, plan, grammar, options);
  const condition = conditionalStatus(request.headers, validators);
  if (condition !== undefined) {
    object.discard();
    return conditionAnswer(condition, found, validators, request, options);
  }
  if (plan === undefined) return passThrough(found, options);
  const { maxBytes } = options.limits;
  if (options.onError === "original" && Number(object.headers["content-length"]) > maxBytes) {
    return passThrough(found, options, new TransformError("SOURCE_TOO_LARGE", `the original has more than ${maxBytes} bytes`));
  }
  return transformed(request, found, plan, validators, options);
}

function upstreamError(status: number): TransformError {
  if (status === 403) return new TransformError("ACCESS_DENIED", "the original may not be read");
  return new TransformError("UPSTREAM_FAILED", `the object store answered ${status}`);
}

/** Under x-oss-process the original's ETag, as OSS does; else one of original, plan and engine together. */
function validatorsOf<S>(
  { object }: Found<S>,
  plan: Plan | undefined,
  grammar: Grammar | undefined,
  options: HandlerOptions,
): Validators {
  const { etag, "last-modified": lastModified } = object.headers;
  const own =
    etag === undefined || plan === undefined || grammar === "oss"
      ? etag
      : `"${options.digest(`${etag}\n${printPlan(plan)}\n${options.engineVersion}`).slice(0, 32)}"`;
  return { ...(own === undefined ? {} : { etag: own }), ...(lastModified === undefined ? {} : { lastModified }) };
}

async function transformed<S>(
  request: PictureRequest,
  found: Found<S>,
  plan: Plan,
  validators: Validators,
  options: HandlerOptions,
): Promise<Answer<S>> {
  options.prepare(plan);
  const bytes = await found.object.read(options.limits.maxBytes);
  const sourceBytes = bytes.length; // the transform may take the bytes to another thread
  try {
    const keep = options.onError === "original";
    const result = await options.transform(keep ? bytes.slice() : bytes, plan);
    return {
      status: 200,
      headers: { "content-type": result.mimeType, ...resultHeaders(found, validators, options) },
      body: result.data,
      log: {
        outcome: "transformed",
        plan: printPlan(plan),
        sourceBytes,
        width: result.width,
        height: result.height,
        peakBytes: result.peakBytes,
        stages: result.timings,
        ...(result.warnings.length === 0 ? {} : { warnings: result.warnings }),
      },
    };
  } catch (thrown) {
    const failure = asTransformError(thrown, "INTERNAL", "the transform failed unexpectedly");
    if (options.onError === "error") return errorAnswer(failure, request);
    return {
      status: 200,
      headers: { ...passHeaders(found, options), "cache-control": "no-store" },
      body: bytes,
      log: { outcome: "original", code: failure.code, error: failure.message },
    };
  }
}

/** What the original carries and a result of it may carry on. */
function resultHeaders<S>(
  { object }: Found<S>,
  { etag, lastModified }: Validators,
  options: HandlerOptions,
): Record<string, string> {
  const { "content-disposition": disposition, expires } = object.headers;
  return {
    "cache-control": cacheControl(options.cacheControl, object.headers["cache-control"]),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { "last-modified": lastModified }),
    ...(disposition === undefined ? {} : { "content-disposition": disposition }),
    ...(expires === undefined ? {} : { expires }),
  };
}

const PASSED_HEADERS = [
  "content-type",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
  "etag",
  "last-modified",
];
/** Types that a browser would run as a document of the site. */
const ACTIVE_TYPES = /^(image\/svg|text\/html|application\/xhtml|text\/xml|application\/xml|[^;]*\+xml)/i;
const ACTIVE_EXTENSIONS = /\.(svgz?|x?html?|xml|xsl)$/i;

function passHeaders<S>({ object, key }: Found<S>, options: HandlerOptions): Record<string, string> {
  const headers: Record<string, string> = {
    "cache-control": cacheControl(options.cacheControl, object.headers["cache-control"]),
  };
  for (const name of PASSED_HEADERS) {
    const value = object.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const active = ACTIVE_TYPES.test(headers["content-type"] ?? "") || ACTIVE_EXTENSIONS.test(key);
  if (active && !options.passSvg) headers["content-disposition"] = "attachment";
  return headers;
}

/** Read before they are passed: once a stream has begun to go out, a read that breaks off can no longer be answered by an error. */
const READ_FIRST_BYTES = 1024 * 1024; // most pictures of a site; what it costs is one buffer of that size

/**
 * Bytes as stored. With a failure they stand in for the picture that could not be made, and must not be kept. An answer
 * needs a length, so a body without one is read first; OSS gives one with every object.
 */
async function passThrough<S>(found: Found<S>, options: HandlerOptions, failure?: TransformError): Promise<Answer<S>> {
  const { object } = found;
  const { "content-length": claimed } = object.headers;
  const length = claimed === undefined ? undefined : Number(claimed);
  const streams = length !== undefined && length > READ_FIRST_BYTES;
  return {
    status: 200,
    headers: { ...passHeaders(found, options), ...(failure === undefined ? {} : { "cache-control": "no-store" }) },
    body: streams ? { stream: object.stream, length } : await object.read(length ?? options.limits.maxBytes),
    log: failure === undefined ? { outcome: "passed" } : { outcome: "original", code: failure.code, error: failure.message },
  };
}

function conditionAnswer<S>(
  status: 304 | 412,
  found: Found<S>,
  validators: Validators,
  request: PictureRequest,
  options: HandlerOptions,
): Answer<S> {
  if (status === 304) {
    // Caches take over what a 304 carries, and the original's disposition may not be what its bytes went out with
    const { "content-disposition": _, ...headers } = resultHeaders(found, validators, options);
    return { status, headers, body: new Uint8Array(0), log: { outcome: "not-modified" } };
  }
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>PreconditionFailed</Code>\n  <Message>At least one of the pre-conditions you specified did not hold.</Message>\n  <RequestId>${request.requestId}</RequestId>\n</Error>\n`;
  return { status, headers: errorHeaders(), body: new TextEncoder().encode(xml), log: { outcome: "precondition-failed" } };
}

/** An error in OSS's form, which no cache may keep. */
export function errorAnswer<S>(
  error: TransformError,
  { requestId, hostId }: { readonly requestId: string; readonly hostId: string },
): Answer<S> {
  return {
    status: statusOf(error.code),
    headers: errorHeaders(),
    body: new TextEncoder().encode(errorXml(error, requestId, hostId)),
    log: { outcome: "error", code: error.code, error: error.message },
  };
}
function errorHeaders(): Record<string, string> {
  return { "content-type": "application/xml", "cache-control": "no-store" };
}
