/** Connects the page with the browser around it. */
import { effect } from "@preact/signals";
import { listenForPaste } from "../code/apply.ts";
import { locale, redo, source, theme, undo } from "../state/store.ts";
import { text } from "../text/index.ts";
import { listenForFiles } from "./drops.ts";
import { keepPreferences } from "./keep-preferences.ts";
import { keepSource, keptPicture } from "./keep-source.ts";
import { listenForShortcuts } from "./listen-for-keys.ts";
import { chooseFile, openFiles, openKept, openStored } from "./open.ts";
import { isHelpOpen } from "./overlays.ts";
import { followLink, linkedKey } from "./page-link.ts";
import { hasStore } from "./store-wait.ts";

/** Before the page is rendered: language and theme are right from the first frame on. */
export function startShell(): void {
  keepPreferences();
  effect(() => {
    document.documentElement.lang = locale.value === "zh" ? "zh-CN" : "en";
    document.documentElement.dataset["theme"] = theme.value;
    const { product, titleWith } = text.value.shell;
    document.title = source.value === undefined ? product : titleWith(source.value.name);
  });
  listenForPaste();
  listenForFiles((files) => void openFiles(files));
  listenForShortcuts({ undo, redo, open: chooseFile, help: () => (isHelpOpen.value = true) });
}

/** After the session has started: opens what the address or the last visit of this tab says. */
export function startPageState(): void {
  const hasKey = followLink({
    read: () => location.hash,
    write: writeFragment,
    onChange: (changed) => window.addEventListener("hashchange", changed),
    onLeave: (leave) => window.addEventListener("pagehide", leave),
    hasStore,
    open: openStored,
  });
  keepSource();
  void hasStore();
  if (!hasKey) void reopenKept();
}

function writeFragment(fragment: string): void {
  const { pathname, search } = location;
  try {
    window.history.replaceState(window.history.state, "", `${pathname}${search}${fragment === "" ? "" : `#${fragment}`}`);
  } catch {
    // too many changes for this browser's taste: the next one is written again
  }
}

async function reopenKept(): Promise<void> {
  const kept = await keptPicture();
  if (kept === undefined || source.value !== undefined || linkedKey.value !== undefined) return;
  await openKept(kept);
}
