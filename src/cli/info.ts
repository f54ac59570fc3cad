import { probe } from "../runtimes/node/index.ts";
import { readInput } from "./files.ts";
import { readArgs } from "./usage.ts";

/** `opalens info IN`: what the header says. */
export async function infoCommand(args: readonly string[]): Promise<void> {
  const { positionals } = readArgs(args, {}, ["IN"]);
  const bytes = await readInput(positionals[0] ?? "");
  process.stdout.write(`${JSON.stringify({ ...(await probe(bytes)), bytes: bytes.length }, undefined, 2)}\n`);
}
