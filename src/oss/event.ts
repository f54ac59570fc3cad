import { locateObject, type ObjectLocation } from "./location.ts";

/** An access point's GetObject event, checked: whom to read from, whom to answer, what is asked. */
export interface Invocation {
  /** Presigned URL of the object that was asked for, to be used as it is. Secret: it is a bearer of rights. */
  readonly sourceUrl: string;
  /** Host (and port) that takes the answer. */
  readonly route: string;
  /** Single-use right to answer. Secret. */
  readonly token: string;
  /** Key the client asked for, decoded. */
  readonly key: string;
  /** The client's query without the parameters of a signature, raw. */
  readonly query: string;
  /** The client's request headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the object lies, read off the presigned URL. */
  readonly location: ObjectLocation;
  /** The presigned URL itself carries x-oss-process, so what it gives may already be processed. */
  readonly sourceIsProcessed: boolean;
}

/** The event cannot be served. The message never holds a URL or a token of the event. */
export class EventError extends Error {
  override readonly name = "EventError";
}

const DEFAULT_SOURCE_HOSTS = [".aliyuncs.com"];
const DEFAULT_ROUTE_HOSTS = [".oss-object-process.aliyuncs.com"];

/** Query parameters that belong to a V1 or V4 signature and not to the client (access-point reference, section 2). */
const SIGNING_PARAMETERS: readonly string[] = [
  "ossaccesskeyid",
  "expires",
  "signature",
  "security-token",
  "x-oss-signature-version",
  "x-oss-credential",
  "x-oss-date",
  "x-oss-expires",
  "x-oss-signature",
  "x-oss-security-token",
  "x-oss-additional-headers",
];

/**
 * Reads an event. Only three of its fields are confirmed (getObjectContext.inputOssUrl, outputRoute, outputToken); all
 * others are optional. Both hosts must be trusted: whoever may invoke the function writes its event, and the signed
 * answer carries a security token. Throws EventError.
 */
export function parseEvent(text: string, trustedHosts?: readonly string[]): Invocation {
  const event = asRecord(parseJson(text), "the event");
  const context = asRecord(event["getObjectContext"], "getObjectContext");
  const sourceUrl = asText(context["inputOssUrl"], "inputOssUrl");
  const route = asText(context["outputRoute"], "outputRoute");
  const token = asText(context["outputToken"], "outputToken");
  const source = parseUrl(sourceUrl);
  checkHost(source.hostname, trustedHosts ?? DEFAULT_SOURCE_HOSTS, "inputOssUrl");
  checkRoute(route, trustedHosts ?? DEFAULT_ROUTE_HOSTS);
  const asked = parseUserRequest(event["userRequest"]);
  const location = locate(source, pathOf(sourceUrl));
  return {
    sourceUrl,
    route,
    token,
    key: asked?.key ?? location.key,
    query: withoutSignature(asked?.query ?? source.search),
    headers: asked?.headers ?? {},
    location,
    sourceIsProcessed: hasProcess(source.search),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EventError("the event is not JSON");
  }
}
function asRecord(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new EventError(`${name} is not an object`);
}
function asText(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "" && !/[\r\n]/.test(value)) return value;
  throw new EventError(`getObjectContext.${name} is not a text`);
}
function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new EventError("inputOssUrl is not a URL");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new EventError("inputOssUrl is neither http nor https");
  if (url.username !== "" || url.password !== "") throw new EventError("inputOssUrl names a user");
  return url;
}

/** `.suffix` matches hosts below it, a bare name matches itself and hosts below it. */
export function isTrusted(hostname: string, trusted: readonly string[]): boolean {
  const host = hostname.toLowerCase();
  return trusted.some((entry) => {
    const suffix = entry.toLowerCase();
    return suffix.startsWith(".") ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
  });
}
function checkHost(hostname: string, trusted: readonly string[], name: string): void {
  if (!isTrusted(hostname, trusted)) throw new EventError(`the host of ${name} is not trusted (OPALENS_TRUSTED_HOSTS)`);
}
function checkRoute(route: string, trusted: readonly string[]): void {
  const parts = /^([A-Za-z0-9.-]+)(:\d{1,5})?$/.exec(route);
  if (parts === null) throw new EventError("outputRoute is not a host");
  checkHost(parts[1] as string, trusted, "outputRoute");
}

interface UserRequest {
  /** Absent where the client's path is not percent-encoded UTF-8; the presigned URL then says which object is meant. */
  readonly key?: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}
/** The client's own request, where the event has it: an absolute URL or a path. */
function parseUserRequest(value: unknown): UserRequest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { url, headers } = value as { readonly url?: unknown; readonly headers?: unknown };
  if (typeof url !== "string") return undefined;
  const at = url.replace(/#.*$/, "").indexOf("?");
  const key = tryDecodeKey(pathOf(url));
  return {
    ...(key === undefined ? {} : { key }),
    query: at < 0 ? "" : url.replace(/#.*$/, "").slice(at),
    headers: lowerCaseHeaders(headers),
  };
}
/** The path as it is written: parsing a URL resolves dot segments, which belong to a key. */
function pathOf(url: string): string {
  return url.replace(/[?#].*$/, "").replace(/^[a-z]+:\/\/[^/]*/i, "");
}
function lowerCaseHeaders(headers: unknown): Readonly<Record<string, string>> {
  const lower: Record<string, string> = {};
  if (typeof headers !== "object" || headers === null) return lower;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") lower[name.toLowerCase()] = value;
  }
  return lower;
}

function locate(url: URL, path: string): ObjectLocation {
  const key = tryDecodeKey(path);
  if (key === undefined) throw new EventError("the key is not percent-encoded UTF-8");
  return locateObject(url, key);
}
function tryDecodeKey(path: string): string | undefined {
  return tryDecode(path.replace(/^\//, ""));
}
function tryDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function hasProcess(search: string): boolean {
  return search
    .replace(/^\?/, "")
    .split("&")
    .some((pair) => tryDecode(pair.split("=")[0] ?? "") === "x-oss-process");
}
function withoutSignature(query: string): string {
  return query
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => !SIGNING_PARAMETERS.includes((pair.split("=")[0] ?? "").toLowerCase()))
    .join("&");
}
