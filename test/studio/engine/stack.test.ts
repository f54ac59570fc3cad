import { describe, expect, test } from "vitest";
import { proofWithoutAsking, prove } from "../../../src/studio/engine/proof.ts";
import { createStackApi, processUrl, type Request } from "../../../src/studio/engine/stack.ts";
import type { Result, Source, StackInfo } from "../../../src/studio/state/store.ts";

const PAGE = "https://a.test/some/studio/";
const STACK: StackInfo = { bucket: "b", edge: "https://edge.test", version: "1.2.3" };

/** A server with these answers, and what it was asked. */
function server(answers: Readonly<Record<string, () => Response>>) {
  const asked: string[] = [];
  const request: Request = async (input, init = {}) => {
    const asking = `${init.method ?? "GET"} ${input}`;
    asked.push(`${asking} ${new Headers(init.headers).get("x-opalens-studio") ?? ""}`.trim());
    const answer = answers[asking];
    if (answer === undefined) throw new TypeError("Failed to fetch");
    return answer();
  };
  return { asked, request };
}
const json =
  (value: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(value), { status });

describe("the stack", () => {
  test("is found below the page's folder", async () => {
    const { asked, request } = server({ [`GET ${PAGE}api/stack`]: json(STACK) });
    expect(await createStackApi(`${PAGE}index.html#key=a`, request).find()).toEqual(STACK);
    expect(asked).toEqual([`GET ${PAGE}api/stack 1`]);
  });
  // biome-ignore format: one row per case
  test.each([
    ["a host that has no such file",          { [`GET ${PAGE}api/stack`]: () => new Response("not found", { status: 404 }) }],
    ["a host that answers a page for all",    { [`GET ${PAGE}api/stack`]: () => new Response("<!doctype html>") }],
    ["a host that answers something else",    { [`GET ${PAGE}api/stack`]: json({ edge: 1 }) }],
    ["a host that answers null",              { [`GET ${PAGE}api/stack`]: json(null) }],
    ["no host at all",                        {}],
  ])("is not there behind %s", async (_name, answers) => {
    expect(await createStackApi(PAGE, server(answers).request).find()).toBe(undefined);
  });
  test("lists objects, none where it cannot", async () => {
    const objects = [{ key: "a.jpg", bytes: 3 }];
    expect(await createStackApi(PAGE, server({ [`GET ${PAGE}api/objects`]: json({ objects }) }).request).objects()).toEqual(
      objects,
    );
    expect(await createStackApi(PAGE, server({}).request).objects()).toEqual([]);
  });
  test("stores a picture and says under which key", async () => {
    const { asked, request } = server({
      [`PUT ${PAGE}api/objects/my%20owl.jpg`]: json({ key: "my owl-1.jpg", bytes: 3 }, 201),
    });
    expect(await createStackApi(PAGE, request).store("my owl.jpg", new Blob(["abc"]))).toBe("my owl-1.jpg");
    expect(asked).toEqual([`PUT ${PAGE}api/objects/my%20owl.jpg 1`]);
  });
  test("that refuses a picture is quoted", async () => {
    const refusal = () => new Response("<Error><Message>too large</Message></Error>", { status: 413 });
    const storing = createStackApi(PAGE, server({ [`PUT ${PAGE}api/objects/a.jpg`]: refusal }).request).store(
      "a.jpg",
      new Blob([]),
    );
    await expect(storing).rejects.toMatchObject({ code: "UPSTREAM_FAILED", message: "the store answered HTTP 413: too large" });
  });
  test("gives objects, and says which one it has not", async () => {
    const api = createStackApi(
      PAGE,
      server({
        "GET https://edge.test/dir/a%20b.jpg": () => new Response("abc"),
        "GET https://edge.test/no.jpg": () => new Response("", { status: 404 }),
      }).request,
    );
    expect(await (await api.fetchObject(STACK.edge, "dir/a b.jpg")).text()).toBe("abc");
    await expect(api.fetchObject(STACK.edge, "no.jpg")).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
    await expect(api.fetchObject(STACK.edge, "gone.jpg")).rejects.toMatchObject({ code: "UPSTREAM_FAILED" });
  });
});

describe("the proof", () => {
  const source = { key: "dir/图.jpg" } as Source;
  const result = { sha256: "aa" } as Result;
  // biome-ignore format: one row per case
  test.each([
    ["no server",               { stack: undefined, source, result },              { kind: "none", why: "no-server" }],
    ["a picture of one's own",  { stack: STACK, source: {} as Source, result },    { kind: "none", why: "not-stored" }],
    ["a page without digests",  { stack: STACK, source, result: {} as Result },    { kind: "none", why: "insecure" }],
    ["nothing missing",         { stack: STACK, source, result },                  undefined],
  ])("needs no asking with %s", (_name, parts, expected) => {
    expect(proofWithoutAsking(parts)).toEqual(expected);
  });

  const process = "image/resize,w_200/fit,g_fp:0.5:0.5/format,webp";
  const url = `https://edge.test/dir/%E5%9B%BE.jpg?x-oss-process=${process}`;
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const parts = { edge: STACK.edge, key: "dir/图.jpg", process };
  const signal = () => new AbortController().signal;
  test("is equal or different, by the bytes that the URL gives", async () => {
    const { request } = server({ [`GET ${url}`]: () => new Response("abc") });
    expect(await prove({ ...parts, here: abc }, request, signal())).toEqual({ kind: "equal", sha256: abc, url });
    expect(await prove({ ...parts, here: "00" }, request, signal())).toEqual({
      kind: "different",
      here: "00",
      there: abc,
      url,
    });
  });
  test("fails with what the server says, or where there is none", async () => {
    const { request } = server({ [`GET ${url}`]: () => new Response("<Code>BadRequest</Code>", { status: 400 }) });
    expect(await prove({ ...parts, here: abc }, request, signal())).toEqual({
      kind: "failed",
      message: "HTTP 400: BadRequest",
      url,
    });
    expect(await prove({ ...parts, here: abc }, server({}).request, signal())).toEqual({
      kind: "failed",
      message: "Failed to fetch",
      url,
    });
  });
  test("that is not wanted any more fails", async () => {
    await expect(prove({ ...parts, here: abc }, server({}).request, AbortSignal.abort())).rejects.toThrow();
  });
  test("asks for the picture itself where nothing is asked, and encodes what a query cannot hold", () => {
    expect(processUrl(STACK.edge, "a b.jpg", "")).toBe("https://edge.test/a%20b.jpg");
    expect(processUrl(STACK.edge, "a.jpg", "image/x,a_#&+")).toBe("https://edge.test/a.jpg?x-oss-process=image/x,a_%23%26%2B");
  });
});
