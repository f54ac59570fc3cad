import { computed, effect, signal } from "@preact/signals";
import { type Locale, locale } from "../state/store.ts";
import * as en from "./en/index.ts";

/** Sentences and functions that make them, by area of the page; Chinese has what English has, which the compiler checks. */
type Messages = Widened<typeof en>;
type Widened<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Widened<T[K]> };

/** English comes with the page, another language when it is asked for. */
const loaded = signal<Readonly<Partial<Record<Locale, Messages>>>>({ en });

/** Everything the page says, in the language that is chosen (English until that has come): `text.value.viewer.divider`. */
export const text = computed<Messages>(() => loaded.value[locale.value] ?? en);

/** Settles when the page can speak the language; one that does not come leaves English. */
export async function loadText(wanted: Locale): Promise<void> {
  if (wanted !== "zh" || loaded.peek().zh !== undefined) return;
  const zh = await import("./zh/index.ts").catch(() => undefined);
  if (zh !== undefined) loaded.value = { ...loaded.peek(), zh };
}
effect(() => void loadText(locale.value));
