import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { KERNEL_NAMES, type KernelName } from "../../src/core/wasm.ts";
import { opcodesOf } from "./opcodes.ts";

const SCRIPT = fileURLToPath(new URL("../../wasm/build.mjs", import.meta.url));
const BUILD = fileURLToPath(new URL("../../wasm/build", import.meta.url));
const KERNELS = fileURLToPath(new URL("../../src/kernels", import.meta.url));

/** @types/node 20 declares the constructor only. */
const Module = WebAssembly.Module as typeof WebAssembly.Module & {
  imports(module: WebAssembly.Module): object[];
  exports(module: WebAssembly.Module): { name: string; kind: string }[];
};

interface Checksums {
  readonly assemblyscript: string;
  readonly modules: Readonly<Record<string, { readonly sha256: string; readonly bytes: number; readonly flags: string }>>;
}

/** Interfaces of what a loader calls in a module, by the file in src/kernels that has them. */
const LOADERS: Readonly<Record<KernelName, readonly (readonly [file: string, name: string])[]>> = {
  jpeg_dec: [["jpeg/exports.ts", "JpegDecoderExports"]],
  jpeg_enc: [["jpeg/encoder.ts", "EncoderExports"]],
  resize: [["resize/scaler.ts", "ResizeExports"]],
  pixels: [
    ["index.ts", "PixelExports"],
    ["planes.ts", "PlaneExports"],
    ["turn.ts", "TurnExports"],
  ],
  effects: [["effects/exports.ts", "EffectsExports"]],
  png: [
    ["png/exports.ts", "PngDecoderExports"],
    ["png/exports.ts", "PngEncoderExports"],
  ],
  vp8: [["vp8/exports.ts", "Vp8Exports"]],
};

/** Names of the methods of an interface, as the formatter lays it out. */
function methodsOf(file: string, name: string): readonly string[] {
  const source = readFileSync(join(KERNELS, file), "utf8");
  const body = new RegExp(`interface ${name} [^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(source)?.[1];
  if (body === undefined) throw new Error(`no interface ${name} in ${file}`);
  return [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, method]) => method!);
}

describe.each(KERNEL_NAMES)("%s", (name) => {
  const builds = [`${name}.wasm`, `${name}_scalar.wasm`].map((file) => [file, readFileSync(join(BUILD, file))] as const);

  test.each(builds)("%s validates, imports nothing and exports what its loader uses", (_file, bytes) => {
    expect(WebAssembly.validate(bytes)).toBe(true);
    const module = new WebAssembly.Module(bytes);
    expect(Module.imports(module)).toEqual([]);
    const methods = [["memory.ts", "KernelMemory"] as const, ...LOADERS[name]].flatMap((of) => methodsOf(...of));
    expect(
      Module.exports(module)
        .map(({ name, kind }) => `${kind} ${name}`)
        .sort(),
    ).toEqual(
      [...new Set(methods)]
        .map((method) => `function ${method}`)
        .sort()
        .concat("memory memory"),
    );
  });
  test("is built with SIMD, and without of WebAssembly 1.0 alone: no SIMD, bulk memory or sign extension", () => {
    const [[, vector], [, scalar]] = builds as [(typeof builds)[0], (typeof builds)[0]];
    expect(() => opcodesOf(vector)).toThrow(/0xf[cd]/); // SIMD, or the bulk memory that comes with it
    expect(opcodesOf(scalar).length).toBeGreaterThan(100);
  });
  test.each(builds)("%s is the file the checksums describe", (file, bytes) => {
    const { modules } = JSON.parse(readFileSync(join(BUILD, "checksums.json"), "utf8")) as Checksums;
    expect(modules[file]).toMatchObject({
      sha256: createHash("sha256").update(bytes).digest("hex"),
      bytes: bytes.length,
    });
  });
});

test("nothing else is in wasm/build", () => {
  const files = KERNEL_NAMES.flatMap((name) => [`${name}.wasm`, `${name}_scalar.wasm`]);
  expect(readdirSync(BUILD).sort()).toEqual([...files, "checksums.json"].sort());
});

test("the walker of opcodes sees what is newer", () => {
  // biome-ignore format: section by section
  const withSimd = Uint8Array.from([
    0, 97, 115, 109, 1, 0, 0, 0,
    1, 4, 1, 0x60, 0, 0,
    3, 2, 1, 0,
    10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0x1a, 0x0b, 0x0b, // i32.const 0, i8x16.splat, drop
  ]);
  expect(() => opcodesOf(withSimd)).toThrow("0xfd");
});

describe("wasm:check", () => {
  const folder = mkdtempSync(join(tmpdir(), "opalens-check-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // One rebuild for both: it takes a quarter of a minute
  test("a rebuild gives the committed bytes; a changed and a missing file fail with a sentence each", {
    timeout: 120_000,
  }, () => {
    cpSync(BUILD, folder, { recursive: true });
    appendFileSync(join(folder, "pixels.wasm"), "\0");
    rmSync(join(folder, "checksums.json"));
    const { status, stderr } = spawnSync("node", [SCRIPT, "--check", folder], { encoding: "utf8" });
    expect(status).toBe(1);
    const committed = readFileSync(join(BUILD, "pixels.wasm"));
    const sha256 = createHash("sha256").update(committed).digest("hex");
    const [changed, missing, advice, ...more] = stderr.trim().split("\n");
    expect(changed).toContain(`pixels.wasm differs: committed ${committed.length + 1} bytes`);
    expect(changed).toContain(`rebuilt ${committed.length} bytes, sha256 ${sha256}`);
    expect(missing).toContain("checksums.json is missing");
    expect(advice).toContain("npm run wasm");
    expect(more).toEqual([]);
  });
});
