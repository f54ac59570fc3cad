/** Statuses that WriteGetObjectResponse forwards (access-point reference, section 3). */
const FORWARDED_STATUSES: readonly number[] = [
  200, 206, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 411, 412, 416, 500, 503,
];

/** The ten headers it forwards; anything else would be refused or lost. */
const FORWARDED_HEADERS: readonly string[] = [
  "Accept-Ranges",
  "Cache-Control",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Language",
  "Content-Range",
  "Content-Type",
  "ETag",
  "Expires",
  "Last-Modified",
];

/** The operation's query; it is part of what is signed. */
export const WRITE_BACK_QUERY = "x-oss-write-get-object-response";

/** A status the access point can forward: the same, or the nearest in meaning. */
export function forwardStatus(status: number): number {
  if (FORWARDED_STATUSES.includes(status)) return status;
  if (status === 429 || status > 500) return 503;
  return status < 300 ? 200 : status < 500 ? 400 : 500;
}

/**
 * Headers of a WriteGetObjectResponse request, before signing. `headers` are those meant for the client, names in any
 * case; what cannot be forwarded is left out. Content-Length is the body's and is set by the sender.
 */
export function writeBackHeaders(
  invocation: { readonly route: string; readonly token: string },
  status: number,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const lower = new Map(Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]));
  const forwarded: Record<string, string> = {};
  for (const name of FORWARDED_HEADERS) {
    const value = lower.get(name.toLowerCase());
    if (value !== undefined) forwarded[`x-oss-fwd-header-${name}`] = value.replace(/[\r\n]+/g, " ");
  }
  return {
    "x-oss-request-route": invocation.route,
    "x-oss-request-token": invocation.token,
    "x-oss-fwd-status": String(forwardStatus(status)),
    "Content-Type": "application/octet-stream",
    ...forwarded,
  };
}
