#!/usr/bin/env node
import { TransformError } from "../core/errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { dev } from "./dev.ts";
import { explainCommand } from "./explain.ts";
import { infoCommand } from "./info.ts";
import { transformCommand } from "./transform.ts";
import { UsageError } from "./usage.ts";

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  transform: transformCommand,
  info: infoCommand,
  explain: explainCommand,
  dev,
};

const HELP = `opalens ${ENGINE_VERSION}

  opalens transform IN OUT [--process "image/resize,w_200" | --query "w=200&format=webp"] [--objects DIR]
      transform one picture; - is stdin or stdout; OUT's extension sets the format if nothing else does;
      watermark pictures are read from DIR
  opalens info IN
      what the header says, as JSON
  opalens explain IN [--process … | --query …]
      the plan, its canonical text, every step's size and the memory it needs, as JSON
  opalens dev [--root DIR] [--port 8786]
      object store, access point, function instances and edge cache on this machine

Exit status: 0 done, 1 the transform failed ("CODE: message" on stderr), 2 wrong use.
`;

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    process.stdout.write(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-v") {
    process.stdout.write(`${ENGINE_VERSION}\n`);
    return 0;
  }
  const command = Object.prototype.hasOwnProperty.call(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (command === undefined) throw new UsageError(`there is no command ${JSON.stringify(name)}`);
    await command(args);
    return 0;
  } catch (error) {
    if (error instanceof TransformError) {
      process.stderr.write(`${error.code}: ${error.message}\n`);
      return 1;
    }
    if (error instanceof UsageError) {
      process.stderr.write(`opalens: ${error.message}\nTry "opalens help".\n`);
      return 2;
    }
    throw error;
  }
}

process.exitCode = await main(process.argv.slice(2));
