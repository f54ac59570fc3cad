import { createLibrary } from "./library.ts";
import { fetchFont } from "./runtimes/fetch-font.ts";
import { fetchWasm } from "./runtimes/fetch-wasm.ts";

export * from "./public.ts";

/** The engine where it is called, for browsers and edge workers: modules and fonts come from URLs near this file (../wasm/, ../fc/fonts/) or from `options`. */
export const { transform, probe, explain } = createLibrary(
  fetchWasm(new URL("../wasm/", import.meta.url)),
  fetchFont(new URL("../fc/fonts/", import.meta.url)),
  () => performance.now(),
);
