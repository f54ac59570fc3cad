#!/usr/bin/env node
import { TransformError } from "../core/errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { dev } from "./dev.ts";
import { explainCommand } from "./explain.ts";
import { watchStdout } from "./files.ts";
import { infoCommand } from "./info.ts";
import { transformCommand } from "./transform.ts";
import { USAGE, UsageError } from "./usage.ts";

type CommandName = keyof typeof USAGE;
const COMMANDS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map<CommandName, typeof dev>([
  ["transform", transformCommand],
  ["info", infoCommand],
  ["explain", explainCommand],
  ["dev", dev],
]);

const HELP = `opalens ${ENGINE_VERSION}

  ${USAGE.transform}
      transform one picture; - is stdin or stdout; OUT's extension sets the format if nothing else does;
      watermark pictures are read from DIR; OUT is written whole or not at all
  ${USAGE.info}
      what the header says, as JSON
  ${USAGE.explain}
      the plan, its canonical text, every step's size and the memory it needs, as JSON
  ${USAGE.dev}
      object store, access point, function instances and edge cache on this machine, on samples or the files of DIR;
      --port is the edge's, the next two are taken too, 0 takes free ones; --quiet leaves out the log
  opalens help, opalens --version

Exit status: 0 done, 1 the transform failed ("CODE: message" on stderr), 2 wrong use or a file that cannot be read or written.
`;

const isHelp = (arg: string) => arg === "--help" || arg === "-h";

async function run([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) throw new UsageError("a command is missing");
  if (name === "help" || isHelp(name)) return void process.stdout.write(HELP);
  if (name === "--version" || name === "-v") return void process.stdout.write(`${ENGINE_VERSION}\n`);
  if (name === "serve")
    throw new UsageError("serve, the portable image server, is not part of this version yet; dev runs the local stack");
  const command = COMMANDS.get(name);
  if (command === undefined) {
    throw new UsageError(`there is no command ${JSON.stringify(name)}, only ${[...COMMANDS.keys()].join(", ")} and help`);
  }
  if (args.some(isHelp)) return void process.stdout.write(HELP);
  return command(args);
}

/** Reports what was thrown and gives the exit status. */
function report(thrown: unknown, name: string | undefined): number {
  if (thrown instanceof UsageError) {
    const usage = USAGE[name as CommandName];
    process.stderr.write(
      `opalens: ${oneLine(thrown.message)}\n${usage === undefined ? 'Try "opalens help".' : `Usage: ${usage}`}\n`,
    );
    return 2;
  }
  const code = thrown instanceof TransformError ? thrown.code : "INTERNAL";
  process.stderr.write(`${code}: ${oneLine(thrown instanceof Error ? thrown.message : String(thrown))}\n`);
  return 1;
}

/** Messages quote keys and arguments, which may hold line breaks and escape sequences. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

watchStdout();
const args = process.argv.slice(2);
try {
  await run(args);
} catch (thrown) {
  process.exitCode = report(thrown, args[0]);
}
