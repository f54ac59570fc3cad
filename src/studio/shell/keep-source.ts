import { source } from "../state/store.ts";
import { findKeptPicture, forgetPicture, type Keeping, type KeptPicture, keepPicture } from "./kept-picture.ts";

/** Follows the source from now on. Failures are ignored: a reload then begins without the picture. */
export function keepSource(): void {
  const keeping = browserKeeping();
  if (keeping === undefined) return;
  let last = Promise.resolve();
  let isFirst = true;
  source.subscribe((now) => {
    if (isFirst) {
      isFirst = false; // before anything is opened, what was kept is still wanted
      return;
    }
    const act = now === undefined || now.key !== undefined ? () => forgetPicture(keeping) : () => keepPicture(keeping, now);
    last = last.then(act).catch(() => undefined);
  });
}
export async function keptPicture(): Promise<KeptPicture | undefined> {
  const keeping = browserKeeping();
  return keeping === undefined ? undefined : findKeptPicture(keeping).catch(() => undefined);
}
function browserKeeping(): Keeping | undefined {
  try {
    return "caches" in window ? { caches, tab: sessionStorage, now: Date.now } : undefined;
  } catch {
    return undefined; // storage is switched off
  }
}
