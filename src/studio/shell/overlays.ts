import { signal } from "@preact/signals";

export const isHelpOpen = signal(false);
export const isSourceMenuOpen = signal(false);
