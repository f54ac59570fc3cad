/**
 * Makes OSS signatures, versions 1 and 4, and presigned URLs with them. Verification (signature.ts) compares with the same functions;
 * the vectors of the specification and ali-oss itself are what both are tested against.
 */
import { createHash, createHmac } from "node:crypto";
import { encodeName, encodePath, headerValue, printQuery, type Query, type RequestHeaders } from "./http.ts";

export const V4 = "OSS4-HMAC-SHA256";
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

export interface Credential {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Present for temporary (STS) credentials; the request must then carry the same token. */
  readonly securityToken?: string;
  /** True for a role that may read objects and nothing else. */
  readonly readOnly?: boolean;
}

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** Decoded resource: "/bucket/key", "/bucket/" or "/"; not the path of the URL, which may leave the bucket to the host. */
  readonly path: string;
  readonly query: Query;
  /** Names in lower case, as node:http gives them. */
  readonly headers: RequestHeaders;
}

// Query names that are part of a V1 resource: aliyun-oss-python-sdk oss2/auth.py and aliyun-oss-java-sdk SignParameters, and the calls of
// opap-and-fc.md section 4. "x-oss-…" and "response-…" are added below.
const V1_SUBRESOURCES: ReadonlySet<string> = new Set(
  `accessPoint accessPointConfigForObjectProcess accessPointForObjectProcess accessPointPolicy accessPointPolicyForObjectProcess acl
  append asyncFetch bucketInfo callback callback-var cname comp continuation-token cors delete encryption endTime group img inventory
  inventoryId lifecycle link live location logging metaQuery objectInfo objectMeta partNumber policy position qos qosInfo referer
  replication replicationLocation replicationProgress requestPayment resourceGroup restore security-token sequential startTime stat
  status style styleName symlink tagging transferAcceleration udf uploadId uploads versionId versioning versions vod website worm
  wormExtend wormId`.split(/\s+/),
);

/** Names that sign a URL; they never belong to what a user asked for. */
export const SIGNING_QUERY_NAMES: ReadonlySet<string> = new Set(
  `OSSAccessKeyId Expires Signature security-token x-oss-signature-version x-oss-credential x-oss-date x-oss-expires x-oss-signature
  x-oss-security-token x-oss-additional-headers`.split(/\s+/),
);

/** `date` is the Date or x-oss-date of a signed request, the Expires of a presigned URL. Base64. */
export function signV1(request: SignedRequest, accessKeySecret: string, date: string): string {
  const { headers } = request;
  const lines = [
    request.method.toUpperCase(),
    headerValue(headers, "content-md5") ?? "",
    headerValue(headers, "content-type") ?? "",
    date,
    ...ossHeaderNames(headers).map((name) => `${name}:${signedText(headers, name)}`),
    request.path + printV1Subresources(request.query),
  ];
  return createHmac("sha1", accessKeySecret).update(lines.join("\n")).digest("base64");
}

function printV1Subresources(query: Query): string {
  const signed = query
    .filter(([name]) => V1_SUBRESOURCES.has(name) || name.startsWith("x-oss-") || name.startsWith("response-"))
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return signed.length === 0 ? "" : `?${signed.join("&")}`;
}

/** Lower-case hex. `date`: yyyymmddTHHMMssZ. `additional`: further signed header names, lower case, sorted, joined by ";". */
export function signV4(
  request: SignedRequest,
  accessKeySecret: string,
  date: string,
  region: string,
  additional = "",
  empty = "",
): string {
  const canonical = printCanonicalRequest(request, additional, empty);
  const scope = [date.slice(0, 8), region, "oss", "aliyun_v4_request"];
  const hash = createHash("sha256").update(canonical).digest("hex");
  let key: string | Buffer = `aliyun_v4${accessKeySecret}`;
  for (const part of scope) key = createHmac("sha256", key).update(part).digest();
  return createHmac("sha256", key)
    .update([V4, date, scope.join("/"), hash].join("\n"))
    .digest("hex");
}

/** Exported for the test vector of the specification. */
export function printCanonicalRequest(request: SignedRequest, additional = "", empty = ""): string {
  const { headers } = request;
  const names = new Set([...ossHeaderNames(headers), ...additional.split(";").filter((name) => name !== "")]);
  for (const name of ["content-type", "content-md5"]) if (headerValue(headers, name) !== undefined) names.add(name);
  const query = request.query
    .map(([name, value]) => [encodeName(name), value === "" ? empty : `=${encodeName(value)}`] as const)
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, value]) => name + value);
  return [
    request.method.toUpperCase(),
    encodePath(request.path),
    query.join("&"),
    [...names]
      .sort(compareBytes)
      .map((name) => `${name}:${signedText(headers, name)}\n`)
      .join(""),
    additional,
    headerValue(headers, "x-oss-content-sha256") ?? UNSIGNED_PAYLOAD,
  ].join("\n");
}

export interface PresignOptions {
  /** Scheme and host, e.g. "http://127.0.0.1:8001". */
  readonly base: string;
  /** Decoded path of the URL; differs from `resource` where the host stands for the bucket. */
  readonly path: string;
  /** Decoded "/bucket/key". */
  readonly resource: string;
  readonly credential: Credential;
  readonly method?: string;
  /** Further parameters of the URL; V1 signs the sub-resources among them, V4 all. */
  readonly query?: Query;
  readonly now: Date;
  readonly expiresSeconds: number;
}

/** A V1 URL; temporary credentials add `security-token`, which is signed as a sub-resource. */
export function presignV1(options: PresignOptions): string {
  const { credential, method = "GET", resource } = options;
  const expires = String(Math.floor(options.now.getTime() / 1000) + options.expiresSeconds);
  const query: (readonly [string, string])[] = [...(options.query ?? [])];
  if (credential.securityToken !== undefined) query.push(["security-token", credential.securityToken]);
  const signature = signV1({ method, path: resource, query, headers: {} }, credential.accessKeySecret, expires);
  query.push(["Expires", expires], ["OSSAccessKeyId", credential.accessKeyId], ["Signature", signature]);
  return `${options.base}${encodePath(options.path)}?${printQuery(query)}`;
}

/** A V4 URL. */
export function presignV4(options: PresignOptions & { readonly region: string }): string {
  const { credential, method = "GET", region, resource } = options;
  const date = printBasicDate(options.now);
  const query: (readonly [string, string])[] = [
    ...(options.query ?? []),
    ["x-oss-credential", `${credential.accessKeyId}/${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`],
    ["x-oss-date", date],
    ["x-oss-expires", String(options.expiresSeconds)],
    ["x-oss-signature-version", V4],
  ];
  if (credential.securityToken !== undefined) query.push(["x-oss-security-token", credential.securityToken]);
  const signature = signV4({ method, path: resource, query, headers: {} }, credential.accessKeySecret, date, region);
  query.push(["x-oss-signature", signature]);
  return `${options.base}${encodePath(options.path)}?${printQuery(query)}`;
}

/** yyyymmddTHHMMssZ */
export function printBasicDate(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** Milliseconds; NaN for anything else than yyyymmddTHHMMssZ. */
export function parseBasicDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  return match === null ? Number.NaN : Date.parse(text.replace(/^(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"));
}

function ossHeaderNames(headers: RequestHeaders): string[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith("x-oss-") && headers[name] !== undefined)
    .sort(compareBytes);
}

/** Header text as the signer saw it: node:http reads bytes as Latin-1, signers write UTF-8. */
function signedText(headers: RequestHeaders, name: string): string {
  return Buffer.from(headerValue(headers, name) ?? "", "latin1")
    .toString("utf8")
    .trim();
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
