import { explain, probe } from "../runtimes/node/index.ts";
import { readInput } from "./files.ts";
import { readArgs, readRequest, REQUEST_OPTIONS } from "./usage.ts";

/** `opalens explain IN`: the plan against that picture, before any pixel work. */
export async function explainCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArgs(args, REQUEST_OPTIONS, ["IN"]);
  const request = readRequest(values) ?? "image/quality,d_format";
  const bytes = await readInput(positionals[0] ?? "");
  const explanation = explain(request, await probe(bytes), { byteLength: bytes.length });
  process.stdout.write(`${JSON.stringify(explanation, undefined, 2)}\n`);
}
