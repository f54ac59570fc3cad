import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./library.ts";

const run = promisify(execFile);
const CACHE = join(ROOT, "node_modules/.cache/opalens");

/** A program that runs JavaScript, or the reason why it cannot be had. */
export type Binary = { readonly path: string } | { readonly missing: string };

/** A program that a package of npm carries as a file, so that nothing is downloaded by a script of it. */
export interface PackagedProgram {
  /** As it is called in messages. */
  readonly title: string;
  /** The package for this platform. */
  readonly package: string;
  readonly version: string;
  /** Where the program lies in the package. */
  readonly file: string;
  /** Its folder below node_modules/.cache/opalens. */
  readonly folder: string;
  /** True where `--version` printed what it should. */
  readonly prints: (output: string) => boolean;
}

/**
 * Fetched once from npm into node_modules/.cache; without `fetch`, found there or missing. Where it was to be fetched and
 * cannot be had: an error under CI, else the reason, so that a test can skip itself.
 */
export async function findProgram(program: PackagedProgram, fetch: boolean): Promise<Binary> {
  const folder = join(CACHE, program.folder);
  const path = join(folder, program.file);
  if (!fetch && !(await exists(path))) {
    return { missing: `${program.title} ${program.version} has not been fetched yet; OPALENS_TEST_FULL=1 does that` };
  }
  try {
    if (!(await exists(path))) await fetchPackage(program, folder);
    const { stdout } = await run(path, ["--version"]);
    if (!program.prints(stdout)) throw new Error(`${path} is ${stdout.trim()}`);
    return { path };
  } catch (thrown) {
    return missing(`${program.title} ${program.version} cannot be had: ${(thrown as Error).message.split("\n")[0]}`);
  }
}

/** An error under CI, where everything must run. */
export function missing(reason: string): Binary {
  if (process.env["CI"] !== undefined && process.env["CI"] !== "") throw new Error(reason);
  return { missing: reason };
}

/** Installed beside its place and then moved there, so that a half-fetched one is never found. */
async function fetchPackage({ package: name, version, file }: PackagedProgram, folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const temporary = await mkdtemp(join(CACHE, "fetch-"));
  try {
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", "--prefix", temporary, ...options, `${name}@${version}`], {
      timeout: 120_000,
      cwd: temporary,
    });
    await rename(join(temporary, "node_modules", name), folder).catch(async (error: unknown) => {
      if (!(await exists(join(folder, file)))) throw error; // another process was faster
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const { platform, arch } = process;
const printsVersion = (version: string) => (output: string) =>
  output.split(/\s+/).some((word) => word.replace(/^v/, "") === version);

export const DENO: PackagedProgram = {
  title: "Deno",
  package: `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`,
  version: "2.9.6",
  file: "deno",
  folder: "deno-2.9.6",
  prints: printsVersion("2.9.6"),
};
export const BUN: PackagedProgram = {
  title: "Bun",
  package: `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`,
  version: "1.4.5",
  file: "bin/bun",
  folder: "bun-1.4.5",
  prints: printsVersion("1.4.5"),
};
/** The runtime of Cloudflare Workers. */
export const WORKERD: PackagedProgram = {
  title: "workerd",
  package: `@cloudflare/workerd-${platform}-${arch === "arm64" ? "arm64" : "64"}`,
  version: "1.20261117.1",
  file: "bin/workerd",
  folder: "workerd-1.20261117.1",
  prints: (output) => output.includes("2026-11-17"),
};
