import { randomBytes } from "crypto";
import { readFile, rename, rm, writeFile } from "fs/promises";
import { dirname, join, resolve, sep } from "path";
import { UsageError } from "./usage.ts";

/** Bytes of a file, or of stdin for "-". */
export async function readInput(path: string): Promise<Uint8Array> {
  if (path !== "-") return readOrUsage(path);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

async function readOrUsage(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
  }
}

/** Writes a file whole or not at all, or to stdout for "-". */
export async function writeOutput(path: string, data: Uint8Array): Promise<void> {
  if (path === "-") {
    await new Promise<void>((done, fail) => process.stdout.write(data, (error) => (error ? fail(error) : done())));
    return;
  }
  const unfinished = join(dirname(path), `.${randomBytes(6).toString("hex")}.unfinished`);
  try {
    await writeFile(unfinished, data);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new UsageError(`cannot write ${path}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
  }
}

/** Reads watermark pictures below a folder and nowhere else. */
export function objectsOf(folder: string): (key: string) => Promise<Uint8Array | undefined> {
  const root = resolve(folder) + sep;
  return async (key) => {
    const path = resolve(root, key);
    if (!path.startsWith(root)) return undefined;
    return readFile(path).then(
      (bytes) => new Uint8Array(bytes),
      () => undefined,
    );
  };
}
