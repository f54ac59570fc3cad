import { type ParseArgsConfig, parseArgs } from "util";

/** The command line was written wrongly: exit status 2. */
export class UsageError extends Error {}

/** Options and positional arguments, or UsageError. */
export function readArgs<T extends NonNullable<ParseArgsConfig["options"]>>(args: readonly string[], options: T, positionals: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
    if (parsed.positionals.length !== positionals.length) throw new UsageError(`expected ${positionals.join(" ") || "no arguments"}`);
    return parsed;
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

/** What --process and --query say; undefined for neither, UsageError for both. */
export function readRequest(values: { readonly process?: string | undefined; readonly query?: string | undefined }): string | undefined {
  if (values.process !== undefined && values.query !== undefined) throw new UsageError("give --process or --query, not both");
  return values.process ?? values.query;
}
export const REQUEST_OPTIONS = { process: { type: "string" }, query: { type: "string" } } as const;
