/** What a person chose about the page itself, kept in this browser. */
import type { Locale, Theme, View } from "../state/store.ts";

export interface Preferences {
  readonly locale: Locale;
  readonly theme: Theme;
  readonly view: View;
  readonly stripOpen: boolean;
}

const WORDS = { locale: ["en", "zh"], theme: ["auto", "light", "dark"], view: ["divider", "side", "result"] } as const;

/** What holds where nothing was chosen; languages by preference, as browsers list them. */
export function defaultPreferences(languages: readonly string[]): Preferences {
  const first = languages.find((tag) => /^(?:en|zh)\b/i.test(tag)) ?? "en";
  return { locale: /^zh/i.test(first) ? "zh" : "en", theme: "auto", view: "divider", stripOpen: true };
}

/** Choices of a kept text over the defaults; what is damaged or from another version is left out. */
export function parsePreferences(text: string | null | undefined, defaults: Preferences): Preferences {
  const kept = recordOf(text);
  return {
    locale: wordOf(WORDS.locale, kept["locale"]) ?? defaults.locale,
    theme: wordOf(WORDS.theme, kept["theme"]) ?? defaults.theme,
    view: wordOf(WORDS.view, kept["view"]) ?? defaults.view,
    stripOpen: typeof kept["stripOpen"] === "boolean" ? kept["stripOpen"] : defaults.stripOpen,
  };
}

/** Only what differs from the defaults, so that a browser whose language changes is still followed. */
export function printPreferences(chosen: Preferences, defaults: Preferences): string {
  const names = Object.keys(defaults) as (keyof Preferences)[];
  return JSON.stringify(
    Object.fromEntries(names.filter((name) => chosen[name] !== defaults[name]).map((name) => [name, chosen[name]])),
  );
}

function recordOf(text: string | null | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
function wordOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}
