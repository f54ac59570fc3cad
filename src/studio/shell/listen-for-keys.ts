import { type Shortcut, shortcutOf, takesText } from "./shortcuts.ts";

/** Its keyboards have another key for commands. */
export const IS_APPLE = typeof navigator === "object" && /Mac|iPhone|iPad/.test(navigator.platform ?? "");

/** Runs an action for each shortcut pressed; a dialog that is open keeps its keys. */
export function listenForShortcuts(actions: Readonly<Record<Shortcut, () => void>>): void {
  window.addEventListener("keydown", (event) => {
    const shortcut = shortcutOf(event);
    if (shortcut === undefined || event.defaultPrevented) return;
    if (event.target instanceof HTMLElement && takesText(event.target)) return;
    if (document.querySelector("dialog:modal") !== null) return;
    event.preventDefault();
    actions[shortcut]();
  });
}
