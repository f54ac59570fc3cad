import { useId, useRef } from "preact/hooks";
import { type Tinted, tint, tintQuery } from "../code/tint.ts";
import { CopyButton } from "./code-copy.tsx";
import { Icon } from "./icon.tsx";
import "./code-block.css";

interface Block {
  readonly label: string;
  readonly value: string;
  /** A query or process text without an address. */
  readonly isQuery?: boolean;
  readonly isStale?: boolean;
  readonly note?: string | undefined;
}

/** A text to take away: wrapped, tinted, with a button that copies it. */
export function CodeBlock({ label, value, isQuery = false, isStale = false, note }: Block) {
  const id = useId();
  const shown = useRef<HTMLElement>(null);
  return (
    <div class="code-block" data-stale={isStale}>
      <div class="code-block-head">
        <span class="label" id={id}>
          {label}
        </span>
        <CopyButton what={label} value={() => value} shown={() => shown.current} />
      </div>
      {/* biome-ignore-start lint/a11y: what scrolls has to be reachable by keyboard, and a group of form fields it is not */}
      <pre class="code-block-text mono" role="group" aria-labelledby={id} tabIndex={0}>
        <code ref={shown}>{(isQuery ? tintQuery(value) : tint(value)).map(tinted)}</code>
      </pre>
      {/* biome-ignore-end lint/a11y: as above */}
      {note !== undefined && (
        <p class="code-block-note small">
          <Icon name="info" size={16} />
          {note}
        </p>
      )}
    </div>
  );
}

function tinted({ text, kind }: Tinted) {
  return kind === undefined ? text : <span class={`tint-${kind}`}>{text}</span>;
}
