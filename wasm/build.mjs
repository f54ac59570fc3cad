/**
 * Compiles the AssemblyScript kernels.
 *
 *   node wasm/build.mjs                   writes wasm/build/<module>.wasm and wasm/build/checksums.json
 *   node wasm/build.mjs --only MODULE     writes wasm/build/MODULE.wasm and MODULE_scalar.wasm alone, without checksums
 *   node wasm/build.mjs --check [folder]  rebuilds in a temporary folder and compares with the committed files
 *                                         (or those in `folder`); exit code 1 and one line per difference
 */
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const SOURCES = fileURLToPath(new URL("kernels", import.meta.url));
const COMMITTED = fileURLToPath(new URL("build", import.meta.url));
const CHECKSUMS = "checksums.json";

/** WebAssembly 1.0 and nothing later: what Node 12 and 14 run. */
const BASELINE = ["mutable-globals", "sign-extension", "nontrapping-f2i", "bulk-memory", "simd"].flatMap((feature) => [
  "--disable",
  feature,
]);
/** WebAssembly 2.0, which came to V8 with 9.1: Node 16.4 and later, every browser since 2023. */
const VECTOR = ["--enable", "simd"];
const OPTIMIZED = ["--runtime", "stub", "--optimizeLevel", "3", "--shrinkLevel", "0", "--converge", "--noAssert"];

/**
 * Every module is compiled twice from the same source: `NAME.wasm` with SIMD and `NAME_scalar.wasm` without, where
 * ASC_FEATURE_SIMD is false. Both give the same bytes. `pages`: most memory, in 64 KiB.
 */
const MODULES = {
  // 16 MiB: kernels see bands of a picture, so a call that asks for more is a bug
  pixels: { entry: "pixels.ts", pages: 256 },
  // 128 MiB: a curve that is cut off needs 170 rows and 60 smaller ones; rows get as long as 42,426 px (rotated by 45°)
  effects: { entry: "effects.ts", pages: 2048 },
  // 1 GiB: the rows within reach of a filter, and the result
  resize: { entry: "resize/index.ts", pages: 16384 },
  // 1 GiB: of progressive pictures every coefficient, of results the file
  jpeg_dec: { entry: "jpeg-dec/index.ts", pages: 16384 },
  jpeg_enc: { entry: "jpeg-enc/index.ts", pages: 16384 },
  png: { entry: "png/index.ts", pages: 16384 },
  vp8: { entry: "vp8/index.ts", pages: 16384 },
};

/** Name → bytes of every file that belongs into wasm/build, from the sources in `folder`. */
async function buildAll(folder) {
  const files = new Map();
  const checksums = { assemblyscript: asc.version, modules: {} };
  for (const [name, module] of Object.entries(MODULES)) {
    for (const [file, { bytes, flags }] of await compileBoth(folder, name, module)) {
      files.set(file, bytes);
      checksums.modules[file] = { sha256: sha256(bytes), bytes: bytes.length, flags: flags.join(" ") };
    }
  }
  files.set(CHECKSUMS, Buffer.from(`${JSON.stringify(checksums, undefined, 2)}\n`));
  return files;
}

async function compileBoth(folder, name, { entry, pages }) {
  const common = [...OPTIMIZED, "--initialMemory", "1", "--maximumMemory", String(pages)];
  const builds = { [`${name}.wasm`]: [...common, ...VECTOR], [`${name}_scalar.wasm`]: [...common, ...BASELINE] };
  const compiled = [];
  for (const [file, flags] of Object.entries(builds)) {
    compiled.push([file, { bytes: await compile(folder, entry, flags), flags }]);
  }
  return compiled;
}

async function compile(folder, entry, flags) {
  let bytes;
  const { error, stderr } = await asc.main([entry, "--baseDir", folder, "--outFile", "out.wasm", ...flags], {
    writeFile(_name, contents) {
      bytes = Buffer.from(contents);
    },
  });
  if (error || bytes === undefined) throw new Error(`${entry} does not compile\n${stderr}`, { cause: error });
  if (!WebAssembly.validate(bytes)) throw new Error(`${entry} compiles to a module that does not validate`);
  return bytes;
}

/** One sentence per file of `folder` that a fresh build in another place would not produce. */
async function differences(folder) {
  const copy = await mkdtemp(join(tmpdir(), "opalens-wasm-"));
  try {
    await cp(SOURCES, copy, { recursive: true });
    const found = [];
    for (const [name, fresh] of await buildAll(copy)) {
      const committed = await readFile(join(folder, name)).catch(() => undefined);
      if (committed === undefined) found.push(`${name} is missing`);
      else if (!committed.equals(fresh)) found.push(describe(name, committed, fresh));
    }
    return found;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function describe(name, committed, fresh) {
  const print = (bytes) => `${bytes.length} bytes, sha256 ${sha256(bytes)}`;
  return `${name} differs: committed ${print(committed)}; rebuilt ${print(fresh)}`;
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

async function check(folder) {
  const found = await differences(folder);
  if (found.length === 0) return console.log(`wasm:check: ${folder} is what the sources build to`);
  for (const difference of found) console.error(`wasm:check: ${difference}`);
  console.error("wasm:check: run `npm run wasm` and commit the result, or restore the committed files");
  process.exitCode = 1;
}

async function write(folder) {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of await buildAll(SOURCES)) {
    await writeFile(join(folder, name), bytes);
    console.log(`${name}: ${bytes.length} bytes`);
  }
}

async function writeOnly(name) {
  if (MODULES[name] === undefined) throw new Error(`--only: one of ${Object.keys(MODULES).join(", ")}`);
  for (const [file, { bytes }] of await compileBoth(SOURCES, name, MODULES[name])) {
    await writeFile(join(COMMITTED, file), bytes);
    console.log(`${file}: ${bytes.length} bytes`);
  }
}

const [mode, folder] = process.argv.slice(2);
if (mode === undefined) await write(COMMITTED);
else if (mode === "--only") await writeOnly(folder);
else if (mode === "--check") await check(resolve(folder ?? COMMITTED));
else {
  console.error("usage: node wasm/build.mjs [--only MODULE | --check [folder]]");
  process.exitCode = 2;
}
