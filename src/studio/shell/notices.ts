import { notice } from "../state/store.ts";

/** Says one sentence to everybody; the newest wins. Errors stay until they are dismissed. */
export function say(text: string, kind: "info" | "error" = "info"): void {
  notice.value = { text, kind };
}
