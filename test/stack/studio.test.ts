import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Edge, startEdge } from "../../src/stack/edge.ts";
import { ObjectFiles } from "../../src/stack/object-files.ts";
import { createStudio } from "../../src/stack/studio.ts";
import { ENGINE_VERSION } from "../../src/version.ts";
import { createCleanup, type RawAnswer, send, temporaryFolder } from "./support.ts";

const cleanup = createCleanup();
let folder = "";
let edge: Edge;
let host = "";

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
/** An edge with nothing behind it, so that a 502 says that the studio left a request alone. */
async function start(dir: string): Promise<Edge> {
  const objects = await ObjectFiles.create(join(folder, "objects"));
  const engineDir = join(folder, "fc");
  const started = await startEdge({
    origin: "http://127.0.0.1:1",
    intercept: await createStudio({ dir: join(folder, dir), engineDir, objects, bucket: "pictures" }),
  });
  cleanup.add(started.close);
  return started;
}

beforeAll(async () => {
  const temporary = await temporaryFolder();
  cleanup.add(temporary.remove);
  folder = temporary.path;
  await write("page/index.html", "<!doctype html>the page");
  await write("page/assets/index-1a2b3c.js", "start()");
  await write("page/assets/index-1a2b3c.css", "body {}");
  await write("page/assets/favicon-1a2b3c.svg", "<svg/>");
  await write("page/fonts/sans.ttf", "the page's own");
  await write("fc/index.js", "the function");
  await write("fc/wasm/png.wasm", "\0asm");
  await write("fc/fonts/sans.ttf", "of the engine");
  await write("fc/fonts/han-sans.ttf", "of the engine");
  await write("objects/b.jpg", "b");
  await write("objects/a/notes.txt", "notes");
  await write("objects/a/c.PNG", "ccc");
  await write("objects/studio/hidden.jpg", "hidden");
  await write("outside.txt", "a secret");
  await symlink(join(folder, "outside.txt"), join(folder, "page/link.txt"));
  edge = await start("page");
  host = edge.url.replace("http://", "");
});
afterAll(() => cleanup.run());

const text = ({ status, body }: RawAnswer) => [status, body.toString()];

describe("the page", () => {
  test("/studio leads to /studio/, query included", async () => {
    const answer = await send(`${edge.url}/studio?a=1`);
    expect([answer.status, answer.headers["location"]]).toEqual([308, "/studio/?a=1"]);
  });

  const [IMMUTABLE, NO_CACHE] = ["public, max-age=31536000, immutable", "no-cache"];
  // biome-ignore format: one row per case
  test.each([
    ["",                              "<!doctype html>the page", "text/html; charset=utf-8",       NO_CACHE],
    ["?lang=zh",                      "<!doctype html>the page", "text/html; charset=utf-8",       NO_CACHE],
    ["index.html",                    "<!doctype html>the page", "text/html; charset=utf-8",       NO_CACHE],
    ["assets/index-1a2b3c.js",        "start()",                 "text/javascript; charset=utf-8", IMMUTABLE],
    ["assets/index-1a2b3c.css",       "body {}",                 "text/css; charset=utf-8",        IMMUTABLE],
    ["assets/favicon-1a2b3c.svg",     "<svg/>",                  "image/svg+xml",                  IMMUTABLE],
    ["wasm/png.wasm",                 "\0asm",                   "application/wasm",               NO_CACHE],
    ["wasm/png.wasm?9f8e7d",          "\0asm",                   "application/wasm",               IMMUTABLE],
    ["fonts/sans.ttf?9f8e7d",         "the page's own",          "font/ttf",                       IMMUTABLE],
    ["fonts/han-sans.ttf?9f8e7d",     "of the engine",           "font/ttf",                       IMMUTABLE],
  ])("serves /studio/%s", async (name, body, type, caching) => {
    const answer = await send(`${edge.url}/studio/${name}`);
    expect(text(answer)).toEqual([200, body]);
    expect(answer.headers).toMatchObject({
      "content-type": type,
      "content-length": String(body.length),
      "cache-control": caching,
      "x-content-type-options": "nosniff",
      "content-security-policy":
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self' https: http:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });

  test("answers HEAD without a body, and a known ETag with 304", async () => {
    const head = await send(`${edge.url}/studio/`, { method: "HEAD" });
    expect([...text(head), head.headers["content-length"]]).toEqual([200, "", "23"]);
    const etag = String(head.headers["etag"]);
    expect(etag).toMatch(/^".+"$/);
    const same = await send(`${edge.url}/studio/`, { headers: { "if-none-match": etag } });
    expect([...text(same), same.headers["etag"], same.headers["cache-control"]]).toEqual([304, "", etag, NO_CACHE]);
    expect((await send(`${edge.url}/studio/`, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  test.each([
    "../fc/index.js",
    "..%2ffc%2findex.js",
    "%2e%2e/objects/b.jpg",
    "wasm/../index.js",
    "assets/../../outside.txt",
    "/etc/passwd",
    "link.txt",
    "index.js",
    "assets/",
    "assets",
    ".opalens-meta/x",
    "index.html%00.js",
  ])("has no file /studio/%s", async (name) => {
    const answer = await send(`${edge.url}/studio/${name}`);
    expect(text(answer)).toEqual([404, "The studio has no such file.\n"]);
    expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("takes no %s", async (method) => {
    const answer = await send(`${edge.url}/studio/`, { method });
    expect([answer.status, answer.headers["allow"]]).toEqual([405, "GET, HEAD"]);
  });

  test.each(["/studios.jpg", "/a/studio/", "/owl.jpg?x=/studio/", "/%73tudio/"])("leaves %s to the origin", async (path) => {
    expect((await send(`${edge.url}${path}`)).status).toBe(502);
  });

  test("says so where it has not been built", async () => {
    const bare = await start("nowhere");
    for (const path of ["/studio/", "/studio/wasm/png.wasm"]) {
      expect(text(await send(`${bare.url}${path}`))).toEqual([404, "The studio is not built: `npm run build` makes it.\n"]);
    }
  });
});

/** As the page asks. */
function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {}) {
  return send(`${edge.url}/studio/api/${path}`, { ...options, headers: { host, "x-opalens-studio": "1", ...options.headers } });
}
const json = ({ status, body }: RawAnswer) => [status, JSON.parse(body.toString()) as unknown];
const put = (key: string, body: string) => ask(`objects/${key}`, { method: "PUT", body: Buffer.from(body) });

describe("what the page asks of the stack", () => {
  test("says where it is, by the name it was called", async () => {
    const answer = await ask("stack");
    expect(json(answer)).toEqual([200, { bucket: "pictures", edge: edge.url, version: ENGINE_VERSION }]);
    expect(answer.headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    const named = `localhost:${edge.port}`;
    expect(json(await ask("stack", { headers: { host: named, origin: `http://${named}` } }))).toMatchObject([
      200,
      { edge: `http://${named}` },
    ]);
  });

  test("lists pictures, then other objects, but none that the page hides", async () => {
    const objects = [
      { key: "a/c.PNG", bytes: 3 },
      { key: "b.jpg", bytes: 1 },
      { key: "a/notes.txt", bytes: 5 },
    ];
    expect(json(await ask("objects"))).toEqual([200, { objects }]);
  });

  test("stores a picture beside those that are there, and no picture twice", async () => {
    expect(json(await put("new/%E5%9B%BE.jpg", "one"))).toEqual([201, { key: "new/图.jpg", bytes: 3 }]);
    expect(json(await put("new/%E5%9B%BE.jpg", "one"))).toEqual([201, { key: "new/图.jpg", bytes: 3 }]);
    expect(json(await put("new/%E5%9B%BE.jpg", "two!"))).toEqual([201, { key: "new/图-2.jpg", bytes: 4 }]);
    expect(json(await put("new/%E5%9B%BE.jpg", "three"))).toEqual([201, { key: "new/图-3.jpg", bytes: 5 }]);
    expect(json(await put("new/%E5%9B%BE.jpg", "two!"))).toEqual([201, { key: "new/图-2.jpg", bytes: 4 }]);
    expect(await readFile(join(folder, "objects/new/图.jpg"), "utf8")).toBe("one");
    expect((await readdir(join(folder, "objects/new"))).sort()).toEqual(["图-2.jpg", "图-3.jpg", "图.jpg"]);
  });

  test("gives two pictures of one name that come at once a key each", async () => {
    const answers = await Promise.all(["first", "second"].map((body) => put("twin/a.b", body)));
    const keys = answers.map((answer) => (json(answer)[1] as { key: string }).key);
    expect(keys.sort()).toEqual(["twin/a-2.b", "twin/a.b"]);
  });

  // biome-ignore format: one row per case
  test.each([
    ["",                        400],
    ["a/../../outside.txt",     400],
    ["..%2Foutside.txt",        400],
    ["a//b.jpg",                400],
    [".opalens-meta/x.json",    400],
    ["studio/x.jpg",            400],
    ["studio",                  400],
    ["x".repeat(1100),          400],
    ["a",                       409], // a folder here
    ["b.jpg/c.jpg",             409],
  ])("refuses the key %s", async (key, status) => {
    const answer = await put(key, "bytes");
    expect(json(answer)).toEqual([status, { message: expect.stringMatching(/^[A-Z].*\.$/) as string }]);
    expect(await readFile(join(folder, "outside.txt"), "utf8")).toBe("a secret");
  });

  test("stores 64 MiB and not a byte more", async () => {
    const body = Buffer.alloc(64 * 1024 * 1024 + 1, 7);
    const large = await ask("objects/large.jpg", { method: "PUT", body });
    expect(json(large)).toEqual([413, { message: "The studio stores pictures of at most 64 MiB." }]);
    const chunked = { "transfer-encoding": "chunked" };
    expect((await ask("objects/large.jpg", { method: "PUT", body, headers: chunked })).status).toBe(413);
    expect(await readdir(join(folder, "objects"))).not.toContain("large.jpg");
    expect((await ask("objects/large.jpg", { method: "PUT", body: body.subarray(1) })).status).toBe(201);
  });

  // biome-ignore format: one row per case
  test.each<[string, Record<string, string>]>([
    ["without the studio's header",              { "x-opalens-studio": "" }],
    ["with another value of it",                 { "x-opalens-studio": "2" }],
    ["under another name (DNS rebinding)",       { host: "evil.example:8787" }],
    ["under a name that begins like loopback",   { host: "127.0.0.1.evil.example" }],
    ["under a name that ends like loopback",     { host: "evil-localhost" }],
    ["from another site",                        { origin: "https://evil.example" }],
    ["from another port of this machine",        { origin: "http://127.0.0.1:1" }],
    ["from another name of this machine",        { origin: "http://localhost" }],
    ["from a page without an origin",            { origin: "null" }],
  ])("refuses everything %s", async (_name, headers) => {
    for (const [method, path] of [["GET", "stack"], ["GET", "objects"], ["PUT", "objects/evil.jpg"]] as const) {
      const answer = await ask(path, { method, headers, ...(method === "PUT" ? { body: Buffer.from("x") } : {}) });
      expect(json(answer)).toEqual([403, { message: "Only the studio of this stack may ask for that." }]);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect(await readdir(join(folder, "objects"))).not.toContain("evil.jpg");
  });

  // biome-ignore format: one row per case
  test.each([
    ["POST",    "stack",          405],
    ["HEAD",    "stack",          405],
    ["PUT",     "objects",        405],
    ["DELETE",  "objects/b.jpg",  405],
    ["OPTIONS", "objects/b.jpg",  405],
    ["GET",     "objects/b.jpg",  405],
    ["GET",     "",               404],
    ["GET",     "secrets",        404],
  ])("%s %s: %i", async (method, path, status) => {
    expect((await ask(path, { method })).status).toBe(status);
  });

  test("stores nothing of a body that breaks off", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(edge.port, "127.0.0.1", () => {
        const head = `PUT /studio/api/objects/half.jpg HTTP/1.1\r\nhost: ${host}\r\nx-opalens-studio: 1\r\ncontent-length: 100\r\n\r\nhalf`;
        socket.write(head, () => socket.destroy());
      });
      socket.on("close", () => resolve());
    });
    expect((await put("whole.jpg", "whole")).status).toBe(201); // the same queue
    expect(await readdir(join(folder, "objects"))).not.toContain("half.jpg");
  });
});
