import { useEffect, useRef } from "preact/hooks";
import { IS_APPLE } from "../shell/listen-for-keys.ts";
import { chooseFile, closePicture, pasteFromButton } from "../shell/open.ts";
import { isSourceMenuOpen } from "../shell/overlays.ts";
import { keysOf } from "../shell/shortcuts.ts";
import { source, stack } from "../state/store.ts";
import { text } from "../text/index.ts";
import { printBytes, printFormat, printSize } from "../viewer/units.ts";
import { Icon } from "./icon.tsx";
import { ObjectList } from "./source-menu-objects.tsx";
import { SampleList } from "./source-menu-samples.tsx";
import "./source-menu.css";

function close(): void {
  isSourceMenuOpen.value = false;
}

/** Says which picture is open, and opens another one. */
export function SourceMenu() {
  const words = text.value.shell.source;
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = isSourceMenuOpen.value;
  useEffect(() => (isOpen ? closeOutside(place.current, button.current) : undefined), [isOpen]);
  const { value: now } = source;
  return (
    <div class="source" ref={place}>
      <button
        ref={button}
        type="button"
        class="button source-button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={now === undefined ? words.open : words.change(`${now.name} ${printSize(now)}`)}
        onClick={() => (isSourceMenuOpen.value = !isOpen)}
      >
        <Icon name="picture" />
        <span class="source-name">{now?.name ?? words.open}</span>
        {/* With a space, without which the two are one word for who hears them */}
        {now !== undefined && <span class="source-size number">{` ${printSize(now)}`}</span>}
        <Icon name="down" size={14} />
      </button>
      {isOpen && <Menu done={() => leave(button.current)} />}
    </div>
  );
}

/** done: something was chosen. */
function Menu({ done }: { readonly done: () => void }) {
  const words = text.value.shell.source;
  const keys = keysOf("paste", IS_APPLE);
  return (
    <div class="menu source-menu" role="dialog" aria-label={words.menu}>
      {source.value !== undefined && <Current done={done} />}
      <div class="source-actions">
        <button type="button" class="button button-main" onClick={() => act(done, chooseFile)}>
          <Icon name="upload" />
          {words.choose}
        </button>
        <button type="button" class="button" title={keys} onClick={() => act(done, () => void pasteFromButton(keys))}>
          <Icon name="paste" />
          {words.paste}
        </button>
      </div>
      {stack.value === undefined ? <SampleList done={done} /> : <ObjectList done={done} />}
      <p class="source-kept small soft">{words.kept}</p>
    </div>
  );
}

/** What is open in full, where the button has no room for it. */
function Current({ done }: { readonly done: () => void }) {
  const words = text.value.shell.source;
  const { value: now } = source;
  if (now === undefined) return null;
  const figures = [printFormat(now.probe.format), printSize(now), printBytes(now.picture.size)];
  return (
    <div class="source-current">
      <div>
        <p class="source-current-name">{now.name}</p>
        <p class="small soft number">{figures.join(" · ")}</p>
      </div>
      <button type="button" class="button" title={words.closeTitle} onClick={() => act(done, closePicture)}>
        {words.close}
      </button>
    </div>
  );
}

function act(done: () => void, chosen: () => void): void {
  done();
  chosen();
}
function leave(button: HTMLElement | null): void {
  close();
  button?.focus();
}
/** Closes the menu on Escape, and when a person goes on elsewhere by pointer or by keyboard. */
function closeOutside(place: HTMLElement | null, button: HTMLElement | null): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") leave(button);
  };
  const check = (event: Event) => {
    if (event.target instanceof Node && place?.contains(event.target) === false) close();
  };
  document.addEventListener("pointerdown", check);
  document.addEventListener("focusin", check);
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("pointerdown", check);
    document.removeEventListener("focusin", check);
  };
}
