import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Edge, type EdgeOptions, startEdge } from "../../src/stack/edge.ts";
import { parseCacheControl, readPolicy } from "../../src/stack/edge-cache.ts";
import { createCleanup, createSignal, type RawAnswer, send } from "./support.ts";

const cleanup = createCleanup();
afterEach(() => cleanup.run());

type Script = (request: IncomingMessage, response: ServerResponse) => void;
let origin = "";
let seen: IncomingMessage[] = [];
let script: Script;
let clockMs: number;

beforeEach(async () => {
  seen = [];
  clockMs = Date.parse("2026-03-01T12:00:00Z");
  script = answer({ "cache-control": "max-age=60", etag: '"1"' });
  const server = createServer((request, response) => {
    seen.push(request);
    script(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cleanup.add(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
});

const BODY = "0123456789";
const answer =
  (headers: Record<string, string>, body = BODY, status = 200): Script =>
  (_request, response) =>
    response.writeHead(status, { "content-length": String(body.length), ...headers }).end(body);

async function start(options: Partial<EdgeOptions> = {}): Promise<Edge> {
  const edge = await startEdge({ origin, now: () => clockMs, ...options });
  cleanup.add(edge.close);
  return edge;
}
const told = ({ status, headers, body }: RawAnswer) => [status, headers["x-cache"], body.toString()];

test("edge: MISS, then HIT with Age, until the entry is stale", async () => {
  const edge = await start();
  expect(told(await send(`${edge.url}/a?w=1`))).toEqual([200, "MISS", BODY]);
  clockMs += 30_000;
  const hit = await send(`${edge.url}/a?w=1`);
  expect(told(hit)).toEqual([200, "HIT", BODY]);
  expect(hit.headers).toMatchObject({ age: "30", etag: '"1"', "content-length": "10" });
  expect(told(await send(`${edge.url}/a?w=2`))).toEqual([200, "MISS", BODY]);
  expect(told(await send(`${edge.url}/b?w=1`))).toEqual([200, "MISS", BODY]);
  clockMs += 31_000;
  script = answer({ "cache-control": "max-age=60" }, "new bytes");
  expect(told(await send(`${edge.url}/a?w=1`))).toEqual([200, "MISS", "new bytes"]);
  expect(edge.stats()).toMatchObject({ hits: 1, misses: 4, entries: 3 });
});

// biome-ignore format: one row per case
test.each([
  ["no Cache-Control",            {},                                                    200, [false, 0, false]],
  ["max-age",                     { "cache-control": "public, max-age=60" },             200, [true, 60, true]],
  ["s-maxage before max-age",     { "cache-control": "max-age=60, S-MaxAge=\"5\"" },     200, [true, 5, true]],
  ["no-store",                    { "cache-control": "max-age=60, no-store" },           200, [false, 0, false]],
  ["private",                     { "cache-control": "private, max-age=60" },            200, [false, 0, false]],
  ["no-cache",                    { "cache-control": "no-cache" },                       200, [true, 0, false]],
  ["must-revalidate",             { "cache-control": "max-age=9, must-revalidate" },     200, [true, 9, false]],
  ["an unreadable max-age",       { "cache-control": "max-age=soon" },                   200, [true, 0, true]],
  ["Expires",                     { date: "Sun, 01 Mar 2026 12:00:00 GMT", expires: "Sun, 01 Mar 2026 12:01:00 GMT" }, 200, [true, 60, true]],
  ["Expires in the past",         { expires: "0" },                                      200, [true, 0, true]],
  ["a cookie",                    { "cache-control": "max-age=60", "set-cookie": ["a=b"] }, 200, [false, 0, false]],
  ["an error",                    { "cache-control": "max-age=60" },                     500, [false, 0, false]],
  ["a redirect",                  { "cache-control": "max-age=60" },                     302, [false, 0, false]],
])("readPolicy: %s", (_name, headers, status, [mayStore, ttlSeconds, mayServeStale]) => {
  expect(readPolicy(status, headers as Record<string, string>, 0, 0)).toEqual({ mayStore, ttlSeconds, mayServeStale });
});

test("parseCacheControl: reads names, values and quotes", () => {
  expect([...parseCacheControl('a, B=1 ,c="x",,')]).toEqual([
    ["a", ""],
    ["b", "1"],
    ["c", "x"],
  ]);
});

test.each(["no-store", "private", undefined])("edge: Cache-Control %s is not kept", async (value) => {
  const edge = await start();
  script = answer(value === undefined ? {} : { "cache-control": value });
  for (let i = 0; i < 2; i++) expect(told(await send(`${edge.url}/a`))).toEqual([200, "MISS", BODY]);
});

test("edge: errors are not kept; a 404 is for as long as configured, whatever it says", async () => {
  const edge = await start({ notFoundTtlSeconds: 5 });
  for (const status of [400, 404, 500]) {
    script = answer({ "cache-control": "no-store" }, "error", status);
    expect(told(await send(`${edge.url}/${status}`))).toEqual([status, "MISS", "error"]);
    expect(told(await send(`${edge.url}/${status}`))).toEqual([status, status === 404 ? "HIT" : "MISS", "error"]);
  }
  clockMs += 6000;
  expect((await send(`${edge.url}/404`)).headers["x-cache"]).toBe("MISS");
});

test("edge: a stale entry is revalidated; 304 refreshes it", async () => {
  const edge = await start();
  await send(`${edge.url}/a`);
  clockMs += 61_000;
  script = (_request, response) => response.writeHead(304, { etag: '"1"', "cache-control": "max-age=10" }).end();
  expect(told(await send(`${edge.url}/a`))).toEqual([200, "REVALIDATED", BODY]);
  expect(seen[1]?.headers["if-none-match"]).toBe('"1"');
  expect((await send(`${edge.url}/a`)).headers).toMatchObject({
    "x-cache": "HIT",
    "cache-control": "max-age=10",
    "content-length": "10",
  });
  clockMs += 11_000;
  await send(`${edge.url}/a`);
  expect(seen).toHaveLength(3);
});

test("edge: without an ETag Last-Modified revalidates; no-cache does so every time", async () => {
  const modified = "Sun, 01 Feb 2026 12:00:00 GMT";
  const edge = await start();
  script = (request, response) =>
    request.headers["if-modified-since"] === modified
      ? response.writeHead(304).end()
      : response.writeHead(200, { "cache-control": "no-cache", "last-modified": modified }).end(BODY);
  expect(told(await send(`${edge.url}/a`))).toEqual([200, "MISS", BODY]);
  for (let i = 0; i < 2; i++) expect(told(await send(`${edge.url}/a`))).toEqual([200, "REVALIDATED", BODY]);
});

test("edge: a failing origin leaves the stale entry standing", async () => {
  const edge = await start();
  await send(`${edge.url}/a`);
  clockMs += 61_000;
  script = answer({}, "down", 503);
  expect(told(await send(`${edge.url}/a`))).toEqual([200, "STALE", BODY]);
  script = (_request, response) => response.destroy();
  expect(told(await send(`${edge.url}/a`))).toEqual([200, "STALE", BODY]);
  expect((await send(`${edge.url}/b`)).status).toBe(502);
  script = answer({ "cache-control": "max-age=1, must-revalidate" });
  await send(`${edge.url}/strict`);
  clockMs += 2000;
  script = answer({}, "down", 503);
  expect(told(await send(`${edge.url}/strict`))).toEqual([503, "MISS", "down"]);
});

test("edge: an origin that does not answer in time is a failing one", async () => {
  const edge = await start({ originTimeoutMs: 50 });
  script = () => undefined;
  expect((await send(`${edge.url}/a`)).status).toBe(502);
});

test("edge: clients' conditions are answered here", async () => {
  const edge = await start();
  const headers = { "if-none-match": 'W/"1"' };
  for (const state of ["MISS", "HIT"]) {
    const answered = await send(`${edge.url}/a`, { headers });
    expect(told(answered)).toEqual([304, state, ""]);
    expect(answered.headers["etag"]).toBe('"1"');
  }
  expect(seen[0]?.headers["if-none-match"]).toBeUndefined();
  expect((await send(`${edge.url}/a`, { headers: { "if-none-match": '"2"' } })).status).toBe(200);
});

// biome-ignore format: one row per case
test.each([
  ["bytes=2-4",     {},                    206, "234",  "bytes 2-4/10"],
  ["bytes=-2",      {},                    206, "89",   "bytes 8-9/10"],
  ["bytes=0-0",     { "if-range": '"1"' }, 206, "0",    "bytes 0-0/10"],
  ["bytes=2-4",     { "if-range": '"2"' }, 200, BODY,   undefined],
  ["bytes=0-1,3-4", {},                    200, BODY,   undefined],
  ["bytes=10-",     {},                    416, "",     "bytes */10"],
])("edge: range %s with %j", async (range, headers, status, body, contentRange) => {
  const edge = await start();
  for (const state of ["MISS", "HIT"]) {
    const answered = await send(`${edge.url}/a`, { headers: { range, ...(headers as Record<string, string>) } });
    expect(told(answered)).toEqual([status, state, body]);
    expect(answered.headers["content-range"]).toBe(contentRange);
    expect(answered.headers["content-length"]).toBe(String(body.length));
  }
  expect(seen[0]?.headers.range).toBeUndefined();
});

test("edge: HEAD has the headers of GET and fills the cache", async () => {
  const edge = await start();
  const head = await send(`${edge.url}/a`, { method: "HEAD" });
  expect(head).toMatchObject({ status: 200, headers: { "x-cache": "MISS", "content-length": "10", etag: '"1"' } });
  expect(seen[0]?.method).toBe("GET");
  await expect.poll(async () => (await send(`${edge.url}/a`)).headers["x-cache"]).toBe("HIT");
  expect(seen).toHaveLength(1);
  expect((await send(`${edge.url}/a`, { method: "POST" })).status).toBe(405);
});

test("edge: concurrent misses make one origin request, also once the body is on its way", async () => {
  const edge = await start();
  const half = createSignal<ServerResponse>();
  script = (_request, response) => {
    response.writeHead(200, { "cache-control": "max-age=60" });
    response.write("01234", () => half.fire(response));
  };
  const early = [1, 2, 3].map(() => send(`${edge.url}/a`));
  const response = await half.promise;
  const late = send(`${edge.url}/a`);
  await expect.poll(() => edge.stats().coalesced).toBe(3);
  response.end("56789");
  for (const pending of [...early, late]) expect(told(await pending)).toEqual([200, "MISS", BODY]);
  expect(seen).toHaveLength(1);
  await expect.poll(async () => (await send(`${edge.url}/a`)).headers["x-cache"]).toBe("HIT");
});

test("edge: concurrent requests share errors but not what must not be stored", async () => {
  const edge = await start();
  const release: (() => void)[] = [];
  const hold =
    (next: Script): Script =>
    (request, response) =>
      void release.push(() => next(request, response));
  script = hold(answer({ "cache-control": "private" }));
  const two = [send(`${edge.url}/p`), send(`${edge.url}/p`)];
  await expect.poll(() => release.length + edge.stats().coalesced).toBe(2);
  script = answer({ "cache-control": "private" }, "other user");
  release[0]?.();
  expect((await Promise.all(two)).map(({ body }) => body.toString()).sort()).toEqual([BODY, "other user"]);
  script = hold(answer({ "cache-control": "no-store" }, "error", 500));
  const failing = [send(`${edge.url}/e`), send(`${edge.url}/e`)];
  await expect.poll(() => release.length + edge.stats().coalesced).toBe(4);
  release[1]?.();
  for (const pending of failing) expect((await pending).status).toBe(500);
  expect(seen).toHaveLength(3);
});

test("edge: requests with credentials pass by the cache", async () => {
  const edge = await start();
  await send(`${edge.url}/a`);
  const answered = await send(`${edge.url}/a`, { headers: { authorization: "Bearer x" } });
  expect(answered.headers["x-cache"]).toBe("MISS");
  expect(seen[1]?.headers.authorization).toBe("Bearer x");
});

test("edge: the first byte goes out before the last has come; a broken body breaks off and is not kept", async () => {
  const edge = await start();
  const opened = createSignal<ServerResponse>();
  script = (_request, response) => {
    response.writeHead(200, { "cache-control": "max-age=60", "content-length": "10" });
    response.write("01234", () => opened.fire(response));
  };
  const reply = await fetch(`${edge.url}/a`);
  const reader = reply.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("01234");
  (await opened.promise).destroy();
  await expect(reader?.read()).rejects.toThrow();
  script = answer({ "cache-control": "max-age=60" });
  expect(told(await send(`${edge.url}/a`))).toEqual([200, "MISS", BODY]);
});

test.each([true, false])("edge: too large a body streams through (length declared: %s)", async (declared) => {
  const edge = await start({ maxObjectBytes: 1_000_000 });
  const large = Buffer.alloc(5_000_000, "0123456789");
  script = (_request, response) => {
    response
      .writeHead(200, { "cache-control": "max-age=60", ...(declared ? { "content-length": large.length } : {}) })
      .end(large);
  };
  const answers = await Promise.all([1, 2, 3].map(() => send(`${edge.url}/a`)));
  for (const { body } of answers) expect(body.equals(large)).toBe(true);
  expect(edge.stats()).toMatchObject({ entries: 0, bytes: 0 });
});

test("edge: a client that reads nothing holds up the origin, not the memory, and its end ends the origin's", async () => {
  const edge = await start({ maxObjectBytes: 1000 });
  const closed = createSignal();
  let sent = 0;
  script = (_request, response) => {
    response.writeHead(200, { "cache-control": "max-age=60" });
    response.on("close", () => closed.fire());
    const more = () => {
      sent += 65_536;
      response.write(Buffer.alloc(65_536), () => sent < 500_000_000 && more());
    };
    more();
  };
  const controller = new AbortController();
  await fetch(`${edge.url}/a`, { signal: controller.signal });
  let before = -1;
  const isStill = () => {
    const same = sent === before;
    before = sent;
    return same;
  };
  await expect.poll(isStill, { interval: 100 }).toBe(true);
  expect(sent).toBeLessThan(50_000_000);
  controller.abort();
  await closed.promise;
});

test("edge: the least recently used entries go first", async () => {
  const edge = await start({ maxBytes: 2 * (10 + 1024) });
  for (const path of ["a", "b", "a", "c"]) await send(`${edge.url}/${path}`);
  expect(edge.stats().entries).toBe(2);
  expect((await send(`${edge.url}/a`)).headers["x-cache"]).toBe("HIT");
  expect((await send(`${edge.url}/b`)).headers["x-cache"]).toBe("MISS");
  edge.purge();
  expect(edge.stats()).toMatchObject({ entries: 0, bytes: 0 });
});

test("edge: what concerns one connection stays there", async () => {
  const edge = await start();
  script = answer({
    "cache-control": "max-age=60",
    connection: "close, x-private",
    "x-private": "1",
    "x-public": "1",
    "keep-alive": "timeout=1",
  });
  const answered = await send(`${edge.url}/a`, {
    headers: { connection: "x-mine", "x-mine": "1", "x-other": "1", "accept-encoding": "gzip" },
  });
  expect(answered.headers).toMatchObject({ "x-public": "1" });
  expect(answered.headers).not.toHaveProperty("x-private");
  expect(seen[0]?.headers).toMatchObject({ "x-other": "1", "x-forwarded-for": "127.0.0.1" });
  for (const name of ["x-mine", "accept-encoding"]) expect(seen[0]?.headers).not.toHaveProperty(name);
});

test("edge: paths go to the origin as they came", async () => {
  const edge = await start();
  await send(`${edge.url}/a/../b%2F//c?x=%20&y`);
  expect(seen[0]?.url).toBe("/a/../b%2F//c?x=%20&y");
});

test("edge: intercept takes what is not for the origin", async () => {
  const edge = await start({
    intercept: (request, response) => {
      const isOurs = request.url === "/studio";
      if (isOurs) response.end("page");
      return isOurs;
    },
  });
  expect((await send(`${edge.url}/studio`)).body.toString()).toBe("page");
  expect(seen).toHaveLength(0);
});
