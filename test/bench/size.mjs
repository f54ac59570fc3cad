#!/usr/bin/env node
/**
 * Byte budgets of what is deployed and of what a browser loads. Run after `npm run build`.
 *
 *   node test/bench/size.mjs [--zip FILE] [--json]
 *
 * Prints the zip of dist/fc as it is uploaded (a real zip, made here, deflate level 9), then every wasm file and every chunk
 * of JavaScript, raw and gzipped. Exits with 1 where a budget is exceeded, a file has no budget or a budget has no file.
 * --zip FILE  also writes that zip, for `unzip -t` or an upload by hand.
 * --json      the figures as JSON.
 *
 * Budgets are the figures of 0.1.0 plus about 10 %: room for a fix, not for a second codec.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync, gzipSync } from "node:zlib";
import { initialScripts } from "./initial-scripts.mjs";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const STUDIO = join(DIST, "studio");
const KIB = 1024;

/** What a cold instance fetches; Function Compute itself takes 100 MB through its API. */
const ZIP_BUDGET = 13 * 1024 * KIB;
/** The same without the Chinese fonts, which a deployment may leave out: they are two thirds of it. */
const LEAN_ZIP_BUDGET = 4096 * KIB;
const CHINESE_FONT = /^fonts\/han-.*\.ttf$/;
/** All of dist/fc, unpacked: what an instance reads at most, as codecs and fonts are read on first use. */
const UNPACKED_BUDGET = 24 * 1024 * KIB;

/** Our own kernels, each with SIMD and without: raw KiB of either. */
const KERNEL_BUDGETS = { effects: 12, jpeg_dec: 24, jpeg_enc: 24, pixels: 12, png: 32, resize: 12, vp8: 28 };

/** Raw KiB. The same files lie in dist/fc/wasm and dist/wasm. */
const WASM_BUDGETS = {
  "avif_dec.wasm": 1260,
  "avif_enc.wasm": 3750, // half of the zip: libaom's encoder, one thread
  "harfbuzz.wasm": 478, // loaded for texts alone
  "jsquash_magic_kernel_bg.wasm": 24, // loaded for that filter alone
  "lcms.wasm": 340, // loaded for pictures that are not sRGB alone
  "mozjpeg_dec.wasm": 180, // loaded for TIFF with JPEG inside alone
  "mozjpeg_enc.wasm": 272, // loaded for effort=small alone
  "squooshhqx_bg.wasm": 144, // loaded for that filter alone
  "webp_dec.wasm": 150,
  "webp_enc.wasm": 304,
  "webp_enc_simd.wasm": 372,
  ...Object.fromEntries(
    Object.entries(KERNEL_BUDGETS).flatMap(([name, budget]) => [
      [`${name}.wasm`, budget],
      [`${name}_scalar.wasm`, budget],
    ]),
  ),
};

/** Gzipped KiB of JavaScript by its path below dist; a `*` stands for one codec. */
const SCRIPT_BUDGETS = {
  "fc/index.js": 24,
  "fc/worker.js": 2,
  "fc/chunks/engine.js": 72,
  "fc/chunks/text.js": 20, // loaded for texts alone
  "fc/chunks/signUtils.js": 36, // ali-oss's signer with what it needs
  "fc/chunks/*.js": 14,
  "lib/index.js": 2,
  "chunks/web-index.js": 74, // all a browser loads before the first codec
  "lib/index-node.js": 2,
  "lib/node.js": 6,
  "lib/worker.js": 2,
  "chunks/*.js": 72,
  "cli/main.js": 48,
  "stack/instance.cjs": 4,
};

/**
 * Gzipped KiB of the studio: 150 kB for all that it needs before the first picture, which is the page's script and the worker's
 * with everything that these import statically. What they load later (scripts, no codecs: those are wasm) is counted apart.
 */
const STUDIO_BUDGETS = { initial: 150_000 / KIB, later: 72, styles: 16 };

const options = process.argv.slice(2);
if (options.includes("--help") || options.includes("-h")) {
  console.log(
    /\/\*\*\n([\s\S]*?)\*\//
      .exec(readFileSync(fileURLToPath(import.meta.url), "utf8"))[1]
      .replace(/^ \* ?/gm, "")
      .trim(),
  );
  process.exit(0);
}
const zipAt = options.indexOf("--zip");
const unknown = options.filter((option, i) => option !== "--json" && option !== "--zip" && (zipAt < 0 || i !== zipAt + 1));
if (unknown.length > 0 || (zipAt >= 0 && options[zipAt + 1] === undefined)) {
  console.error(`size: unknown or incomplete option ${unknown[0] ?? "--zip"}; try --help`);
  process.exit(2);
}
if (!existsSync(join(DIST, "fc/index.js"))) {
  console.error("size: there is no dist/fc/index.js; run `npm run build` first");
  process.exit(2);
}

const rows = [...packageRows(), ...wasmRows(), ...scriptRows(), ...studioRows()];
const faults = rows.filter(({ over }) => over !== undefined);
if (options.includes("--json")) console.log(JSON.stringify(rows, undefined, 2));
else printTable(rows);
for (const { name, over } of faults) console.error(`over budget: ${name}: ${over}`);
process.exitCode = faults.length > 0 ? 1 : 0;

function packageRows() {
  const files = filesBelow(join(DIST, "fc"));
  const entries = files.map((path) => ({
    name: relative(join(DIST, "fc"), path).split(sep).join("/"),
    bytes: readFileSync(path),
  }));
  const zip = makeZip(entries);
  const lean = makeZip(entries.filter(({ name }) => !CHINESE_FONT.test(name)));
  if (zipAt >= 0) writeFileSync(options[zipAt + 1], zip);
  const raw = files.reduce((sum, path) => sum + readFileSync(path).length, 0);
  return [
    row({ name: "dist/fc as zip", raw, packed: zip.length, budget: ZIP_BUDGET, counted: zip.length }),
    row({ name: "  without Chinese fonts", packed: lean.length, budget: LEAN_ZIP_BUDGET, counted: lean.length }),
    row({ name: "dist/fc unpacked", raw, budget: UNPACKED_BUDGET, counted: raw }),
  ];
}

function wasmRows() {
  const found = filesBelow(join(DIST, "fc/wasm"));
  const missing = Object.keys(WASM_BUDGETS).filter((name) => !found.some((path) => basename(path) === name));
  return [
    ...found.map((path) => {
      const bytes = readFileSync(path);
      const budget = WASM_BUDGETS[basename(path)];
      return row({
        name: basename(path),
        raw: bytes.length,
        packed: gzip(bytes),
        budget: budget && budget * KIB,
        counted: bytes.length,
      });
    }),
    ...missing.map((name) => ({ name, over: "has a budget and is not built" })),
  ];
}

function scriptRows() {
  const scripts = filesBelow(DIST).filter((path) => /\.c?js$/.test(path) && !path.startsWith(STUDIO));
  return scripts.map((path) => {
    const name = relative(DIST, path).split(sep).join("/");
    const budget = SCRIPT_BUDGETS[name] ?? SCRIPT_BUDGETS[name.replace(/[^/]+\.js$/, "*.js")];
    const bytes = readFileSync(path);
    const packed = gzip(bytes);
    return row({ name, raw: bytes.length, packed, budget: budget && budget * KIB, counted: packed });
  });
}

function studioRows() {
  if (!existsSync(join(STUDIO, "index.html"))) return [{ name: "studio", over: "has a budget and is not built" }];
  const initial = initialScripts(STUDIO);
  const files = filesBelow(join(STUDIO, "assets"));
  const sumRow = (name, paths, budget) => {
    const raw = paths.reduce((sum, path) => sum + readFileSync(path).length, 0);
    const packed = paths.reduce((sum, path) => sum + gzip(readFileSync(path)), 0);
    return row({ name, raw, packed, budget: budget * KIB, counted: packed });
  };
  const later = files.filter((path) => path.endsWith(".js") && !initial.includes(path));
  const styles = files.filter((path) => path.endsWith(".css"));
  return [
    sumRow("studio: initial scripts", initial, STUDIO_BUDGETS.initial),
    sumRow("studio: styles", styles, STUDIO_BUDGETS.styles),
    ...later.map((path) => sumRow(`studio/assets/${basename(path)}`, [path], STUDIO_BUDGETS.later)),
  ];
}

function row({ counted, ...rest }) {
  const { budget } = rest;
  if (budget === undefined) return { ...rest, over: "has no budget" };
  return counted > budget ? { ...rest, over: `${kib(counted)} KiB of ${kib(budget)}` } : rest;
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function gzip(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

/** PKWARE APPNOTE 6.3: local headers with data, central directory, end record. Names are ASCII, all below 4 GiB. */
function makeZip(entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const data = deflateRawSync(bytes, { level: 9 });
    // Version 2.0, no flags, deflate, 1980-01-01 00:00: equal contents give equal zips
    const common = [
      u16(20),
      u16(0),
      u16(8),
      u16(0),
      u16(0x21),
      u32(crc32(bytes)),
      u32(data.length),
      u32(bytes.length),
      u16(name.length),
      u16(0),
    ];
    const local = Buffer.concat([u32(0x04034b50), ...common, Buffer.from(name), data]);
    // Made by Unix, version 2.0; external attributes: a regular file, rw-r--r--
    const attributes = [u16(0), u16(0), u16(0), u32((0o100644 << 16) >>> 0), u32(offset)];
    directory.push(Buffer.concat([u32(0x02014b50), u16(0x0314), ...common, ...attributes, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const counts = [u16(0), u16(0), u16(entries.length), u16(entries.length), u32(central.length), u32(offset), u16(0)];
  return Buffer.concat([...parts, central, u32(0x06054b50), ...counts]);
}
function u16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
/** IEEE 802.3, reflected; zlib.crc32 came with Node 22. */
function crc32(bytes) {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255];
  return ~crc >>> 0;
}

function kib(bytes) {
  return bytes === undefined ? "" : (bytes / KIB).toFixed(1);
}
function printTable(all) {
  const lines = [["", "raw KiB", "packed KiB", "budget KiB", ""], ...all.map(cells)];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...lines.map((line) => line[i].length)));
  for (const line of lines) {
    console.log(
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : i < 4 ? cell.padStart(widths[i]) : cell))
        .join("  ")
        .trimEnd(),
    );
  }
}
function cells({ name, raw, packed, budget, over }) {
  return [name, kib(raw), kib(packed), kib(budget), over === undefined ? "" : "OVER"];
}
