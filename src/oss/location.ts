import { TransformError } from "../core/errors.ts";

/** Where an object lies, read off its URL. */
export interface ObjectLocation {
  /** Scheme, host and port without the bucket. */
  readonly endpoint: string;
  /** Empty where the URL names none. */
  readonly bucket: string;
  /** Host and port as in the URL. */
  readonly host: string;
  readonly key: string;
}

/** The bucket is the first label of a name; a bare address (the local stack) names none, so it must be configured. */
export function locateObject({ protocol, host, hostname }: URL, key: string): ObjectLocation {
  if (isAddress(hostname)) return { endpoint: `${protocol}//${host}`, bucket: "", host, key };
  const dot = host.indexOf(".");
  return { endpoint: `${protocol}//${host.slice(dot + 1)}`, bucket: host.slice(0, dot), host, key };
}

/** URL of an object: virtual-host style for names, path style for addresses, as the OSS clients do. */
export function objectUrl(endpoint: string, bucket: string, key: string): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  const { protocol, host, hostname } = new URL(endpoint);
  return isAddress(hostname) ? `${protocol}//${host}/${bucket}/${path}` : `${protocol}//${bucket}.${host}/${path}`;
}

/** Where signed reads go. */
export interface ObjectStore {
  readonly endpoint: string;
  readonly bucket: string;
}

/**
 * The configured store, else the one of an event's URL. A signed read carries a security token in a header, and other
 * products let their customers answer under `.aliyuncs.com`: unless hosts were configured, only OSS's own endpoints count
 * (`oss-cn-hangzhou.aliyuncs.com`, `cn-hangzhou.oss.aliyuncs.com`). ACCESS_DENIED elsewhere.
 */
export function storeOf(location: ObjectLocation, configured: Partial<ObjectStore>, hostsAreConfigured: boolean): ObjectStore {
  const bucket = configured.bucket ?? location.bucket;
  if (bucket === "") throw new TransformError("UPSTREAM_FAILED", "no bucket is known to read from (OPALENS_OSS_BUCKET)");
  if (configured.endpoint !== undefined) return { endpoint: configured.endpoint, bucket };
  const { hostname } = new URL(location.endpoint);
  if (!hostsAreConfigured && !/^(oss-[a-z0-9-]+|[a-z0-9-]+\.oss)\.aliyuncs\.com$/.test(hostname)) {
    throw new TransformError("ACCESS_DENIED", "objects are not read from that host (OPALENS_OSS_ENDPOINT)");
  }
  return { endpoint: location.endpoint, bucket };
}

function isAddress(hostname: string): boolean {
  return /^[\d.]+$/.test(hostname) || hostname.startsWith("[") || !hostname.includes(".");
}
