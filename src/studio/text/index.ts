import { computed } from "@preact/signals";
import { locale } from "../state/store.ts";
import * as en from "./en/index.ts";
import * as zh from "./zh/index.ts";

/** Sentences and functions that make them, by area of the page; Chinese has what English has, which the compiler checks. */
type Messages = Widened<typeof en>;
type Widened<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Widened<T[K]> };

const MESSAGES: Readonly<Record<"en" | "zh", Messages>> = { en, zh };

/** Everything the page says, in the language that is chosen: `text.value.viewer.divider`. */
export const text = computed<Messages>(() => MESSAGES[locale.value]);
