/** Tiny functions in place of the real bundle, and the harness compiled as the build does it. */
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

/** Compiles src/stack/instance.ts to one CommonJS file and gives its path. */
export async function buildHarness(folder: string): Promise<string> {
  const outfile = join(folder, "instance.cjs");
  await build({
    entryPoints: [new URL("../../src/stack/instance.ts", import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node12",
    logLevel: "error",
  });
  return outfile;
}

/** Writes a bundle whose index.js is TOOLS and then `source`; gives its folder. */
export async function writeBundle(folder: string, source: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "index.js"), `${TOOLS}\n${source}`);
  return folder;
}

// Written for Node 12 and without anything from src/: a second opinion about signing and about the protocol
const TOOLS = `
"use strict";
const http = require("http");
const crypto = require("crypto");
const OSS_PATH = ${JSON.stringify(createRequire(import.meta.url).resolve("ali-oss"))};

function call(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options || {}, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

function writeBackHeaders(context, input, status, headers) {
  const all = {
    "x-oss-request-route": input.outputRoute,
    "x-oss-request-token": input.outputToken,
    "x-oss-fwd-status": String(status),
    "x-oss-security-token": context.credentials.securityToken,
    "x-oss-date": new Date().toUTCString(),
  };
  for (const name of Object.keys(headers)) all["x-oss-fwd-header-" + name] = headers[name];
  const lower = Object.keys(all).map((name) => [name.toLowerCase(), all[name]]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const text = "POST\\n\\n\\n" + all["x-oss-date"] + "\\n" + lower.map((pair) => pair.join(":") + "\\n").join("") + "/?x-oss-write-get-object-response";
  const signature = crypto.createHmac("sha1", context.credentials.accessKeySecret).update(text).digest("base64");
  return Object.assign(all, { Authorization: "OSS " + context.credentials.accessKeyId + ":" + signature });
}

function writeBack(context, input, status, headers, body, more) {
  const all = Object.assign({ "Content-Length": Buffer.byteLength(body) }, writeBackHeaders(context, input, status, headers), more);
  return call("http://" + input.outputRoute + "/?x-oss-write-get-object-response", { method: "POST", headers: all }, body);
}
`;

/** Answers with what it was told: the event's visible parts, the original, and facts about the instance. */
export const ECHO = `
let count = 0;
exports.handler = async (event, context) => {
  const parsed = JSON.parse(event.toString());
  const input = parsed.getObjectContext;
  const original = await call(input.inputOssUrl);
  const url = new URL(input.inputOssUrl);
  const facts = {
    keys: Object.keys(parsed).sort(), userRequest: parsed.userRequest, inputPath: decodeURIComponent(url.pathname),
    process: url.searchParams.get("x-oss-process"), status: original.status, original: original.body.toString(),
    pid: process.pid, count: ++count, env: process.env, context: Object.assign({}, context, { logger: Object.keys(context.logger) }),
  };
  context.logger.info("served", count);
  await writeBack(context, input, 200, { "Content-Type": "application/json", ETag: '"e1"', "Cache-Control": "max-age=60" }, JSON.stringify(facts));
  return "done";
};
`;
