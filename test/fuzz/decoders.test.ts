import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/library.ts";

const FULL = process.env["OPALENS_TEST_FULL"] === "1";
const SCRIPT = join(ROOT, "test/fuzz/decoders.mjs");

interface Found {
  readonly kind?: string;
  readonly message: string;
  readonly alone?: string;
  readonly index?: number;
  readonly repeat?: string;
}
interface Summary {
  readonly findings: readonly Found[];
  readonly formats: Readonly<
    Record<string, { inputs: number; decoded: number; outcomes: Readonly<Record<string, number>>; slowest: { ms: number } }>
  >;
}

async function fuzz(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...args], { maxBuffer: 1 << 26 });
    return { code: 0, stdout };
  } catch (thrown) {
    const { code, stdout } = thrown as { code: number; stdout: string };
    return { code, stdout };
  }
}
async function summaryOf(...args: readonly string[]): Promise<Summary & { readonly code: number }> {
  const { code, stdout } = await fuzz("--json", ...args);
  return { code, ...(JSON.parse(stdout) as Summary) };
}

test("damaged files end in a picture or a typed error, in time and in the planned memory", { timeout: 1_500_000 }, async () => {
  const { code, findings, formats } = await summaryOf("--count", FULL ? "30000" : "2000", "--seed", FULL ? "2" : "1");
  if (FULL) console.log(JSON.stringify(formats));
  expect(findings).toEqual([]);
  expect(code).toBe(0);
  for (const [name, { inputs, decoded, outcomes }] of Object.entries(formats)) {
    // Damage that never gets past a header tests no decoder, and damage that always does tests no check
    expect([name, decoded > inputs * 0.3]).toEqual([name, true]);
    expect([name, (outcomes["picture"] ?? 0) > inputs * 0.05]).toEqual([name, true]);
    expect([name, (outcomes["CORRUPT_IMAGE"] ?? 0) > inputs * 0.05]).toEqual([name, true]);
  }
  expect(Object.keys(formats)).toEqual(["jpeg", "png", "webp", "avif", "tiff", "bmp"]);
});

describe("the files that are damaged are valid before", () => {
  /** libjpeg has no MCU whose factors do not divide each other; a JPEG of two components has no color space. */
  const UNREADABLE = /^(progressive )?(3x2 1x1 2x1|1x1 1x1) \d/;
  test("JPEG", async () => {
    const files = await made("writtenJpegs");
    const readable = files.filter(({ name }) => !UNREADABLE.test(name));
    for (const { name, bytes } of readable) expect([name, await sizeOf(bytes)]).toEqual([name, name.split(" ").pop()]);
    expect(readable.length).toBeGreaterThan(60);
  });
  test("PNG", async () => {
    const files = await made("writtenPngs");
    for (const { name, bytes } of files) expect([name, await sizeOf(bytes)]).toEqual([name, name.split(" ").pop()]);
    expect(files.length).toBe(30);
  });
  async function made(writer: string): Promise<{ name: string; bytes: Uint8Array }[]> {
    const seeds = (await import(new URL("seeds.mjs", import.meta.url).href)) as Record<string, () => []>;
    return seeds[writer]!();
  }
  /** Decoded by libvips, which must have nothing to say. */
  async function sizeOf(bytes: Uint8Array): Promise<string> {
    const { info } = await sharp(bytes, { failOn: "warning" }).raw().toBuffer({ resolveWithObject: true });
    return `${info.width}x${info.height}`;
  }
});

describe("what must not be is found, kept and can be repeated", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "opalens-fuzz-test-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A library that reads headers as ours does and does `transform` to the rest. */
  async function faulty(name: string, transform: string): Promise<string> {
    const dist = join(folder, name);
    for (const part of ["lib", "chunks"]) await cp(join(ROOT, "dist", part), join(dist, part), { recursive: true });
    await writeFile(join(dist, "package.json"), `{ "type": "module" }`);
    const entry = join(dist, "lib/index-node.js");
    await writeFile(join(dist, "lib/real.js"), await readFile(entry));
    await mkdir(dirname(entry), { recursive: true });
    await writeFile(
      entry,
      `import { explain, probe, TransformError } from "./real.js";
export { explain, probe, TransformError };
let calls = 0;
export async function transform(bytes, plan, options) {
  calls++;
  const source = await probe(bytes);
  const { width, height, format, memoryBytes } = explain(plan, source, { byteLength: bytes.length, limits: options.limits });
  if (format === "json") return { format, data: new Uint8Array(1), peakBytes: 0 };
  ${transform}
}`,
    );
    return dist;
  }

  // biome-ignore format: one row per case
  test.each([
    ["an error that is not typed", "escaped",  "alone as well",                "throw new RangeError('outside');"],
    ["a code that is none",        "code",     "alone as well",                "throw new TransformError('INTERNAL', 'oh');"],
    ["a refusal without reason",   "unplanned", "alone as well",               "throw new TransformError('OUTPUT_TOO_LARGE', 'oh');"],
    ["more memory than planned",   "memory",   "alone as well",                "return { format, width, height, data: bytes, peakBytes: memoryBytes * 2 + 2 ** 25 };"],
    ["another size than planned",  "size",     "alone as well",                "return { format, width: width + 1, height, data: bytes, peakBytes: 0 };"],
    ["bytes that are no picture",  "unreadable", "alone as well",              "return { format, width, height, data: new Uint8Array(99), peakBytes: 0 };"],
    ["memory that grows unseen",   "memory",   "alone as well",                "await WebAssembly.instantiate(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 0, 128, 32, 7, 5, 1, 1, 109, 2, 0]))); throw new TransformError('CORRUPT_IMAGE', 'oh');"],
    ["what an earlier input left", "unstable", "only after the inputs before it", "throw new TransformError('CORRUPT_IMAGE', String(calls));"],
    ["work without bounds",        "slow",     "alone as well",                "for (const end = Date.now() + 2300; Date.now() < end; ); throw new TransformError('CORRUPT_IMAGE', 'oh');"],
  ])("%s", async (_name, kind, alone, transform) => {
    const dist = await faulty(`${kind}-${transform.length}`, transform);
    const count = kind === "slow" ? "3" : "60";
    const { code, findings } = await summaryOf("--dist", dist, "--count", count, "--format", "bmp", "--corpus", "", "--workers", "1");
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({ kind, alone });
    const [, file] = /--input (\S+) --plan/.exec(findings[0]?.repeat ?? "") ?? [];
    expect(existsSync(file ?? "none")).toBe(true);
    if (kind === "unstable") return;
    const plan = /--plan '(.*)'$/.exec(findings[0]?.repeat ?? "")?.[1] ?? "";
    const input = ["--input", file ?? "", "--plan", plan];
    const only = ["--format", "bmp", "--corpus", "", "--only", String(findings[0]?.index)];
    for (const again of kind === "escaped" ? [input, only] : [input]) {
      const repeated = await fuzz("--dist", dist, ...again);
      expect(repeated.code).toBe(1);
      expect(JSON.parse(repeated.stdout)).toMatchObject({ fault: { kind } });
    }
  });

  test.runIf(FULL)("a loop without an end", async () => {
    const dist = await faulty("endless", "if (calls > 2) for (;;); throw new TransformError('CORRUPT_IMAGE', 'oh');");
    const { code, findings } = await summaryOf(
      "--dist",
      dist,
      "--count",
      "6",
      "--format",
      "bmp",
      "--corpus",
      "",
      "--workers",
      "1",
    );
    expect(code).toBe(1);
    expect(findings.map(({ kind }) => kind)).toContain("hang");
  });
});
