/** What the tests of the published package share: the files it would have, and a project that has it installed. */
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../support/library.ts";

const execute = promisify(execFile);

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}
/** Runs to the end, whatever the exit status. */
export async function run(file: string, args: readonly string[], cwd = ROOT): Promise<Ran> {
  try {
    const { stdout, stderr } = await execute(file, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { status: code, stdout: stdout ?? "", stderr: stderr ?? "" };
  }
}

export const tsc = (args: readonly string[], cwd?: string) =>
  run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), ...args], cwd);

/** dist/types as prepack makes it; the rest of dist is built before all tests. */
export async function buildTypes(): Promise<void> {
  const { status, stdout } = await tsc(["-p", "src/tsconfig.types.json"]);
  if (status !== 0) throw new Error(`the types do not build:\n${stdout}`);
}

export interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}
/** Without scripts: prepack would rebuild dist under the feet of other tests. */
export async function pack(args: readonly string[]): Promise<Packed> {
  const { status, stdout, stderr } = await run("npm", ["pack", "--json", "--ignore-scripts", ...args]);
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  return (JSON.parse(stdout) as Packed[])[0] as Packed;
}

export interface Project {
  readonly path: string;
  /** Of the installed package. */
  readonly installed: string;
  remove(): Promise<void>;
}
/** A project with the package unpacked in node_modules and nothing else: it must need nothing else. */
export async function createProject(): Promise<Project> {
  const path = await mkdtemp(join(tmpdir(), "opalens-package-"));
  const { filename } = await pack(["--pack-destination", path]);
  const installed = join(path, "node_modules/opalens");
  await mkdir(installed, { recursive: true });
  const { status, stderr } = await run("tar", ["-xzf", join(path, filename), "-C", installed, "--strip-components=1"]);
  if (status !== 0) throw new Error(`the package does not unpack: ${stderr}`);
  return { path, installed, remove: () => rm(path, { recursive: true, force: true }) };
}

/** `opalens dev` of some copy, on free ports. `studio`: as it prints it. */
export async function startDev(main: string): Promise<{ readonly studio: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [main, "dev", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  const stop = async () => {
    child.kill();
    await closed;
  };
  let output = "";
  const ready = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (/^Ready\./m.test(output)) resolve();
    });
  });
  await Promise.race([ready, closed]);
  const studio = /^studio +(\S+)$/m.exec(output)?.[1];
  if (studio !== undefined) return { studio, stop };
  await stop();
  throw new Error(`dev printed no address of the studio: ${output}`);
}
