import { cpSync, existsSync, mkdtempSync, rmSync } from "fs";
import { tmpdir } from "os";
import { join } from "path";
import { fileURLToPath } from "url";
import { type Stack, type StackOptions, startStack } from "../stack/index.ts";
import { encodeBase64Url } from "../syntax/base64.ts";
import { readArgs, UsageError } from "./usage.ts";

const SAMPLES = fileURLToPath(new URL("../../fixtures/images/", import.meta.url));
const BUNDLE = fileURLToPath(new URL("../fc/", import.meta.url));
const INSTANCE = fileURLToPath(new URL("../stack/instance.cjs", import.meta.url));

/** `opalens dev`: the whole system on this machine until it is interrupted. */
export async function dev(args: readonly string[]): Promise<void> {
  const options = { root: { type: "string" }, port: { type: "string", default: "8787" }, quiet: { type: "boolean" } } as const;
  const { values } = readArgs(args, options, []);
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_533)) throw new UsageError(`--port: expected 0 to 65533, got ${values.port}`);
  if (values.root !== undefined && !existsSync(values.root)) throw new UsageError(`--root: there is no folder ${values.root}`);
  // Samples are copied, so that what is put or deleted never changes the ones that are shipped
  const samples = values.root === undefined ? copySamples() : undefined;
  const root = values.root ?? (samples as string);
  const log = values.quiet === true ? () => undefined : (line: string) => process.stdout.write(`  ${line}\n`);
  const stack = await startOnPorts({ root, bundleDir: BUNDLE, instanceScript: INSTANCE, log }, port);
  process.stdout.write(describe(stack, root, samples !== undefined));
  await interrupted();
  await stack.close();
  if (samples !== undefined) rmSync(samples, { recursive: true, force: true });
}

function copySamples(): string {
  const folder = mkdtempSync(join(tmpdir(), "opalens-"));
  cpSync(SAMPLES, folder, { recursive: true });
  return folder;
}

/** The asked ports, or free ones where one of them is taken. */
async function startOnPorts(options: StackOptions, port: number): Promise<Stack> {
  if (port === 0) return startStack(options);
  try {
    return await startStack({ ...options, edgePort: port, accessPointPort: port + 1, storePort: port + 2 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    process.stdout.write(`Ports ${port} to ${port + 2} are taken; using free ones.\n`);
    return startStack(options);
  }
}

/** What to try, on the sample pictures. */
const SCENARIOS: readonly (readonly [string, string])[] = [
  ["the original, untouched", "owl.jpg"],
  ["400 px wide WebP", "owl.jpg?w=400&format=webp"],
  ["in OSS IMG's own language", "owl.jpg?x-oss-process=image/resize,m_fill,w_200,h_150/format,webp"],
  ["cropped to a square at a focal point", "road.jpg?w=300&h=300&fit=cover&g=fp:0.3:0.6"],
  ["padded on red", "example.jpg?w=300&h=300&fit=pad&bg=C00000"],
  ["turned upright by its EXIF orientation", "landscape-6.jpg?w=300"],
  ["turned a quarter", "example.jpg?x-oss-process=image/rotate,90"],
  ["an 800x500 rectangle of it", "road.jpg?crop=600,300,800,500"],
  [
    "with a watermark, a fifth of its width",
    `road.jpg?x-oss-process=image/resize,w_800/watermark,image_${encodeBase64Url("boxes.png?x-oss-process=image/resize,P_20")},t_80,g_se,x_20,y_20`,
  ],
  ["the same in plain words", "road.jpg?w=800&wm=boxes.png&wm_w=20&wm_t=80&wm_g=nw"],
  ["PNG with alpha to AVIF", "dice.png?w=400&format=avif"],
  ["arguments in the key", "owl.jpg!w_240,h_160,f_webp"],
  ["a format that is not stored: made from example.jpg", "example.webp"],
  ["what the header says", "owl.jpg?info=1"],
  ["a clear refusal", "owl.jpg?x-oss-process=image/resize,w_99999999"],
];

function describe({ urls, credentials, bucket }: Stack, root: string, samples: boolean): string {
  const width = Math.max(...SCENARIOS.map(([name]) => name.length));
  const lines = SCENARIOS.map(([name, path]) => `  ${name.padEnd(width)}  curl -sD- -o out '${urls.edge}/${path}'`);
  return [
    "",
    `edge cache     ${urls.edge}   (x-cache: HIT or MISS)`,
    `access point   ${urls.accessPoint}`,
    `object store   ${urls.store}   bucket ${bucket}, key ${credentials.accessKeyId}, secret ${credentials.accessKeySecret}`,
    `objects        ${root}`,
    "",
    ...(samples ? ["Try:", ...lines, ""] : []),
    "Ready. Ctrl-C ends it.",
    "",
  ].join("\n");
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
