import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type OssError, parseQuery, type Query } from "../../src/stack/http.ts";
import { verifySignature } from "../../src/stack/signature.ts";
import { presignV1, presignV4, printCanonicalRequest, type SignedRequest, signV1, signV4 } from "../../src/stack/signing.ts";
import { KEYRING, ROLE, signUtils, USER } from "./support.ts";

// opap-and-fc.md section 3, "Vectors"
const EXAMPLE_SECRET = "examplesecret";
const WRITE_BACK_HEADERS = {
  "x-oss-request-route": "fc-ap-01-1283000000000000-opap.oss-cn-hangzhou-internal.oss-object-process.aliyuncs.com",
  "x-oss-request-token": "OSSV1#exampletoken",
  "x-oss-fwd-status": "200",
  "x-oss-fwd-header-content-type": "image/webp",
  "x-oss-security-token": "EXAMPLE-STS-TOKEN",
  "content-type": "application/octet-stream",
};
const WRITE_BACK = { method: "POST", path: "/", query: [["x-oss-write-get-object-response", ""]] as Query };

test("signV1: gives the specification's signature", () => {
  const date = "Tue, 31 Oct 2023 03:17:58 GMT";
  const request = { ...WRITE_BACK, headers: { ...WRITE_BACK_HEADERS, "x-oss-date": date } };
  expect(signV1(request, EXAMPLE_SECRET, date)).toBe("P709FBighGEwQu3riak6ewAu+kU=");
});

test("signV4: gives the specification's canonical request and signature", () => {
  const date = "20231031T031758Z";
  const request = {
    ...WRITE_BACK,
    headers: { ...WRITE_BACK_HEADERS, "x-oss-date": date, "x-oss-content-sha256": "UNSIGNED-PAYLOAD" },
  };
  const hash = createHash("sha256").update(printCanonicalRequest(request)).digest("hex");
  expect(hash).toBe("46f0f15e0fba511ace390c463949b300103c3901073c07e3bc361bede99c92d5");
  expect(signV4(request, EXAMPLE_SECRET, date, "cn-hangzhou")).toBe(
    "90a78012420c334f27b9e17ecc606d4601692ef01ce4337a8b7e253a4c79262d",
  );
});

// biome-ignore format: one row per case
test.each([
  ["a plain key",             "a.jpg",              {}],
  ["spaces, non-ASCII, &",    "ä ö/日本 & (1)!'*.jpg", { "x-oss-process": "image/resize,w_200/format,webp" }],
  ["an empty sub-resource",   "a.jpg",              { objectMeta: null }],
])("printCanonicalRequest: equals ali-oss for %s", (_name, key, queries) => {
  const headers = { "x-oss-date": "20231031T031758Z", "x-oss-content-sha256": "UNSIGNED-PAYLOAD", "content-type": "image/jpeg", host: "x.y" };
  const query = Object.entries(queries).map(([name, value]) => [name, value ?? ""] as const);
  const expected = signUtils.getCanonicalRequest("GET", { headers, queries }, "bucket", key, ["host"]);
  expect(printCanonicalRequest({ method: "GET", path: `/bucket/${key}`, query, headers }, "host")).toBe(expected);
});

const NOW = new Date("2026-03-01T12:00:00Z");
const OPTIONS = { now: NOW, region: "cn-hangzhou" };
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

function codeOf(request: SignedRequest, now = NOW): string {
  try {
    return verifySignature(request, KEYRING, { ...OPTIONS, now })?.accessKeyId ?? "anonymous";
  } catch (thrown) {
    return (thrown as OssError).code;
  }
}

function presigned(version: 1 | 4, change: (url: string) => string = (url) => url, credential = USER): SignedRequest {
  const options = {
    base: "http://h",
    path: "/a b.jpg",
    resource: "/bucket/a b.jpg",
    credential,
    now: NOW,
    expiresSeconds: 600,
  };
  const query: Query = [["x-oss-process", "image/resize,w_1"]];
  const url = change(
    version === 1 ? presignV1({ ...options, query }) : presignV4({ ...options, query, region: "cn-hangzhou" }),
  );
  return { method: "GET", path: "/bucket/a b.jpg", query: parseQuery(url.slice(url.indexOf("?") + 1)), headers: {} };
}

// biome-ignore format: one row per case
test.each([
  ["takes a V1 URL",                           presigned(1),                                          0,  "LTAIuser"],
  ["takes a V4 URL",                           presigned(4),                                          0,  "LTAIuser"],
  ["takes a V1 URL of temporary credentials",  presigned(1, undefined, ROLE),                         0,  "STS.role"],
  ["takes a V4 URL of temporary credentials",  presigned(4, undefined, ROLE),                         0,  "STS.role"],
  ["V1: signs x-oss-process",                  presigned(1, (url) => url.replace("w_1", "w_2")),      0,  "SignatureDoesNotMatch"],
  ["V4: signs the whole query",                presigned(4, (url) => `${url}&extra=1`),               0,  "SignatureDoesNotMatch"],
  ["V1: signs the method",                     { ...presigned(1), method: "PUT" },                    0,  "SignatureDoesNotMatch"],
  ["V4: signs the key",                        { ...presigned(4), path: "/bucket/b.jpg" },            0,  "SignatureDoesNotMatch"],
  ["V1: signs the expiry",                     presigned(1, (u) => u.replace(/Expires=\d/, "Expires=9")), 0, "SignatureDoesNotMatch"],
  ["V1: refuses an expired URL",               presigned(1),                                          11, "AccessDenied"],
  ["V4: refuses an expired URL",               presigned(4),                                          11, "AccessDenied"],
  ["V4: refuses a URL from the future",        presigned(4),                                          -16, "RequestTimeTooSkewed"],
  ["V4: refuses another region",               presigned(4, (url) => url.replace("cn-hangzhou", "cn-beijing")), 0, "InvalidArgument"],
  ["V4: refuses more than seven days",         presigned(4, (url) => url.replace("expires=600", "expires=604801")), 0, "InvalidArgument"],
  ["refuses an unknown id",                    presigned(1, (url) => url.replace("LTAIuser", "LTAIother")), 0, "InvalidAccessKeyId"],
  ["refuses two signatures",                   { ...presigned(1), headers: { authorization: "OSS a:b" } }, 0, "InvalidArgument"],
  ["checks the expiry before the signature",   presigned(1, (url) => url.replace("w_1", "w_2")),      11, "AccessDenied"],
  ["sees no signature",                        { ...presigned(1), query: [] },                        0,  "anonymous"],
])("verifySignature: %s", (_name, request, minutes, expected) => {
  expect(codeOf(request, at(minutes))).toBe(expected);
});

function signedV1(headers: Record<string, string>): SignedRequest {
  const request = { method: "GET", path: "/bucket/a", query: [], headers };
  const signature = signV1(request, ROLE.accessKeySecret, headers["x-oss-date"] ?? headers["date"] ?? "");
  return { ...request, headers: { ...headers, authorization: `OSS ${ROLE.accessKeyId}:${signature}` } };
}

// biome-ignore format: one row per case
test.each([
  ["takes Date",                     { date: NOW.toUTCString(), "x-oss-security-token": "role+token/=" },              "STS.role"],
  ["takes x-oss-date",               { "x-oss-date": NOW.toUTCString(), "x-oss-security-token": "role+token/=" },      "STS.role"],
  ["refuses 16 minutes ago",         { date: at(-16).toUTCString(), "x-oss-security-token": "role+token/=" },          "RequestTimeTooSkewed"],
  ["refuses a missing date",         { "x-oss-security-token": "role+token/=" },                                       "AccessDenied"],
  ["wants the token of the session", { date: NOW.toUTCString() },                                                      "InvalidSecurityToken"],
  ["refuses another token",          { date: NOW.toUTCString(), "x-oss-security-token": "other" },                     "InvalidSecurityToken"],
])("verifySignature: V1 header %s", (_name, headers, expected) => {
  expect(codeOf(signedV1(headers as Record<string, string>))).toBe(expected);
});

test.each(["OSS nonsense", "OSS4-HMAC-SHA256 Credential=x", "Basic abc"])("verifySignature: %s is a 400", (authorization) => {
  expect(codeOf({ method: "GET", path: "/", query: [], headers: { authorization } })).toBe("InvalidArgument");
});
