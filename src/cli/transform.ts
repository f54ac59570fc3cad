import { extname } from "path";
import { CODECS } from "../codecs/index.ts";
import { TransformError } from "../core/errors.ts";
import { OUTPUT_FORMATS, type OutputFormat, type Plan } from "../core/plan.ts";
import { formatOfExtension } from "../operations/format.ts";
import { close, parse, transform } from "../runtimes/node/index.ts";
import { readInput, writeOutput } from "./files.ts";
import { objectsOf } from "./objects.ts";
import { REQUEST_OPTIONS, readArgs, readRequest } from "./usage.ts";

const OPTIONS = { ...REQUEST_OPTIONS, objects: { type: "string" } } as const;

/** `opalens transform IN OUT`: one picture, in a worker thread. */
export async function transformCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArgs(args, OPTIONS, ["IN", "OUT"]);
  const [from = "", to = ""] = positionals;
  const fetchObject = objectsOf(values.objects);
  const plan = withFormatOf(to, parse(readRequest(values)));
  const bytes = await readInput(from);
  try {
    const { data, warnings } = await transform(bytes, plan, { fetchObject });
    for (const warning of warnings) process.stderr.write(`opalens: warning: ${warning}\n`);
    await writeOutput(to, data);
  } finally {
    await close();
  }
}

/** OUT's extension sets the format unless the plan does. */
function withFormatOf(path: string, plan: Plan): Plan {
  if (path === "-" || plan.answer === "info" || plan.settings.format !== undefined) return plan;
  const format = formatOfPath(path);
  return format === undefined ? plan : { ...plan, settings: { ...plan.settings, format } };
}

/** Undefined where the extension names no format; NOT_SUPPORTED where it names one that cannot be written. */
function formatOfPath(path: string): OutputFormat | undefined {
  const extension = extname(path).slice(1).toLowerCase();
  const format = formatOfExtension(extension) ?? OUTPUT_FORMATS.find((name) => name === extension);
  if (format === undefined || CODECS.has(format)) return format;
  const written = [...CODECS.keys()].join(", ");
  throw new TransformError("NOT_SUPPORTED", `writing ${format} is not supported yet, only ${written}`);
}
