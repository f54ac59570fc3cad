import { asTransformError, type ErrorCode, TransformError } from "./errors.ts";
import type { LoadWasm, WasmName } from "./wasm.ts";

/** A wasm instance with its glue. */
export interface Leased<T> {
  readonly api: T;
  /** Current size of its linear memory. */
  memoryBytes(): number;
}
export type CreateInstance<T> = (module: WebAssembly.Module) => Leased<T> | Promise<Leased<T>>;
/** `failure`: what any throw of the instance means to the caller. */
export type LeaseWasm = <T, R>(
  name: WasmName,
  create: CreateInstance<T>,
  failure: { readonly code: ErrorCode; readonly message: string },
  use: (api: T) => R | Promise<R>,
) => Promise<R>;

/** Instances between two leases, at most one a module; lessors of one engine share them. */
export type IdleInstances = Map<WasmName, Leased<unknown>>;

/** An idle instance above this is dropped: 32 MiB keeps those that met pictures of up to about 2 MP. */
const KEEP_BELOW_BYTES = 32 * 1024 * 1024;

/**
 * Crash-only instances: each is leased for one piece of work and goes back only after a clean result and while its memory
 * is small. After any throw, trap or exit it is dropped; a new one costs about 1 ms from the compiled module.
 * `onMemory` hears the size of each instance after its work, `onDrop` that one has become garbage.
 */
export function createLessor(
  loadWasm: LoadWasm,
  onMemory: (bytes: number) => void,
  idle: IdleInstances = new Map(),
  onDrop: () => void = () => undefined,
): LeaseWasm {
  return async <T, R>(
    name: WasmName,
    create: CreateInstance<T>,
    failure: { readonly code: ErrorCode; readonly message: string },
    use: (api: T) => R | Promise<R>,
  ): Promise<R> => {
    const kept = idle.get(name) as Leased<T> | undefined;
    idle.delete(name); // an instance serves one lease at a time; a second lease makes its own
    const instance = kept ?? (await createInstance(name, create, loadWasm));
    try {
      const result = await use(instance.api);
      onMemory(instance.memoryBytes());
      if (instance.memoryBytes() < KEEP_BELOW_BYTES) idle.set(name, instance);
      else onDrop();
      return result;
    } catch (thrown) {
      onMemory(instance.memoryBytes());
      onDrop();
      throw classify(thrown, failure);
    }
  };
}

/** A module that does not load or start is our fault, unless there was no memory for it. */
async function createInstance<T>(name: WasmName, create: CreateInstance<T>, loadWasm: LoadWasm): Promise<Leased<T>> {
  try {
    return await create(await loadWasm(name));
  } catch (thrown) {
    throw classify(thrown, { code: "INTERNAL", message: `the codec ${name} could not be started` });
  }
}

/** Memory that cannot grow is a matter of size, not of damage; all else is what the lease was for. */
function classify(thrown: unknown, failure: { readonly code: ErrorCode; readonly message: string }): TransformError {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const outOfMemory = thrown instanceof RangeError || /out of memory|memory allocation|OOM|bad_alloc/i.test(text);
  if (outOfMemory && !(thrown instanceof TransformError)) {
    return new TransformError("SOURCE_TOO_LARGE", "the picture needs more memory than there is", { cause: thrown });
  }
  return asTransformError(thrown, failure.code, failure.message);
}
