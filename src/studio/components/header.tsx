import { IS_APPLE } from "../shell/listen-for-keys.ts";
import { isHelpOpen } from "../shell/overlays.ts";
import { keysOf } from "../shell/shortcuts.ts";
import { canRedo, canUndo, locale, redo, type Theme, theme, undo } from "../state/store.ts";
import { text } from "../text/index.ts";
import { Mark } from "./header-mark.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { SourceMenu } from "./source-menu.tsx";
import "./header.css";

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };
const THEME_ICONS: Readonly<Record<Theme, IconName>> = { auto: "auto", light: "sun", dark: "moon" };

/** The picture, undo and redo, and what concerns the page itself. */
export function Header() {
  const words = text.value.shell;
  return (
    <header class="header">
      <h1 class="header-name">
        <Mark />
        <span>{words.product}</span>
      </h1>
      <SourceMenu />
      <div class="header-tools">
        <HistoryButton kind="undo" />
        <HistoryButton kind="redo" />
        <span class="header-gap" />
        <button
          type="button"
          class="button button-quiet header-language"
          lang={locale.value === "en" ? "zh-CN" : "en"}
          aria-label={words.otherLanguage}
          onClick={() => (locale.value = locale.value === "en" ? "zh" : "en")}
        >
          <span class="header-long">{words.otherLanguage}</span>
          <span class="header-short">{words.otherLanguageShort}</span>
        </button>
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={words.theme[theme.value]}
          title={words.theme[theme.value]}
          onClick={() => (theme.value = NEXT_THEME[theme.value])}
        >
          <Icon name={THEME_ICONS[theme.value]} />
        </button>
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={words.help}
          aria-keyshortcuts="?"
          title={words.withKeys(words.help, "?")}
          onClick={() => (isHelpOpen.value = true)}
        >
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
}

const HISTORY = { undo: { act: undo, keys: "Control+Z" }, redo: { act: redo, keys: "Control+Shift+Z" } } as const;

/** Stays focusable while there is nothing to undo, so that the focus is not lost with the last step. */
function HistoryButton({ kind }: { readonly kind: "undo" | "redo" }) {
  const words = text.value.shell;
  const { act, keys } = HISTORY[kind];
  const isOff = kind === "undo" ? !canUndo.value : !canRedo.value;
  return (
    <button
      type="button"
      class="button button-quiet button-icon"
      aria-label={words[kind]}
      aria-disabled={isOff}
      aria-keyshortcuts={keys}
      title={words.withKeys(words[kind], keysOf(kind, IS_APPLE))}
      onClick={act}
    >
      <Icon name={kind} />
    </button>
  );
}
