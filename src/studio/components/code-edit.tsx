import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { applyText } from "../code/apply.ts";
import { argumentsText } from "../code/panel.ts";
import { text } from "../text/index.ts";

/** A field that says the chain as text and takes any text that says one. While it has the focus it holds what is typed. */
export function CodeEdit() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const typed = useSignal<string | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const words = text.value.code;
  const forget = () => {
    typed.value = undefined;
    fault.value = undefined;
  };
  const apply = (event: Event) => {
    event.preventDefault();
    if (typed.value === undefined) return;
    fault.value = applyText(typed.value);
    if (fault.value === undefined) typed.value = undefined;
    else input.current?.focus();
  };
  return (
    <form
      class="code-edit"
      onSubmit={apply}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) forget();
      }}
    >
      <label class="label" for={id}>
        {words.edit}
      </label>
      <div class="row">
        <input
          class="input mono"
          id={id}
          ref={input}
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="go"
          value={typed.value ?? argumentsText.value}
          placeholder={words.editHint}
          aria-invalid={fault.value !== undefined}
          aria-describedby={`${id}-fault`}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value;
            fault.value = undefined;
          }}
          onKeyDown={({ key }) => {
            if (key === "Escape") forget();
          }}
        />
        {/* Safari does not focus buttons: a press would take the focus, and with it what was typed */}
        <button
          type="submit"
          class="button"
          disabled={typed.value === undefined}
          onMouseDown={(event) => event.preventDefault()}
        >
          {words.apply}
        </button>
      </div>
      <p class="error code-edit-fault" id={`${id}-fault`} role="alert">
        {fault.value}
      </p>
    </form>
  );
}
