import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { WASM_FILES } from "../../wasm/files.mjs";
import { jsquashGlue } from "../../wasm/jsquash-glue.mjs";
import { noticesOf } from "../../wasm/notices.mjs";
import { STUDIO_POLICY } from "../stack/studio-policy.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FONTS = join(ROOT, "src/text/fonts");
const OUT = join(ROOT, "dist/studio");

/** Files that the engine loads when it needs them, by their name below the page: wasm/NAME.wasm and fonts/NAME.ttf. */
const ENGINE_FILES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(WASM_FILES).map(([name, file]): [string, string] => [`wasm/${name}.wasm`, join(ROOT, file)]),
  ...readdirSync(FONTS)
    .filter((file) => file.endsWith(".ttf"))
    .map((file): [string, string] => [`fonts/${file}`, join(FONTS, file)]),
]);

/**
 * `virtual:engine-files` is { name: "wasm/NAME.wasm?HASH" }. Names stay plain, so that the local stack serves the library's own
 * files under them; the hash keeps a cache from mixing two versions.
 */
function engineFiles(): Plugin {
  const id = "virtual:engine-files";
  return {
    name: "engine-files",
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(module) {
      if (module !== `\0${id}`) return undefined;
      const urls = [...ENGINE_FILES].map(([name, file]) => [name, `${name}?${hash(file)}`]);
      return `export default ${JSON.stringify(Object.fromEntries(urls))};`;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = (request.url ?? "").replace(/^\//, "").split("?")[0] ?? "";
        const file = ENGINE_FILES.get(name);
        if (file === undefined) return next();
        response.setHeader("content-type", name.endsWith(".wasm") ? "application/wasm" : "font/ttf");
        response.end(readFileSync(file));
      });
    },
    writeBundle({ dir = OUT }) {
      for (const folder of ["wasm", "fonts"]) mkdirSync(join(dir, folder), { recursive: true });
      for (const [name, file] of ENGINE_FILES) cpSync(file, join(dir, name));
      for (const file of readdirSync(FONTS)) if (file.endsWith(".txt")) cpSync(join(FONTS, file), join(dir, "fonts", file));
    },
  };
}
/** Not for the development server, which has inline scripts. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "content-security-policy", content: STUDIO_POLICY.join("; ") },
        injectTo: "head-prepend",
      },
    ],
  };
}
/** What the page asks for to learn whether the local stack is behind it: on any other host, that there is none. */
function withoutStack(): Plugin {
  return {
    name: "without-stack",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "api/stack", source: "{}\n" });
    },
  };
}
/** Modules of the page and of its worker, which is a build of its own and comes first. */
const modules = new Set<string>([...ENGINE_FILES.values()]);
/** A static site is handed on like the function: with its license and those of all that went in. */
function notices(): Plugin {
  return {
    name: "notices",
    apply: "build",
    generateBundle() {
      for (const id of this.getModuleIds()) modules.add(id);
      this.emitFile({ type: "asset", fileName: "THIRD-PARTY-NOTICES.txt", source: noticesOf(modules) });
      this.emitFile({ type: "asset", fileName: "LICENSE.txt", source: readFileSync(join(ROOT, "LICENSE"), "utf8") });
    },
  };
}
function hash(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 8);
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./", // any folder of any host
  publicDir: false,
  plugins: [jsquashGlue(), engineFiles(), contentSecurityPolicy(), withoutStack(), notices()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
  // Bundled beforehand they would miss jsquashGlue
  optimizeDeps: { exclude: ["avif", "jpeg", "png", "resize", "webp"].map((name) => `@jsquash/${name}`) },
  worker: { format: "es", plugins: () => [jsquashGlue(), engineFiles(), notices()] },
  logLevel: "warn",
});
