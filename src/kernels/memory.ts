import { TransformError } from "../core/errors.ts";

/** What every module of wasm/kernels exports besides its kernels (wasm/kernels/memory.ts). */
export interface KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** 0 where memory cannot grow. */
  reserve(bytes: number): number;
  mark(): number;
  reset(to: number): void;
}

/** Address of fresh bytes. May grow memory: views made before it are detached. */
export function reserveBytes(wasm: KernelMemory, bytes: number): number {
  const address = wasm.reserve(bytes);
  if (address === 0) throw new TransformError("OUTPUT_TOO_LARGE", `cannot get ${bytes} bytes of wasm memory`);
  return address;
}
