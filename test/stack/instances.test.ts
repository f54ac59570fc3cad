import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createInstancePool, type InstancePool, type PoolOptions } from "../../src/stack/instances.ts";
import { findNode } from "../support/nodes.ts";
import { buildHarness, writeBundle } from "./bundles.ts";
import { createCleanup, createSignal, ROLE, temporaryFolder } from "./support.ts";

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
});
afterAll(() => suite.run());
afterEach(() => cleanup.run());

async function createPool(source: string, options: Partial<PoolOptions> = {}): Promise<InstancePool & { lines: string[] }> {
  const bundleDir = await writeBundle(`${folder}/bundle-${bundles++}`, source);
  const lines: string[] = [];
  const log = (line: string) => {
    lines.push(line);
    options.log?.(line);
  };
  const pool = createInstancePool({ instanceScript, bundleDir, credential: ROLE, region: "cn-hangzhou", ...options, log });
  cleanup.add(() => pool.close());
  return Object.assign(pool, { lines });
}
const event = (value: unknown = {}) => Buffer.from(JSON.stringify(value));
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const COUNTER = `
let count = 0, initialized = 0;
exports.initializer = (context, callback) => { initialized++; setTimeout(() => callback(null, ""), 20); };
exports.handler = async (event, context) => {
  const { waitMs } = JSON.parse(event.toString());
  if (waitMs) await new Promise((resolve) => setTimeout(resolve, waitMs));
  return { pid: process.pid, count: ++count, initialized, requestId: context.requestId };
};
`;
const parse = (outcome: unknown) => JSON.parse((outcome as { result: string }).result) as Record<string, unknown>;

test("instances: the second invocation finds the same warm instance", async () => {
  const pool = await createPool(COUNTER);
  const first = await pool.invoke(event(), "R1");
  const second = await pool.invoke(event(), "R2");
  expect(first).toMatchObject({ ok: true, coldStart: true });
  expect(first).toHaveProperty("initMs", expect.any(Number));
  expect((first as { initMs: number }).initMs).toBeGreaterThanOrEqual(15);
  expect(second).toMatchObject({ ok: true, coldStart: false, initMs: 0 });
  expect(parse(first)).toMatchObject({ count: 1, initialized: 1, requestId: "R1" });
  expect(parse(second)).toMatchObject({ count: 2, initialized: 1, requestId: "R2", pid: parse(first)["pid"] });
  expect(pool.stats()).toMatchObject({ instances: 1, coldStarts: 1, invocations: 2, failures: {} });
});

test("instances: one invocation at a time each, new ones up to the limit, then a queue in order", async () => {
  const pool = await createPool(COUNTER, { maxInstances: 2, maxQueue: 2 });
  const finished: string[] = [];
  const invoke = async (name: string) => {
    const outcome = await pool.invoke(event({ waitMs: 100 }), name);
    finished.push(name);
    return outcome;
  };
  const outcomes = await Promise.all(["a", "b", "c", "d", "e"].map(invoke));
  expect(outcomes[4]).toMatchObject({ ok: false, reason: "throttled" });
  expect(finished[0]).toBe("e"); // refused at once
  expect(new Set(outcomes.slice(0, 4).map((outcome) => parse(outcome)["pid"])).size).toBe(2);
  expect(pool.stats()).toMatchObject({ instances: 2, coldStarts: 2, failures: { throttled: 1 } });
});

test("instances: an idle one runs preStop and ends", async () => {
  const stopped = createSignal();
  const pool = await createPool(`${COUNTER}\nexports.preStop = async () => { console.log("preStop ran"); };`, {
    idleMs: 30,
    log: (line) => line === "preStop ran" && stopped.fire(),
  });
  await pool.invoke(event(), "R");
  await stopped.promise;
  await expect.poll(() => pool.stats().instances).toBe(0);
});

// biome-ignore format: one row per case
test.each([
  ["throws",                     'throw new Error("no luck")',                              "error",   /no luck/],
  ["rejects",                    'return Promise.reject(new Error("no luck"))',             "error",   /no luck/],
  ["takes too long",             "return new Promise(() => setInterval(() => 0, 1000))",    "timeout", /300 ms/],
  ["blocks its thread",          "for (;;);",                                               "timeout", /300 ms/],
  ["exits",                      "process.exit(3)",                                         "crash",   /exit status 3/],
  ["is killed",                  'process.kill(process.pid, "SIGKILL")',                    "crash",   /SIGKILL/],
  ["throws outside its promise", 'return new Promise(() => setImmediate(() => { throw new Error("x") }))', "crash", /exit status/],
])("instances: a function that %s fails and the next invocation works", async (_name, body, reason, message) => {
  const pool = await createPool(
    `exports.handler = (event) => { if (JSON.parse(event.toString()).bad) { ${body} } return Promise.resolve("fine"); };`,
    { timeoutSeconds: 0.3, maxInstances: 1 },
  );
  const [failed, next] = await Promise.all([pool.invoke(event({ bad: true }), "R1"), pool.invoke(event(), "R2")]);
  expect(failed).toMatchObject({ ok: false, reason, message: expect.stringMatching(message) });
  expect(next).toMatchObject({ ok: true, result: "fine", coldStart: reason !== "error" });
});

// biome-ignore format: one row per case
test.each([
  ["does not load",                 'throw new Error("broken bundle");',                                             /broken bundle/],
  ["has no handler",                "exports.other = 1;",                                                            /no function handler/],
  ["has an initializer that fails", 'exports.handler = async () => 1; exports.initializer = async () => { throw new Error("init") };', /init/],
  ["fails in the callback",         'exports.handler = async () => 1; exports.initializer = (c, callback) => callback(new Error("init"));', /init/],
])("instances: a bundle that %s fails its invocation at once", async (_name, source, message) => {
  const pool = await createPool(source, { maxInstances: 1 });
  for (let i = 0; i < 2; i++) {
    expect(await pool.invoke(event(), "R")).toMatchObject({ ok: false, reason: "init", message: expect.stringMatching(message) });
  }
});

test("instances: an initializer that never ends runs into its own limit", async () => {
  const pool = await createPool(
    "exports.handler = async () => 1; exports.initializer = () => new Promise(() => setInterval(() => 0, 1000));",
    {
      initTimeoutMs: 200,
    },
  );
  expect(await pool.invoke(event(), "R")).toMatchObject({
    ok: false,
    reason: "timeout",
    message: expect.stringContaining("initializer"),
  });
});

test("instances: a runtime of today ignores the callback and awaits the promise", async () => {
  const pool = await createPool(
    'exports.handler = async (event, context, callback) => { callback(null, "early"); return "awaited"; };',
  );
  expect(await pool.invoke(event(), "R")).toMatchObject({ ok: true, result: "awaited" });
  await expect.poll(() => pool.lines.join()).toContain("callback ignored");
});

test("instances: context and environment are the function's, not ours", async () => {
  process.env["OPALENS_TEST_SECRET"] = "ours";
  cleanup.add(() => delete process.env["OPALENS_TEST_SECRET"]);
  const pool = await createPool(
    `exports.handler = async (event, context) => {
       context.logger.info("hello", { a: 1 });
       return { context: Object.assign({}, context, { logger: 0 }), env: process.env, isBuffer: Buffer.isBuffer(event), cwd: process.cwd() };
     };`,
    { env: { OPALENS_X: "1" }, memoryMb: 512, timeoutSeconds: 7 },
  );
  const result = parse(await pool.invoke(event(), "R7"));
  expect(result).toMatchObject({
    isBuffer: true,
    context: {
      requestId: "R7",
      region: "cn-hangzhou",
      credentials: { accessKeyId: "STS.role", accessKeySecret: "role-secret", securityToken: "role+token/=" },
      function: { handler: "index.handler", memory: 512, timeout: 7 },
    },
    env: { OPALENS_X: "1", FC_REGION: "cn-hangzhou" },
  });
  expect(result["env"]).not.toHaveProperty("OPALENS_TEST_SECRET");
  await expect.poll(() => pool.lines.join()).toMatch(/R7 \[INFO\] hello {"a":1}/);
});

test("instances: close ends idle and busy ones and answers who waits", async () => {
  const started = createSignal();
  const pool = await createPool(`${COUNTER}\nconsole.log("loaded");`, {
    maxInstances: 1,
    log: (line) => line === "loaded" && started.fire(),
  });
  const busy = pool.invoke(event({ waitMs: 60_000 }), "R1");
  const queued = pool.invoke(event(), "R2");
  await started.promise;
  const pids = pool.pids();
  await pool.close();
  expect(await busy).toMatchObject({ ok: false, reason: "crash" });
  expect(await queued).toMatchObject({ ok: false, reason: "closed" });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await pool.invoke(event(), "R3")).toMatchObject({ ok: false, reason: "closed" });
});

test("instances: close gives a slow preStop its grace and no more", async () => {
  const pool = await createPool(`${COUNTER}\nexports.preStop = () => new Promise(() => setInterval(() => 0, 1000));`, {
    stopGraceMs: 50,
  });
  await pool.invoke(event(), "R");
  const pids = pool.pids();
  await pool.close();
  expect(pids.filter(isAlive)).toEqual([]);
});

test.skipIf(process.platform === "win32")("instances: a frozen one does nothing between invocations", async () => {
  const ticks = "let ticks = 0; setInterval(() => ticks++, 5); exports.handler = async () => String(ticks);";
  const pool = await createPool(ticks, { freeze: true });
  const count = async () => Number(((await pool.invoke(event(), "R")) as { result: string }).result);
  const before = await count();
  await new Promise((resolve) => setTimeout(resolve, 150)); // the time that must not pass inside
  expect((await count()) - before).toBeLessThan(10);
});

test("instances: a missing Node binary fails the invocation", async () => {
  const pool = await createPool(COUNTER, { execPath: "/nonexistent/node" });
  expect(await pool.invoke(event(), "R")).toMatchObject({ ok: false, reason: "crash" });
});

test("instances: on nodejs16 and older only the callback counts", async ({ skip }) => {
  const old = await findNode("16.20.2");
  if ("missing" in old) return skip(old.missing);
  const source = `
    exports.initializer = (context, callback) => callback();
    exports.handler = (event, context, callback) => {
      const { how } = JSON.parse(event.toString());
      if (how === "callback") setTimeout(() => callback(null, { version: process.version }), 10);
      if (how === "error") callback(new Error("no luck"));
      if (how === "promise") return Promise.resolve("not seen");
    };`;
  const pool = await createPool(source, { timeoutSeconds: 0.5, execPath: old.path });
  expect(parse(await pool.invoke(event({ how: "callback" }), "R"))).toMatchObject({
    version: "v16.20.2",
  });
  expect(await pool.invoke(event({ how: "error" }), "R")).toMatchObject({ ok: false, reason: "error" });
  expect(await pool.invoke(event({ how: "promise" }), "R")).toMatchObject({ ok: false, reason: "timeout" });
});
