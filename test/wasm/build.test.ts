import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { opcodesOf } from "./opcodes.ts";

const SCRIPT = fileURLToPath(new URL("../../wasm/build.mjs", import.meta.url));
const BUILD = fileURLToPath(new URL("../../wasm/build", import.meta.url));
const pixels = readFileSync(join(BUILD, "pixels.wasm"));

/** @types/node 20 declares the constructor only. */
const Module = WebAssembly.Module as typeof WebAssembly.Module & {
  imports(module: WebAssembly.Module): object[];
  exports(module: WebAssembly.Module): { name: string; kind: string }[];
};

interface Checksums {
  readonly assemblyscript: string;
  readonly modules: Readonly<Record<string, { readonly sha256: string; readonly bytes: number; readonly flags: string }>>;
}

describe("pixels.wasm", () => {
  test("validates, imports nothing and exports what the loader uses", () => {
    expect(WebAssembly.validate(pixels)).toBe(true);
    const module = new WebAssembly.Module(pixels);
    expect(Module.imports(module)).toEqual([]);
    expect(
      Module.exports(module)
        .map(({ name, kind }) => `${kind} ${name}`)
        .sort(),
    ).toEqual([
      "function composite",
      "function flatten",
      "function mark",
      "function mask",
      "function matrix",
      "function over",
      "function reserve",
      "function reset",
      "memory memory",
    ]);
  });

  test("uses WebAssembly 1.0 only: no SIMD, bulk memory or sign extension", () => {
    expect(opcodesOf(pixels).length).toBeGreaterThan(100);
  });

  test("the walker sees what is newer", () => {
    // biome-ignore format: section by section
    const withSimd = Uint8Array.from([
      0, 97, 115, 109, 1, 0, 0, 0,
      1, 4, 1, 0x60, 0, 0,
      3, 2, 1, 0,
      10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0x1a, 0x0b, 0x0b, // i32.const 0, i8x16.splat, drop
    ]);
    expect(() => opcodesOf(withSimd)).toThrow("0xfd");
  });

  test("is the file the checksums describe", () => {
    const { modules } = JSON.parse(readFileSync(join(BUILD, "checksums.json"), "utf8")) as Checksums;
    expect(modules["pixels.wasm"]).toMatchObject({
      sha256: createHash("sha256").update(pixels).digest("hex"),
      bytes: pixels.length,
    });
  });
});

describe("wasm:check", () => {
  const folder = mkdtempSync(join(tmpdir(), "opalens-check-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("a rebuild in another place gives the committed bytes", { timeout: 60_000 }, () => {
    expect(execFileSync("node", [SCRIPT, "--check"], { encoding: "utf8" })).toContain("is what the sources build to");
  });

  test("a changed and a missing file fail with a sentence each", { timeout: 60_000 }, () => {
    cpSync(BUILD, folder, { recursive: true });
    appendFileSync(join(folder, "pixels.wasm"), "\0");
    rmSync(join(folder, "checksums.json"));
    const { status, stderr } = spawnSync("node", [SCRIPT, "--check", folder], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain(`pixels.wasm differs: committed ${pixels.length + 1} bytes`);
    expect(stderr).toContain("checksums.json is missing");
    expect(stderr).toContain("npm run wasm");
  });
});
