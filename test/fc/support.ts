/** What the tests of the deployed function share: a bucket of pictures, the stack around dist/fc, its log. */
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Stack, type StackOptions, startStack } from "../../src/stack/index.ts";
import { type RawAnswer, send } from "../stack/support.ts";
import { ROOT } from "../support/library.ts";
import { encodeWithSharp, scene } from "../support/pictures.ts";

export const BUNDLE = join(ROOT, "dist/fc");
export const INSTANCE = join(ROOT, "dist/stack/instance.cjs");

/** A folder outside of the repository, so that nothing in node_modules can be found from it. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "opalens-fc-"));
}
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
export async function putObject(root: string, key: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(root, key)), { recursive: true });
  await writeFile(join(root, key), bytes);
}
export async function copyFixture(root: string, name: string, key = name): Promise<void> {
  await mkdir(dirname(join(root, key)), { recursive: true });
  await cp(join(ROOT, "fixtures/images", name), join(root, key));
}

/** Large enough that a codec is busy with it for seconds: noise does not compress. */
export async function writeSlowPicture(root: string, key: string): Promise<void> {
  const { width, height, data } = scene(3000, 2400);
  const noise = randomBytes(data.length);
  for (let i = 0; i < data.length; i++) if (i % 4 !== 3) data[i] = (data[i]! + noise[i]!) >> 1;
  await putObject(root, key, await encodeWithSharp({ width, height, data }, "jpeg", { quality: 90 }));
}

export type LogLine = Readonly<Record<string, unknown>>;
export interface FunctionStack extends Stack {
  readonly lines: readonly string[];
  /** A GET through the access point. */
  get(path: string, headers?: Record<string, string>): Promise<RawAnswer>;
  /** The one line that the function logged about an answer; fails where there is none or more than one. */
  lineOf(answer: RawAnswer): Promise<LogLine>;
}

/** The stack around the very folder that is deployed. */
export async function startFunction(root: string, options: Partial<StackOptions> = {}): Promise<FunctionStack> {
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const stack = await startStack({
    root,
    bundleDir: BUNDLE,
    instanceScript: INSTANCE,
    maxInstances: 1,
    region: "cn-shanghai",
    ...options,
    log,
  });
  const linesOf = (requestId: unknown) =>
    lines.filter((line) => line.startsWith("{") && parse(line)["requestId"] === requestId);
  return {
    ...stack,
    lines,
    get: (path, headers = {}) => send(stack.urls.accessPoint + path, { headers }),
    async lineOf({ headers }) {
      const requestId = headers["x-oss-request-id"];
      for (let tries = 0; tries < 200 && linesOf(requestId).length === 0; tries++) await pause(10);
      await pause(20); // a second line would be a fault; give it the time to come
      expect(linesOf(requestId)).toHaveLength(1);
      return parse(linesOf(requestId)[0]!);
    },
  };
}
function parse(line: string): LogLine {
  return JSON.parse(line) as LogLine;
}
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Code and Message of an OSS error document, which must be one and must not be kept by caches. */
export function problemOf({ headers, body }: RawAnswer): { readonly code: string; readonly message: string } {
  const text = body.toString();
  expect(headers["content-type"]).toBe("application/xml");
  expect(headers["cache-control"]).toBe("no-store");
  expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error>\n/);
  expect(text).toContain(`<RequestId>${String(headers["x-oss-request-id"])}</RequestId>`);
  return { code: /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? "", message: /<Message>(.*?)<\/Message>/s.exec(text)?.[1] ?? "" };
}

/** A request that needs the module of `faultyHqxModule`, on a picture of less than 500 px. */
export const HQX_QUERY = "w=500&enlarge=1&filter=hqx";
/**
 * A module in place of squooshhqx_bg.wasm (WebAssembly core specification, section 5) whose malloc is `body`: what that
 * filter calls first. `endless` never returns, `outOfMemory` gives an address beyond the memory, `trap` is unreachable.
 */
export function faultyHqxModule(kind: "endless" | "outOfMemory" | "trap"): Uint8Array {
  const code = { endless: [0x03, 0x40, 0x0c, 0x00, 0x0b, 0x00], outOfMemory: [0x41, 0x70], trap: [0x00] }[kind];
  const name = (text: string) => [text.length, ...Buffer.from(text)];
  const section = (id: number, content: readonly number[]) => [id, content.length, ...content];
  const body = [0x00, ...code, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]), // (i32, i32) -> i32
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]), // one page of memory
    ...section(7, [2, ...name("memory"), 2, 0, ...name("__wbindgen_malloc"), 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ]);
}
