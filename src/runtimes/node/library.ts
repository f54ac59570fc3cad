import { performance } from "perf_hooks";
import { createLibrary } from "../../library.ts";
import { fileFonts } from "./file-fonts.ts";
import { fileWasm } from "./file-wasm.ts";

export * from "../../public.ts";

/** The engine where it is called, in Node: modules and fonts come from the package's own files. */
export const { transform, probe, explain } = createLibrary(
  fileWasm(new URL("../wasm/", import.meta.url)),
  fileFonts(new URL("../fc/fonts/", import.meta.url)),
  () => performance.now(),
);
