import { useEffect, useRef } from "preact/hooks";
import { IS_APPLE } from "../shell/listen-for-keys.ts";
import { isHelpOpen } from "../shell/overlays.ts";
import { keysOf } from "../shell/shortcuts.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";
import "./help.css";

/** What the keyboard can do, and what this page is. */
export function HelpDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; the click is one beside it
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={() => (isHelpOpen.value = false)}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      {isOpen && <Content />}
    </dialog>
  );
}

function Content() {
  const words = text.value.shell.helpDialog;
  const { keys } = words;
  const rows = [
    [keysOf("undo", IS_APPLE), keys.undo],
    [keysOf("redo", IS_APPLE), keys.redo],
    ["O", keys.open],
    [keysOf("paste", IS_APPLE), keys.paste],
    [words.arrows, keys.move],
    [`${words.shift} + ${words.arrows}`, keys.faster],
    ["?", keys.help],
  ] as const;
  return (
    <div class="help-content">
      <div class="section-head">
        <h2 id="help-title">{words.title}</h2>
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={words.close}
          onClick={() => (isHelpOpen.value = false)}
        >
          <Icon name="close" />
        </button>
      </div>
      <dl class="help-keys">
        {rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <h2>{words.aboutTitle}</h2>
      <p class="soft">{words.about}</p>
      <p class="soft">{words.link}</p>
    </div>
  );
}
