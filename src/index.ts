import { createLibrary } from "./library.ts";
import { fetchFont } from "./runtimes/fetch-font.ts";
import { fetchWasm } from "./runtimes/fetch-wasm.ts";

export * from "./public.ts";

/** workerd gives modules no address: everything has to be handed in there. */
const HERE: string = import.meta.url ?? "https://opalens.invalid/lib/";

/** The engine where it is called, for browsers and edge workers: modules and fonts come from URLs near this file (../wasm/, ../fc/fonts/) or from `options`. */
export const { transform, probe, explain } = createLibrary(
  fetchWasm(new URL("../wasm/", HERE)),
  fetchFont(new URL("../fc/fonts/", HERE)),
  () => performance.now(),
);
