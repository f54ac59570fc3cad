/** What the code panel shows: the document in the words that were chosen. */
import { computed, signal } from "@preact/signals";
import type { Plan } from "../../core/plan.ts";
import { explanation, plan, processText, source, stack } from "../state/store.ts";
import { chosenBase } from "./address.ts";
import { remembered } from "./remembered.ts";
import { type Ask, type Language, type Markup, querySnippet } from "./snippets.ts";
import { DEFAULT_WIDTHS, frameOf, readWidths } from "./variants.ts";

export const TABS = ["url", "picture", "img", "css", "curl"] as const;
export type Tab = (typeof TABS)[number];

export const tab = signal<Tab>("url");
const writtenIn = remembered("language", "");
export const language = computed<Language>(() => (writtenIn.value === "plain" ? "plain" : "oss"));
export function setLanguage(next: Language): void {
  writtenIn.value = next === "oss" ? "" : next;
}

/** As typed; empty is the usual one. */
export const typedBase = remembered("base", "");
export const base = computed(() => chosenBase(typedBase.value, stack.value));

/** A key that was typed is about the picture it was typed for. */
const typedKey = signal<{ readonly source: number | undefined; readonly text: string } | undefined>(undefined);
export const ownKey = computed(() => source.value?.key ?? source.value?.name ?? "photo.jpg");
export const keyText = computed(() => (typedKey.value?.source === source.value?.id ? (typedKey.value?.text ?? "") : ""));
export function setKey(text: string): void {
  typedKey.value = { source: source.peek()?.id, text: text.replace(/^\/+/, "") };
}

export const sizes = signal("100vw");
export const alt = signal("");
export const typedWidths = signal(DEFAULT_WIDTHS.join(", "));
export const markup = computed<Markup>(() => ({
  sizes: sizes.value,
  alt: alt.value,
  widths: readWidths(typedWidths.value),
}));

interface Shown {
  readonly plan?: Plan;
  /** The document is no plan now; `plan` is the last that was one. */
  readonly isStale: boolean;
}
let last: Shown = { isStale: false };
const shown = computed<Shown>(() => {
  if (plan.value === undefined) last = { ...last, isStale: true };
  else last = { isStale: false, ...(processText.value === undefined ? {} : { plan: plan.value }) };
  return last;
});
export const isStale = computed(() => shown.value.isStale);

export const ask = computed<Ask>(() => {
  const { plan } = shown.value;
  const explained = explanation.value;
  const probe = source.value?.probe;
  return {
    base: base.value,
    key: keyText.value || ownKey.value,
    language: language.value,
    ...(plan === undefined ? {} : { plan }),
    ...(explained === undefined ? {} : { format: explained.format }),
    ...(explained === undefined || probe === undefined ? {} : { frame: frameOf(explained.plan, explained, probe) }),
    ...(probe === undefined ? {} : { source: probe }),
  };
});

/** The arguments alone: a process text, or a plain query where plain names can say it. Empty where nothing is asked. */
export const argumentsText = computed(() => (querySnippet(ask.value)?.text ?? "").replace(/^x-oss-process=/, ""));
