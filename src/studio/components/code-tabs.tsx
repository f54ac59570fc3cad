import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { TABS, type Tab, tab } from "../code/panel.ts";
import { text } from "../text/index.ts";

interface Tabs {
  /** Beside the tabs. */
  readonly before: ComponentChildren;
  readonly after: ComponentChildren;
  /** The panel of the tab that is chosen. */
  readonly children: ComponentChildren;
}

/** What can be copied: one tab each, moved through by arrow keys (ARIA Authoring Practices, tabs with automatic activation). */
export function CodeTabs({ before, after, children }: Tabs) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const words = text.value.code;
  const onKeyDown = (event: KeyboardEvent) => {
    const next = neighbor(event.key, tab.value);
    if (next === undefined) return;
    event.preventDefault();
    tab.value = next;
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <>
      <div class="code-tabs">
        {before}
        <div class="code-tabs-list" role="tablist" aria-label={words.tabs} ref={list} onKeyDown={onKeyDown}>
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              class="code-tab"
              role="tab"
              id={`${id}-${name}`}
              data-tab={name}
              aria-selected={tab.value === name}
              aria-controls={`${id}-panel`}
              tabIndex={tab.value === name ? 0 : -1}
              onClick={() => {
                tab.value = name;
              }}
            >
              {words.tab[name]}
            </button>
          ))}
        </div>
        <div class="code-choices">{after}</div>
      </div>
      <div class="code-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab.value}`}>
        {children}
      </div>
    </>
  );
}

function neighbor(key: string, now: Tab): Tab | undefined {
  const index = TABS.indexOf(now);
  if (key === "Home") return TABS[0];
  if (key === "End") return TABS[TABS.length - 1];
  if (key === "ArrowRight") return TABS[(index + 1) % TABS.length];
  return key === "ArrowLeft" ? TABS[(index + TABS.length - 1) % TABS.length] : undefined;
}
