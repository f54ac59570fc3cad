/** A picture from this machine survives a reload of its tab: it lies in this browser's cache until it is closed. */

const CACHE = "opalens-studio-picture";
const MARK = "opalens.picture";
const MOST_HOURS = 24;

interface PictureCache {
  put(address: string, answer: Response): Promise<void>;
  match(request: CacheKey): Promise<Response | undefined>;
  delete(request: CacheKey): Promise<boolean>;
  keys(): Promise<readonly CacheKey[]>;
}
/** An address, or a request as caches list them. */
type CacheKey = string | Request;

export interface KeptPicture {
  readonly picture: Blob;
  readonly name: string;
}
/** The parts of the browser it needs: its caches, and the memory of the tab. */
export interface Keeping {
  readonly caches: { open(name: string): Promise<PictureCache>; delete(name: string): Promise<boolean> };
  readonly tab: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  readonly now: () => number;
}

/** Keeps a picture in place of the last one. */
export async function keepPicture({ caches, tab, now }: Keeping, { picture, name }: KeptPicture): Promise<void> {
  await caches.delete(CACHE);
  const address = `/kept-picture/${now()}`;
  const headers = { "content-type": picture.type, "x-name": encodeURIComponent(name), "x-kept": String(now()) };
  const cache = await caches.open(CACHE);
  await cache.put(address, new Response(picture, { headers }));
  tab.setItem(MARK, address);
}

/** The picture this tab kept; undefined where it kept none, or another tab has kept one since. */
export async function findKeptPicture({ caches, tab }: Keeping): Promise<KeptPicture | undefined> {
  const address = tab.getItem(MARK);
  if (address === null) return undefined;
  const answer = await (await caches.open(CACHE)).match(address);
  if (answer === undefined) return undefined;
  return { picture: await answer.blob(), name: decodeURIComponent(answer.headers.get("x-name") ?? "") };
}

/** Forgets the picture of this tab. One that another tab keeps stays, unless it was left behind a day ago. */
export async function forgetPicture({ caches, tab, now }: Keeping): Promise<void> {
  const address = tab.getItem(MARK);
  tab.removeItem(MARK);
  const cache = await caches.open(CACHE);
  if (address !== null) await cache.delete(address);
  for (const request of await cache.keys()) {
    const age = now() - Number((await cache.match(request))?.headers.get("x-kept") ?? 0);
    if (age > MOST_HOURS * 3_600_000) await cache.delete(request);
  }
}
