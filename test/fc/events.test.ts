/** Events written by hand, with everything secret known: who is read from, who is answered, what is logged. */
import { cp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createInstancePool } from "../../src/stack/instances.ts";
import { fixture } from "../support/library.ts";
import {
  BUNDLE,
  copyFixture,
  faultyHqxModule,
  HQX_QUERY,
  INSTANCE,
  pause,
  problemOf,
  putObject,
  removeFolder,
  startFunction,
  temporaryFolder,
} from "./support.ts";

const CREDENTIAL = { accessKeyId: "STS.knownid", accessKeySecret: "known-secret-key", securityToken: "KNOWN+STS/TOKEN==" };
const TOKEN = "OSSV1#known+token/=";
const SIGNATURE = "a25vd24tc2lnbmF0dXJl";

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}
/** Store and access point in one: gives the picture to every GET and takes every answer. */
const received: Received[] = [];
let server: Server;
let host = "";
let picture: Uint8Array;
/** What the write-back endpoint answers. */
let takes: number | "drop" = 200;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  picture = await fixture("example.jpg");
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks) });
      if (method === "GET") response.writeHead(200, { ETag: '"e"', "Content-Length": picture.length }).end(picture);
      else if (takes === "drop") request.socket.destroy();
      else response.writeHead(takes, { "x-oss-ec": "0002-00000001" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  received.length = 0;
  takes = 200;
  for (const close of closing.splice(0)) await close();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function startPool(env: Record<string, string> = { OPALENS_TRUSTED_HOSTS: "127.0.0.1" }) {
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const pool = createInstancePool({
    instanceScript: INSTANCE,
    bundleDir: BUNDLE,
    credential: CREDENTIAL,
    region: "cn-hangzhou",
    env,
    log,
  });
  closing.push(() => pool.close());
  const invoke = async (event: unknown) => {
    const text = typeof event === "string" ? event : JSON.stringify(event);
    const outcome = await pool.invoke(Buffer.from(text), "REQ1");
    await pause(30); // the log comes by a pipe of its own
    return { outcome, lines: [...lines] };
  };
  return { invoke };
}
const event = (context: object = {}, more: object = {}) => ({
  getObjectContext: {
    inputOssUrl: `http://${host}/a.jpg?Expires=9&OSSAccessKeyId=STS.x&Signature=${SIGNATURE}`,
    outputRoute: host,
    outputToken: TOKEN,
    ...context,
  },
  ...more,
});
function expectNothingSecret(texts: readonly string[]): void {
  for (const text of texts) {
    for (const secret of [
      CREDENTIAL.accessKeySecret,
      CREDENTIAL.accessKeyId,
      CREDENTIAL.securityToken,
      "known+token",
      SIGNATURE,
      "Signature=",
    ]) {
      expect(text).not.toContain(secret);
    }
  }
}

test("an event: one read of the presigned URL as it is, one answer, one line without a secret", async () => {
  const { outcome, lines } = await startPool().invoke(
    event({}, { userRequest: { url: "/a.jpg?w=50&format=png", headers: {} } }),
  );
  expect(outcome).toMatchObject({ ok: true, result: "200" });
  expect(received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET /a.jpg?Expires=9&OSSAccessKeyId=STS.x&Signature=${SIGNATURE}`,
    "POST /?x-oss-write-get-object-response",
  ]);
  const [read, answer] = received;
  expect(JSON.stringify(read!.headers)).not.toMatch(/STS|oss-/); // the role's credentials go to no one who did not ask for them
  expect(answer!.headers).toMatchObject({
    "x-oss-request-route": host,
    "x-oss-request-token": TOKEN,
    "x-oss-fwd-status": "200",
    "x-oss-fwd-header-content-type": "image/png",
    "x-oss-security-token": CREDENTIAL.securityToken,
    "content-length": String(answer!.body.length),
    authorization: expect.stringMatching(
      /^OSS4-HMAC-SHA256 Credential=STS\.knownid\/\d{8}\/cn-hangzhou\/oss\/aliyun_v4_request,Signature=[0-9a-f]{64}$/,
    ),
  });
  expect(answer!.headers).not.toHaveProperty("transfer-encoding");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ requestId: "REQ1", key: "a.jpg", status: 200, outcome: "transformed" });
  expectNothingSecret(lines);
});

describe("an event that is not to be trusted fails the invocation, and nothing is sent to anyone", () => {
  // biome-ignore format: one row per case
  test.each<[string, Record<string, string>, () => unknown]>([
    ["a route elsewhere",           { OPALENS_TRUSTED_HOSTS: "localhost,.example.com" }, () => event()],
    ["a route on loopback",         {},                                       () => event({ inputOssUrl: `https://b.oss-cn-hangzhou.aliyuncs.com/a.jpg?Signature=${SIGNATURE}` })],
    ["a source elsewhere",          {},                                       () => event({ outputRoute: "x-opap.oss-cn-hangzhou-internal.oss-object-process.aliyuncs.com" })],
    ["a user in the source",        { OPALENS_TRUSTED_HOSTS: "127.0.0.1" },   () => event({ inputOssUrl: `http://user@${host}/a.jpg?Signature=${SIGNATURE}` })],
    ["a header in the route",       { OPALENS_TRUSTED_HOSTS: "127.0.0.1" },   () => event({ outputRoute: `${host}\r\nX: y` })],
    ["a header in the token",       { OPALENS_TRUSTED_HOSTS: "127.0.0.1" },   () => event({ outputToken: `${TOKEN}\r\nx-oss-fwd-status: 200` })],
    ["a token beyond headers",      { OPALENS_TRUSTED_HOSTS: "127.0.0.1" },   () => event({ outputToken: `${TOKEN}\u0001日` })],
    ["no JSON",                     { OPALENS_TRUSTED_HOSTS: "127.0.0.1" },   () => "not JSON"],
    ["another trigger's event",     { OPALENS_TRUSTED_HOSTS: "127.0.0.1" },   () => ({ version: "v1", rawPath: "/a.jpg" })],
  ])("%s", async (name, env, make) => {
    const { outcome, lines } = await startPool(env).invoke(make());
    expect(outcome).toMatchObject({ ok: false, reason: "error" });
    expect(received.filter(({ method }) => method === "POST")).toEqual([]);
    if (name !== "a token beyond headers") expect(received).toEqual([]);
    const logged = lines.filter((line) => line.startsWith("{"));
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0]!)).toMatchObject({ requestId: "REQ1", outcome: expect.stringMatching(/^(refused|not-answered)$/) });
    expectNothingSecret([...lines, outcome.ok ? "" : outcome.message]);
  });
});

describe("an answer that is not taken", () => {
  test.each([[403], [500]])("refused with %i: not given a second time, logged without a secret", async (status) => {
    takes = status;
    const { outcome, lines } = await startPool().invoke(event());
    expect(outcome).toMatchObject({
      ok: false,
      reason: "error",
      message: expect.stringContaining(`refused: ${status} 0002-00000001`),
    });
    expect(received.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ outcome: "not-answered" });
    expectNothingSecret([...lines, outcome.ok ? "" : outcome.message]);
  });

  test("cut off after it was sent: the token is used, so it is not sent again", async () => {
    takes = "drop";
    const { outcome } = await startPool().invoke(event());
    expect(outcome.ok).toBe(false);
    expect(received.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});

describe("codecs that fail inside of the function", () => {
  let root = "";
  beforeAll(async () => {
    root = await temporaryFolder();
    await copyFixture(join(root, "objects"), "example.jpg");
  });
  afterAll(() => removeFolder(root));

  const start = async (name: string, change: (bundle: string) => Promise<void>) => {
    const bundleDir = join(root, name);
    await cp(BUNDLE, bundleDir, { recursive: true });
    await change(bundleDir);
    const stack = await startFunction(join(root, "objects"), { bundleDir, env: { OPALENS_DEADLINE_MS: "2000" } });
    closing.push(() => stack.close());
    return stack;
  };
  const put = (kind: "endless" | "outOfMemory" | "trap") => (bundle: string) =>
    putObject(bundle, "wasm/squooshhqx_bg.wasm", faultyHqxModule(kind));

  // biome-ignore format: one row per case
  test.each<[string, (bundle: string) => Promise<void>, number, string, string]>([
    ["out of memory",        put("outOfMemory"),                                                400, "ImageTooLarge",      "SOURCE_TOO_LARGE"],
    ["a trap",               put("trap"),                                                       500, "InternalError",      "INTERNAL"],
    ["endless",              put("endless"),                                                    503, "ServiceUnavailable", "TIMEOUT"],
    ["a module that is gone", (bundle) => rm(join(bundle, "wasm/squooshhqx_bg.wasm")),         500, "InternalError",      "INTERNAL"],
    ["a module that is damaged", (bundle) => putObject(bundle, "wasm/squooshhqx_bg.wasm", "x"), 500, "InternalError",     "INTERNAL"],
  ])("%s: answered once, and the next request is served by the same instance", async (name, change, status, code, logged) => {
    const stack = await start(name.replace(/ /g, "-"), change);
    for (let times = 0; times < 2; times++) {
      const answer = await stack.get(`/example.jpg?${HQX_QUERY}`);
      expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
      expect(await stack.lineOf(answer)).toMatchObject({ status, code: logged });
      expect((await stack.get("/example.jpg?w=50&format=webp")).status).toBe(200);
    }
    expect(stack.stats()).toMatchObject({ accessPoint: { unanswered: 0 }, function: { coldStarts: 1, failures: {} } });
  });

  test("frozen between invocations, as in the cloud", async () => {
    const stack = await startFunction(join(root, "objects"), { freeze: true });
    closing.push(() => stack.close());
    for (const width of [40, 41, 42]) {
      expect((await stack.get(`/example.jpg?w=${width}`)).status).toBe(200);
      await pause(200);
    }
    expect(stack.stats()).toMatchObject({ accessPoint: { unanswered: 0 }, function: { coldStarts: 1 } });
  });
});
