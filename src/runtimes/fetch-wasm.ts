import type { LoadWasm } from "../core/wasm.ts";

/** Compiles `<name>.wasm` below `base` while it arrives, where the server says application/wasm; else once it has. */
export function fetchWasm(base: URL): LoadWasm {
  return async (name) => {
    const response = await fetch(new URL(`${name}.wasm`, base));
    if (!response.ok) throw new Error(`${name}.wasm: HTTP ${response.status}`);
    const streams = response.headers.get("content-type") === "application/wasm";
    return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(new Uint8Array(await response.arrayBuffer()));
  };
}
