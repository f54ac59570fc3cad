import { explain, parse, probe } from "../runtimes/node/index.ts";
import { printJson, readInput } from "./files.ts";
import { REQUEST_OPTIONS, readArgs, readRequest } from "./usage.ts";

/** `opalens explain IN`: the plan against that picture, before any pixel work. */
export async function explainCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArgs(args, REQUEST_OPTIONS, ["IN"]);
  const plan = parse(readRequest(values));
  const bytes = await readInput(positionals[0] ?? "");
  await printJson(explain(plan, await probe(bytes), { byteLength: bytes.length }));
}
