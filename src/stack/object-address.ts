/** Which bucket and key a request means: by host name or by path. */
import { headerValue, type RequestHeaders } from "./http.ts";

export interface ObjectAddress {
  /** Undefined for the service itself. */
  readonly bucket: string | undefined;
  /** "" for the bucket itself. */
  readonly key: string;
  /** True for a reading that only a signature can confirm. */
  readonly needsSignature: boolean;
}

// "bucket.localhost" and, because ali-oss names the region's host whenever its endpoint is an IP address, "bucket.oss-cn-hangzhou.aliyuncs.com"
const VIRTUAL_HOST = /^([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\.(?:localhost|oss-[a-z0-9-]+\.aliyuncs\.com)$/;

/**
 * Every reading of a request, likeliest first; a signature names its bucket, so it decides between them.
 *
 * - virtual host: `bucket.localhost/key`
 * - path style: `127.0.0.1/bucket/key`
 * - bound domain: `127.0.0.1/key`, as if the address were a domain bound to the only bucket. This is how presigned URLs for functions are
 *   made: `bucket.localhost` does not resolve everywhere, and as in the cloud the path of the URL has to be the key.
 */
export function readAddresses(headers: RequestHeaders, path: string, ownBucket: string): readonly ObjectAddress[] {
  const host = (headerValue(headers, "host") ?? "").replace(/:\d+$/, "").toLowerCase();
  const slash = path.indexOf("/", 1);
  const first = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const rest = slash < 0 ? "" : path.slice(slash + 1);
  const pathStyle: ObjectAddress = { bucket: first === "" ? undefined : first, key: rest, needsSignature: false };
  // ali-oss without a bucket and with an IP address as endpoint writes "undefined." or "null."
  const named = VIRTUAL_HOST.exec(host)?.[1];
  const bucket = named === "undefined" || named === "null" ? undefined : named;
  if (bucket === undefined) return [pathStyle, { bucket: ownBucket, key: path.slice(1), needsSignature: true }];
  const virtual: ObjectAddress = { bucket, key: path.slice(1), needsSignature: false };
  // sldEnable and an IP endpoint together: the bucket is in the host and in the path
  return first === bucket ? [virtual, { ...pathStyle, needsSignature: true }] : [virtual];
}

/** The resource a signature covers. */
export function resourceOf(address: ObjectAddress): string {
  return address.bucket === undefined ? "/" : `/${address.bucket}/${address.key}`;
}
