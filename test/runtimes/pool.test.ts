import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/core/limits.ts";
import type { LoadWasm, WasmName } from "../../src/core/wasm.ts";
import { fileWasm } from "../../src/runtimes/node/file-wasm.ts";
import { createPool, type Pool, type PoolJob } from "../../src/runtimes/node/pool.ts";
import { parseText } from "../../src/syntax/index.ts";
import { faultyHqxModule, HQX_QUERY } from "../fc/support.ts";
import { fixture, ROOT } from "../support/library.ts";
import { rejectionOf } from "../support/pictures.ts";

const DIST = pathToFileURL(join(ROOT, "dist/"));
const realWasm = fileWasm(new URL("wasm/", DIST));
const fontFolder = new URL("fc/fonts/", DIST);
const pools: Pool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});
function startPool(size: number, loadWasm: LoadWasm = realWasm): Pool {
  const pool = createPool({ workerFile: new URL("lib/worker.js", DIST), loadWasm, fontFolder, size });
  pools.push(pool);
  return pool;
}
/** Modules as they are, but for the hqx filter while `kind` says so. */
function withFault(kind: () => Parameters<typeof faultyHqxModule>[0] | undefined): LoadWasm {
  return (name) => {
    const fault = name === "squooshhqx_bg" ? kind() : undefined;
    return fault === undefined ? realWasm(name) : WebAssembly.compile(faultyHqxModule(fault) as Uint8Array<ArrayBuffer>);
  };
}
const bytes = await fixture("example.jpg");
const job = (query: string, more: Partial<PoolJob> = {}): PoolJob => ({
  bytes,
  plan: parseText(query),
  limits: DEFAULT_LIMITS,
  objects: new Map(),
  ...more,
});

describe("pool: endless work", () => {
  test("is terminated at the deadline and its thread replaced; the next result is the same as before", async () => {
    const pool = startPool(
      1,
      withFault(() => "endless"),
    );
    const before = await pool.run(job("w=90&format=webp"));
    const from = Date.now();
    const failure = await rejectionOf(pool.run(job(HQX_QUERY, { deadlineMs: 400 })));
    expect(failure).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("400 ms") });
    expect(Date.now() - from).toBeLessThan(2000);
    const after = await pool.run(job("w=90&format=webp", { deadlineMs: 20_000 }));
    expect(Buffer.compare(after.data, before.data)).toBe(0);
  });

  test("is terminated by its signal, while the other thread goes on", async () => {
    const pool = startPool(
      2,
      withFault(() => "endless"),
    );
    const abort = new AbortController();
    const endless = rejectionOf(pool.run(job(HQX_QUERY, { signal: abort.signal })));
    const others = await Promise.all([pool.run(job("w=50&format=webp")), pool.run(job("w=60&format=webp"))]);
    expect(others.map(({ width }) => width)).toEqual([50, 60]);
    abort.abort();
    expect(await endless).toMatchObject({ code: "TIMEOUT" });
  });

  test("does not keep a job waiting whose caller has given up", async () => {
    const pool = startPool(
      1,
      withFault(() => "endless"),
    );
    const first = rejectionOf(pool.run(job(HQX_QUERY, { deadlineMs: 1500 })));
    const abort = new AbortController();
    const second = rejectionOf(pool.run(job("w=10&format=webp", { signal: abort.signal })));
    const third = pool.run(job("w=20&format=webp"));
    const from = Date.now();
    abort.abort();
    expect(await second).toMatchObject({ code: "TIMEOUT" });
    expect(Date.now() - from).toBeLessThan(1000); // not after the first
    expect(await first).toMatchObject({ code: "TIMEOUT" });
    expect((await third).width).toBe(20);
  });
});

test("pool: waiting for a thread counts against the deadline", async () => {
  const pool = startPool(
    1,
    withFault(() => "endless"),
  );
  const abort = new AbortController();
  const endless = rejectionOf(pool.run(job(HQX_QUERY, { signal: abort.signal })));
  expect(await rejectionOf(pool.run(job("w=10&format=webp", { deadlineMs: 200 })))).toMatchObject({ code: "TIMEOUT" });
  abort.abort(); // only now: the second never had the thread
  expect(await endless).toMatchObject({ code: "TIMEOUT" });
  expect((await pool.run(job("w=20&format=webp"))).width).toBe(20);
});

test("pool: a signal that was aborted before, and one that is aborted after the end", async () => {
  const pool = startPool(1);
  expect(await rejectionOf(pool.run(job("w=10", { signal: AbortSignal.abort() })))).toMatchObject({ code: "TIMEOUT" });
  const abort = new AbortController();
  expect((await pool.run(job("w=10", { signal: abort.signal }))).width).toBe(10);
  const running = pool.run(job("w=30&format=avif"));
  abort.abort(); // is of no concern to the next job
  expect((await running).width).toBe(30);
});

test("pool: eight jobs on two threads, each its own picture", async () => {
  const pool = startPool(2);
  pool.prepare(["mozjpeg_dec", "pixels"]);
  const widths = [11, 22, 33, 44, 55, 66, 77, 88];
  const results = await Promise.all(widths.map((width) => pool.run(job(`w=${width}&format=png`))));
  expect(results.map(({ width }) => width)).toEqual(widths);
});

describe("pool: failures", () => {
  test("a codec that runs out of memory: the picture is too large; one that traps: the encoder failed; both are recovered from", async () => {
    let kind: "outOfMemory" | "trap" | undefined = "outOfMemory";
    const pools = [
      startPool(
        1,
        withFault(() => kind),
      ),
      startPool(
        1,
        withFault(() => "trap" as const),
      ),
    ];
    expect(await rejectionOf(pools[0]!.run(job(HQX_QUERY)))).toMatchObject({ code: "SOURCE_TOO_LARGE" });
    expect(await rejectionOf(pools[1]!.run(job(HQX_QUERY)))).toMatchObject({ code: "INTERNAL" });
    kind = undefined;
    for (const pool of pools) expect((await pool.run(job("w=50&format=webp"))).width).toBe(50);
  });

  test("a module that failed to load is forgotten: the next job tries again", async () => {
    const asked: WasmName[] = [];
    const pool = startPool(1, (name) => {
      asked.push(name);
      const fails = name === "jpeg_dec" && asked.filter((other) => other === name).length <= 2;
      return fails ? Promise.reject(new Error("disk on fire")) : realWasm(name);
    });
    pool.prepare(["jpeg_dec"]);
    expect(await rejectionOf(pool.run(job("w=50")))).toMatchObject({ code: "INTERNAL" });
    let last: unknown;
    for (let tries = 0; tries < 3 && last === undefined; tries++) last = await pool.run(job("w=50")).catch(() => undefined);
    expect(last).toMatchObject({ width: 50 });
  });

  test("what is wrong with an argument comes back whole, so that it can be printed in OSS's words", async () => {
    const failure = await rejectionOf(startPool(1).run(job("image/crop,x_500,y_0")));
    expect(failure).toMatchObject({ code: "BAD_ARGUMENT", operation: "crop", kind: "outside", value: "500,0" });
  });

  test("bytes are moved only where the caller said so", async () => {
    const pool = startPool(1);
    const [kept, given] = [bytes.slice(), bytes.slice()];
    await pool.run(job("w=10", { bytes: kept }));
    await pool.run(job("w=10", { bytes: given, takeBytes: true }));
    expect([kept.length, given.length]).toEqual([bytes.length, 0]);
    const view = new Uint8Array(bytes.length + 16).subarray(8, 8 + bytes.length); // another's buffer must not go away
    view.set(bytes);
    await pool.run(job("w=10", { bytes: view, takeBytes: true }));
    expect(view.length).toBe(bytes.length);
  });

  test("closing ends what runs and what waits, and takes nothing more", async () => {
    const pool = startPool(
      1,
      withFault(() => "endless"),
    );
    const failures = [rejectionOf(pool.run(job(HQX_QUERY))), rejectionOf(pool.run(job("w=10")))];
    await pool.close();
    for (const failure of failures) expect(await failure).toMatchObject({ code: "TIMEOUT" });
    expect(await rejectionOf(pool.run(job("w=10")))).toMatchObject({ code: "INTERNAL" });
  });

  test("a worker file that does not load fails its job", async () => {
    const pool = createPool({ workerFile: new URL("lib/none.js", DIST), loadWasm: realWasm, fontFolder, size: 1 });
    expect(await rejectionOf(pool.run(job("w=10")))).toMatchObject({ code: "INTERNAL" });
    await pool.close();
  });
});
