#!/usr/bin/env node
/**
 * Time from a fresh process to the first answer: what a client waits for on a cold instance, without the platform's own share.
 *
 *   node test/bench/cold-start.mjs [--runs 20] [--node PATH] [--picture FILE] [--json]
 *
 * Copies dist/fc to a temporary folder and serves a tiny object store and write-back endpoint on loopback. Each run spawns a
 * process that requires the copy and hands `handler` one GetObject event (no initializer); the clock runs from the spawn to the
 * last byte of the write-back. Formats are interleaved and their order is reversed each round. "empty process" is a
 * process that does nothing, from its spawn to its end: the part that is Node's.
 * --runs N      runs of each row (20)
 * --node PATH   the binary that runs the function (this one)
 * --picture F   the original (fixtures/images/road.jpg, 1920x1080)
 * --json        the figures as JSON
 * Run after `npm run build`. Exits with 1 when an answer is not the picture that was asked for.
 */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { values } = readOptions();

/** Signature of each format at the start of an answer. */
const CASES = {
  jpeg: (body) => body.readUInt16BE(0) === 0xffd8,
  webp: (body) => body.toString("latin1", 8, 12) === "WEBP",
  avif: (body) => body.toString("latin1", 4, 12) === "ftypavif",
};
/** CommonJS of Node 12 and later. Node 16 and older are answered by callback, newer ones by the promise; both are taken. */
const CHILD = `
const handler = require(process.argv[1]).handler;
const context = { requestId: "bench", region: "cn-hangzhou", function: { memory: 2048, timeout: 60 },
  credentials: { accessKeyId: "STS.bench", accessKeySecret: "secret", securityToken: "token" } };
const failed = (error) => { if (error) { console.error(error); process.exitCode = 1; } };
const promise = handler(Buffer.from(process.argv[2]), context, failed);
if (promise) promise.catch(failed);
`;

const folder = mkdtempSync(join(tmpdir(), "opalens-cold-"));
const server = createServer(serve);
/** Gives the next write-back to whoever waits for it. */
let answered = () => undefined;
try {
  cpSync(join(ROOT, "dist/fc"), folder, { recursive: true });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  report(await measureAll());
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}

/** The presigned GET of the original, and the POST of the answer. */
function serve(request, response) {
  if (request.method === "GET") {
    const bytes = readFileSync(values.picture);
    response
      .writeHead(200, { "Content-Type": "image/jpeg", "Content-Length": bytes.length, ETag: '"0123456789ABCDEF"' })
      .end(bytes);
    return;
  }
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    answered({ at: performance.now(), status: request.headers["x-oss-fwd-status"], body: Buffer.concat(chunks) });
    response.end();
  });
}

async function measureAll() {
  const names = ["empty process", ...Object.keys(CASES)];
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await measure(name); // the file cache is warm from here on
  for (let round = 0; round < values.runs; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) times[name].push(await measure(name));
  }
  return times;
}

async function measure(name) {
  if (!(name in CASES))
    return timed(["-e", "0"], (child) => new Promise((resolve) => child.on("exit", () => resolve({ at: performance.now() }))));
  const { port } = server.address();
  const host = `127.0.0.1:${port}`;
  const event = {
    getObjectContext: {
      inputOssUrl: `http://${host}/bucket/original.jpg?Signature=x`,
      outputRoute: host,
      outputToken: "OSSV1#bench",
    },
    userRequest: {
      url: `http://bench/original.jpg?x-oss-process=image/resize,w_400/format,${name === "jpeg" ? "jpg" : name}`,
      headers: {},
    },
  };
  const waiting = new Promise((resolve) => (answered = resolve));
  return timed(
    ["-e", CHILD, join(folder, "index.js"), JSON.stringify(event)],
    () => waiting,
    ({ status, body }) => {
      if (status !== "200" || !CASES[name](body))
        throw new Error(`${name}: unexpected answer ${status} ${body.toString("latin1", 0, 300)}`);
    },
  );
}

/** Milliseconds from the spawn to what `until` gives; the process has ended when this settles. */
async function timed(args, until, check = () => undefined) {
  const began = performance.now();
  const env = { PATH: process.env.PATH, OPALENS_TRUSTED_HOSTS: "127.0.0.1" };
  const child = spawn(values.node, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`the process ended with ${code}`))));
  });
  const result = await Promise.race([until(child), ended.then(() => until(child))]);
  check(result);
  child.kill(); // an idle worker thread may keep it
  await ended.catch(() => undefined);
  return result.at - began;
}

function report(times) {
  const rows = Object.entries(times).map(([name, list]) => {
    const sorted = [...list].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    const medianMs = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
    return { name, medianMs, minMs: sorted[0], maxMs: sorted.at(-1) };
  });
  const version = execFileSync(values.node, ["--version"], { encoding: "utf8" }).trim();
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}`;
  if (values.json) {
    console.log(JSON.stringify({ node: version, machine, runs: values.runs, rows }, undefined, 2));
    return;
  }
  console.log(`Node ${version}, ${machine}; ${values.runs} runs each; ${basename(values.picture)}, resize,w_400\n`);
  console.log("spawn to answer".padEnd(16) + ["median ms", "min", "max"].map((title) => title.padStart(11)).join(""));
  for (const { name, medianMs, minMs, maxMs } of rows) {
    console.log(name.padEnd(16) + [medianMs, minMs, maxMs].map((ms) => ms.toFixed(0).padStart(11)).join(""));
  }
}

function readOptions() {
  const wrong = (message) => {
    console.error(`cold-start: ${message}`);
    process.exit(2);
  };
  let parsed;
  try {
    parsed = parseArgs({
      options: {
        runs: { type: "string", default: "20" },
        node: { type: "string", default: process.execPath },
        picture: { type: "string", default: join(ROOT, "fixtures/images/road.jpg") },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    wrong(`${error.message}; try --help`);
  }
  if (parsed.values.help) {
    const own = readFileSync(fileURLToPath(import.meta.url), "utf8");
    console.log(
      /\/\*\*\n([\s\S]*?)\*\//
        .exec(own)[1]
        .replace(/^ \* ?/gm, "")
        .trim(),
    );
    process.exit(0);
  }
  const runs = Number(parsed.values.runs);
  if (!(Number.isInteger(runs) && runs > 0)) wrong(`--runs: expected a count, got ${parsed.values.runs}`);
  if (!existsSync(join(ROOT, "dist/fc/index.js"))) wrong("there is no dist/fc/index.js; run `npm run build` first");
  if (!existsSync(parsed.values.picture)) wrong(`there is no ${parsed.values.picture}`);
  return { values: { ...parsed.values, runs } };
}
