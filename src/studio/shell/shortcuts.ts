/** Keys that work wherever the focus is, but never while a person types. */
export type Shortcut = "undo" | "redo" | "open" | "help";

/** What of a keyboard event counts. */
export interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The shortcut that keys mean. */
export function shortcutOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Keys): Shortcut | undefined {
  const letter = key.toLowerCase();
  if (altKey) return undefined;
  if (ctrlKey || metaKey) {
    if (letter === "z") return shiftKey ? "redo" : "undo";
    return letter === "y" && ctrlKey && !shiftKey ? "redo" : undefined;
  }
  if (key === "?") return "help";
  return letter === "o" && !shiftKey ? "open" : undefined;
}

/** Inputs in which keys are no text. */
const SILENT_INPUTS = ["range", "checkbox", "radio", "button", "submit", "reset", "file", "color"];

/** True where keys go into a field: there undo is the field's own, and letters are text. */
export function takesText(element: { readonly tagName: string; readonly type?: string; readonly isContentEditable?: boolean }) {
  const tag = element.tagName.toUpperCase();
  if (tag === "INPUT") return !SILENT_INPUTS.includes((element.type ?? "text").toLowerCase());
  return tag === "TEXTAREA" || tag === "SELECT" || element.isContentEditable === true;
}

/** Keys of a shortcut as they are named on this machine, for tooltips and help. */
export function keysOf(shortcut: "undo" | "redo" | "paste", isApple: boolean): string {
  if (shortcut === "undo") return isApple ? "⌘Z" : "Ctrl+Z";
  if (shortcut === "redo") return isApple ? "⇧⌘Z" : "Ctrl+Shift+Z";
  return isApple ? "⌘V" : "Ctrl+V";
}
