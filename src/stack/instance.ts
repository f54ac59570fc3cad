/**
 * One function instance: a process of its own that loads a bundle as Function Compute does and serves one invocation at a time over IPC.
 *
 * Bundled to dist/stack/instance.cjs. It has to run wherever Function Compute does, down to Node 12: hence built-ins without the
 * `node:` prefix and nothing newer than ES2019. Specification: opap-and-fc.md section 5.
 */
import { createRequire } from "module";
import { join } from "path";
import type { ContextData, FromInstance, InvokeMessage, StartMessage, ToInstance } from "./instance-protocol.ts";

type Callback = (error?: unknown, result?: unknown) => void;
type Hook = (context: unknown, callback: Callback) => unknown;
type Handler = (event: Buffer, context: unknown, callback: Callback) => unknown;

interface Bundle {
  readonly handler: Handler;
  readonly preStop: Hook | undefined;
  /** Milliseconds from the start message to the end of the initializer. */
  readonly initMs: number;
}

// nodejs16 and older count the callback only, nodejs18 and newer what the handler's promise gives
const COUNTS_CALLBACK = Number(process.versions.node.split(".")[0]) <= 16;

let bundle: Promise<Bundle> | undefined;
let context: unknown;
let isFirst = true;

process.on("message", (message: ToInstance) => {
  if (message.type === "start") bundle = start(message);
  else if (message.type === "invoke") void invoke(message);
  else void stop();
});
// Ctrl-C reaches the whole process group; the stack decides how its instances end (preStop first)
process.on("SIGINT", () => undefined);
// The stack is gone: an instance must not outlive it.
process.on("disconnect", () => process.exit(0));

async function start(message: StartMessage): Promise<Bundle> {
  const startedMs = Date.now();
  context = createContext(message.context);
  try {
    const path = join(message.bundleDir, "index.js");
    const exported = createRequire(path)(path) as Record<string, unknown>;
    const handler = exported[message.handler];
    if (typeof handler !== "function") throw new Error(`${path} exports no function ${message.handler}`);
    const { initializer, preStop } = exported;
    if (typeof initializer === "function") await runHook(initializer as Hook);
    const initMs = Date.now() - startedMs;
    send({ type: "ready", initMs });
    return { handler: handler as Handler, preStop: typeof preStop === "function" ? (preStop as Hook) : undefined, initMs };
  } catch (thrown) {
    send({ type: "failed", error: textOf(thrown) });
    return new Promise(() => undefined); // the stack ends this process
  }
}

async function invoke(message: InvokeMessage): Promise<void> {
  const loaded = await bundle;
  if (loaded === undefined) return;
  const startedMs = Date.now();
  const initMs = isFirst ? loaded.initMs : 0;
  isFirst = false;
  context = createContext(message.context);
  try {
    const result = await callHandler(loaded.handler, Buffer.from(message.event, "base64"));
    send({ type: "result", id: message.id, result: printResult(result), initMs, invokeMs: Date.now() - startedMs });
  } catch (thrown) {
    send({ type: "error", id: message.id, error: textOf(thrown), initMs, invokeMs: Date.now() - startedMs });
  }
}

async function callHandler(handler: Handler, event: Buffer): Promise<unknown> {
  if (!COUNTS_CALLBACK) {
    return handler(event, context, () => process.stderr.write("callback ignored: this runtime awaits the handler's promise\n"));
  }
  return new Promise((resolve, reject) => {
    // Nothing but the callback ends an invocation here: a handler that returns a promise instead runs into its time-out
    handler(event, context, (error, result) => (error === undefined || error === null ? resolve(result) : reject(error)));
  });
}

/** A hook ends with its promise or its callback, whichever it uses; one that takes no callback and gives no promise has ended at once. */
function runHook(hook: Hook): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const returned = hook(context, (error) => (error === undefined || error === null ? resolve(undefined) : reject(error)));
    if (isPromise(returned)) returned.then(resolve, reject);
    else if (hook.length < 2) resolve(undefined);
  });
}

async function stop(): Promise<void> {
  try {
    // Not awaited when the bundle never loaded: the promise of a failed start stays open
    const loaded = await Promise.race([bundle, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
    if (loaded !== undefined && loaded.preStop !== undefined) await runHook(loaded.preStop);
  } catch (thrown) {
    process.stderr.write(`preStop failed: ${textOf(thrown)}\n`);
  }
  process.exit(0);
}

function createContext(data: ContextData): unknown {
  const log =
    (level: string) =>
    (...values: unknown[]) => {
      const text = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(" ");
      process.stdout.write(`${new Date().toISOString()} ${data.requestId} [${level}] ${text}\n`);
    };
  const logger = { debug: log("DEBUG"), info: log("INFO"), warn: log("WARN"), error: log("ERROR"), log: log("INFO") };
  return { ...data, tracing: {}, logger };
}

function send(message: FromInstance): void {
  if (process.send !== undefined && process.connected) process.send(message);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function printResult(result: unknown): string {
  if (result === undefined || result === null) return "";
  if (Buffer.isBuffer(result)) return result.toString("utf8");
  return typeof result === "string" ? result : JSON.stringify(result);
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.stack || thrown.message : String(thrown);
}
