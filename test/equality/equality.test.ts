/**
 * The same bytes in every runtime: the hashes of some thirty results, made by the built library. What runs here is what is
 * on the machine; OPALENS_TEST_FULL=1 fetches the rest and asks for everything. Node 12 and 14, which run the function
 * alone, are in test/fc/runtimes.test.ts.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium, withPage } from "../support/chromium.ts";
import { ROOT } from "../support/library.ts";
import { findNode } from "../support/nodes.ts";
import { type Binary, BUN, DENO, findProgram, WORKERD } from "../support/runtimes.ts";
import { servePage } from "./web-server.ts";
import { runWorkerd } from "./workerd.ts";

const FULL = process.env["OPALENS_TEST_FULL"] === "1";
const run = promisify(execFile);
const [EQUALITY, DIST] = [join(ROOT, "test/equality"), join(ROOT, "dist")];
const IN_PROCESS = join(EQUALITY, "in-process.mjs");
const NODE_ENTRY = join(DIST, "lib/index-node.js");
const WEB_ENTRY = join(DIST, "lib/index.js");
const ENTRIES = [
  ["the entry for Node", NODE_ENTRY],
  ["the entry for the web", WEB_ENTRY],
] as const;
/** The oldest and the newest that have SIMD; with the others. */
const VERSIONS = FULL ? ["16.20.2", "18.20.8", "20.20.2", "22.23.3", "24.21.0"] : ["16.20.2", "24.21.0"];
const FLAGS = FULL ? [] : ["fast"];

type Hashes = Readonly<Record<string, string>>;
let sources = "";
let denoCache = "";
let expected: Hashes;

beforeAll(async () => {
  sources = await mkdtemp(join(tmpdir(), "opalens-equality-"));
  denoCache = await mkdtemp(join(tmpdir(), "opalens-deno-"));
  await writeSources(sources);
  expected = await hashesOf(process.execPath, [IN_PROCESS, NODE_ENTRY]);
});
afterAll(async () => {
  for (const folder of [sources, denoCache]) await rm(folder, { recursive: true, force: true });
});

async function writeSources(folder: string): Promise<void> {
  const names = "owl.jpg cmyk.jpg gray-gamma22.jpg truncated.jpg landscape-6.jpg dice.png boxes.png p3.png paris.avif";
  const fixtures = join(ROOT, "fixtures/images");
  for (const name of names.split(" ")) await copyFile(join(fixtures, name), join(folder, name));
  await copyFile(join(fixtures, "lossy_alpha1.webp"), join(folder, "alpha.webp"));
  const owl = () => sharp(join(fixtures, "owl.jpg")).resize(300);
  const made = {
    "progressive.jpg": owl().jpeg({ progressive: true }),
    "gray.jpg": owl().toColourspace("b-w").jpeg(),
    "deep.png": owl().toColourspace("rgb16").png(),
    "palette.png": owl().png({ palette: true, colors: 60, progressive: true }),
    "scan.tif": owl().tiff({ compression: "deflate", predictor: "horizontal" }),
  };
  for (const [name, image] of Object.entries(made)) await writeFile(join(folder, name), await image.toBuffer());
}

/** Of in-process.mjs under some program; `args` are the program's own, the script and the entry. */
async function hashesOf(path: string, args: readonly string[], more: readonly string[] = []): Promise<Hashes> {
  const env = { ...process.env, DENO_DIR: denoCache };
  const { stdout } = await run(path, [...args, sources, ...FLAGS, ...more], { env, maxBuffer: 1 << 24, timeout: 240_000 });
  return JSON.parse(stdout) as Hashes;
}
/** The program, or the test ends here and says why. */
function pathOf(found: Binary, skip: (reason: string) => unknown): string {
  if ("missing" in found) skip(found.missing);
  return "path" in found ? found.path : "";
}

test("every request has a result of its own", () => {
  const hashes = Object.values(expected);
  expect(hashes.length).toBeGreaterThan(FULL ? 30 : 9);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("the kernels without SIMD give the same bytes", async () => {
  expect(await hashesOf(process.execPath, [IN_PROCESS, NODE_ENTRY], ["scalar"])).toEqual(expected);
});

test.for(VERSIONS)("Node %s", async (version, { skip }) => {
  expect(await hashesOf(pathOf(await findNode(version, FULL), skip), [IN_PROCESS, NODE_ENTRY])).toEqual(expected);
});

test.for(FULL ? ENTRIES : ENTRIES.slice(1))("Deno, %s", async ([, entry], { skip }) => {
  const path = pathOf(await findProgram(DENO, FULL), skip);
  const args = ["run", "--quiet", "--no-config", "--no-lock", "--allow-read", "--allow-env"];
  expect(await hashesOf(path, [...args, IN_PROCESS, entry])).toEqual(expected);
});

test.for(FULL ? ENTRIES : ENTRIES.slice(1))("Bun, %s", async ([, entry], { skip }) => {
  expect(await hashesOf(pathOf(await findProgram(BUN, FULL), skip), [IN_PROCESS, entry])).toEqual(expected);
});

test("workerd", async ({ skip }) => {
  const path = pathOf(await findProgram(WORKERD, FULL), skip);
  // The short list in any case: HarfBuzz does not start there, so texts cannot be drawn
  const hashes = JSON.parse(await runWorkerd(path, { dist: DIST, equality: EQUALITY, sources }, true)) as typeof expected;
  expect(Object.keys(hashes).length).toBeGreaterThan(8);
  expect(expected).toMatchObject(hashes);
});

test("Chromium", { timeout: FULL ? 900_000 : 60_000 }, async ({ skip }) => {
  const path = pathOf(await findChromium(FULL), skip);
  const html = await readFile(join(EQUALITY, "page.html"), "utf8");
  const server = await servePage(html, { "/dist/": DIST, "/equality/": EQUALITY, "/sources/": sources });
  try {
    const answer = await withPage(path, `${server.url}${FULL ? "" : "?fast"}`, server.answer);
    expect(JSON.parse(answer)).toEqual(expected);
  } finally {
    await server.close();
  }
});
