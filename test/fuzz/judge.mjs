/** One input on the built library, and what may not come of it. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { LIMITS } from "./inputs.mjs";

/** What damage may end in; anything else is a fault of the engine. */
const EXPECTED = ["CORRUPT_IMAGE", "UNSUPPORTED_FORMAT", "SOURCE_TOO_LARGE", "OUTPUT_TOO_LARGE", "BAD_ARGUMENT"];
/** These are about the plan and the header, so planning alone must say the same. */
const PLANNED = ["OUTPUT_TOO_LARGE", "BAD_ARGUMENT"];
/** A trim leaves what its pixels say, so planning does not know everything. */
const UNPLANNED = /\/trim/;

const MIB = 1024 * 1024;
/** Instances of earlier inputs are kept up to this size, whatever the next one needs (src/core/lease.ts). */
const KEPT_BYTES = 32 * MIB;
/** What a result reports may belong to different stages (test/engine/memory-random.test.ts). */
const STAGES_APART = 1.15;

/**
 * Milliseconds that an input may take: by bytes and by pixels of source and result, with room for a busy machine and
 * modules that are not compiled yet. An idle machine needs 1 to 5 ms for most; what goes over is tried three times more.
 */
export function boundMs(byteLength, pixels) {
  return Math.min(2000, 400 + byteLength / 100 + pixels / 300);
}

/** A library of its own per name: modules, idle instances and all. `dist` is the folder that `npm run build` wrote. */
export async function loadLibrary(dist, name) {
  return import(`${pathToFileURL(join(dist, "lib/index-node.js")).href}?${name}`);
}

/** Sees every instance that is made, to read what its memory has grown to; memory of WebAssembly never shrinks. */
export function watchInstances() {
  const memories = new Set();
  const note = (instance) => {
    for (const value of Object.values(instance.exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
    return instance;
  };
  const { instantiate, Instance } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate.apply(WebAssembly, args);
    note(made instanceof Instance ? made : made.instance);
    return made;
  };
  WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, args) => note(Reflect.construct(target, args)),
  });
  return {
    /** Bytes of the largest one made since the last call. */
    take() {
      const largest = Math.max(0, ...[...memories].map((memory) => memory.buffer.byteLength));
      memories.clear();
      return largest;
    },
  };
}

/**
 * { outcome, ms, pixels, decoded, fault?, trap?, share? }: `outcome` is an error code or "picture", `decoded` says whether
 * the header was good enough to decode, `fault` { kind, message } of what
 * must not be, `trap` the message of a WebAssembly trap that came out as a typed error, `share` the bytes held over those planned.
 */
export async function attempt(library, { bytes, plan }, watch) {
  const planned = await plan_(library, bytes, plan);
  watch?.take();
  const start = performance.now();
  let result;
  let thrown;
  try {
    result = await library.transform(bytes, plan, { limits: LIMITS });
  } catch (error) {
    thrown = error;
  }
  const ms = performance.now() - start;
  const largest = watch?.take() ?? 0;
  const pixels = (planned.source ?? 0) + (planned.width ?? 0) * (planned.height ?? 0);
  const common = {
    ms,
    pixels,
    decoded: planned.error === undefined,
    ...(planned.memoryBytes === undefined ? {} : { share: largest / planned.memoryBytes }),
  };
  const slow = ms > boundMs(bytes.length, pixels) ? { kind: "slow", message: `${Math.round(ms)} ms` } : undefined;
  const large = grownTooLarge(planned, largest);
  if (thrown !== undefined) return { ...common, ...ofError(library, thrown, planned, plan), ...optional(slow ?? large) };
  return { ...common, ...(await ofResult(library, result, planned, plan)), ...optional(slow ?? large) };
}
const optional = (fault) => (fault === undefined ? {} : { fault });

/** What planning says, by the header alone: sizes and memory, or its error. */
async function plan_(library, bytes, plan) {
  let source;
  try {
    const found = await library.probe(bytes);
    source = found.width * found.height * found.frames;
    const { memoryBytes, width, height, format } = library.explain(plan, found, { byteLength: bytes.length, limits: LIMITS });
    return { source, memoryBytes, width, height, format };
  } catch (error) {
    // Refused by the header: no pixel may have been touched for it, whatever it claims
    return { source: error.code === "SOURCE_TOO_LARGE" ? 0 : source, error };
  }
}
function grownTooLarge({ memoryBytes, error }, largest) {
  const most = error === undefined ? memoryBytes * STAGES_APART + MIB : KEPT_BYTES;
  if (largest <= most) return undefined;
  return { kind: "memory", message: `an instance of ${mib(largest)} MiB, planned ${mib(memoryBytes ?? 0)}` };
}
const mib = (bytes) => (bytes / MIB).toFixed(1);

function ofError(library, thrown, planned, plan) {
  if (!(thrown instanceof library.TransformError)) {
    return { outcome: "escaped", fault: { kind: "escaped", message: `${thrown?.stack ?? thrown}` } };
  }
  const { code, message, cause } = thrown;
  const trap = cause instanceof WebAssembly.RuntimeError ? { trap: `${cause.message} (${frameOf(cause)})` } : {};
  if (!EXPECTED.includes(code)) {
    return { outcome: code, ...trap, fault: { kind: "code", message: `${code}: ${message} ${cause?.stack ?? ""}` } };
  }
  if (PLANNED.includes(code) && !UNPLANNED.test(plan) && planned.error?.code !== code) {
    return { outcome: code, ...trap, fault: { kind: "unplanned", message: `${code}: ${message}, which planning did not say` } };
  }
  return { outcome: code, ...trap, text: message };
}
/** The module and function that trapped, of the first frame. */
function frameOf(error) {
  return (
    /at (.+)/
      .exec(error.stack ?? "")?.[1]
      ?.replace(/\(?file:\S*\/|wasm:\/\/wasm\//g, "")
      .slice(0, 80) ?? "no frame"
  );
}

async function ofResult(library, result, planned, plan) {
  const hash = createHash("sha256").update(result.data).digest("hex");
  const outcome = { outcome: "picture", text: hash };
  if (result.format === "json") return outcome;
  const fault = (kind, message) => ({ ...outcome, fault: { kind, message } });
  if (planned.error !== undefined) return fault("unplanned", `made, though planning says ${planned.error.code}`);
  if (result.peakBytes > planned.memoryBytes * STAGES_APART + KEPT_BYTES) {
    return fault("memory", `${mib(result.peakBytes)} MiB held, planned ${mib(planned.memoryBytes)}`);
  }
  if (UNPLANNED.test(plan)) return outcome;
  const size = `${result.width}x${result.height}`;
  if (size !== `${planned.width}x${planned.height}`)
    return fault("size", `${size}, planned ${planned.width}x${planned.height}`);
  const found = await library.probe(result.data).catch((error) => ({ error }));
  if (found.error !== undefined) return fault("unreadable", `the result cannot be read: ${found.error.message}`);
  if (found.width !== result.width || found.height !== result.height || found.format !== planned.format) {
    return fault("size", `the result is ${found.format} ${found.width}x${found.height}, not ${planned.format} ${size}`);
  }
  return outcome;
}
