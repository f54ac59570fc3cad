import { cpSync, mkdtempSync, rmSync, statSync } from "fs";
import { tmpdir } from "os";
import { join, resolve } from "path";
import { fileURLToPath } from "url";
import { type Stack, type StackOptions, startStack } from "../stack/index.ts";
import { SCENARIOS } from "./scenarios.ts";
import { readArgs, UsageError } from "./usage.ts";

const SAMPLES = fileURLToPath(new URL("../../fixtures/images/", import.meta.url));
const BUNDLE = fileURLToPath(new URL("../fc/", import.meta.url));
const INSTANCE = fileURLToPath(new URL("../stack/instance.cjs", import.meta.url));
const STUDIO = fileURLToPath(new URL("../studio/", import.meta.url));

const OPTIONS = { root: { type: "string" }, port: { type: "string", default: "8787" }, quiet: { type: "boolean" } } as const;

/** `opalens dev`: the whole system on this machine until it is interrupted. */
export async function dev(args: readonly string[]): Promise<void> {
  const { values } = readArgs(args, OPTIONS, []);
  const port = readPort(values.port);
  const asked = values.root === undefined ? undefined : readRoot(values.root);
  const interruption = interrupted(); // from here on, so that an early Ctrl-C leaves no folder behind either
  const root = asked ?? copySamples();
  const log = values.quiet === true ? () => undefined : (line: string) => process.stdout.write(`  ${line}\n`);
  const stack = await startOnPorts({ root, bundleDir: BUNDLE, instanceScript: INSTANCE, studioDir: STUDIO, log }, port);
  process.stdout.write(describe(stack, root, asked === undefined));
  await interruption;
  await stack.close();
}

function readPort(text: string): number {
  // The access point and the store take the next two
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_533) return Number(text);
  throw new UsageError(`--port: expected 0 to 65533, got ${JSON.stringify(text)}`);
}

function readRoot(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return resolve(folder);
  throw new UsageError(`--root: there is no folder ${folder}`);
}

/** Copied, so that what is put or deleted never changes the ones that are shipped; gone with the process, however it ends. */
function copySamples(): string {
  const folder = mkdtempSync(join(tmpdir(), "opalens-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(SAMPLES, folder, { recursive: true });
  return folder;
}

/** The asked ports, or free ones where one of them is taken. */
async function startOnPorts(options: StackOptions, port: number): Promise<Stack> {
  if (port === 0) return startStack(options);
  try {
    return await startStack({ ...options, edgePort: port, accessPointPort: port + 1, storePort: port + 2 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES") throw new UsageError(`--port: ports ${port} to ${port + 2} may not be used by this user`);
    if (code !== "EADDRINUSE") throw error;
    process.stdout.write(`Ports ${port} to ${port + 2} are not all free; taking others.\n`);
    return startStack(options);
  }
}

function describe({ urls, credentials, bucket }: Stack, root: string, samples: boolean): string {
  const width = Math.max(...SCENARIOS.map(([title]) => title.length));
  const lines = SCENARIOS.map(([title, path]) => `  ${title.padEnd(width)}  curl -sD- -o out '${urls.edge}/${path}'`);
  return [
    "",
    `studio         ${urls.edge}/studio`,
    `edge cache     ${urls.edge}   (x-cache: HIT or MISS)`,
    `access point   ${urls.accessPoint}`,
    `object store   ${urls.store}   bucket ${bucket}, key ${credentials.accessKeyId}, secret ${credentials.accessKeySecret}`,
    `objects        ${root}`,
    "",
    "Try:",
    ...(samples ? lines : [`  curl -sD- -o out '${urls.edge}/KEY?w=400&format=webp'`]),
    "",
    "Ready. Ctrl-C ends it.",
    "",
  ].join("\n");
}

/** npm passes Ctrl-C on to a process that the terminal has told already. */
const ECHO_MS = 500;

/** The first signal ends everything in order; a later one at once. */
function interrupted(): Promise<void> {
  return new Promise((done) => {
    let firstAt: number | undefined;
    const onSignal = () => {
      if (firstAt !== undefined && Date.now() - firstAt > ECHO_MS) process.exit(130);
      firstAt = firstAt ?? Date.now();
      done();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  });
}
