/**
 * Prints the hashes as JSON, with the engine in this process. For Node, and for Deno and Bun, which know Node's modules.
 *
 *   node in-process.mjs ENTRY SOURCES [fast] [scalar]
 *
 * ENTRY is a file of dist/lib: `index-node.js`, or `index.js` where `fetch` reads files. `scalar` hands in the builds of our
 * kernels without SIMD under the names of those with it.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hashAll } from "./requests.mjs";

const [entry, sources, ...flags] = process.argv.slice(2);
const { transform } = await import(pathToFileURL(entry).href);

const hashes = await hashAll({
  transform,
  read: async (name) => new Uint8Array(readFileSync(join(sources, name))),
  sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  fastOnly: flags.includes("fast"),
  modules: flags.includes("scalar") ? scalarModules(join(entry, "../../wasm")) : undefined,
});
process.stdout.write(JSON.stringify(hashes));

function scalarModules(folder) {
  const found = readdirSync(folder).flatMap((file) => /^(.+)_scalar\.wasm$/.exec(file)?.[1] ?? []);
  if (found.length === 0) throw new Error("there are no scalar builds");
  return Object.fromEntries(
    found.map((name) => [name, new WebAssembly.Module(readFileSync(join(folder, `${name}_scalar.wasm`)))]),
  );
}
