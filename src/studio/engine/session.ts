/** Watches the document and the source, and makes what the page shows (state/store.ts). */

/** Starts watching; the only writer of draft, before, result, work, proof, candidates, explanation and plannedProblem. */
export function startSession(): void {
  // the session is built here
}
/** Opens a picture and makes it the source; its fault goes to `sourceFault`, and the source before stays. */
export async function openPicture(_picture: Blob, _name: string, _key?: string): Promise<void> {
  // the session is built here
}
/** Fetches an object of the store and opens it. */
export async function openObject(_key: string): Promise<void> {
  // the session is built here
}
/** Puts the source into the local store under a free key, so that it can be compared; sets `source.key`. */
export async function storeSource(): Promise<void> {
  // the session is built here
}
