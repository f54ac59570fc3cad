import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import type { LoadWasm } from "../../src/core/wasm.ts";
import { createLibrary, type Library } from "../../src/library.ts";
import { WASM_FILES } from "../../wasm/files.mjs";
import { loadFont } from "./fonts.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Compiled modules straight from where the packages and wasm/build keep them, each compiled once a test file. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();
export const loadWasm: LoadWasm = (name) => {
  const kept = compiled.get(name) ?? readFile(join(ROOT, WASM_FILES[name])).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(name, kept);
  return kept;
};

/** The library as a user has it, on the sources. */
export function testLibrary(): Library {
  return createLibrary(loadWasm, loadFont, () => performance.now());
}

/** Bytes of a picture in fixtures/images. */
export async function fixture(name: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(join(ROOT, "fixtures/images", name)));
}
