import { signal } from "@preact/signals";
import { stackKnown } from "../engine/session.ts";
import { stack } from "../state/store.ts";

/** Whether the page has a store is known. */
export const isStoreKnown = signal(false);

/** True where the page has a store; waits until that is known. */
export async function hasStore(): Promise<boolean> {
  await stackKnown;
  isStoreKnown.value = true;
  return stack.peek() !== undefined;
}
