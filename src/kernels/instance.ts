import { asTransformError, TransformError } from "../core/errors.ts";
import type { KernelMemory } from "./memory.ts";

/** Runs a task on an instance made when first needed; what it reserves is given back behind it. */
export type RunOn<Exports extends KernelMemory> = (task: (wasm: Exports) => void) => void;

/** `name` is for the message of what fails: INTERNAL where it is no error of ours. */
export function onInstance<Exports extends KernelMemory>(module: WebAssembly.Module, name: string): RunOn<Exports> {
  let live: Exports | undefined;
  return (task) => {
    try {
      live = live ?? (new WebAssembly.Instance(module, {}).exports as unknown as Exports);
      const start = live.mark();
      task(live);
      live.reset(start);
    } catch (cause) {
      live = undefined; // after a trap its memory means nothing; the next call gets a new instance
      throw asTransformError(cause, "INTERNAL", `the ${name} failed`);
    }
  };
}

/** A mistake of our own code, never of a client. */
export function fault(name: string, expected: string, got: number): TransformError {
  return new TransformError("INTERNAL", `kernels: ${name}: expected ${expected}, got ${got}`);
}
