import { useId } from "preact/hooks";

interface Field {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly fault?: string | undefined;
  readonly onInput: (value: string) => void;
}

/** A labelled field of one line for something a program reads. */
export function CodeField({ label, value, placeholder = "", fault, onInput }: Field) {
  const id = useId();
  return (
    <div class="code-field">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        class="input"
        id={id}
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={value}
        placeholder={placeholder}
        aria-invalid={fault !== undefined}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {fault !== undefined && (
        <p class="error" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}
