import { type ParseArgsConfig, parseArgs } from "util";

/** The command line was written wrongly, or a file it names cannot be read or written: exit status 2. */
export class UsageError extends Error {}

/** One line each; also shown where a command is used wrongly. */
export const USAGE = {
  transform: 'opalens transform IN OUT [--process "image/resize,w_200" | --query "w=200&format=webp"] [--objects DIR]',
  info: "opalens info IN",
  explain: 'opalens explain IN [--process "image/…" | --query "…"]',
  dev: "opalens dev [--root DIR] [--port 8787] [--quiet]",
} as const;

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Options and exactly the positional arguments that are named, or UsageError. */
export function readArgs<T extends Options>(args: readonly string[], options: T, positionals: readonly string[]) {
  const parsed = parse(args, options);
  const extra = parsed.positionals[positionals.length];
  const missing = positionals.slice(parsed.positionals.length);
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one argument too many`);
  if (missing.length > 0) throw new UsageError(`${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing`);
  return parsed;
}

function parse<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export const REQUEST_OPTIONS = { process: { type: "string" }, query: { type: "string" } } as const;

/** The original's format at the default quality: what is meant where nothing is asked for. */
const NOTHING_ASKED = "image/quality,d_format";

/** What --process or --query says; UsageError for both. */
export function readRequest(values: { readonly process?: string | undefined; readonly query?: string | undefined }): string {
  if (values.process !== undefined && values.query !== undefined) throw new UsageError("give --process or --query, not both");
  return values.process ?? values.query ?? NOTHING_ASKED;
}
