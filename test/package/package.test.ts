import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FONT_FILES } from "../../src/core/fonts.ts";
import { WASM_NAMES } from "../../src/core/wasm.ts";
import { ENGINE_VERSION } from "../../src/version.ts";
import { fixture, ROOT } from "../support/library.ts";
import { buildTypes, createProject, type Packed, type Project, pack, run, startDev, tsc } from "./support.ts";

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}
const readManifest = async (folder: string) => JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;

let project: Project;
let packed: Packed;
beforeAll(async () => {
  await buildTypes();
  packed = await pack(["--dry-run"]);
  project = await createProject();
});
afterAll(() => project.remove());

/** All that may be published. Whatever is not listed here must not go out. */
const PUBLISHED: readonly RegExp[] = [
  /^package\.json$/,
  /^(README\.md|LICENSE|CHANGELOG\.md|s\.yaml)$/,
  /^docs\/[\w./-]+\.(md|png|svg|webp|jpg)$/,
  /^fixtures\/images\/[\w.-]+\.(jpg|png|webp|avif)$/,
  /^dist\/fc\/(index|worker)\.js$/,
  /^dist\/fc\/(package\.json|LICENSE|THIRD-PARTY-NOTICES\.txt)$/,
  /^dist\/fc\/fonts\/[\w.-]+$/,
  /^dist(\/fc)?\/wasm\/\w+\.wasm$/,
  /^dist(\/fc)?\/chunks\/[\w-]+\.js$/,
  /^dist\/lib\/(index|index-node|node|worker)\.js$/,
  /^dist\/cli\/main\.js$/,
  /^dist\/stack\/instance\.cjs$/,
  /^dist\/types\/[\w/-]+\.d\.ts$/,
  /^dist\/studio\/(LICENSE|THIRD-PARTY-NOTICES)\.txt$/,
  /^dist\/studio\/(index\.html|api\/stack|assets\/[\w.-]+\.(js|css|svg|jpg|png|webp))$/, // its wasm and fonts are those of dist/fc
];
/** Without these it does not work, or may not be passed on. */
const NEEDED: readonly string[] = [
  "package.json",
  "README.md",
  "LICENSE",
  "s.yaml",
  "dist/cli/main.js",
  "dist/stack/instance.cjs",
  ...["index.js", "index-node.js", "node.js", "worker.js"].map((name) => `dist/lib/${name}`),
  ...["index.js", "worker.js", "package.json", "LICENSE", "THIRD-PARTY-NOTICES.txt"].map((name) => `dist/fc/${name}`),
  ...WASM_NAMES.flatMap((name) => [`dist/wasm/${name}.wasm`, `dist/fc/wasm/${name}.wasm`]),
  ...["owl.jpg", "road.jpg", "example.jpg", "landscape-6.jpg", "boxes.png", "dice.png"].map(
    (name) => `fixtures/images/${name}`,
  ),
  ...FONT_FILES.map((name) => `dist/fc/fonts/${name}`),
  ...["index.html", "LICENSE.txt", "THIRD-PARTY-NOTICES.txt"].map((name) => `dist/studio/${name}`),
  "dist/types/index.d.ts",
  "dist/types/runtimes/node/index.d.ts",
];

describe("npm pack", () => {
  test("publishes nothing but what is meant to be", () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !PUBLISHED.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(paths.length).toBeGreaterThan(50);
  });

  test.each(NEEDED)("publishes %s", (path) => {
    expect(packed.files.find((file) => file.path === path)?.size).toBeGreaterThan(0);
  });

  test("stays under 15 MiB packed and 36 MiB installed, fonts included", async () => {
    const bytes = packed.files.reduce((sum, { size }) => sum + size, 0);
    expect(bytes).toBeLessThan(36 * 1024 * 1024);
    expect((await readFile(join(project.path, packed.filename))).length).toBeLessThan(15 * 1024 * 1024);
  });

  test("builds code and types first", async () => {
    const { scripts } = await readManifest(ROOT);
    expect(scripts["prepack"]).toBe("npm run build && tsc -p src/tsconfig.types.json");
  });
});

test("one version everywhere", async () => {
  const { version } = await readManifest(ROOT);
  expect(ENGINE_VERSION).toBe(version);
  expect((await readManifest(join(project.installed, "dist/fc"))).version).toBe(version);
  const { bin } = await readManifest(project.installed);
  const { stdout } = await run(process.execPath, [join(project.installed, bin["opalens"] ?? "none"), "--version"]);
  expect(stdout).toBe(`${version}\n`);
});

test("every export leads to a file of the package", async () => {
  const { exports } = await readManifest(ROOT);
  const targets =
    JSON.stringify(exports)
      .match(/"\.\/[^"]+\.[a-z.]+"/g)
      ?.map((text) => text.slice(3, -1)) ?? [];
  const published = new Set(packed.files.map(({ path }) => path));
  expect(targets.length).toBeGreaterThan(4);
  expect(targets.filter((path) => !published.has(path))).toEqual([]);
});

/** What a user of the package writes; prints what it gets. */
const SCRIPT = `
import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import * as plain from "opalens";
import * as threads from "opalens/node";
const bytes = new Uint8Array(await readFile(process.argv[2]));
const out = {};
for (const [name, library] of Object.entries({ plain, threads })) {
  const { transform, probe, explain, TransformError } = library;
  const source = await probe(bytes);
  const results = [];
  for (const request of ["image/resize,w_120/format,webp", "w=120&format=jpg", "w=60&format=png", "w=48&format=avif", "w=160&rotate=10&wm_text=Hi%20%E5%9B%BE&wm_size=20&f=png"]) {
    const { data, ...rest } = await transform(bytes, request);
    results.push({ ...rest, timings: undefined, peakBytes: undefined, data: Buffer.from(data).toString("base64") });
  }
  const error = await transform(bytes, "w=abc").catch((thrown) => thrown);
  out[name] = {
    names: Object.keys(library).sort(), source, results, canonical: explain("w=120", source).canonical,
    printed: library.print(library.parse("w=120")), error: [error instanceof TransformError, error.code],
  };
}
await threads.close();
console.log(JSON.stringify(out));
`;

interface Used {
  readonly names: readonly string[];
  readonly source: object;
  readonly results: readonly {
    readonly data: string;
    readonly format: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly canonical: string;
  readonly printed: string;
  readonly error: readonly unknown[];
}

/** Addresses that the page's scripts fetch, such as "wasm/png.wasm?1a2b3c4d". */
async function namedEngineFiles(assets: string): Promise<readonly string[]> {
  const scripts = (await readdir(assets)).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(scripts.map((name) => readFile(join(assets, name), "utf8")));
  const named = texts.flatMap((text) => text.match(/\b(?:wasm|fonts)\/[\w-]+\.(?:wasm|ttf)\?[0-9a-f]{8}/g) ?? []);
  return [...new Set(named)];
}

describe("the installed package in Node", () => {
  let plain: Used;
  let threads: Used;
  beforeAll(async () => {
    await writeFile(join(project.path, "use.mjs"), SCRIPT);
    const picture = join(project.installed, "fixtures/images/owl.jpg");
    const { stdout, stderr } = await run(process.execPath, ["use.mjs", picture], project.path);
    expect(stderr).toBe("");
    ({ plain, threads } = JSON.parse(stdout) as { plain: Used; threads: Used });
  });

  test("both entries export the promised names", () => {
    expect(plain.names).toEqual(["TransformError", "explain", "parse", "print", "probe", "transform"]);
    expect(threads.names).toEqual(["TransformError", "close", "explain", "parse", "print", "probe", "transform"]);
  });

  test("both entries give the same bytes, which are the pictures asked for", async () => {
    expect(threads).toEqual({ ...plain, names: threads.names });
    const seen = await Promise.all(plain.results.map(({ data }) => sharp(Buffer.from(data, "base64")).metadata()));
    expect(seen.map(({ format, width, height }) => `${format} ${width}x${height}`)).toEqual([
      "webp 120x80",
      "jpeg 120x80",
      "png 60x40",
      "heif 48x32",
      "png 177x134", // 160 cos 10° + 107 sin 10° = 176.2, 160 sin 10° + 107 cos 10° = 133.2
    ]);
    expect(plain.source).toMatchObject({ format: "jpeg", width: 1023, height: 682 });
    expect(plain.error).toEqual([true, "BAD_ARGUMENT"]);
    expect(plain.printed).toBe(plain.canonical);
  });

  test("the command line works from there, on the samples that came with it", async () => {
    const main = join(project.installed, "dist/cli/main.js");
    const args = [
      main,
      "transform",
      join(project.installed, "fixtures/images/dice.png"),
      join(project.path, "dice.webp"),
      "--query",
      "w=80",
    ];
    expect(await run(process.execPath, args)).toMatchObject({ status: 0, stderr: "" });
    expect(await sharp(join(project.path, "dice.webp")).metadata()).toMatchObject({ format: "webp", width: 80, height: 60 });
  });

  test("the function loads from there as CommonJS", async () => {
    const script = `console.log(Object.keys(require("opalens/package.json")).length > 5, Object.keys(require(${JSON.stringify(join(project.installed, "dist/fc"))})).sort().join())`;
    const { stdout } = await run(process.execPath, ["-e", script], project.path);
    expect(stdout).toMatch(/^true .*handler.*initializer.*preStop/);
  });

  test("the web entry gives the same bytes where there is nothing of Node", async () => {
    const runner = join(ROOT, "test/package/worker-like.mjs");
    const args = [
      "--experimental-vm-modules",
      "--no-warnings",
      runner,
      join(project.installed, "dist"),
      join(ROOT, "fixtures/images/owl.jpg"),
    ];
    const { status, stdout, stderr } = await run(process.execPath, args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { results, fetched } = JSON.parse(stdout) as { results: string[]; fetched: string[] };
    expect(results).toEqual(
      plain.results.map(({ data }) => createHash("sha256").update(Buffer.from(data, "base64")).digest("hex")),
    );
    expect(fetched).toEqual(expect.arrayContaining(["jpeg_dec.wasm", "harfbuzz.wasm", "sans.ttf", "han-sans.ttf"]));
  });

  test("`opalens dev` serves the studio from there, with the engine's files that it was built with", async () => {
    const dev = await startDev(join(project.installed, "dist/cli/main.js"));
    try {
      const page = await (await fetch(dev.studio)).text();
      const assets = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => `${dev.studio}/${path}`);
      expect(assets.length).toBeGreaterThan(1);
      for (const url of assets) expect((await fetch(url)).status, url).toBe(200);
      const names = await namedEngineFiles(join(project.installed, "dist/studio/assets"));
      expect(names.length).toBe(WASM_NAMES.length + FONT_FILES.length);
      for (const name of names) {
        const response = await fetch(`${dev.studio}/${name}`);
        const hash = createHash("sha256").update(Buffer.from(await response.arrayBuffer()));
        expect([response.status, name.split("?")[1]], name).toEqual([200, hash.digest("hex").slice(0, 8)]);
        expect(response.headers.get("content-type"), name).toBe(name.includes(".wasm") ? "application/wasm" : "font/ttf");
      }
    } finally {
      await dev.stop();
    }
  });

  test.runIf(process.env["OPALENS_TEST_FULL"] === "1")("npm installs it from the tarball, command included", async () => {
    await writeFile(join(project.path, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }\n');
    const install = ["install", `./${packed.filename}`, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    const { status, stderr } = await run("npm", install, project.path);
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    const { stdout } = await run(join(project.path, "node_modules/.bin/opalens"), ["--version"], project.path);
    expect(stdout).toBe(`${ENGINE_VERSION}\n`);
    const again = await run(process.execPath, ["use.mjs", join(ROOT, "fixtures/images/owl.jpg")], project.path);
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(JSON.stringify({ plain, threads })));
  });
});

describe("the web entry", () => {
  test("imports nothing of Node, in no chunk", async () => {
    const scripts = packed.files.map(({ path }) => path).filter((path) => /^dist\/(lib\/index\.js|chunks\/web-)/.test(path));
    expect(scripts.length).toBeGreaterThan(4);
    for (const path of scripts) {
      const text = await readFile(join(project.installed, path), "utf8");
      const from = [...text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, specifier]) => specifier ?? "");
      expect(
        from.filter((specifier) => !specifier.startsWith("./") && !specifier.startsWith("../")),
        path,
      ).toEqual([]);
      expect(text, path).not.toMatch(/\brequire\(\s*["']/);
    }
  });
});

/** Every public name in use; each line after @ts-expect-error must be an error, so that nothing is `any`. */
const CONSUMER = (entry: string) => `
import { explain, parse, print, probe, transform, TransformError } from "${entry}";
import type { ErrorCode, Explanation, ExplainOptions, Limits, Plan, Probe, Request, Result, TransformOptions } from "${entry}";

export async function thumbnail(bytes: Uint8Array): Promise<Uint8Array> {
  const options: TransformOptions = { deadlineMs: 1000, limits: { maxPixels: 1e6 }, fetchObject: async () => undefined };
  const request: Request = "image/resize,w_200/format,webp";
  const result: Result = await transform(bytes, request, { deadlineMs: options.deadlineMs ?? 1, signal: new AbortController().signal });
  const size: number = result.width * result.height + result.frames + result.peakBytes;
  const stages: number[] = Object.values(result.timings);
  const source: Probe = await probe(bytes);
  const plan: Plan = parse("w=200");
  const more: ExplainOptions = { byteLength: bytes.length };
  const explanation: Explanation = explain(plan, source, more);
  const limits: Partial<Limits> = { maxBytes: 1 };
  console.log(size, stages, print(plan), explanation.canonical, explanation.memoryBytes, source.orientation, limits);
  return result.data;
}
export function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof TransformError ? error.code : undefined;
}
// @ts-expect-error: bytes, not a path
void transform("owl.jpg", "w=200");
// @ts-expect-error: no such option
void transform(new Uint8Array(), "w=200", { timeout: 1 });
// @ts-expect-error: a promise
export const data: Uint8Array = transform(new Uint8Array(), "w=200").data;
// @ts-expect-error: no such code
export const code: ErrorCode = "OOPS";
// @ts-expect-error: plans are read-only
parse("w=200").answer = "info";
`;

describe("the types", () => {
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--pretty", "false"];
  const node = ["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")];
  // biome-ignore format: one row per case
  test.each([
    ["opalens",      "nodenext for Node",          ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "es2022", ...node, "--skipLibCheck"]],
    ["opalens",      "bundler for browsers",       ["--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"]],
    ["opalens/node", "nodenext for Node",          ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "es2022", ...node, "--skipLibCheck"]],
    ["opalens/node", "bundler, every file checked", ["--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"]],
  ])("of %s serve a strict user: %s", async (entry, _name, more) => {
    await writeFile(join(project.path, "consumer.mts"), CONSUMER(entry));
    expect(await tsc(["consumer.mts", ...flags, ...more, "--ignoreConfig"], project.path)).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

test("the sources of the samples are the shipped ones", async () => {
  const shipped = await readFile(join(project.installed, "fixtures/images/owl.jpg"));
  expect(shipped.equals(await fixture("owl.jpg"))).toBe(true);
});
