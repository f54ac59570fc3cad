import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { presignV1 } from "../../src/stack/signing.ts";
import type { Fault, FaultRequest } from "../../src/stack/store.ts";
import { OSS, send } from "../stack/support.ts";
import { claimingJpeg, decodeWithSharp, encodeWithSharp, scene } from "../support/pictures.ts";
import {
  copyFixture,
  type FunctionStack,
  pause,
  problemOf,
  putObject,
  removeFolder,
  startFunction,
  temporaryFolder,
  writeSlowPicture,
} from "./support.ts";

let root = "";
let main: FunctionStack;
let example: Buffer;
const big = randomBytes(20 * 1024 * 1024);
/** What goes wrong in the store, set by a test. */
let fault: ((request: FaultRequest) => Fault | undefined) | undefined;
const started: FunctionStack[] = [];

async function start(options: Parameters<typeof startFunction>[1] = {}): Promise<FunctionStack> {
  const stack = await startFunction(root, { faults: (request) => fault?.(request), ...options });
  started.push(stack);
  return stack;
}

beforeAll(async () => {
  root = await temporaryFolder();
  for (const name of ["example.jpg", "boxes.png", "lossy_alpha1.webp", "truncated.png"]) await copyFixture(root, name);
  await copyFixture(root, "boxes.png", "marks/logo.png");
  await copyFixture(root, "lossy_alpha1.webp", "only.webp");
  await copyFixture(root, "example.jpg", "exact.jpg!w_50");
  await copyFixture(root, "example.jpg", "日本/a b+(1).jpg");
  await copyFixture(root, "example.jpg", "zu groß.jpg");
  await putObject(root, "text.jpg", "this is no picture");
  await putObject(root, "empty.jpg", "");
  await putObject(root, "corrupt.jpg", claimingJpeg(320, 200).subarray(0, 100)); // ends in its Huffman tables
  await putObject(root, "big.bin", big);
  await putObject(root, "page.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`);
  await putObject(root, "tall.png", await encodeWithSharp(scene(20, 5000), "png"));
  await writeSlowPicture(root, "slow.jpg");
  main = await start({ env: { OPALENS_STYLES: JSON.stringify({ thumb: "image/resize,w_60" }) } });
  example = (await main.get("/example.jpg")).body;
});
afterEach(() => {
  fault = undefined;
  for (const stack of started) expect(stack.stats().accessPoint.unanswered).toBe(0);
});
afterAll(async () => {
  await Promise.all(started.map((stack) => stack.close()));
  await removeFolder(root);
});

/** Whatever happened: every invocation was answered, and nothing secret was written to a log. */
afterAll(() => {
  const lines = started.flatMap((stack) => stack.lines);
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) expect(line).not.toMatch(/Signature=|OSSV1#|OSSV1%23|security-token|STS\.|CAIS|Authorization/i);
});

const sizeOf = async (bytes: Uint8Array) => {
  const { width, height, format } = await decodeWithSharp(bytes);
  return { width, height, format };
};

describe("a picture", () => {
  test("is made, carries the original's validators as OSS does, and is logged with its stages", async () => {
    const answer = await main.get("/example.jpg?x-oss-process=image/resize,w_200/format,webp");
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "image/webp" } });
    expect(await sizeOf(answer.body)).toEqual({ width: 200, height: 134, format: "webp" });
    const untouched = await main.get("/example.jpg");
    expect(answer.headers["etag"]).toBe(untouched.headers["etag"]);
    expect(answer.headers["last-modified"]).toBe(untouched.headers["last-modified"]);
    const line = await main.lineOf(answer);
    expect(line).toMatchObject({
      key: "example.jpg",
      status: 200,
      outcome: "transformed",
      plan: "image/resize,w_200/format,webp",
      sourceBytes: 21839,
      bytes: answer.body.length,
      width: 200,
      height: 134,
    });
    expect(Object.keys(line["stages"] as object)).toEqual(expect.arrayContaining(["probe", "decode", "encode"]));
    expect(line["ms"]).toBeGreaterThan(0);
  });

  test("of the plain grammar has an ETag of its own that names its plan", async () => {
    const [a, b, again, original] = await Promise.all(
      ["?w=100", "?w=101", "?w=100&utm_source=x", ""].map((query) => main.get(`/example.jpg${query}`)),
    );
    const etags = [a, b, original].map((answer) => answer!.headers["etag"]);
    expect(new Set(etags).size).toBe(3);
    for (const etag of etags) expect(etag).toMatch(/^"[0-9A-Fa-f]{32}"$/);
    expect(again!.headers["etag"]).toBe(etags[0]);
    expect(again!.body.equals(a!.body)).toBe(true);
  });

  test("keys with spaces, plus signs and other scripts", async () => {
    const answer = await main.get(`/${encodeURIComponent("日本")}/a%20b+(1).jpg?w=40`);
    expect(await sizeOf(answer.body)).toMatchObject({ width: 40, height: 27 });
    expect(await main.lineOf(answer)).toMatchObject({ key: "日本/a b+(1).jpg" });
  });

  test("info answers JSON", async () => {
    const answer = await main.get("/example.jpg?x-oss-process=image/info");
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ ImageWidth: { value: "400" }, ImageHeight: { value: "267" } });
  });
});

describe("without parameters", () => {
  test.each(["example.jpg", "text.jpg", "empty.jpg", "corrupt.jpg"])("%s passes through untouched", async (key) => {
    const answer = await main.get(`/${key}?utm_source=mail`);
    const stored = await storeOf(main).get(key);
    expect(answer.status).toBe(200);
    expect(answer.body.equals(stored.content)).toBe(true);
    expect(answer.headers).toMatchObject({
      "content-length": String(stored.content.length),
      "content-type": "image/jpeg",
      etag: stored.res.headers["etag"],
    });
    const line = await main.lineOf(answer);
    expect(line).toMatchObject({ outcome: "passed", bytes: stored.content.length });
    expect(line).not.toHaveProperty("stages");
  });

  test("a large object streams, more than is ever decoded", async () => {
    const small = await start({ env: { OPALENS_MAX_BYTES: "1000000", OPALENS_ON_ERROR: "original" } });
    const answer = await small.get("/big.bin");
    expect(answer.headers["content-length"]).toBe(String(big.length));
    expect(answer.body.equals(big)).toBe(true);
    expect(await small.lineOf(answer)).toMatchObject({ outcome: "passed", bytes: big.length });
    // and stands in for a result where errors are answered so, although it is too large to be read
    const instead = await small.get("/big.bin?w=100");
    expect(instead).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    expect(instead.body.equals(big)).toBe(true);
    expect(await small.lineOf(instead)).toMatchObject({ outcome: "original", code: "SOURCE_TOO_LARGE" });
  });

  test("what a browser would run goes out as an attachment, unless OPALENS_PASS_SVG=1", async () => {
    const answer = await main.get("/page.svg");
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "image/svg+xml", "content-disposition": "attachment" },
    });
    expect(answer.body.toString()).toContain("<script>");
    const open = await start({ env: { OPALENS_PASS_SVG: "1" } });
    expect((await open.get("/page.svg")).headers).not.toHaveProperty("content-disposition");
  });

  test("stored headers go along, also those beyond ASCII, which are signed as UTF-8", async () => {
    // Not in Content-Disposition, where it happens: Node's own server mangles that one on its way through the local store
    const wire = Buffer.from('max-age=77, note="grün 日本"').toString("latin1");
    await putRaw(main, "named.jpg", example, {
      "Content-Disposition": 'inline; filename="a.jpg"',
      "Cache-Control": wire,
      "Content-Language": "de",
    });
    for (const stack of [main, await start({ env: { OPALENS_SIGNATURE: "v1" } })]) {
      for (const query of ["", "?w=50"]) {
        const { status, headers } = await stack.get(`/named.jpg${query}`);
        expect([status, headers["cache-control"], headers["content-disposition"]]).toEqual([
          200,
          wire,
          'inline; filename="a.jpg"',
        ]);
      }
      expect((await stack.get("/named.jpg")).headers["content-language"]).toBe("de");
    }
  });
});

describe("conditions", () => {
  const query = "?x-oss-process=image/resize,w_200";
  test.each([
    ["an x-oss-process result", query],
    ["a plain result", "?w=200"],
    ["the original", ""],
  ])("%s: 304 before any pixel work", async (_name, query) => {
    const first = await main.get(`/example.jpg${query}`);
    const answer = await main.get(`/example.jpg${query}`, { "If-None-Match": `"other", ${first.headers["etag"]}` });
    expect(answer.status).toBe(304);
    expect(answer.body).toHaveLength(0);
    expect(answer.headers["etag"]).toBe(first.headers["etag"]);
    const line = await main.lineOf(answer);
    expect(line).toMatchObject({ status: 304, outcome: "not-modified", bytes: 0 });
    expect(line).not.toHaveProperty("stages");
  });

  test("a corrupt picture that has not changed is a 304: its bytes are not even read", async () => {
    const { etag } = (await main.get("/corrupt.jpg")).headers;
    expect((await main.get(`/corrupt.jpg${query}`, { "If-None-Match": String(etag) })).status).toBe(304);
  });

  test("If-Modified-Since and header names in any case", async () => {
    const later = new Date(Date.now() + 3_600_000).toUTCString();
    expect((await main.get("/example.jpg?w=200", { "IF-MODIFIED-SINCE": later })).status).toBe(304);
  });

  test.each([
    ["If-Match", '"other"'],
    ["If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"],
  ])("%s that fails is a 412", async (name, value) => {
    const answer = await main.get(`/example.jpg${query}`, { [name]: value });
    expect(answer.status).toBe(412);
    expect(problemOf(answer).code).toBe("PreconditionFailed");
    expect(await main.lineOf(answer)).toMatchObject({ status: 412, outcome: "precondition-failed" });
  });
});

describe("errors", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64url");
  // biome-ignore format: one row per case
  test.each([
    ["example.jpg?x-oss-process=image/resize,w_99999999",              400, "InvalidArgument",  "BAD_ARGUMENT",      /^The value: 99999999 of parameter: w is invalid\./],
    ["example.jpg?w=0",                                                400, "InvalidArgument",  "BAD_ARGUMENT",      /^The value: 0 of parameter: w is invalid\./],
    ["example.jpg?x-oss-process=image/format,f_png",                   400, "InvalidArgument",  "BAD_ARGUMENT",      /of parameter: format is invalid\./],
    ["example.jpg?x-oss-process=image/crop,x_500,y_0",                 400, "BadRequest",       "BAD_ARGUMENT",      /^Advance cut's position is out of image\.$/],
    ["example.jpg?x-oss-process=image/slim,1",                         400, "InvalidArgument",  "BAD_ARGUMENT",      /slim/],
    ["example.jpg?x-oss-process=image/blindwatermark,content_eA",          400, "NotImplemented",   "NOT_SUPPORTED",     /blindwatermark/],
    ["example.jpg?x-oss-process=style/none",                           404, "NoSuchStyle",      "STYLE_NOT_FOUND",   /^The style you get is not found\.$/],
    ["example.jpg?x-oss-process=image/watermark,image_***",            400, "BadRequest",       "BAD_ARGUMENT",      /^Input is not base64 decoding\.$/],
    ["example.jpg?x-oss-process=%zz",                                  400, "InvalidURI",       undefined,           /./],
    ["none.jpg",                                                       404, "NoSuchKey",        "SOURCE_NOT_FOUND",  /^The specified key does not exist\.$/],
    ["none.jpg?w=100",                                                 404, "NoSuchKey",        "SOURCE_NOT_FOUND",  /./],
    ["example.jpg!none",                                               404, "NoSuchKey",        "SOURCE_NOT_FOUND",  /./],
    ["truncated.png?w=100",                                            400, "BadRequest",       "CORRUPT_IMAGE",     /./],
    ["corrupt.jpg?w=100",                                              400, "BadRequest",       "CORRUPT_IMAGE",     /./],
    ["text.jpg?w=100",                                                 400, "BadRequest",       "UNSUPPORTED_FORMAT",/./],
    ["empty.jpg?w=100",                                                400, "BadRequest",       "UNSUPPORTED_FORMAT",/./],
    ["example.jpg?x-oss-process=image/resize,w_16384,h_16384,m_fixed,limit_0", 400, "ImageTooLarge", "OUTPUT_TOO_LARGE", /./],
    [`example.jpg?x-oss-process=image/watermark,image_${base64("marks/none.png")}`, 400, "WatermarkError", "WATERMARK_FAILED", /marks\/none\.png/],
    [`example.jpg?x-oss-process=image/watermark,image_${base64("text.jpg")}`,       400, "WatermarkError", "WATERMARK_FAILED", /text\.jpg/],
  ] as const)("%s: %i %s", async (path, status, code, logged, message) => {
    const answer = await main.get(`/${path}`);
    expect(answer.status).toBe(status);
    const problem = code === "InvalidURI" ? { code: /<Code>(.*?)</.exec(answer.body.toString())?.[1], message: "-" } : problemOf(answer);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
    if (logged !== undefined) expect(await main.lineOf(answer)).toMatchObject({ status, outcome: "error", code: logged });
  });

  test("what the client wrote is escaped in the error's XML", async () => {
    const answer = await main.get("/example.jpg?x-oss-process=image/resize,w_%3Cscript%3E%26%01");
    expect(answer.status).toBe(400);
    expect(problemOf(answer).message).toContain("The value: &lt;script&gt;&amp; of parameter: w is invalid.");
  });

  // biome-ignore format: one row per case
  test.each<[string, Fault, number, string]>([
    ["500", { status: 500 }, 503, "UPSTREAM_FAILED"],
    ["503", { status: 503 }, 503, "UPSTREAM_FAILED"],
    ["403", { status: 403 }, 403, "ACCESS_DENIED"],
    ["302", { status: 302 }, 503, "UPSTREAM_FAILED"],
    ["a body that breaks off", "cut", 503, "UPSTREAM_FAILED"],
  ])("the store answers %s for the original", async (_name, what, status, code) => {
    fault = ({ key }) => (key === "example.jpg" ? what : undefined);
    const answer = await main.get("/example.jpg?w=100");
    expect(answer.status).toBe(status);
    expect(problemOf(answer).code).toBe(status === 403 ? "AccessDenied" : "ServiceUnavailable");
    expect(await main.lineOf(answer)).toMatchObject({ status, code });
  });

  test("the store fails for the watermark picture: the store's fault, not the client's", async () => {
    fault = ({ key }) => (key === "marks/logo.png" ? { status: 500 } : undefined);
    const answer = await main.get("/example.jpg?wm=marks/logo.png");
    expect(answer.status).toBe(503);
    expect(await main.lineOf(answer)).toMatchObject({ code: "UPSTREAM_FAILED" });
  });

  test("a pass-through that breaks off is an error, or a body that is visibly cut; never a wait", async () => {
    fault = ({ key }) => (key === "big.bin" || key === "example.jpg" ? "cut" : undefined);
    const from = Date.now();
    const answer = await main.get("/example.jpg");
    expect(answer.status).toBe(503);
    expect(await main.lineOf(answer)).toMatchObject({ code: "UPSTREAM_FAILED" });
    await expect(main.get("/big.bin")).rejects.toThrow(/aborted|hang up/);
    expect(Date.now() - from).toBeLessThan(5000);
    fault = undefined;
    expect((await main.get("/example.jpg?w=30")).status).toBe(200);
  });
});

describe("time", () => {
  let short: FunctionStack;
  beforeAll(async () => {
    short = await start({ env: { OPALENS_DEADLINE_MS: "1500" } });
  });

  test("a codec that is too slow is stopped at the deadline, and the next request is served", async () => {
    const before = await short.get("/example.jpg?w=60&format=png");
    const from = Date.now();
    const answer = await short.get("/slow.jpg?format=avif&q=90");
    expect(Date.now() - from).toBeLessThan(3500);
    expect(answer.status).toBe(503);
    expect(problemOf(answer).code).toBe("ServiceUnavailable");
    expect(await short.lineOf(answer)).toMatchObject({ code: "TIMEOUT" });
    const after = await short.get("/example.jpg?w=60&format=png");
    expect(after.status).toBe(200);
    expect(after.body.equals(before.body)).toBe(true);
    expect(short.stats().function.coldStarts).toBe(1); // the thread was replaced, not the instance
  });

  test("a store that hangs", async () => {
    fault = ({ key }) => (key === "example.jpg" ? "hang" : undefined);
    const answer = await short.get("/example.jpg?w=60");
    expect(answer.status).toBe(503);
    expect(await short.lineOf(answer)).toMatchObject({ code: "TIMEOUT" });
  });

  test("the function's own time-out bounds the deadline", async () => {
    const stack = await start({ functionTimeoutSeconds: 3 });
    const answer = await stack.get("/slow.jpg?format=avif&q=90");
    expect(answer.status).toBe(503);
    expect(await stack.lineOf(answer)).toMatchObject({ code: "TIMEOUT" });
  });
});

describe("keys", () => {
  test.each([
    ["/example.webp", "webp", 400],
    ["/example.png", "png", 400],
    ["/only.png", "png", 1000],
    ["/example.webp?w=80", "webp", 80],
    ["/example.avif?x-oss-process=image/resize,w_80", "avif", 80],
    ["/example.webp?w=80&format=png", "png", 80],
    ["/example.jpg!w_80,f_webp", "webp", 80],
    ["/example.jpg!thumb", "jpeg", 60],
    ["/example.jpg!w_80?w=90", "jpeg", 90],
    ["/example.webp!w_80", "webp", 80],
  ])("%s is made", async (path, format, width) => {
    const answer = await main.get(path);
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": `image/${format}` } });
    expect(await sizeOf(answer.body)).toMatchObject({ width, format });
  });

  test("an existing object of the very name wins", async () => {
    const answer = await main.get("/exact.jpg!w_50");
    expect(answer.body.equals(example)).toBe(true);
  });

  test("a format that cannot be written, and names without one, are missing objects or errors of the client", async () => {
    expect((await main.get("/example.txt")).status).toBe(404);
    expect((await main.get("/example")).status).toBe(404);
    expect((await main.get("/example.heic")).status).toBe(400);
  });

  test("OPALENS_ORIGINAL_EXTENSIONS and OPALENS_KEY_SEPARATOR", async () => {
    const stack = await start({ env: { OPALENS_ORIGINAL_EXTENSIONS: "png", OPALENS_KEY_SEPARATOR: "@" } });
    expect((await stack.get("/example.webp")).status).toBe(404);
    expect(await sizeOf((await stack.get("/boxes.webp")).body)).toMatchObject({ format: "webp" });
    expect(await sizeOf((await stack.get("/example.jpg@w_33")).body)).toMatchObject({ width: 33 });
    expect((await stack.get("/example.jpg!w_33")).status).toBe(404);
  });
});

describe("watermarks", () => {
  test("a picture of the bucket is drawn", async () => {
    const [plain, marked] = await Promise.all([
      main.get("/example.jpg?format=png"),
      main.get("/example.jpg?format=png&wm=marks/logo.png&wm_w=30"),
    ]);
    expect(marked!.status).toBe(200);
    expect(marked!.body.equals(plain!.body)).toBe(false);
  });

  test("only below OPALENS_WATERMARK_PREFIXES", async () => {
    const stack = await start({ env: { OPALENS_WATERMARK_PREFIXES: "marks/,logos/" } });
    expect((await stack.get("/example.jpg?wm=marks/logo.png")).status).toBe(200);
    for (const key of ["boxes.png", "marks", "marks%2F..%2Fboxes.png"]) {
      const answer = await stack.get(`/example.jpg?wm=${key}`);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect(problemOf(await stack.get("/example.jpg?wm=boxes.png")).code).toBe("AccessDenied");
  });
});

describe("configuration", () => {
  test("a wrong one answers InternalError, names the variable in the log and nowhere else", async () => {
    const stack = await start({ env: { OPALENS_MAX_PIXELS: "abc", OPALENS_SIGNATUR: "v1" } });
    const answer = await stack.get("/example.jpg?w=100");
    expect(answer.status).toBe(500);
    expect(problemOf(answer).code).toBe("InternalError");
    expect(answer.body.toString()).not.toContain("OPALENS_");
    const line = await stack.lineOf(answer);
    expect(line).toMatchObject({ outcome: "misconfigured", status: 500 });
    expect(line["error"]).toMatch(/OPALENS_MAX_PIXELS.*"abc"/);
    expect(line["error"]).toMatch(/OPALENS_SIGNATUR: unknown/);
  });

  test("OPALENS_ON_ERROR=original answers the untouched source, which nobody may keep", async () => {
    const stack = await start({ env: { OPALENS_ON_ERROR: "original" } });
    const bytesOf = async (key: string) => (await storeOf(stack).get(key)).content;
    // biome-ignore format: one row per case
    const cases: [string, string, string][] = [
      ["/truncated.png?w=100",             "truncated.png", "CORRUPT_IMAGE"],
      ["/text.jpg?w=100",                  "text.jpg",      "UNSUPPORTED_FORMAT"],
      ["/example.jpg?w=abc",               "example.jpg",   "BAD_ARGUMENT"],
      ["/example.jpg?x-oss-process=style/none", "example.jpg", "STYLE_NOT_FOUND"],
      ["/example.jpg!w_0",                 "example.jpg",   "BAD_ARGUMENT"],
      ["/example.jpg?wm=none.png",         "example.jpg",   "WATERMARK_FAILED"],
    ];
    for (const [path, key, code] of cases) {
      const answer = await stack.get(path);
      expect([path, answer.status, answer.headers["cache-control"]]).toEqual([path, 200, "no-store"]);
      expect(answer.body.equals(await bytesOf(key))).toBe(true);
      expect(await stack.lineOf(answer)).toMatchObject({ outcome: "original", code });
    }
    expect((await stack.get("/none.jpg?w=1")).status).toBe(404);
    expect(await sizeOf((await stack.get("/example.jpg?w=70")).body)).toMatchObject({ width: 70 });
  });

  test("OPALENS_SIGNATURE=v1 signs reads and answers", async () => {
    const stack = await start({ env: { OPALENS_SIGNATURE: "v1" } });
    expect(await sizeOf((await stack.get("/example.webp?w=70&wm=marks/logo.png&wm_w=50")).body)).toMatchObject({
      width: 70,
      format: "webp",
    });
    expect((await stack.get("/none.jpg")).status).toBe(404);
    expect(await sizeOf((await stack.get(`/${encodeURIComponent("zu groß")}.webp`)).body)).toMatchObject({ format: "webp" });
  });

  test("OPALENS_OSS_LIMITS=strict refuses what OSS refuses", async () => {
    const path = "/tall.png?x-oss-process=image/rotate,90";
    expect((await main.get(path)).status).toBe(200);
    const stack = await start({ env: { OPALENS_OSS_LIMITS: "strict" } });
    expect((await stack.get(path)).status).toBe(400);
    expect((await stack.get("/example.jpg?x-oss-process=image/rotate,90")).status).toBe(200);
  });

  test("OPALENS_MEMORY_MB and the other limits refuse by the plan, before memory is spent", async () => {
    const stack = await start({ env: { OPALENS_MEMORY_MB: "16", OPALENS_MAX_PIXELS: "200000", OPALENS_MAX_BYTES: "1000000" } });
    const tight = await stack.get("/example.jpg?format=avif");
    expect(problemOf(tight)).toMatchObject({ code: "ImageTooLarge", message: expect.stringContaining("MemLimitExceeded") });
    const line = await stack.lineOf(tight);
    expect(line).toMatchObject({ status: 400, code: "SOURCE_TOO_LARGE" });
    expect(line).not.toHaveProperty("stages");
    expect(problemOf(await stack.get("/slow.jpg?w=10")).code).toBe("ImageTooLarge"); // by bytes
    expect(problemOf(await stack.get("/only.webp?w=10")).code).toBe("ImageTooLarge"); // by pixels
  });

  test("OPALENS_STRICT_QUERY, OPALENS_CACHE_CONTROL", async () => {
    const stack = await start({ env: { OPALENS_STRICT_QUERY: "1", OPALENS_CACHE_CONTROL: "public, max-age=5" } });
    expect((await stack.get("/example.jpg?w=70&utm_source=x")).status).toBe(400);
    for (const query of ["", "?w=70"]) {
      expect((await stack.get(`/example.jpg${query}`)).headers["cache-control"]).toBe("public, max-age=5");
    }
  });
});

describe("what the access point may forward", () => {
  test("the query inside the presigned URL: OSS may have processed those bytes, so the object is read by its key", async () => {
    const seen: string[] = [];
    fault = ({ key, headers }) => void seen.push(`${key} ${String(headers.authorization ?? "presigned").split(" ")[0]}`);
    const stack = await start({ forwardQuery: "inputUrl" });
    const answer = await stack.get("/example.jpg?x-oss-process=image/resize,w_55");
    expect(await sizeOf(answer.body)).toMatchObject({ width: 55 });
    expect(seen).toEqual(["example.jpg OSS4-HMAC-SHA256"]);
    expect(await sizeOf((await stack.get("/example.jpg?w=56")).body)).toMatchObject({ width: 56 });
    expect(seen[1]).toBe("example.jpg presigned");
    expect((await stack.get("/example.jpg")).body.equals(example)).toBe(true);
  });

  test("nothing but the key: arguments in the key still work", async () => {
    const stack = await start({ forwardQuery: "none" });
    expect((await stack.get("/example.jpg?w=55")).body.equals(example)).toBe(true);
    expect(await sizeOf((await stack.get("/example.jpg!w_55,f_png")).body)).toMatchObject({ width: 55, format: "png" });
    expect(await sizeOf((await stack.get("/example.webp")).body)).toMatchObject({ format: "webp" });
  });
});

describe("behind the edge", () => {
  beforeEach(() => main.purge());

  test("a result is kept, an error is not", async () => {
    const url = `${main.urls.edge}/example.jpg?w=120`;
    const [first, second] = [await send(url), await send(url)];
    expect([first.headers["x-cache"], second.headers["x-cache"]]).toEqual(["MISS", "HIT"]);
    expect(second.body.equals(first.body)).toBe(true);
    const { invocations } = main.stats().function;
    for (const path of ["/text.jpg?w=120", "/example.jpg?w=0"]) {
      expect((await send(main.urls.edge + path)).headers["x-cache"]).toBe("MISS");
      expect((await send(main.urls.edge + path)).headers["x-cache"]).toBe("MISS");
    }
    expect(main.stats().function.invocations).toBe(invocations + 4);
  });
});

test("many at once: each is answered once, by its own picture", async () => {
  const stack = await start({ maxInstances: 2 });
  const widths = Array.from({ length: 12 }, (_, index) => 20 + index);
  const answers = await Promise.all(widths.map((width) => stack.get(`/example.jpg?w=${width}&format=png`)));
  expect(await Promise.all(answers.map(async ({ body }) => (await decodeWithSharp(body)).width))).toEqual(widths);
  await pause(50);
  expect(stack.lines.filter((line) => line.startsWith("{"))).toHaveLength(12);
});

/** The official client, straight at the store. */
function storeOf(stack: FunctionStack) {
  return new OSS({
    ...stack.credentials,
    endpoint: stack.urls.store,
    bucket: stack.bucket,
    region: `oss-${stack.region}`,
    authorizationV4: true,
  });
}
/** ali-oss refuses header values beyond ASCII; a presigned URL takes them as they are. */
async function putRaw(stack: FunctionStack, key: string, body: Buffer, headers: Record<string, string>): Promise<void> {
  const resource = `/${stack.bucket}/${key}`;
  const signing = { credential: stack.credentials, method: "PUT", now: new Date(), expiresSeconds: 60 };
  const url = presignV1({ base: stack.urls.store, path: `/${key}`, resource, ...signing });
  expect((await send(url, { method: "PUT", headers, body })).status).toBe(200);
}
