import { createHash } from "node:crypto";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WASM_NAMES } from "../../src/core/wasm.ts";
import { probe } from "../../src/probe/index.ts";
import { findNode, NODE_VERSIONS } from "../support/nodes.ts";
import { type Color, decodeWithSharp, encodeWithSharp, type Pixels, paint, pixelAt, scene } from "../support/pictures.ts";
import {
  BUNDLE,
  copyFixture,
  type FunctionStack,
  faultyHqxModule,
  HQX_QUERY,
  problemOf,
  putObject,
  removeFolder,
  startFunction,
  temporaryFolder,
} from "./support.ts";

const FULL = process.env["OPALENS_TEST_FULL"] === "1";
/** One without SIMD, the first with it, the usual one, the newest. */
const DEFAULT = ["12.22.12", "16.20.2", "20.20.2", "24.21.0"];
const VERSIONS = FULL ? NODE_VERSIONS : NODE_VERSIONS.filter((version) => DEFAULT.includes(version));

const FOUR_SCRIPTS = encodeURIComponent("Hi Ω 你好 سلام 😀");
/** Path and the format and width that must come out. */
// biome-ignore format: one row per case
const PICTURES = [
  ["/example.jpg?w=210&format=webp",                                       "webp", 210],
  ["/alpha.webp?w=200&format=webp&q=70",                                   "webp", 200],
  ["/example.jpg?w=210&format=png",                                        "png",  210],
  ["/example.jpg?w=210&format=avif",                                       "avif", 210],
  ["/example.jpg?x-oss-process=image/resize,w_210",                        "jpeg", 210],
  ["/boxes.png?w=160&format=jpg",                                          "jpeg", 160],
  ["/paris.avif?w=120&format=png",                                         "png",  120],
  ["/example.jpg?w=300&wm=boxes.png&wm_w=40&wm_t=60&rotate=90&format=png", "png",  200],
  ["/example.webp!w_99",                                                   "webp", 99],
  ["/p3.png?format=png",                                                   "png",  8],
  ["/gray.jpg?w=160&format=png",                                           "png",  160],
  ["/spin.avif?w=120&format=png",                                          "png",  120],
  ["/deep.avif?w=80&format=png",                                           "png",  80],
  [`/example.jpg?wm_text=${FOUR_SCRIPTS}&wm_shadow=70&wm_rotate=25&wm_color=F0E030&format=png`, "png", 400],
  [`/example.jpg?w=300&wm_text=${FOUR_SCRIPTS}&wm_size=17&wm_fill=1&wm_t=50&wm=boxes.png&wm_w=9&format=webp`, "webp", 300],
  ["/example.jpg?x-oss-process=image/rotate,33/format,png",                "png",  481],
  ["/alpha.webp?x-oss-process=image/rotate,201/format,webp",               "webp", 1044],
  ["/example.jpg?x-oss-process=image/blur,r_20,s_10",                      "jpeg", 400],
  ["/boxes.png?blur=31.5",                                                 "png",  306],
  ["/example.jpg?x-oss-process=image/sharpen,150/format,png",              "png",  400],
  ["/example.jpg?x-oss-process=image/rounded-corners,r_60/format,png",     "png",  400],
  ["/example.jpg?x-oss-process=image/circle,r_100/format,webp",            "webp", 201],
  ["/boxes.png?pixelate=7&saturate=40&bright=-20&contrast=33",             "png",  306],
  ["/framed.png?trim=10&format=webp&lossless=1",                           "webp", 90],
  ["/example.jpg?w=150&format=bmp",                                        "bmp",  150],
  ["/boxes.png?w=150&format=bmp",                                          "bmp",  150],
  ["/example.jpg?w=150&format=tiff",                                       "tiff", 150],
  ["/scan.tif?w=100&format=png",                                           "png",  100],
  ["/scan.tif!w_90,f_tiff",                                                "tiff", 90],
  ["/boxes.png?format=webp&lossless=1",                                    "webp", 306],
  ["/example.jpg?w=130&format=avif&lossless=1",                            "avif", 130],
  ["/example.jpg?w=320&progressive=1&q=70",                                "jpeg", 320],
  ["/example.jpg?w=320&maxbytes=6000",                                     "jpeg", 320],
  ["/owl.jpg?w=200&meta=keep",                                             "jpeg", 200],
  ["/owl.jpg?w=200&meta=keep&format=png",                                  "png",  200],
  ["/owl.jpg?w=200&meta=keep&format=webp",                                 "webp", 200],
  ["/owl.jpg?w=200&meta=copyright&format=avif",                            "avif", 200],
  ["/example.jpg?x-oss-process=image/average-hue",                         "json", 0],
] as const;

let root = "";
/** A copy of dist/fc where no node_modules can be found. */
let bundle = "";
/** The same with a filter that never returns. */
let endless = "";
const results = new Map<string, ReadonlyMap<string, string>>();

beforeAll(async () => {
  root = await temporaryFolder();
  bundle = join(root, "function");
  endless = join(root, "endless");
  await cp(BUNDLE, bundle, { recursive: true });
  await cp(BUNDLE, endless, { recursive: true });
  await putObject(endless, "wasm/squooshhqx_bg.wasm", faultyHqxModule("endless"));
  const objects = join(root, "objects");
  for (const name of ["example.jpg", "boxes.png", "paris.avif", "p3.png", "spin.avif", "owl.jpg"])
    await copyFixture(objects, name);
  await copyFixture(objects, "lossy_alpha1.webp", "alpha.webp");
  await copyFixture(objects, "gray-gamma22.jpg", "gray.jpg");
  await putObject(objects, "framed.png", await encodeWithSharp(framed(120, 80, 15), "png"));
  const owl = () => sharp(join(objects, "owl.jpg")).resize(150);
  await putObject(objects, "scan.tif", await owl().tiff({ compression: "deflate", predictor: "horizontal" }).toBuffer());
  const deep = owl().toColourspace("rgb16").avif({ bitdepth: 10, effort: 0 });
  await putObject(objects, "deep.avif", await deep.toBuffer());
});
afterAll(() => removeFolder(root));

/** Decoded by libvips, but for BMP, which it does not know. */
async function kindOf(bytes: Uint8Array): Promise<{ readonly format: string; readonly width: number }> {
  const { format, width } = probe(bytes).format === "bmp" ? probe(bytes) : await decodeWithSharp(bytes);
  return { format, width };
}

/** A picture inside a frame of one color. */
function framed(width: number, height: number, frame: number): Pixels {
  const inner = scene(width - 2 * frame, height - 2 * frame);
  return paint(width, height, (x, y) => {
    const [u, v] = [x - frame, y - frame];
    const inside = u >= 0 && v >= 0 && u < inner.width && v < inner.height;
    return inside ? (pixelAt(inner, u, v) as unknown as Color) : [30, 90, 60, 255];
  });
}

describe.each(VERSIONS)("dist/fc alone on Node %s", (version) => {
  const stacks: FunctionStack[] = [];
  let execPath = "";
  const start = async (bundleDir: string, env: Record<string, string> = {}) => {
    const stack = await startFunction(join(root, "objects"), { bundleDir, execPath, env });
    stacks.push(stack);
    return stack;
  };
  afterAll(async () => {
    for (const stack of stacks) await stack.close();
  });

  test("makes every picture, and answers what is wrong", async ({ skip }) => {
    const found = await findNode(version);
    if ("missing" in found) return skip(found.missing);
    execPath = found.path;
    const stack = await start(bundle);
    const hashes = new Map<string, string>();
    for (const [path, format, width] of PICTURES) {
      const answer = await stack.get(path);
      const type = format === "json" ? "application/json" : `image/${format}`;
      expect([path, answer.status, answer.headers["content-type"]]).toEqual([path, 200, type]);
      if (format === "json") expect(answer.body.toString()).toMatch(/^\{"RGB": "0x[0-9a-f]{6}"\}$/);
      else expect([path, await kindOf(answer.body)]).toEqual([path, { format, width }]);
      hashes.set(path, createHash("sha256").update(answer.body).digest("hex"));
    }
    results.set(version, hashes);
    expect((await stack.get("/example.jpg")).body.length).toBe(21839);
    const etag = String((await stack.get("/example.jpg")).headers["etag"]);
    expect((await stack.get("/example.jpg?w=100", { "If-None-Match": "*", x: etag })).status).toBe(304);
    expect(problemOf(await stack.get("/example.jpg?w=0"))).toMatchObject({ code: "InvalidArgument" });
    const missing = await stack.get("/none.jpg");
    expect([missing.status, problemOf(missing).code]).toEqual([404, "NoSuchKey"]);
    expect(stack.stats()).toMatchObject({ accessPoint: { unanswered: 0 }, function: { failures: {}, coldStarts: 1 } });
    expect(stack.lines.filter((line) => !line.startsWith("{"))).toEqual([]); // no warning, no deprecation, nothing unhandled
  });

  test("stops an endless codec at the deadline, and serves the next request", async ({ skip }) => {
    if (execPath === "") return skip("see above");
    const stack = await start(endless, { OPALENS_DEADLINE_MS: "1500" });
    const answer = await stack.get(`/example.jpg?${HQX_QUERY}`);
    expect(answer.status).toBe(503);
    expect(await stack.lineOf(answer)).toMatchObject({ code: "TIMEOUT" });
    expect((await stack.get("/example.jpg?w=100&format=jpg")).status).toBe(200);
    expect(stack.stats()).toMatchObject({ accessPoint: { unanswered: 0 }, function: { failures: {}, coldStarts: 1 } });
  });
});

test("every Node gives the same bytes, with SIMD and without", ({ skip }) => {
  const [first, ...others] = [...results];
  if (first === undefined || others.length === 0) return skip("there is nothing to compare");
  for (const [path] of PICTURES) {
    const seen = [...results].map(([version, hashes]) => `${version} ${hashes.get(path)}`);
    const expected = [...results].map(([version]) => `${version} ${first[1].get(path)}`);
    expect([path, seen]).toEqual([path, expected]);
  }
});

describe("the folder", () => {
  const scripts = async () => {
    const names = await readdir(BUNDLE, { recursive: true });
    return names.filter((name) => name.endsWith(".js"));
  };

  test("holds everything: code, modules, its own package.json, notices and licence", async () => {
    const files = await readdir(BUNDLE, { recursive: true });
    for (const name of ["index.js", "worker.js", "package.json", "LICENSE", "THIRD-PARTY-NOTICES.txt"])
      expect(files).toContain(name);
    for (const name of WASM_NAMES) {
      expect(WebAssembly.validate(await readFile(join(BUNDLE, "wasm", `${name}.wasm`)))).toBe(true);
    }
    expect(JSON.parse(await readFile(join(BUNDLE, "package.json"), "utf8"))).toMatchObject({
      type: "commonjs",
      main: "index.js",
    });
    const notices = await readFile(join(BUNDLE, "THIRD-PARTY-NOTICES.txt"), "utf8");
    for (const name of ["ali-oss", "@jsquash/avif", "@jsquash/jpeg", "@jsquash/resize", "@jsquash/webp"]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d`, "m"));
    }
    expect(await readFile(join(BUNDLE, "LICENSE"), "utf8")).toContain("Apache License");
  });

  test("imports only its own files and modules of Node, without the node: scheme", async () => {
    const builtins = new Set([
      "http",
      "https",
      "fs",
      "path",
      "os",
      "url",
      "crypto",
      "worker_threads",
      "v8",
      "vm",
      "perf_hooks",
      "util",
      "module",
      "buffer",
      "stream",
      "events",
    ]);
    for (const name of await scripts()) {
      const text = await readFile(join(BUNDLE, name), "utf8");
      const { code } = await transform(text, { loader: "js", minifyWhitespace: true, legalComments: "none" }); // without comments
      const wanted = [...code.matchAll(/\b(?:require|import)\(\s*["']([^"']+)["']\s*\)/g)].map(([, target]) => target!);
      for (const target of wanted) {
        if (target.startsWith(".")) await readFile(join(BUNDLE, name, "..", target));
        else expect([name, builtins.has(target) ? "a module of Node" : target]).toEqual([name, "a module of Node"]);
      }
      expect(code).not.toMatch(/["']node:/);
    }
    expect((await scripts()).length).toBeGreaterThan(5);
  });

  test("is written in what Node 12 knows", async () => {
    for (const name of await scripts()) {
      const code = await readFile(join(BUNDLE, name), "utf8");
      // Printed once as it is and once for Node 12: newer syntax would make the second differ
      const print = async (target: string) => (await transform(code, { target, loader: "js", legalComments: "none" })).code;
      expect([name, (await print("node12")) === (await print("esnext"))]).toEqual([name, true]);
      expect(code).not.toMatch(/\.replaceAll\(|\.at\(-?\d|Object\.hasOwn\(|structuredClone\(|Promise\.any\(/);
    }
  });
});
