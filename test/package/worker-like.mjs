/**
 * Runs dist/lib/index.js as an edge worker would: in a context with the globals of the web that it may use and none of Node,
 * its modules and wasm files coming from URLs. Prints hashes of the results and the names of the wasm files fetched.
 *
 *   node --experimental-vm-modules worker-like.mjs DIST PICTURE
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import vm from "node:vm";

const [dist, picture] = process.argv.slice(2);
const ORIGIN = "https://cdn.example/opalens/";
const fetched = [];

async function fetchFile(url) {
  const { href } = new URL(url);
  if (!href.startsWith(ORIGIN)) return new Response("elsewhere", { status: 403 });
  fetched.push(href.split("/").pop());
  const bytes = await readFile(join(dist, href.slice(ORIGIN.length))).catch(() => undefined);
  if (bytes === undefined) return new Response("not found", { status: 404 });
  return new Response(bytes, { headers: { "Content-Type": "application/octet-stream" } });
}

const web = {
  URL,
  TextEncoder,
  TextDecoder,
  performance: { now: () => performance.now() },
  fetch: fetchFile,
  setTimeout,
  clearTimeout,
  console,
};
const context = vm.createContext({ ...web });
vm.runInContext(
  `globalThis.self = globalThis;
  globalThis.WorkerGlobalScope = function () {};
  // Part of every web worker; the decoders' glue returns their pixels in it
  globalThis.ImageData = class { constructor(data, width, height) { Object.assign(this, { data, width, height }); } };`,
  context,
);

const modules = new Map();
async function load(url) {
  const kept = modules.get(url);
  if (kept !== undefined) return kept;
  const text = await readFile(join(dist, url.slice(ORIGIN.length)), "utf8");
  const module = new vm.SourceTextModule(text, {
    context,
    identifier: url,
    initializeImportMeta: (meta) => Object.assign(meta, { url }),
    importModuleDynamically: async (specifier) => evaluated(new URL(specifier, url).href),
  });
  modules.set(url, module);
  return module;
}
async function evaluated(url) {
  const module = await load(url);
  if (module.status === "unlinked") await module.link((specifier, from) => load(new URL(specifier, from.identifier).href));
  await module.evaluate();
  return module;
}

const { transform } = (await evaluated(`${ORIGIN}lib/index.js`)).namespace;
// Made inside: the context has its own Uint8Array, as a worker's own bytes would be
const file = await readFile(picture);
const bytes = vm.runInContext("(length) => new Uint8Array(length)", context)(file.length);
bytes.set(file);
const results = [];
for (const request of [
  "image/resize,w_120/format,webp",
  "w=120&format=jpg",
  "w=60&format=png",
  "w=48&format=avif",
  "w=160&rotate=10&wm_text=Hi%20%E5%9B%BE&wm_size=20&f=png",
]) {
  const { data } = await transform(bytes, request);
  results.push(createHash("sha256").update(data).digest("hex"));
}
process.stdout.write(JSON.stringify({ results, fetched }));
