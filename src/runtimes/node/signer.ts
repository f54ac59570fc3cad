/** Keys of a role, as a function's context has them. All secret. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}
export interface SignerOptions {
  readonly credentials: Credentials;
  readonly signature: "v4" | "v1";
  /** Without the "oss-" prefix, e.g. cn-hangzhou. */
  readonly region: string;
}
export interface SignRequest {
  readonly method: "GET" | "POST";
  readonly bucket?: string;
  readonly key?: string;
  /** One name without a value, e.g. x-oss-write-get-object-response. */
  readonly subresource?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The part of ali-oss's signUtils that is used; the package has no types for it. */
interface SignUtils {
  buildCanonicalString(method: string, resource: string, request: { headers: object; parameters?: string }): string;
  authorization(accessKeyId: string, accessKeySecret: string, canonical: string): string;
  authorizationV4(
    accessKeyId: string,
    accessKeySecret: string,
    region: string,
    method: string,
    request: { headers: object; queries: Readonly<Record<string, null>> },
    bucket?: string,
    key?: string,
  ): string;
}

/**
 * Headers of a request signed with ali-oss: V4 or V1 (access-point reference, section 3, "Signing"). Only its signing
 * utilities are loaded, a third of the whole client, and only once something is to be signed.
 */
export async function signHeaders(
  { method, bucket, key, subresource, headers }: SignRequest,
  { credentials, signature, region }: SignerOptions,
  now = new Date(),
): Promise<Record<string, string>> {
  const utils = await loadSignUtils();
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const own = {
    ...headers,
    ...(securityToken === undefined || securityToken === "" ? {} : { "x-oss-security-token": securityToken }),
  };
  if (signature === "v1") {
    const dated = { ...own, "x-oss-date": now.toUTCString() };
    const resource = bucket === undefined ? "/" : `/${bucket}/${key ?? ""}`;
    const request = { headers: asSigned(dated), ...(subresource === undefined ? {} : { parameters: subresource }) };
    const canonical = utils.buildCanonicalString(method, resource, request);
    return { ...dated, Authorization: utils.authorization(accessKeyId, accessKeySecret, canonical) };
  }
  const date = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const dated = { ...own, "x-oss-date": date, "x-oss-content-sha256": "UNSIGNED-PAYLOAD" };
  const queries = subresource === undefined ? {} : { [subresource]: null };
  const authorization = utils.authorizationV4(
    accessKeyId,
    accessKeySecret,
    region,
    method,
    { headers: asSigned(dated), queries },
    bucket,
    key,
  );
  return { ...dated, Authorization: authorization };
}

/** Node reads and writes header bytes as Latin-1, but UTF-8 is signed; an object's Content-Disposition may need it. */
function asSigned(headers: Readonly<Record<string, string>>): Record<string, string> {
  const signed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) signed[name] = Buffer.from(value, "latin1").toString("utf8");
  return signed;
}

let loaded: Promise<SignUtils> | undefined;

/** Loads the signing utilities ahead of their first use. */
export function loadSignUtils(): Promise<SignUtils> {
  loaded =
    loaded ??
    import("ali-oss/lib/common/signUtils.js").then((module: { default?: unknown }) => (module.default ?? module) as SignUtils);
  loaded.catch(() => {
    loaded = undefined; // one failed load must not poison the instance
  });
  return loaded;
}
