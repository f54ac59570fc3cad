import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { transform } from "esbuild";
import { WASM_FILES } from "./wasm/files.mjs";
import { jsquashGlue } from "./wasm/jsquash-glue.mjs";
import { noticesOf } from "./wasm/notices.mjs";

const { version, license } = JSON.parse(readFileSync("package.json", "utf8"));
const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/**
 * esbuild emits JavaScript file by file, dependencies included: Node 12 knows neither `?.` nor `??`, which both our code and
 * the emscripten glue use. (Rollup's official TypeScript plugin does not run with TypeScript 7; types are checked apart.)
 */
function emit(target) {
  return {
    name: "emit",
    async transform(code, id) {
      if (!/\.(ts|js|mjs|cjs)$/.test(id)) return null;
      const loader = id.endsWith(".ts") ? "ts" : "js";
      // Rollup turns import() into what the output format has, so esbuild must leave it
      const supported = { "dynamic-import": true, "import-meta": true };
      const result = await transform(code, {
        loader,
        target,
        supported,
        format: "esm",
        sourcemap: true,
        sourcefile: basename(id),
      });
      return { code: result.code, map: result.map };
    },
  };
}

/** Half of the bytes, which a fresh process has to read and scan before anything runs: 1 ms of its first answer. */
function minify(target) {
  return {
    name: "minify",
    renderChunk: (code) =>
      transform(code, { minify: true, target, supported: { "dynamic-import": true, "import-meta": true } }),
  };
}

const FONTS = "src/text/fonts";

/**
 * Writes wasm files beside the code and, for the function, fonts with their licenses and the notices of every package that
 * went in. The library reads the function's fonts: a second copy would be 14 MB of every install.
 */
function companions({ folder, deployed }) {
  return {
    name: "companions",
    writeBundle() {
      const [wasm, fonts] = [join(folder, "wasm"), join(folder, "fonts")];
      mkdirSync(wasm, { recursive: true });
      for (const [name, file] of Object.entries(WASM_FILES)) copyFileSync(file, join(wasm, `${name}.wasm`));
      if (!deployed) return;
      mkdirSync(fonts, { recursive: true });
      for (const file of readdirSync(FONTS)) if (/\.(ttf|txt)$/.test(file)) copyFileSync(join(FONTS, file), join(fonts, file));
    },
    generateBundle() {
      if (!deployed) return;
      const files = Object.values(WASM_FILES).map((file) => join(process.cwd(), file));
      const source = noticesOf([...this.getModuleIds(), ...files]);
      this.emitFile({ type: "asset", fileName: "THIRD-PARTY-NOTICES.txt", source });
      this.emitFile({ type: "asset", fileName: "LICENSE", source: readFileSync("LICENSE", "utf8") });
    },
  };
}
const plugins = (target) => [
  jsquashGlue(),
  nodeResolve({ preferBuiltins: true, exportConditions: ["node"] }),
  commonjs({ ignoreDynamicRequires: true }),
  json(),
  emit(target),
  minify(target),
];
const external = (id) => builtins.includes(id);

for (const folder of ["fc", "lib", "cli", "stack", "wasm", "chunks", "types"].map((name) => `dist/${name}`))
  rmSync(folder, { recursive: true, force: true });

const fcPackage = {
  name: "fc-package",
  generateBundle() {
    const meta = { name: "opalens-fc", version, license, type: "commonjs", main: "index.js", private: true };
    this.emitFile({ type: "asset", fileName: "package.json", source: `${JSON.stringify(meta, null, 2)}\n` });
  },
};

/** Chunks are named after what they hold: Rollup would call every entry of a folder "index". */
function chunkNames(prefix) {
  return ({ facadeModuleId }) => `${prefix}${facadeModuleId?.endsWith("/src/text/index.ts") ? "text" : "[name]"}.js`;
}

/**
 * Everything that one entry imports statically in one chunk: each further file costs a fresh process half a millisecond to
 * find, read and link. What is imported dynamically stays apart.
 */
function oneChunk(name, entry) {
  return (id, { getModuleInfo }) => (isEager(id, entry, getModuleInfo, new Set()) ? name : undefined);
}
/** Reached from the entry by static imports alone. */
function isEager(id, entry, getModuleInfo, seen) {
  if (id.endsWith(entry)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return (getModuleInfo(id)?.importers ?? []).some((importer) => isEager(importer, entry, getModuleInfo, seen));
}

/** The function: CommonJS that runs from a copy of its folder on every Node runtime of Function Compute. */
const fc = {
  input: { index: "src/runtimes/fc.ts", worker: "src/runtimes/node/worker.ts" },
  output: { dir: "dist/fc", format: "cjs", exports: "named", chunkFileNames: chunkNames("chunks/"), interop: "auto" },
  plugins: [...plugins("node12"), companions({ folder: "dist/fc", deployed: true }), fcPackage],
  external,
};

/** The library for Node, the command line and the local stack. */
const node = {
  input: {
    "lib/index-node": "src/runtimes/node/library.ts",
    "lib/node": "src/runtimes/node/index.ts",
    "lib/worker": "src/runtimes/node/worker.ts",
    "cli/main": "src/cli/main.ts",
  },
  output: {
    dir: "dist",
    format: "esm",
    chunkFileNames: chunkNames("chunks/"),
    manualChunks: oneChunk("engine", "src/runtimes/node/library.ts"),
  },
  plugins: [...plugins("node18"), companions({ folder: "dist" })],
  external,
};

/** A process that stands for one function instance; runs on every Node that the function runs on. */
const instance = {
  input: { instance: "src/stack/instance.ts" },
  output: { dir: "dist/stack", format: "cjs", entryFileNames: "[name].cjs" },
  plugins: plugins("node12"),
  external,
};

/** The library for browsers and edge workers. */
const web = {
  input: { "lib/index": "src/index.ts" },
  // As deep as the entry: either may hold the code that looks for ../wasm/
  output: { dir: "dist", format: "esm", chunkFileNames: chunkNames("chunks/web-") },
  plugins: [...plugins("es2020")],
};

export default [fc, node, instance, web];
