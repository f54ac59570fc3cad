/**
 * The engines that are measured, each behind the same function: run(bytes, { width, format, quality, options }) gives the
 * bytes of the result. They load on first use, because a process that measures one must not hold the others. What is not a
 * dependency of this repository is fetched from npm once, into node_modules/.cache/opalens/peers. `version` is looked up when
 * it is asked for, because a process whose start is timed must not.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(ROOT, "node_modules/.cache/opalens/peers");
const WASM_VIPS_VERSION = "0.0.19";

/**
 * Name to load({ dist, formats, fetch }), which gives { version, run, end } or throws an error that says what is missing. Without
 * `fetch` nothing is installed: a peer that is not there yet is missing.
 */
export const PEERS = {
  opalens: loadOpalens,
  sharp: async () => fromSharp((await import("sharp")).default, "sharp"),
  "sharp-wasm32": loadSharpWasm,
  "wasm-vips": loadWasmVips,
};
/** Those that can be had, and a sentence for each that cannot. */
export async function loadPeers(names, options) {
  const peers = {};
  const missing = [];
  for (const name of names) {
    try {
      peers[name] = await PEERS[name](options);
    } catch (error) {
      missing.push(`${name} cannot be had and is left out: ${error.message.split("\n")[0]}`);
    }
  }
  return { peers, missing };
}

/** In-thread, as a caller of the library has it; `options` are further names of the plain query. */
async function loadOpalens({ dist }) {
  const entry = join(resolve(dist), "lib/index-node.js");
  if (!existsSync(entry)) throw new Error(`there is no ${entry}; run \`npm run build\` first`);
  const { transform } = await import(pathToFileURL(entry).href);
  const result = (bytes, { width, format, quality, options }) => {
    const names = { w: width, format, q: quality, ...options };
    const query = Object.entries(names).filter(([, value]) => value !== undefined);
    return transform(bytes, query.map(([name, value]) => `${name}=${value}`).join("&"));
  };
  return {
    get version() {
      return `opalens ${JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version}`;
    },
    transform,
    run: async (bytes, request) => (await result(bytes, request)).data,
    /** Milliseconds by stage besides the bytes. */
    timed: async (bytes, request) => {
      const { data, timings } = await result(bytes, request);
      return { data, timings };
    },
    end: () => undefined,
  };
}

/** One libvips thread and no operation cache: one core's work, done anew each time. */
function fromSharp(sharp, name) {
  sharp.concurrency(1);
  sharp.cache(false);
  return {
    version: `${name} ${sharp.versions.sharp} (libvips ${sharp.versions.vips})`,
    sharp,
    run: (bytes, { width, format, quality, options }) =>
      sharp(bytes)
        .resize(width, undefined, { kernel: "lanczos3", withoutEnlargement: true })
        .toFormat(format, { ...(quality === undefined ? {} : { quality }), ...options })
        .toBuffer(),
    end: () => undefined,
  };
}

/**
 * sharp takes its WebAssembly build where it finds no native one. The folder it is fetched into lies below this repository's
 * node_modules, where there is one, so native ones are kept out of its sight while it loads.
 */
async function loadSharpWasm({ fetch = true }) {
  const { version } = JSON.parse(readFileSync(join(ROOT, "node_modules/sharp/package.json"), "utf8"));
  const packages = [`sharp@${version}`, `@img/sharp-wasm32@${version}`];
  const more = ["--omit=optional", "--cpu=wasm32"];
  const folder = await fetched(`sharp-wasm32-${version}`, packages, { fetch, more });
  const sharp = withoutNative(() => createRequire(join(folder, "index.js"))("sharp"));
  if (sharp.versions.emscripten === undefined) throw new Error("it loaded a native build");
  return fromSharp(sharp, "@img/sharp-wasm32");
}

function withoutNative(load) {
  const resolveFilename = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) => {
    if (/^@img\/sharp-(?!wasm32)/.test(request)) throw Object.assign(new Error(request), { code: "MODULE_NOT_FOUND" });
    return resolveFilename(request, ...rest);
  };
  try {
    return load();
  } finally {
    Module._resolveFilename = resolveFilename;
  }
}

async function loadWasmVips({ formats, fetch = true }) {
  const folder = await fetched(`wasm-vips-${WASM_VIPS_VERSION}`, [`wasm-vips@${WASM_VIPS_VERSION}`], { fetch });
  const create = createRequire(join(folder, "index.js"))("wasm-vips");
  const vips = await create({ dynamicLibraries: formats.includes("avif") ? ["vips-heif.wasm"] : [] });
  vips.concurrency(1);
  vips.Cache.max(0);
  const suffixes = { jpeg: ".jpg", webp: ".webp", png: ".png", avif: ".avif" };
  return {
    version: `wasm-vips ${WASM_VIPS_VERSION} (libvips ${vips.version()})`,
    async run(bytes, { width, format, quality, options }) {
      // The height is no bound: a number that no picture reaches
      const image = vips.Image.thumbnailBuffer(bytes, width, { height: 10_000_000, size: "down" });
      try {
        const q = quality === undefined ? {} : { Q: quality };
        return image.writeToBuffer(suffixes[format], { keep: "none", ...q, ...options });
      } finally {
        image.delete();
      }
    },
    end: () => vips.shutdown(),
  };
}

/** Folder whose node_modules hold the packages. Installed beside its place and then moved there, so that a half-fetched one is never found. */
async function fetched(name, packages, { fetch, more = [] }) {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  if (!fetch) throw new Error(`${packages.at(-1)} has not been fetched; a whole run does it`);
  const { execFileSync } = await import("node:child_process");
  mkdirSync(CACHE, { recursive: true });
  const temporary = mkdtempSync(join(CACHE, "fetch-"));
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...more];
  try {
    execFileSync("npm", ["install", "--prefix", temporary, ...options, ...packages], {
      cwd: temporary,
      timeout: 120_000,
      stdio: ["ignore", "ignore", "ignore"],
    });
    renameSync(temporary, folder);
  } catch (error) {
    if (!existsSync(folder))
      throw new Error(`npm could not install ${packages.join(" and ")} (${error.message.split("\n")[0]})`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}
