/** What the tests of the command line share: processes, their children, folders that go away. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/library.ts";

export const MAIN = join(ROOT, "dist/cli/main.js");
export const IMAGES = join(ROOT, "fixtures/images");

export interface Run {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}
export interface RunOptions {
  readonly input?: Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** Close the reading end of stdout before anything is written to it. */
  readonly deafStdout?: boolean;
}

export function start(args: readonly string[], { cwd, env, nodeArgs = [] }: RunOptions = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...nodeArgs, MAIN, ...args], { cwd: cwd ?? ROOT, env: { ...process.env, ...env } });
}

/** `node dist/cli/main.js …` until it ends. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = start(args, options);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  if (options.deafStdout === true) child.stdout.destroy();
  else child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on("error", () => undefined); // a command that needs no input may end before it is written
  child.stdin.end(options.input ?? Buffer.alloc(0));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) =>
      resolve({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") }),
    );
  });
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "opalens-cli-test-"));
}
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** Process ids of the children of a process. */
export function childrenOf(pid: number): readonly number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child as number);
}
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
