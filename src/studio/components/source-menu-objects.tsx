import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { matching, movedIn } from "../shell/object-filter.ts";
import { openStored } from "../shell/open.ts";
import { objects, source } from "../state/store.ts";
import { text } from "../text/index.ts";
import { printBytes } from "../viewer/units.ts";

/** All objects of the store: a field that filters, and a list that the arrow keys walk. */
export function ObjectList({ done }: { readonly done: () => void }) {
  const words = text.value.shell.source;
  const query = useSignal("");
  const at = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const found = matching(objects.value, query.value);
  useLayoutEffect(() => {
    // Not where that brings up a keyboard over the list
    if (matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [at.value]);

  const open = (key: string | undefined) => {
    if (key === undefined) return;
    done();
    void openStored(key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = movedIn(event.key, at.value, found.length);
    if (next === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (next === undefined) open(found[at.value]?.key);
    else at.value = next;
  };
  return (
    <>
      <input
        ref={field}
        class="input"
        type="text"
        role="combobox"
        aria-label={words.filter}
        aria-expanded={true}
        aria-controls="source-objects"
        aria-autocomplete="list"
        {...(found[at.value] === undefined ? {} : { "aria-activedescendant": `source-object-${at.value}` })}
        placeholder={words.filter}
        autocomplete="off"
        spellcheck={false}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <div class="source-objects" id="source-objects" role="listbox" aria-label={words.objects} ref={list}>
        {found.map(({ key, bytes }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys of the whole list
          <div
            key={key}
            id={`source-object-${index}`}
            class="source-object"
            role="option"
            tabIndex={-1}
            aria-selected={index === at.value}
            title={key}
            data-now={key === source.value?.key ? words.now : undefined}
            onClick={() => open(key)}
          >
            <span class="source-object-key">{key}</span>
            <span class="small soft number">{printBytes(bytes)}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="source-none small soft">{words.noMatch}</p>}
    </>
  );
}
