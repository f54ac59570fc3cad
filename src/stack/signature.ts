/**
 * Verifies OSS request signatures, versions 1 and 4, in headers and in presigned URLs, for the store and the write-back endpoint.
 * Specification: opap-and-fc.md section 3 "Signing"; checked against ali-oss 6.23.0.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { headerValue, OssError, parseHttpDate, queryValue } from "./http.ts";
import { type Credential, parseBasicDate, type SignedRequest, signV1, signV4, UNSIGNED_PAYLOAD, V4 } from "./signing.ts";

export type Keyring = (accessKeyId: string) => Credential | undefined;

export interface VerifyOptions {
  readonly now: Date;
  /** V4 scopes must name it, e.g. "cn-hangzhou". */
  readonly region: string;
}

/** A signature as found in a request, of whatever version and form. */
interface Claim {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly securityToken: string | undefined;
  /** Every signature that would be right. */
  expected(credential: Credential): readonly string[];
  /** Throws when the request is too old or from the future. */
  checkTime(now: Date): void;
}

const SKEW_MS = 15 * 60 * 1000; // OSS: RequestTimeTooSkewed beyond 15 minutes
const MAX_V4_EXPIRES_SECONDS = 604_800; // OSS help page 0002-00000232: 1 to 604,800

/**
 * Checks the signature of a request. Gives the credential it was made with, or undefined for a request that carries none.
 * Throws OssError: InvalidAccessKeyId, SignatureDoesNotMatch, RequestTimeTooSkewed, AccessDenied (expired), InvalidSecurityToken (403),
 * InvalidArgument (400).
 */
export function verifySignature(request: SignedRequest, keyring: Keyring, options: VerifyOptions): Credential | undefined {
  const claim = findClaim(request, options);
  if (claim === undefined) return undefined;
  const credential = keyring(claim.accessKeyId);
  if (credential === undefined) {
    throw new OssError(403, "InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records.");
  }
  // Before the signature, as OSS does: help page "Add signatures to URLs", rule 4
  claim.checkTime(options.now);
  // All are compared, so that the time taken does not tell which one was close.
  const matches = claim.expected(credential).filter((expected) => equalInConstantTime(expected, claim.signature));
  if (matches.length === 0) {
    throw new OssError(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
  if (credential.securityToken !== undefined && !equalInConstantTime(credential.securityToken, claim.securityToken ?? "")) {
    throw new OssError(403, "InvalidSecurityToken", "The security token you provided is invalid.");
  }
  return credential;
}

function findClaim(request: SignedRequest, options: VerifyOptions): Claim | undefined {
  const authorization = headerValue(request.headers, "authorization");
  const isV4Query = queryValue(request.query, "x-oss-signature") !== undefined;
  const isV1Query = queryValue(request.query, "Signature") !== undefined;
  if (authorization !== undefined && (isV4Query || isV1Query)) throw invalid("The signature is in the URL and in the header.");
  if (authorization?.startsWith(`${V4} `)) return claimV4Header(request, authorization.slice(V4.length + 1), options);
  if (authorization?.startsWith("OSS ")) return claimV1Header(request, authorization.slice(4));
  if (authorization !== undefined) throw invalid("The Authorization header is malformed.");
  if (isV4Query) return claimV4Query(request, options);
  return isV1Query ? claimV1Query(request) : undefined;
}

function claimV1Header(request: SignedRequest, value: string): Claim {
  const colon = value.lastIndexOf(":");
  if (colon < 0) throw invalid("The Authorization header is malformed.");
  const date = headerValue(request.headers, "x-oss-date") ?? headerValue(request.headers, "date");
  return {
    accessKeyId: value.slice(0, colon),
    signature: value.slice(colon + 1),
    securityToken: headerValue(request.headers, "x-oss-security-token"),
    expected: ({ accessKeySecret }) => [signV1(request, accessKeySecret, date ?? "")],
    checkTime: (now) => checkSkew(now, parseHttpDate(date)),
  };
}

function claimV1Query(request: SignedRequest): Claim {
  const expires = queryValue(request.query, "Expires") ?? "";
  return {
    accessKeyId: queryValue(request.query, "OSSAccessKeyId") ?? "",
    signature: queryValue(request.query, "Signature") ?? "",
    securityToken: queryValue(request.query, "security-token"),
    expected: ({ accessKeySecret }) => [signV1(request, accessKeySecret, expires)],
    checkTime: (now) => checkExpiry(now, /^\d+$/.test(expires) ? Number(expires) * 1000 : Number.NaN),
  };
}

function claimV4Header(request: SignedRequest, value: string, options: VerifyOptions): Claim {
  const fields = new Map(
    value.split(",").map((field) => {
      const equals = field.indexOf("=");
      return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()] as const;
    }),
  );
  const date = headerValue(request.headers, "x-oss-date") ?? "";
  const scope = parseCredentialScope(fields.get("Credential") ?? "", date, options.region);
  if (headerValue(request.headers, "x-oss-content-sha256") !== UNSIGNED_PAYLOAD) {
    throw invalid(`The x-oss-content-sha256 header must be ${UNSIGNED_PAYLOAD}.`);
  }
  return {
    accessKeyId: scope.accessKeyId,
    signature: fields.get("Signature") ?? "",
    securityToken: headerValue(request.headers, "x-oss-security-token"),
    expected: ({ accessKeySecret }) =>
      signaturesV4(request, accessKeySecret, date, scope.region, fields.get("AdditionalHeaders") ?? ""),
    checkTime: (now) => checkSkew(now, parseBasicDate(date)),
  };
}

function claimV4Query(request: SignedRequest, options: VerifyOptions): Claim {
  const value = (name: string) => queryValue(request.query, name) ?? "";
  if (value("x-oss-signature-version") !== V4) throw invalid(`x-oss-signature-version must be ${V4}.`);
  const date = value("x-oss-date");
  const scope = parseCredentialScope(value("x-oss-credential"), date, options.region);
  const seconds = Number(value("x-oss-expires"));
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_V4_EXPIRES_SECONDS) {
    throw invalid(`x-oss-expires must be an integer from 1 to ${MAX_V4_EXPIRES_SECONDS}.`);
  }
  const unsigned = { ...request, query: request.query.filter(([name]) => name !== "x-oss-signature") };
  return {
    accessKeyId: scope.accessKeyId,
    signature: value("x-oss-signature"),
    securityToken: queryValue(request.query, "x-oss-security-token"),
    expected: ({ accessKeySecret }) =>
      signaturesV4(unsigned, accessKeySecret, date, scope.region, value("x-oss-additional-headers")),
    checkTime: (now) => {
      const start = parseBasicDate(date);
      if (start - now.getTime() > SKEW_MS) checkSkew(now, start);
      checkExpiry(now, start + seconds * 1000);
    },
  };
}

/**
 * The protocol writes an empty value as the bare name; ali-oss does so for sub-resources but signs `prefix=` for an empty query value.
 * Both are taken.
 */
function signaturesV4(request: SignedRequest, secret: string, date: string, region: string, additional: string): string[] {
  return ["", "="].map((empty) => signV4(request, secret, date, region, additional, empty));
}

function parseCredentialScope(credential: string, date: string, region: string): { accessKeyId: string; region: string } {
  const parts = credential.split("/");
  const [day, scopeRegion, product, kind] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (accessKeyId === "" || product !== "oss" || kind !== "aliyun_v4_request") throw invalid("Invalid signing credential.");
  if (day !== date.slice(0, 8)) throw invalid("Invalid signing date in the credential.");
  if (scopeRegion !== region) throw invalid(`Invalid signing region in the credential: expected ${region}.`);
  return { accessKeyId, region };
}

function checkSkew(now: Date, signedMs: number): void {
  if (Number.isNaN(signedMs)) throw new OssError(403, "AccessDenied", "OSS authentication requires a valid Date.");
  if (Math.abs(now.getTime() - signedMs) > SKEW_MS) {
    throw new OssError(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  }
}

function checkExpiry(now: Date, endMs: number): void {
  if (Number.isNaN(endMs)) throw new OssError(403, "AccessDenied", "Invalid date (should be seconds since epoch).");
  if (now.getTime() > endMs) throw new OssError(403, "AccessDenied", "Request has expired.");
}

function equalInConstantTime(expected: string, given: string): boolean {
  // Hashed first, because timingSafeEqual wants equal lengths and the length is itself a hint.
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}

function invalid(message: string): OssError {
  return new OssError(400, "InvalidArgument", message);
}
