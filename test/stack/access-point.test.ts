import { mkdir, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Stack, type StackOptions, startStack } from "../../src/stack/index.ts";
import { buildHarness, ECHO, writeBundle } from "./bundles.ts";
import { createCleanup, createSignal, errorCode, OSS, type RawAnswer, send, temporaryFolder } from "./support.ts";

const suite = createCleanup();
const cleanup = createCleanup();
let folder = "";
let instanceScript = "";
let bundles = 0;

beforeAll(async () => {
  const temporary = await temporaryFolder();
  suite.add(temporary.remove);
  folder = temporary.path;
  instanceScript = await buildHarness(folder);
  for (const key of ["a.jpg", "ä ö/日本 & (1)+!*'%.jpg", "opalens-local/a.jpg"]) {
    await mkdir(dirname(join(folder, "objects", key)), { recursive: true });
    await writeFile(join(folder, "objects", key), `bytes of ${key}`);
  }
});
afterAll(() => suite.run());
afterEach(() => cleanup.run());

async function start(source: string, options: Partial<StackOptions> = {}): Promise<Stack & { lines: string[] }> {
  const bundleDir = await writeBundle(join(folder, `bundle-${bundles++}`), source);
  const lines: string[] = [];
  const log = (line: string) => {
    lines.push(line);
    options.log?.(line);
  };
  const stack = await startStack({ root: join(folder, "objects"), bundleDir, instanceScript, ...options, log });
  cleanup.add(() => stack.close());
  return Object.assign(stack, { lines });
}

/** A function made of the body given; it has event, context, input and the tools of bundles.ts. */
const handler = (body: string) =>
  `exports.handler = async (event, context) => { const input = JSON.parse(event.toString()).getObjectContext; ${body} };`;
const facts = (answer: RawAnswer) => JSON.parse(answer.body.toString()) as Record<string, unknown>;

describe("access point: the user's query", () => {
  const path = "/a.jpg?x-oss-process=image/resize,w_200&w=1&utm=%26x&Signature=theirs&security-token=theirs";

  test("reaches the function in userRequest", async () => {
    const stack = await start(ECHO);
    const answer = await send(stack.urls.accessPoint + path, { headers: { "If-None-Match": '"x"', "X-Thing": "1" } });
    expect(answer).toMatchObject({
      status: 200,
      headers: { etag: '"e1"', "cache-control": "max-age=60", "content-type": "application/json" },
    });
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
    const result = facts(answer) as { userRequest: { url: string; headers: Record<string, string> } };
    expect(result).toMatchObject({
      keys: ["getObjectContext", "userRequest"],
      status: 200,
      original: "bytes of a.jpg",
      process: null,
    });
    expect(result.userRequest.url).toBe(stack.urls.accessPoint + path);
    expect(result.userRequest.headers).toMatchObject({ "If-None-Match": '"x"', "X-Thing": "1" });
    expect(result.userRequest.headers).not.toHaveProperty("Connection");
  });

  test("or as part of the presigned URL, signed with it", async () => {
    const stack = await start(ECHO, { forwardQuery: "inputUrl" });
    const result = facts(await send(stack.urls.accessPoint + path));
    expect(result).toMatchObject({
      keys: ["getObjectContext"],
      status: 200,
      original: "bytes of a.jpg",
      process: "image/resize,w_200",
    });
  });

  test("or not at all", async () => {
    const stack = await start(ECHO, { forwardQuery: "none" });
    expect(facts(await send(stack.urls.accessPoint + path))).toMatchObject({
      keys: ["getObjectContext"],
      status: 200,
      process: null,
    });
  });
});

test.each(["ä ö/日本 & (1)+!*'%.jpg", "opalens-local/a.jpg"])(
  "access point: %s arrives as the path of the presigned URL",
  async (key) => {
    const stack = await start(ECHO);
    const result = facts(await send(`${stack.urls.accessPoint}/${encodeURI(key).replace("%25", "%25").replace("&", "%26")}`));
    expect(result).toMatchObject({ inputPath: `/${key}`, status: 200, original: `bytes of ${key}` });
  },
);

test("access point: a missing object is the function's business", async () => {
  const stack = await start(ECHO);
  expect(facts(await send(`${stack.urls.accessPoint}/none.jpg`))).toMatchObject({ status: 404 });
});

test("stack: the function finds the bucket in its environment, and ali-oss reads with its role", async () => {
  const stack = await start(
    handler(`
      const OSS = require(OSS_PATH);
      const { accessKeyId, accessKeySecret, securityToken } = context.credentials;
      const common = { accessKeyId, accessKeySecret, stsToken: securityToken, refreshSTSTokenInterval: 1e9, region: "oss-" + process.env.OPALENS_OSS_REGION, authorizationV4: true };
      const bucket = new OSS({ ...common, endpoint: process.env.OPALENS_OSS_ENDPOINT, bucket: process.env.OPALENS_OSS_BUCKET });
      const other = (await bucket.get("opalens-local/a.jpg")).content;
      const client = new OSS({ ...common, endpoint: "http://" + input.outputRoute });
      const headers = { "x-oss-request-route": input.outputRoute, "x-oss-request-token": input.outputToken, "x-oss-fwd-status": "200", "x-oss-fwd-header-Content-Type": "image/webp" };
      await client.request({ method: "POST", subres: "x-oss-write-get-object-response", headers, content: other, successStatuses: [200] });
    `),
  );
  const answer = await send(`${stack.urls.accessPoint}/a.jpg`);
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "image/webp" } });
  expect(answer.body.toString()).toBe("bytes of opalens-local/a.jpg");
});

// biome-ignore format: one row per case
test.each([
  ["returns without an answer",       "return 1;"],
  ["throws",                          'throw new Error("secret text");'],
  ["times out",                       "await new Promise(() => setInterval(() => 0, 1000));"],
  ["exits",                           "process.exit(1);"],
  ["answers after it has returned",   'setTimeout(async () => console.log("late " + (await writeBack(context, input, 200, {}, "late")).status), 300);'],
])("access point: a function that %s gives an error document", async (_name, body) => {
  const late = createSignal<string>();
  const stack = await start(handler(body), { functionTimeoutSeconds: 0.4, log: (line) => line.startsWith("late") && late.fire(line) });
  const answer = await send(`${stack.urls.accessPoint}/a.jpg`);
  expect(answer).toMatchObject({ status: 500, headers: { "content-type": "application/xml", "cache-control": "no-store" } });
  expect(errorCode(answer)).toBe("FunctionFailed");
  expect(answer.body.toString()).not.toContain("secret");
  expect(stack.stats().accessPoint).toEqual({ requests: 1, unanswered: 1 });
  if (body.startsWith("setTimeout")) expect(await late.promise).toBe("late 403");
});

test("access point: a token is good for one answer, which a second one does not touch", async () => {
  const seen = createSignal<string>();
  const stack = await start(
    handler(`
      const first = writeBack(context, input, 200, { ETag: '"1"' }, "x".repeat(3000000));
      const both = await Promise.all([first, writeBack(context, input, 404, {}, "second")]);
      const third = await writeBack(context, input, 200, {}, "third");
      console.log("statuses " + [...both, third].map(({ status }) => status).sort());
    `),
    { log: (line) => line.startsWith("statuses") && seen.fire(line) },
  );
  const answer = await send(`${stack.urls.accessPoint}/a.jpg`);
  expect(["x".repeat(3_000_000), "second"]).toContain(answer.body.toString());
  expect(answer.status).toBe(answer.body.length > 10 ? 200 : 404);
  expect(await seen.promise).toBe("statuses 200,403,403");
});

// biome-ignore format: one row per case
test.each([
  ["an undocumented header",     400, 'writeBack(context, input, 200, { Vary: "Accept" }, "x")'],
  ["an undocumented status",     400, 'writeBack(context, input, 429, {}, "x")'],
  ["a wrong route",              400, 'writeBack(context, Object.assign({}, input, { outputRoute: input.outputRoute.replace("127.0.0.1", "localhost") }), 200, {}, "x")'],
  ["an unknown token",           403, 'writeBack(context, Object.assign({}, input, { outputToken: "OSSV1#x" }), 200, {}, "x")'],
  ["a wrong signature",          403, 'writeBack({ credentials: Object.assign({}, context.credentials, { accessKeySecret: "x" }) }, input, 200, {}, "x")'],
  ["no signature",               403, 'writeBack(context, input, 200, {}, "x", { Authorization: "" })'],
  ["no Content-Length",          411, 'writeBack(context, input, 200, {}, "x", { "Content-Length": undefined, "Transfer-Encoding": "chunked" })'],
])("access point: refuses %s and takes the right answer afterwards", async (_name, status, call) => {
  const headers = 'for (const k of Object.keys(h)) if (h[k] === undefined || h[k] === "") delete h[k];';
  const source = handler(`const refused = await ${call}; await writeBack(context, input, 400, { "Content-Type": "text/plain" }, String(refused.status));`);
  const stack = await start(source.replace("exports.handler", `const plain = http.request; http.request = (u, o, c) => { const h = o && o.headers; if (h) { ${headers} } return plain(u, o, c); };\nexports.handler`));
  const answer = await send(`${stack.urls.accessPoint}/a.jpg`);
  expect(answer).toMatchObject({ status: 400, headers: { "content-type": "text/plain" } });
  expect(answer.body.toString()).toBe(String(status));
});

test("access point: 304 goes out without a body", async () => {
  const stack = await start(handler(`await writeBack(context, input, 304, { ETag: '"1"' }, "");`));
  const answer = await send(`${stack.urls.accessPoint}/a.jpg`);
  expect(answer).toMatchObject({ status: 304, headers: { etag: '"1"' } });
  expect(answer.body).toHaveLength(0);
});

test("access point: an instance that dies in mid-body cuts the client off", async () => {
  const stack = await start(
    handler(`
      const headers = Object.assign({ "Content-Length": 1000000 }, writeBackHeaders(context, input, 200, {}));
      const request = http.request("http://" + input.outputRoute + "/?x-oss-write-get-object-response", { method: "POST", headers });
      request.write(Buffer.alloc(100000), () => setTimeout(() => process.exit(1), 100));
      await new Promise(() => 0);
    `),
  );
  await expect(send(`${stack.urls.accessPoint}/a.jpg`)).rejects.toThrow(/aborted|hang up/);
});

test("access point: a client that leaves does not disturb the function or the next client", async () => {
  const started = createSignal();
  const seen = createSignal<string>();
  const stack = await start(
    handler(`
      if (!input.inputOssUrl.includes("leave")) return writeBack(context, input, 200, {}, "next");
      console.log("started");
      await new Promise((resolve) => setTimeout(resolve, 200));
      console.log("answered " + (await writeBack(context, input, 200, {}, Buffer.alloc(5000000))).status);
    `),
    { maxInstances: 1, log: (line) => (line === "started" ? started.fire() : line.startsWith("answered") && seen.fire(line)) },
  );
  const request = httpRequest(`${stack.urls.accessPoint}/leave`);
  request.on("error", () => undefined);
  request.end();
  await started.promise;
  request.destroy();
  expect(await seen.promise).toBe("answered 200");
  expect((await send(`${stack.urls.accessPoint}/a.jpg`)).body.toString()).toBe("next");
});

test("access point: takes GET of keys only", async () => {
  const stack = await start(ECHO);
  for (const method of ["HEAD", "PUT", "POST", "DELETE"]) {
    const answer = await send(`${stack.urls.accessPoint}/a.jpg`, { method });
    expect(answer.status).toBe(405);
    if (method !== "HEAD") expect(errorCode(answer)).toBe("MethodNotAllowed");
  }
  expect((await send(stack.urls.accessPoint)).status).toBe(405);
  expect(errorCode(await send(`${stack.urls.accessPoint}/%zz`))).toBe("InvalidURI");
});

test("stack: ali-oss puts, the edge serves, warm and cached", async () => {
  // One instance: it may still be returning from the first call when the answer is here, and a second would be started
  const stack = await start(ECHO, { maxInstances: 1 });
  const oss = new OSS({ ...stack.credentials, bucket: stack.bucket, endpoint: stack.urls.store, region: "oss-cn-hangzhou" });
  await oss.put("new.jpg", Buffer.from("new"));
  const first = await send(`${stack.urls.edge}/new.jpg?w=1`);
  const second = await send(`${stack.urls.edge}/new.jpg?w=1`);
  const other = await send(`${stack.urls.edge}/new.jpg?w=2`);
  expect([first, second, other].map(({ headers }) => headers["x-cache"])).toEqual(["MISS", "HIT", "MISS"]);
  expect(facts(first)).toMatchObject({ original: "new", count: 1 });
  expect(facts(other)).toMatchObject({ count: 2, pid: facts(first)["pid"] });
  expect(stack.stats()).toMatchObject({
    function: { coldStarts: 1, invocations: 2 },
    edge: { hits: 1, misses: 2 },
    accessPoint: { requests: 2, unanswered: 0 },
  });
});

test("stack: a port that is taken leaves nothing open", async () => {
  const stack = await start(ECHO);
  const port = Number(new URL(stack.urls.edge).port);
  await expect(start(ECHO, { edgePort: port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
