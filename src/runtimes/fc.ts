import { createHash } from "crypto";
import { readFileSync } from "fs";
import { type Config, readConfig } from "../config.ts";
import { TransformError } from "../core/errors.ts";
import { type FetchObject, fetchMarks } from "../core/marks.ts";
import { markKeys, type Plan } from "../core/plan.ts";
import type { SourceFormat } from "../core/probe.ts";
import { modulesFor } from "../engine.ts";
import { type Answer, errorAnswer, type HandlerOptions, handle } from "../http/handler.ts";
import type { ObjectSource } from "../http/source.ts";
import { formatOfExtension } from "../operations/format.ts";
import { type Invocation, parseEvent } from "../oss/event.ts";
import { objectUrl, storeOf } from "../oss/location.ts";
import { ENGINE_VERSION } from "../version.ts";
import { fileWasm } from "./node/file-wasm.ts";
import { openObject, type Stream } from "./node/http-client.ts";
import { createPool, type Pool } from "./node/pool.ts";
import { type Credentials, loadSignUtils, type SignerOptions, signHeaders } from "./node/signer.ts";
import { NotSent, type WriteBack, writeAnswer } from "./node/write-back.ts";

/** The part of Function Compute's context that is used (access-point reference, section 5). */
export interface FcContext {
  readonly requestId: string;
  readonly credentials: Credentials;
  readonly function?: { readonly memory?: number; readonly timeout?: number };
  readonly region?: string;
}
type Callback = (error: unknown, result?: unknown) => void;

/** Kept free for the answer: the deadline of the pixels is this much before that of the function. */
const ANSWER_RESERVE_MS = 1500;
/** What Node itself and a second copy of small buffers take; the rest of the instance is for pixels. */
const RUNTIME_MB = 128;

interface Instance {
  readonly config: Config;
  readonly pool: Pool;
}
let instance: Instance | undefined;

/** Config and worker pool of this instance; ConfigError until the environment is right. */
function getInstance(): Instance {
  if (instance === undefined) {
    const config = readConfig(process.env, (path) => readFileSync(path, "utf8"));
    const loadWasm = fileWasm(new URL("./wasm/", import.meta.url));
    const workerFile = new URL("./worker.js", import.meta.url);
    const fontFolder = new URL("./fonts/", import.meta.url);
    instance = { config, pool: createPool({ workerFile, loadWasm, fontFolder, size: 1 }) };
  }
  return instance;
}

/** Node 16 and older of Function Compute count the callback, 18 and newer the awaited result. */
const AWAITS = Number(process.versions.node.split(".")[0]) >= 18;
function settle(work: Promise<string>, callback: Callback | undefined): Promise<string> | undefined {
  if (AWAITS || callback === undefined) return work;
  work.then(
    (result) => callback(null, result),
    (error) => callback(error),
  );
  return undefined;
}

/** Entry of access-point GetObject events: always answers through WriteGetObjectResponse, exactly once. */
export function handler(event: Uint8Array | string, context: FcContext, callback?: Callback): Promise<string> | undefined {
  return settle(invoke(event, context), callback);
}

/**
 * Runs before the first event of an instance: starts the worker thread and loads the signer. A wrong configuration is logged
 * and left for the requests to answer: where an initializer fails, the handler is never called and no one would answer.
 */
export function initializer(_context: unknown, callback?: Callback): Promise<string> | undefined {
  const start = async () => {
    try {
      getInstance().pool.prepare(["pixels"]);
    } catch (error) {
      log({ outcome: "misconfigured", error: (error as Error).message });
    }
    await loadSignUtils();
    return "ready";
  };
  return settle(start(), callback);
}

/** Runs before an instance is destroyed. */
export function preStop(_context: unknown, callback?: Callback): Promise<string> | undefined {
  const stop = async () => {
    await instance?.pool.close();
    instance = undefined;
    return "stopped";
  };
  return settle(stop(), callback);
}

async function invoke(event: Uint8Array | string, context: FcContext): Promise<string> {
  const started = Date.now();
  const invocation = readEvent(event, context);
  const { answer, signer, deadline } = await answerInvocation(invocation, context, started);
  const made = Date.now();
  const base = { requestId: context.requestId, key: invocation.key };
  try {
    const { status, body, log: facts } = await deliver(answer, { ...invocation, signer, deadline }, context);
    log({ ...base, status, ...facts, bytes: body.length, ms: Date.now() - started, writeMs: Date.now() - made });
    return `${status}`;
  } catch (error) {
    const { message } = error as Error;
    log({ ...base, status: answer.status, ...answer.log, outcome: "not-answered", error: message, ms: Date.now() - started });
    throw error;
  }
}

/** An event that does not parse names no one who could be answered: the invocation fails, and its message says why. */
function readEvent(event: Uint8Array | string, { requestId }: FcContext): Invocation {
  const trusted = (process.env["OPALENS_TRUSTED_HOSTS"] ?? "")
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
  try {
    const text = typeof event === "string" ? event : Buffer.from(event).toString("utf8");
    return parseEvent(text, trusted.length === 0 ? undefined : trusted);
  } catch (error) {
    log({ requestId, outcome: "refused", error: (error as Error).message });
    throw error;
  }
}

/** Sends the answer, or an error where the original broke off before a byte had gone out; gives what was sent. */
async function deliver(
  answer: Answer<Stream>,
  target: WriteBack & Invocation,
  { requestId }: FcContext,
): Promise<Answer<Stream>> {
  try {
    await writeAnswer(answer, target);
    return answer;
  } catch (cause) {
    if (!(cause instanceof NotSent)) throw cause;
    const error = new TransformError("UPSTREAM_FAILED", cause.message, { cause });
    const instead = errorAnswer<Stream>(error, { requestId, hostId: target.location.host });
    await writeAnswer(instead, target);
    return instead;
  }
}

interface Answered {
  readonly answer: Answer<Stream>;
  readonly signer: SignerOptions;
  readonly deadline: number;
}

async function answerInvocation(invocation: Invocation, context: FcContext, started: number): Promise<Answered> {
  const identity = { requestId: context.requestId, hostId: invocation.location.host };
  const timeoutMs = (context.function?.timeout ?? 60) * 1000;
  const fallback: SignerOptions = { credentials: context.credentials, signature: "v4", region: standardRegion(context.region) };
  let ready: Instance;
  try {
    ready = getInstance();
  } catch (cause) {
    const error = new TransformError("INTERNAL", "the function is not configured rightly; its log says what is wrong", {
      cause,
    });
    const signature = process.env["OPALENS_SIGNATURE"] === "v1" ? "v1" : "v4";
    const facts = { outcome: "misconfigured", code: error.code, error: (cause as Error).message };
    const answer = { ...errorAnswer<Stream>(error, identity), log: facts };
    return { answer, signer: { ...fallback, signature }, deadline: started + timeoutMs };
  }
  const { config } = ready;
  const signer: SignerOptions = { ...fallback, signature: config.signature, region: config.oss.region ?? fallback.region };
  const workMs = Math.min(config.deadlineMs, Math.max(timeoutMs / 2, timeoutMs - ANSWER_RESERVE_MS));
  const deadline = started + workMs;
  const source = createSource(invocation, config, signer, deadline);
  const options = handlerOptions(invocation, context, ready, source, deadline);
  const answer = await handle({ ...invocation, ...identity }, source, options);
  return { answer, signer, deadline: started + timeoutMs };
}

/** The presigned URL as it is for the object asked for; signed reads for all others, and for that one when its URL was processed. */
function createSource(invocation: Invocation, config: Config, signer: SignerOptions, deadline: number): ObjectSource<Stream> {
  const open = async (key: string) => {
    const { endpoint, bucket } = storeOf(invocation.location, config.oss, config.trustedHosts !== undefined);
    const headers = await signHeaders({ method: "GET", bucket, key, headers: {} }, signer);
    return openObject({ url: objectUrl(endpoint, bucket, key), headers }, deadline);
  };
  return {
    open,
    openRequested: () =>
      invocation.sourceIsProcessed ? open(invocation.location.key) : openObject({ url: invocation.sourceUrl }, deadline),
  };
}

function handlerOptions(
  invocation: Invocation,
  context: FcContext,
  { config, pool }: Instance,
  source: ObjectSource<Stream>,
  deadline: number,
): HandlerOptions {
  const limits = config.memoryIsSet ? config.limits : { ...config.limits, maxMemoryBytes: memoryFor(context) };
  let marks: { readonly keys: string; readonly objects: Promise<ReadonlyMap<string, Uint8Array>> } | undefined;
  const readMarks = (plan: Plan) => {
    const keys = markKeys(plan).join("\n");
    if (marks?.keys !== keys) {
      marks = { keys, objects: fetchMarks(plan, markReader(source, config)) };
      marks.objects.catch(() => undefined); // reported where it is awaited
    }
    return marks.objects;
  };
  return {
    ...config,
    limits,
    formatOf: formatOfExtension,
    engineVersion: ENGINE_VERSION,
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    prepare(plan) {
      pool.prepare(modulesFor(plan, { format: guessFormat(invocation.key) }));
      void readMarks(plan);
    },
    async transform(bytes, plan) {
      const objects = await readMarks(plan);
      const deadlineMs = Math.max(1, deadline - Date.now());
      return pool.run({ bytes, plan, limits, objects, deadlineMs, takeBytes: true });
    },
  };
}

/** Reads watermark pictures of the bucket. ACCESS_DENIED outside the allowed prefixes. */
function markReader(source: ObjectSource<Stream>, { watermarkPrefixes, limits }: Config): FetchObject {
  return async (key) => {
    if (watermarkPrefixes?.some((prefix) => key.startsWith(prefix)) === false) {
      throw new TransformError("ACCESS_DENIED", `watermark pictures may not be read from ${key}`);
    }
    const object = await source.open(key);
    if (object.status === 200) return object.read(limits.maxBytes);
    object.discard();
    if (object.status === 404) return undefined;
    throw new TransformError("UPSTREAM_FAILED", `the object store answered ${object.status} for the watermark picture`);
  };
}

/** Only decides what is compiled ahead; content decides what is decoded. */
function guessFormat(key: string): SourceFormat {
  const format = formatOfExtension(key.slice(key.lastIndexOf(".") + 1));
  return format === undefined || format === "jxl" ? "jpeg" : format;
}

function memoryFor(context: FcContext): number {
  const memoryMb = context.function?.memory ?? 512;
  return Math.max(64, memoryMb - RUNTIME_MB) * 1024 * 1024;
}
function standardRegion(region: string | undefined): string {
  return (region ?? "cn-hangzhou").replace(/^oss-/, "");
}

/** One line per request. Callers put in neither URLs nor tokens nor credentials. */
function log(entry: Readonly<Record<string, unknown>>): void {
  console.log(
    JSON.stringify(entry, (_name, value: unknown) => (typeof value === "number" ? Math.round(value * 10) / 10 : value)),
  );
}
