import { readFile } from "fs";
import type { LoadWasm } from "../../core/wasm.ts";

/** Compiles `<name>.wasm` of a folder. V8 compiles off the main thread, so several can be under way at once. */
export function fileWasm(folder: URL): LoadWasm {
  return (name) =>
    new Promise((resolve, reject) => {
      readFile(new URL(`${name}.wasm`, folder), (error, bytes) => {
        if (error) reject(error);
        else WebAssembly.compile(bytes).then(resolve, reject);
      });
    });
}
