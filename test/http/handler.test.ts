import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import { TransformError } from "../../src/core/errors.ts";
import { type Answer, type HandlerOptions, handle } from "../../src/http/handler.ts";
import { ETAG, type FakeObject, fakeOptions, fakeRequest, fakeSource, MODIFIED } from "./support.ts";

interface Asked {
  readonly key?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly object?: FakeObject;
  readonly options?: Partial<HandlerOptions>;
}
async function ask({ key = "a.jpg", query = "", headers = {}, object = {}, options = {} }: Asked) {
  const source = fakeSource(key, { [key]: object });
  const answer: Answer<string> = await handle(fakeRequest(key, query, headers), source, fakeOptions(options));
  return { ...answer, text: textOf(answer), calls: source.calls };
}
function textOf({ body }: Answer<string>): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : `stream of ${body.length}`;
}
const failing = (code: ErrorCode): Partial<HandlerOptions> => ({
  transform: () => Promise.reject(new TransformError(code, `it is ${code}`)),
});

describe("handler: a picture", () => {
  test("headers, body, log", async () => {
    const answer = await ask({ query: "?x-oss-process=image/resize,w_5" });
    expect(answer).toMatchObject({
      status: 200,
      text: "a.jpg by image/resize,w_5",
      headers: {
        "content-type": "image/jpeg",
        etag: ETAG,
        "last-modified": MODIFIED,
        "cache-control": "public, max-age=86400",
      },
      log: {
        outcome: "transformed",
        plan: "image/resize,w_5",
        sourceBytes: 5,
        width: 1,
        height: 2,
        stages: { decode: 3 },
        peakBytes: 4,
      },
      calls: ["open a.jpg", "read a.jpg"],
    });
  });

  test("carries on of the original's headers what is still true of it", async () => {
    const headers = {
      "content-disposition": "inline",
      expires: MODIFIED,
      "cache-control": "max-age=7",
      "content-encoding": "gzip",
      "content-language": "de",
      "content-range": "bytes 0-1/2",
      "x-oss-meta-a": "1",
    };
    const { headers: sent } = await ask({ query: "w=5", object: { headers } });
    expect(sent).toEqual({
      "content-type": "image/jpeg",
      "cache-control": "max-age=7",
      "content-disposition": "inline",
      expires: MODIFIED,
      "last-modified": MODIFIED,
      etag: expect.not.stringMatching(ETAG),
    });
  });

  test("what will be needed is told before the source is opened", async () => {
    const order: string[] = [];
    const source = fakeSource("a.jpg", { "a.jpg": {} });
    const openRequested = () => {
      order.push("open");
      return source.openRequested();
    };
    const open = { ...source, openRequested };
    await handle(fakeRequest("a.jpg", "w=5"), open, fakeOptions({ prepare: () => void order.push("prepare") }));
    expect(order[0]).toBe("prepare");
  });

  test("reads no more than OPALENS_MAX_BYTES", async () => {
    const limits = { ...fakeOptions().limits, maxBytes: 4 };
    expect(await ask({ query: "w=5", options: { limits } })).toMatchObject({ status: 400, log: { code: "SOURCE_TOO_LARGE" } });
  });
});

describe("handler: ETags", () => {
  const etagOf = async (asked: Asked) => (await ask(asked)).headers["etag"];
  test("x-oss-process carries the original's, styles in keys too", async () => {
    expect(await etagOf({ query: "x-oss-process=image/resize,w_5" })).toBe(ETAG);
    const source = fakeSource("a.jpg!thumb", { "a.jpg": {} });
    expect((await handle(fakeRequest("a.jpg!thumb"), source, fakeOptions())).headers["etag"]).toBe(ETAG);
  });
  test("other grammars have one of original, plan and engine", async () => {
    const digest = (text: string) =>
      text
        .replace(/[^A-Za-z0-9]/g, "")
        .slice(-64)
        .split("")
        .reverse()
        .join("")
        .padEnd(64, "-");
    const options = { digest };
    const etags = await Promise.all([
      etagOf({ query: "w=5", options }),
      etagOf({ query: "w=6", options }),
      etagOf({ query: "w=5", options: { ...options, engineVersion: "2" } }),
    ]);
    expect(new Set([...etags, ETAG]).size).toBe(4);
    expect(await etagOf({ query: "utm=1&w=5", options })).toBe(etags[0]); // the plan counts, not how it was written
    for (const etag of etags) expect(etag).toMatch(/^"[^"]{32}"$/);
  });
  test("an original without one gives none", async () => {
    const source = fakeSource("a.jpg", { "a.jpg": {} });
    const open = async () => {
      const object = await source.openRequested();
      const { etag: _, ...headers } = object.headers;
      return { ...object, headers };
    };
    const { headers } = await handle(fakeRequest("a.jpg", "w=5"), { ...source, openRequested: open }, fakeOptions());
    expect(headers).not.toHaveProperty("etag");
  });
});

describe("handler: conditions", () => {
  const options = { transform: () => Promise.reject(new Error("no pixel work")) };
  test.each([["x-oss-process=image/resize,w_5"], ["w=5"], [""]])("%s: 304 without reading", async (query) => {
    const first = await ask({ query });
    const answer = await ask({ query, headers: { "if-none-match": String(first.headers["etag"]) }, options });
    expect(answer).toMatchObject({
      status: 304,
      text: "",
      log: { outcome: "not-modified" },
      calls: ["open a.jpg", "discard a.jpg"],
    });
    expect(answer.headers).toEqual({
      "cache-control": "public, max-age=86400",
      etag: first.headers["etag"],
      "last-modified": MODIFIED,
    });
  });

  test("the original's ETag says nothing about a result that has its own", async () => {
    expect((await ask({ query: "w=5", headers: { "if-none-match": ETAG } })).status).toBe(200);
  });

  test("412 without reading", async () => {
    const answer = await ask({ query: "w=5", headers: { "if-match": '"x"' }, options });
    expect(answer).toMatchObject({
      status: 412,
      headers: { "cache-control": "no-store" },
      calls: ["open a.jpg", "discard a.jpg"],
    });
    expect(answer.text).toContain("<Code>PreconditionFailed</Code>");
  });

  test("a 304 does not bring back a disposition that was replaced for safety", async () => {
    const object = { headers: { "content-type": "image/svg+xml", "content-disposition": "inline" } };
    expect((await ask({ key: "a.svg", object })).headers["content-disposition"]).toBe("attachment");
    const answer = await ask({ key: "a.svg", object, headers: { "if-none-match": ETAG } });
    expect(answer.status).toBe(304);
    expect(answer.headers).not.toHaveProperty("content-disposition");
  });

  test("an object that is missing or refused is that, whatever the conditions", async () => {
    const headers = { "if-none-match": "*" };
    expect((await ask({ object: { status: 404 }, headers })).status).toBe(404);
    expect((await ask({ object: { status: 403 }, headers })).status).toBe(403);
  });
});

describe("handler: what passes through", () => {
  test("headers as stored, but only those that may be forwarded", async () => {
    const headers = {
      "content-type": "text/plain",
      "content-disposition": 'inline; filename="a.txt"',
      "content-encoding": "gzip",
      "content-language": "de",
      "cache-control": "max-age=7",
      expires: MODIFIED,
      "x-oss-meta-a": "1",
      "set-cookie": "a=b",
    };
    const answer = await ask({ key: "a.txt", query: "utm=1", object: { headers } });
    const { "x-oss-meta-a": _, "set-cookie": __, ...kept } = headers;
    expect(answer).toMatchObject({ status: 200, text: "a.txt", log: { outcome: "passed" } });
    expect(answer.headers).toEqual({ ...kept, etag: ETAG, "last-modified": MODIFIED });
  });

  test("a large body goes out as its stream, unread, however small the limits", async () => {
    const limits = { ...fakeOptions().limits, maxBytes: 10 };
    const body = "x".repeat(1024 * 1024 + 1);
    const answer = await ask({ object: { body }, options: { limits } });
    expect(answer).toMatchObject({ status: 200, body: { stream: body, length: body.length }, calls: ["open a.jpg"] });
    const small = await ask({ object: { body: "x".repeat(11) }, options: { limits } });
    expect(small).toMatchObject({ status: 200, text: "x".repeat(11) });
  });

  test("a small one that breaks off is still answered by an error", async () => {
    const answer = await ask({ object: { readFails: new TransformError("UPSTREAM_FAILED", "broke off") } });
    expect(answer).toMatchObject({ status: 503, log: { code: "UPSTREAM_FAILED" } });
  });

  // biome-ignore format: one row per case
  test.each([
    ["a.svg",   "image/svg+xml",                  true],  ["a.svg",  "image/svg+xml; charset=utf-8", true], ["a.SVG",  "application/octet-stream", true],
    ["a.html",  "text/html",                      true],  ["a",      "TEXT/HTML;charset=x",          true], ["a.htm",  "text/plain",               true],
    ["a",       "application/xhtml+xml",          true],  ["a.xml",  "application/xml",              true], ["a",      "text/xml",                 true],
    ["a",       "application/atom+xml",           true],  ["a.svgz", "image/png",                    true],
    ["a.jpg",   "image/jpeg",                     false], ["a.txt",  "text/plain",                   false], ["svg",   "image/png",                false],
    ["a.html.jpg", "image/jpeg",                  false],
  ])("%s of type %s: attachment %s", async (key, type, attached) => {
    const object = { headers: { "content-type": type } };
    expect((await ask({ key, object })).headers["content-disposition"]).toBe(attached ? "attachment" : undefined);
    expect((await ask({ key, object, options: { passSvg: true } })).headers).not.toHaveProperty("content-disposition");
  });
});

describe("handler: errors", () => {
  // biome-ignore format: one row per case
  test.each<[number, number, string, ErrorCode]>([
    [404, 404, "NoSuchKey", "SOURCE_NOT_FOUND"], [403, 403, "AccessDenied", "ACCESS_DENIED"],
    [302, 503, "ServiceUnavailable", "UPSTREAM_FAILED"], [206, 503, "ServiceUnavailable", "UPSTREAM_FAILED"], [400, 503, "ServiceUnavailable", "UPSTREAM_FAILED"],
    [500, 503, "ServiceUnavailable", "UPSTREAM_FAILED"], [503, 503, "ServiceUnavailable", "UPSTREAM_FAILED"],
  ])("the store's %i becomes %i, and its body is discarded", async (upstream, status, ossCode, code) => {
    for (const query of ["", "w=5"]) {
      const answer = await ask({ query, object: { status: upstream } });
      expect(answer).toMatchObject({ status, headers: { "content-type": "application/xml", "cache-control": "no-store" }, log: { outcome: "error", code } });
      expect(answer.text).toContain(`<Code>${ossCode}</Code>`);
      expect(answer.headers).not.toHaveProperty("etag");
      expect(answer.calls).toContain("discard a.jpg");
      expect(answer.calls).not.toContain("read a.jpg");
    }
  });

  test("a bad argument is answered without asking the store", async () => {
    expect(await ask({ query: "w=abc" })).toMatchObject({ status: 400, calls: [], log: { code: "BAD_ARGUMENT" } });
    expect(await ask({ query: "nonsense=1&w=5", options: { strictQuery: true } })).toMatchObject({ status: 400, calls: [] });
  });

  test("whatever is thrown, there is an answer, and it does not hold what was thrown", async () => {
    const broken = {
      openRequested: () => Promise.reject(new Error("secret token")),
      open: () => Promise.reject(new Error("x")),
    };
    const answer = await handle<string>(fakeRequest("a.jpg", "w=5"), broken, fakeOptions());
    expect(answer.status).toBe(500);
    expect(JSON.stringify([answer.log, textOf(answer)])).not.toContain("secret");
    const thrown = await ask({ query: "w=5", options: { transform: () => Promise.reject(new TypeError("secret")) } });
    expect(thrown).toMatchObject({ status: 500, log: { code: "INTERNAL" } });
    expect(thrown.text).not.toContain("secret");
  });
});

describe("handler: OPALENS_ON_ERROR=original", () => {
  const onError = "original";
  test("a transform that fails: the bytes as stored, which nobody may keep", async () => {
    for (const code of ["CORRUPT_IMAGE", "TIMEOUT", "INTERNAL", "WATERMARK_FAILED"] as const) {
      const answer = await ask({ query: "w=5", options: { onError, ...failing(code) } });
      expect(answer).toMatchObject({
        status: 200,
        text: "a.jpg",
        log: { outcome: "original", code },
        headers: { "cache-control": "no-store" },
      });
    }
  });

  test("also where the transform took the bytes away with it", async () => {
    const transform = async (bytes: Uint8Array) => {
      bytes.fill(0);
      throw new TransformError("CORRUPT_IMAGE", "gone");
    };
    expect((await ask({ query: "w=5", options: { onError, transform } })).text).toBe("a.jpg");
  });

  test("a bad argument, in the query or in the key", async () => {
    expect(await ask({ query: "w=abc", options: { onError } })).toMatchObject({
      status: 200,
      text: "a.jpg",
      headers: { "cache-control": "no-store" },
    });
    const source = fakeSource("a.jpg!w_0", { "a.jpg": {} });
    const answer = await handle(fakeRequest("a.jpg!w_0"), source, fakeOptions({ onError }));
    expect(answer).toMatchObject({
      status: 200,
      headers: { "cache-control": "no-store" },
      log: { outcome: "original", code: "BAD_ARGUMENT" },
    });
  });

  test("a source that is too large to be read streams, unread", async () => {
    const limits = { ...fakeOptions().limits, maxBytes: 10 };
    const body = "x".repeat(2 * 1024 * 1024);
    const answer = await ask({ query: "w=5", object: { body }, options: { onError, limits } });
    expect(answer).toMatchObject({
      status: 200,
      body: { length: body.length },
      log: { outcome: "original", code: "SOURCE_TOO_LARGE" },
      calls: ["open a.jpg"],
    });
  });

  test("an original that would run in a browser is an attachment here too", async () => {
    const object = { headers: { "content-type": "image/svg+xml" } };
    const answer = await ask({ key: "a.svg", query: "w=5", object, options: { onError, ...failing("UNSUPPORTED_FORMAT") } });
    expect(answer.headers["content-disposition"]).toBe("attachment");
  });

  test("no original, no answer but the error", async () => {
    expect((await ask({ query: "w=5", object: { status: 404 }, options: { onError } })).status).toBe(404);
    expect((await ask({ query: "w=abc", object: { status: 500 }, options: { onError } })).status).toBe(503);
  });
});
