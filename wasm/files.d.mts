import type { WasmName } from "../src/core/wasm.ts";

export const WASM_FILES: Readonly<Record<WasmName, string>>;
