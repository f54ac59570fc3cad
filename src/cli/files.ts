import { randomBytes } from "crypto";
import { createReadStream } from "fs";
import { chmod, realpath, rename, rm, stat, writeFile } from "fs/promises";
import { dirname, join } from "path";
import { TransformError } from "../core/errors.ts";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import { UsageError } from "./usage.ts";

/** Bytes of a file, or of stdin for "-". Stops where the engine would refuse them anyway, so that no input is endless. */
export async function readInput(path: string): Promise<Uint8Array> {
  const { maxBytes } = DEFAULT_LIMITS;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of path === "-" ? process.stdin : createReadStream(path)) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > maxBytes) break;
    }
  } catch (error) {
    throw new UsageError(`cannot read ${path === "-" ? "stdin" : path}: ${reasonOf(error)}`);
  }
  if (length > maxBytes) throw new TransformError("SOURCE_TOO_LARGE", `the source has more than ${maxBytes} bytes`);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Writes a file whole or not at all, or to stdout for "-". */
export async function writeOutput(path: string, data: Uint8Array | string): Promise<void> {
  if (path === "-") return writeStdout(data);
  try {
    const target = await realpath(path).catch(() => path); // a link stays a link
    const found = await stat(target).catch(() => undefined);
    // A device or a pipe is written to; only a file can be replaced
    if (found !== undefined && !found.isFile()) await writeFile(target, data);
    else await replace(target, data, found?.mode);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

/** In the same folder, because a rename is whole or nothing only within one file system. */
async function replace(target: string, data: Uint8Array | string, mode: number | undefined): Promise<void> {
  const unfinished = join(dirname(target), `.${randomBytes(6).toString("hex")}.unfinished`);
  try {
    await writeFile(unfinished, data, { flag: "wx" });
    if (mode !== undefined) await chmod(unfinished, mode);
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Settles once all is handed over; what goes wrong ends the process in `watchStdout`. */
function writeStdout(data: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(data, (error) => {
      if (!error) resolve();
    });
  });
}

/** A reader that has seen enough (`| head`) is no failure; any other fault of stdout is told as one of a file is. */
export function watchStdout(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`opalens: cannot write stdout: ${reasonOf(error)}\n`);
    process.exit(2);
  });
}

export function printJson(value: unknown): Promise<void> {
  return writeOutput("-", `${JSON.stringify(value, undefined, 2)}\n`);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder"],
  ["ENOTDIR", "part of the path is not a folder"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "permission denied"],
  ["ENOSPC", "the disk is full"],
]);
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : (REASONS.get(code) ?? code);
}
