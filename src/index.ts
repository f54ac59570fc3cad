import { createLibrary } from "./library.ts";
import { fetchWasm } from "./runtimes/fetch-wasm.ts";

export * from "./public.ts";

/** The engine where it is called, for browsers and edge workers: modules come from URLs near this file (../wasm/) or from `options.modules`. */
export const { transform, probe, explain } = createLibrary(fetchWasm(new URL("../wasm/", import.meta.url)), () =>
  performance.now(),
);
