import { extname } from "path";
import type { Plan } from "../core/plan.ts";
import { formatOfExtension } from "../operations/format.ts";
import { close, parse, transform } from "../runtimes/node/index.ts";
import { objectsOf, readInput, writeOutput } from "./files.ts";
import { readArgs, readRequest, REQUEST_OPTIONS } from "./usage.ts";

/** `opalens transform IN OUT`: one picture, in a worker thread. */
export async function transformCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArgs(args, { ...REQUEST_OPTIONS, objects: { type: "string" } } as const, ["IN", "OUT"]);
  const [from = "", to = ""] = positionals;
  const plan = withFormatOf(to, parse(readRequest(values) ?? "image/quality,d_format"));
  const bytes = await readInput(from);
  try {
    const options = values.objects === undefined ? {} : { fetchObject: objectsOf(values.objects) };
    const { data } = await transform(bytes, plan, options);
    await writeOutput(to, data);
  } finally {
    await close();
  }
}

/** OUT's extension sets the format unless the plan does. */
function withFormatOf(path: string, plan: Plan): Plan {
  const format = path === "-" ? undefined : formatOfExtension(extname(path).slice(1));
  return format === undefined || plan.settings.format !== undefined ? plan : { ...plan, settings: { ...plan.settings, format } };
}
