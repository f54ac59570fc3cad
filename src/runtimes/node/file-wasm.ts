import { readFile, readFileSync } from "fs";
import { fileURLToPath } from "url";
import { KERNEL_NAMES, kernelModule, type LoadWasm, type WasmName } from "../../core/wasm.ts";

/**
 * Compiles `<name>.wasm` of a folder. Our own kernels are small and most requests wait for two or three of them, so they are
 * read and compiled at once: 1.3 ms for three in a fresh process, where one after the other they took 3.1 off the thread.
 * Stock codecs are large: V8 compiles them off the thread, several at a time.
 */
export function fileWasm(folder: URL): LoadWasm {
  const path = fileURLToPath(folder);
  const kernels = new Set<WasmName>(KERNEL_NAMES.map(kernelModule));
  return async (name) => {
    const file = `${path}${name}.wasm`;
    if (kernels.has(name)) return new WebAssembly.Module(readFileSync(file));
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      readFile(file, (error, data) => (error ? reject(error) : resolve(data)));
    });
    return WebAssembly.compile(bytes);
  };
}
