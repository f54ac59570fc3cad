/** Validators of the original and the conditions a client set. Header names in lower case. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}
type Headers = Readonly<Record<string, string>>;

/**
 * 304 or 412 where the client's conditions say so, else undefined (RFC 9110 section 13.2.2). If-None-Match compares
 * weakly, If-Match strongly; the dates count only without their ETag twin.
 */
export function conditionalStatus(headers: Headers, { etag, lastModified }: Validators): 304 | 412 | undefined {
  const ifMatch = headers["if-match"];
  const ifUnmodified = headers["if-unmodified-since"];
  if (ifMatch !== undefined) {
    if (!listed(ifMatch, etag, false)) return 412;
  } else if (ifUnmodified !== undefined && isLater(lastModified, ifUnmodified)) return 412;
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined) return listed(ifNoneMatch, etag, true) ? 304 : undefined;
  const since = headers["if-modified-since"];
  if (since === undefined || lastModified === undefined) return undefined;
  if (Number.isNaN(Date.parse(since)) || Number.isNaN(Date.parse(lastModified))) return undefined;
  return isLater(lastModified, since) ? undefined : 304;
}

function listed(list: string, etag: string | undefined, weak: boolean): boolean {
  if (list.trim() === "*") return true;
  if (etag === undefined) return false;
  const plain = (tag: string) => (weak ? tag.trim().replace(/^W\//, "") : tag.trim());
  return list.split(",").some((tag) => plain(tag) === plain(etag));
}

/** False where either is no date, so that a broken header never decides. */
function isLater(date: string | undefined, than: string): boolean {
  return date !== undefined && Date.parse(date) > Date.parse(than);
}

/** What a result may be kept for: configured, else the original's, else a day. */
export function cacheControl(configured: string | undefined, original: string | undefined): string {
  return configured ?? original ?? "public, max-age=86400";
}
