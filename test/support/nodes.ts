import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./library.ts";

const run = promisify(execFile);
const CACHE = join(ROOT, "node_modules/.cache/opalens");

/** The last release of each line that Function Compute offers or may offer (access-point reference, section 5). */
export const NODE_VERSIONS = ["12.22.12", "14.21.3", "16.20.2", "18.20.8", "20.20.2", "22.23.3", "24.21.0"] as const;

export type NodeBinary = { readonly path: string } | { readonly missing: string };

/**
 * Path of a Node binary of that version: the running one, or one fetched once from npm into node_modules/.cache. Where it
 * cannot be had: an error under CI, else the reason, so that a test can skip itself.
 */
export async function findNode(version: string): Promise<NodeBinary> {
  if (process.versions.node === version) return { path: process.execPath };
  const folder = join(CACHE, `node-${version}`);
  const path = join(folder, "bin/node");
  try {
    if (!(await exists(path))) await fetchNode(version, folder);
    const { stdout } = await run(path, ["--version"]);
    if (stdout.trim() !== `v${version}`) throw new Error(`${path} is ${stdout.trim()}`);
    return { path };
  } catch (thrown) {
    const missing = `Node ${version} cannot be had: ${(thrown as Error).message.split("\n")[0]}`;
    if (process.env["CI"] !== undefined && process.env["CI"] !== "") throw new Error(missing);
    return { missing };
  }
}

/** Installed beside its place and then moved there, so that a half-fetched one is never found. */
async function fetchNode(version: string, folder: string): Promise<void> {
  const name = `node-${process.platform}-${process.arch}`;
  await mkdir(CACHE, { recursive: true });
  const temporary = await mkdtemp(join(CACHE, "fetch-"));
  try {
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", "--prefix", temporary, ...options, `${name}@${version}`], {
      timeout: 120_000,
      cwd: temporary,
    });
    await rename(join(temporary, "node_modules", name), folder).catch(async (error: unknown) => {
      if (!(await exists(join(folder, "bin/node")))) throw error; // another process was faster
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
