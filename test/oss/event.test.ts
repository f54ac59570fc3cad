import { describe, expect, test } from "vitest";
import { EventError, isTrusted, parseEvent } from "../../src/oss/event.ts";

const SECRETS = "Expires=1698722278&OSSAccessKeyId=STS.id&Signature=c2VjcmV0&security-token=CAIS%2Btoken";
const URL_OF = (path: string) =>
  `https://pictures.oss-cn-hangzhou-internal.aliyuncs.com/${path}${path.includes("?") ? "&" : "?"}${SECRETS}`;
const ROUTE = "fc-ap-01-1283000000000000-opap.oss-cn-hangzhou-internal.oss-object-process.aliyuncs.com";
const TOKEN = "OSSV1#to+ke/n=#x";
const CONTEXT = { inputOssUrl: URL_OF("a/photo%201.jpg"), outputRoute: ROUTE, outputToken: TOKEN };

const parse = (context: object, more: object = {}, trusted?: readonly string[]) =>
  parseEvent(JSON.stringify({ getObjectContext: { ...CONTEXT, ...context }, ...more }), trusted);
const failure = (work: () => unknown): Error => {
  try {
    work();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error("expected an error");
};

test("event: the three confirmed fields suffice", () => {
  expect(parse({})).toEqual({
    sourceUrl: CONTEXT.inputOssUrl,
    route: ROUTE,
    token: TOKEN,
    key: "a/photo 1.jpg",
    query: "",
    headers: {},
    location: {
      endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com",
      bucket: "pictures",
      host: "pictures.oss-cn-hangzhou-internal.aliyuncs.com",
      key: "a/photo 1.jpg",
    },
    sourceIsProcessed: false,
  });
});

describe("event: what the client asked for", () => {
  // biome-ignore format: one row per case
  test.each([
    ["absolute URL",      "https://ap.oss-cn-hangzhou.aliyuncs.com/b/%E6%97%A5%20x.jpg?w=1&x-oss-process=image/info", "b/日 x.jpg", "?w=1&x-oss-process=image/info"],
    ["path",              "/b.jpg?w=2",                  "b.jpg",      "?w=2"],
    ["path without query","/b.jpg",                      "b.jpg",      ""],
    ["fragment",          "/b.jpg?w=2#w=3",              "b.jpg",      "?w=2"],
    ["raw query",         "/b.jpg?w=%31&n=a%26b",        "b.jpg",      "?w=%31&n=a%26b"],
    ["dot segments",      "https://h/a/../b.jpg?w=1",    "a/../b.jpg", "?w=1"],
    ["question mark key", "/what%3F.jpg?w=1",            "what?.jpg",  "?w=1"],
  ])("userRequest with %s", (_name, url, key, query) => {
    const parsed = parse({}, { userRequest: { url, headers: {} } });
    expect([parsed.key, parsed.query]).toEqual([key, query.slice(1)]);
    expect(parsed.location.key).toBe("a/photo 1.jpg"); // what is read is what the presigned URL says
  });

  test("a path that is no UTF-8 leaves the key to the presigned URL: there is someone to answer", () => {
    expect(parse({}, { userRequest: { url: "/%ff%zz.jpg?w=1" } })).toMatchObject({ key: "a/photo 1.jpg", query: "w=1" });
  });

  test("header names in any case; values that are no text are left out", () => {
    const headers = { "IF-None-Match": '"x"', "x-Thing": "1", broken: 7, list: ["a"] };
    expect(parse({}, { userRequest: { url: "/b.jpg", headers } }).headers).toEqual({ "if-none-match": '"x"', "x-thing": "1" });
  });

  test.each([[undefined], [null], ["text"], [{}], [{ url: 7 }]])("userRequest %j counts as absent", (userRequest) => {
    expect(parse({ inputOssUrl: URL_OF("c.jpg?w=5") }, { userRequest })).toMatchObject({
      key: "c.jpg",
      query: "w=5",
      headers: {},
    });
  });

  test.each([
    ["V1", SECRETS],
    [
      "V4",
      "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=a%2Fb&x-oss-date=20231031T031758Z&x-oss-expires=60&x-oss-signature=abc&x-oss-security-token=t&x-oss-additional-headers=host",
    ],
    ["other spelling", "EXPIRES=1&ossaccesskeyid=x&signature=y&Security-Token=t"],
  ])("keys of a %s signature are not the client's", (_name, signing) => {
    const inputOssUrl = `https://pictures.oss-cn-hangzhou.aliyuncs.com/c.jpg?w=5&${signing}&utm=x`;
    expect(parse({ inputOssUrl }).query).toBe("w=5&utm=x");
    expect(parse({}, { userRequest: { url: `/c.jpg?w=5&${signing}&utm=x` } }).query).toBe("w=5&utm=x");
  });

  test.each([
    ["x-oss-process=image/info", true],
    ["w=1&x-oss-process=style/a", true],
    ["x%2Doss-process=image/info", true],
    ["my-x-oss-process=1", false],
    ["w=1", false],
  ])("a presigned URL with %s: processed %s", (query, processed) => {
    expect(parse({ inputOssUrl: URL_OF(`c.jpg?${query}`) }).sourceIsProcessed).toBe(processed);
    expect(parse({}, { userRequest: { url: `/c.jpg?${query}` } }).sourceIsProcessed).toBe(false);
  });

  test("the key of a presigned URL keeps its dot segments", () => {
    expect(parse({ inputOssUrl: URL_OF("a/../b.jpg") }).location.key).toBe("a/../b.jpg");
  });
});

describe("event: hosts", () => {
  const source = (host: string, path = "c.jpg") => ({ inputOssUrl: `https://${host}/${path}?${SECRETS}` });
  // biome-ignore format: one row per case
  test.each([
    ["b.oss-cn-hangzhou.aliyuncs.com", true], ["b.oss-cn-hangzhou.aliyuncs.com:443", true], ["B.OSS-cn-hangzhou.ALIYUNCS.com", true],
    ["aliyuncs.com", false], ["evil-aliyuncs.com", false], ["x.aliyuncs.com.evil.com", false], ["x.aliyuncs.com.", false],
    ["aliyuncs.com@evil.com", false], ["user@b.aliyuncs.com", false], ["user:pw@b.aliyuncs.com", false],
    ["127.0.0.1", false], ["2130706433", false], ["[::1]", false], ["localhost", false], ["100.100.100.200", false],
    ["evil.com\\.aliyuncs.com", false], ["evil.com#.aliyuncs.com", false], ["evil.com?.aliyuncs.com", false],
    ["evil.com/.aliyuncs.com", false], ["b.aliyuncs.com%2eevil.com", false],
  ])("inputOssUrl at %s: %s", (host, fits) => {
    if (fits) expect(parse(source(host)).location.host.toLowerCase()).toContain("aliyuncs.com");
    else expect(failure(() => parse(source(host)))).toBeInstanceOf(EventError);
  });

  // biome-ignore format: one row per case
  test.each([
    [ROUTE, true], [`${ROUTE}:80`, true], [ROUTE.toUpperCase(), true],
    ["oss-object-process.aliyuncs.com", false], ["b.oss-cn-hangzhou.aliyuncs.com", false], ["evil-oss-object-process.aliyuncs.com", false],
    [`${ROUTE}.evil.com`, false], [`evil.com/${ROUTE}`, false], [`user@${ROUTE}`, false], [`evil.com#${ROUTE}`, false],
    [`evil.com?${ROUTE}`, false], [`http://${ROUTE}`, false], [`${ROUTE}/`, false], [`${ROUTE}:`, false], [`${ROUTE}:123456`, false],
    [`${ROUTE} `, false], [`${ROUTE}\r\nX: y`, false], [`evil.com\n${ROUTE}`, false], [`${ROUTE}\n`, false], [`[::1]`, false], ["", false],
    ["127.0.0.1:80", false], ["169.254.169.254", false],
  ])("outputRoute %j: %s", (outputRoute, fits) => {
    if (fits) expect(parse({ outputRoute }).route).toBe(outputRoute);
    else expect(failure(() => parse({ outputRoute }))).toBeInstanceOf(EventError);
  });

  test("OPALENS_TRUSTED_HOSTS replaces both lists", () => {
    const trusted = ["127.0.0.1", ".example.com"];
    const local = { inputOssUrl: "http://127.0.0.1:9000/c.jpg", outputRoute: "127.0.0.1:9001" };
    expect(parse(local, {}, trusted)).toMatchObject({
      route: "127.0.0.1:9001",
      location: { endpoint: "http://127.0.0.1:9000", bucket: "", host: "127.0.0.1:9000" },
    });
    expect(parse({ ...source("a.example.com"), outputRoute: "b.example.com" }, {}, trusted).route).toBe("b.example.com");
    for (const host of ["127.0.0.10", "1.127.0.0.1.evil.com", "example.com", "badexample.com", "b.aliyuncs.com"]) {
      expect(failure(() => parse({ ...local, ...source(host) }, {}, trusted))).toBeInstanceOf(EventError);
    }
    expect(failure(() => parse({ ...local, outputRoute: ROUTE }, {}, trusted))).toBeInstanceOf(EventError);
  });

  test("a bare name trusts itself and what is below it, a suffix only what is below", () => {
    expect(["a.b", "x.a.b", "xa.b"].map((host) => isTrusted(host, ["a.b"]))).toEqual([true, true, false]);
    expect(["a.b", "x.a.b", "xa.b"].map((host) => isTrusted(host, [".a.b"]))).toEqual([false, true, false]);
  });
});

describe("event: what cannot be served names the field and none of its text", () => {
  // biome-ignore format: one row per case
  test.each<[string, string]>([
    ["no JSON",          "{ getObjectContext"],
    ["an array",         "[]"],
    ["null",             "null"],
    ["a number",         "7"],
    ["no context",       "{}"],
    ["context an array", JSON.stringify({ getObjectContext: [CONTEXT] })],
    ["no URL",           JSON.stringify({ getObjectContext: { ...CONTEXT, inputOssUrl: undefined } })],
    ["no token",         JSON.stringify({ getObjectContext: { ...CONTEXT, outputToken: undefined } })],
    ["empty token",      JSON.stringify({ getObjectContext: { ...CONTEXT, outputToken: "" } })],
    ["token with lines", JSON.stringify({ getObjectContext: { ...CONTEXT, outputToken: `${TOKEN}\r\nHost: evil` } })],
    ["token no text",    JSON.stringify({ getObjectContext: { ...CONTEXT, outputToken: [TOKEN] } })],
    ["route no text",    JSON.stringify({ getObjectContext: { ...CONTEXT, outputRoute: { host: ROUTE } } })],
    ["URL with lines",   JSON.stringify({ getObjectContext: { ...CONTEXT, inputOssUrl: `${URL_OF("a")}\nx` } })],
    ["no URL at all",    JSON.stringify({ getObjectContext: { ...CONTEXT, inputOssUrl: `pictures/a.jpg?${SECRETS}` } })],
    ["other scheme",     JSON.stringify({ getObjectContext: { ...CONTEXT, inputOssUrl: `file:///etc/passwd?${SECRETS}` } })],
    ["other host",       JSON.stringify({ getObjectContext: { ...CONTEXT, inputOssUrl: `https://evil.com/a?${SECRETS}` } })],
    ["other route",      JSON.stringify({ getObjectContext: { ...CONTEXT, outputRoute: "evil.com" } })],
    ["broken key",       JSON.stringify({ getObjectContext: { ...CONTEXT, inputOssUrl: URL_OF("%ff.jpg") } })],
  ])("%s", (_name, text) => {
    const error = failure(() => parseEvent(text));
    expect(error).toBeInstanceOf(EventError);
    expect(error.message.length).toBeGreaterThan(10);
    for (const secret of ["Signature=", "STS.id", "OSSV1#", "to+ke", "CAIS", "evil.com", "c2VjcmV0"]) {
      expect(`${error.message}${error.stack}`).not.toContain(secret);
    }
  });
});
