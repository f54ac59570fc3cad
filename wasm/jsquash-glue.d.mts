import type { Plugin } from "vite";

/** Also a plugin of Rollup, which has what it uses in common. */
export function jsquashGlue(): Plugin;
