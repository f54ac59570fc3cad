import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { WRITE_BACK_QUERY, writeBackHeaders } from "../../src/oss/respond.ts";
import { signHeaders } from "../../src/runtimes/node/signer.ts";

const CREDENTIALS = { accessKeyId: "STS.exampleid", accessKeySecret: "examplesecret", securityToken: "EXAMPLE-STS-TOKEN" };
const REGION = "cn-hangzhou";
const NOW = new Date("2023-10-31T03:17:58Z");
/** The request of the access-point reference, section 3, "Vectors". */
const HEADERS = writeBackHeaders(
  {
    route: "fc-ap-01-1283000000000000-opap.oss-cn-hangzhou-internal.oss-object-process.aliyuncs.com",
    token: "OSSV1#exampletoken",
  },
  200,
  { "content-type": "image/webp" },
);
const REQUEST = { method: "POST", subresource: WRITE_BACK_QUERY, headers: HEADERS } as const;

describe("signer: the vectors of the access-point reference", () => {
  test("V1", async () => {
    const signed = await signHeaders(REQUEST, { credentials: CREDENTIALS, signature: "v1", region: REGION }, NOW);
    expect(signed).toEqual({
      ...HEADERS,
      "x-oss-security-token": "EXAMPLE-STS-TOKEN",
      "x-oss-date": "Tue, 31 Oct 2023 03:17:58 GMT",
      Authorization: "OSS STS.exampleid:P709FBighGEwQu3riak6ewAu+kU=",
    });
  });

  test("V4", async () => {
    const signed = await signHeaders(REQUEST, { credentials: CREDENTIALS, signature: "v4", region: REGION }, NOW);
    expect(signed).toEqual({
      ...HEADERS,
      "x-oss-security-token": "EXAMPLE-STS-TOKEN",
      "x-oss-date": "20231031T031758Z",
      "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
      Authorization:
        "OSS4-HMAC-SHA256 Credential=STS.exampleid/20231031/cn-hangzhou/oss/aliyun_v4_request,Signature=90a78012420c334f27b9e17ecc606d4601692ef01ce4337a8b7e253a4c79262d",
    });
  });
});

test("signer: a role without a token sends none", async () => {
  for (const securityToken of [undefined, ""]) {
    const credentials = { accessKeyId: "a", accessKeySecret: "b", ...(securityToken === undefined ? {} : { securityToken }) };
    const signed = await signHeaders(REQUEST, { credentials, signature: "v4", region: REGION }, NOW);
    expect(signed).not.toHaveProperty("x-oss-security-token");
  }
});

test.each(["v1", "v4"] as const)(
  "signer: %s covers region or date, secret, method, key and every x-oss header",
  async (signature) => {
    const base = { method: "GET", bucket: "b", key: "k", headers: { "x-oss-a": "1" } } as const;
    const options = { credentials: CREDENTIALS, signature, region: REGION };
    const sign = async (request: object, other: object = {}, now = NOW) =>
      (await signHeaders({ ...base, ...request }, { ...options, ...other }, now))["Authorization"];
    const all = await Promise.all([
      sign({}),
      sign({ key: "k2" }),
      sign({ bucket: "b2" }),
      sign({ method: "POST" }),
      sign({ headers: { "x-oss-a": "2" } }),
      sign({}, { credentials: { ...CREDENTIALS, accessKeySecret: "other" } }),
      sign({}, { credentials: { ...CREDENTIALS, securityToken: "other" } }),
      sign({}, {}, new Date(NOW.getTime() + 1000)),
    ]);
    expect(new Set(all).size).toBe(all.length);
    expect(await sign({})).toBe(all[0]);
  },
);

/** Header bytes beyond ASCII travel as Latin-1 text in Node; ali-oss itself is given the text they stand for. */
test.each(["v1", "v4"] as const)("signer: %s of a header that holds UTF-8", async (signature) => {
  const text = 'inline; filename="grün 日本.jpg"';
  const wire = Buffer.from(text).toString("latin1");
  const name = "x-oss-fwd-header-Content-Disposition";
  const options = { credentials: CREDENTIALS, signature, region: REGION };
  const signed = await signHeaders({ ...REQUEST, headers: { ...HEADERS, [name]: wire } }, options, NOW);
  expect(signed[name]).toBe(wire);
  const { Authorization, ...sent } = signed;
  expect(Authorization).toBe(signWithAliOss(signature, { ...sent, [name]: text }));
});

function signWithAliOss(signature: "v1" | "v4", headers: Record<string, string>): string {
  const utils = createRequire(import.meta.url)("ali-oss/lib/common/signUtils") as {
    buildCanonicalString(method: string, resource: string, request: object): string;
    authorization(id: string, secret: string, canonical: string): string;
    authorizationV4(id: string, secret: string, region: string, method: string, request: object): string;
  };
  const { accessKeyId, accessKeySecret } = CREDENTIALS;
  if (signature === "v4") {
    const request = { headers, queries: { [WRITE_BACK_QUERY]: null } };
    return utils.authorizationV4(accessKeyId, accessKeySecret, REGION, "POST", request);
  }
  const canonical = utils.buildCanonicalString("POST", "/", { headers, parameters: WRITE_BACK_QUERY });
  return utils.authorization(accessKeyId, accessKeySecret, canonical);
}
