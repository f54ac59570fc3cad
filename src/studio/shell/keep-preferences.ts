import { batch, effect } from "@preact/signals";
import { locale, stripOpen, theme, view } from "../state/store.ts";
import { defaultPreferences, parsePreferences, printPreferences } from "./preferences.ts";

const KEY = "opalens.studio";

/** Brings the choices back and keeps later ones. */
export function keepPreferences(): void {
  const defaults = defaultPreferences(navigator.languages);
  const kept = parsePreferences(readKept(), defaults);
  batch(() => {
    locale.value = kept.locale;
    theme.value = kept.theme;
    view.value = kept.view;
    stripOpen.value = kept.stripOpen;
  });
  effect(() => {
    const { value } = locale;
    writeKept(printPreferences({ locale: value, theme: theme.value, view: view.value, stripOpen: stripOpen.value }, defaults));
  });
}

// Storage may be switched off or full: the page then starts as by default
function readKept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
function writeKept(text: string): void {
  try {
    if (text === "{}") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
  } catch {
    // the choice holds until the page is left
  }
}
