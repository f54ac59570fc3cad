import { probe } from "../runtimes/node/index.ts";
import { printJson, readInput } from "./files.ts";
import { readArgs } from "./usage.ts";

/** `opalens info IN`: what the header says. */
export async function infoCommand(args: readonly string[]): Promise<void> {
  const { positionals } = readArgs(args, {}, ["IN"]);
  const bytes = await readInput(positionals[0] ?? "");
  await printJson({ ...(await probe(bytes)), bytes: bytes.length });
}
