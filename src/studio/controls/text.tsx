import { byteLength } from "../presentation/values.ts";
import { text } from "../text/index.ts";
import type { Bound } from "./bound.ts";
import { Field, faultAttributes } from "./field.tsx";

/** A text with what it takes of its limit: a Chinese character counts three bytes. */
export function TextControl({ bound }: { readonly bound: Bound }) {
  const { id, arg } = bound;
  const shown = bound.text ?? "";
  const most = arg.domain.kind === "text" ? arg.domain.maxBytes : 0;
  const used = byteLength(shown);
  const fault = faultAttributes(bound);
  return (
    <Field
      bound={bound}
      aside={
        <span class="small number soft field-count" id={`${id}-count`} data-over={used > most ? "" : undefined}>
          {text.value.chain.bytesUsed(used, most)}
        </span>
      }
    >
      <input
        id={id}
        class="input"
        type="text"
        autocomplete="off"
        value={shown}
        placeholder={bound.placeholder ?? ""}
        {...fault}
        aria-describedby={[fault["aria-describedby"], `${id}-count`].filter(Boolean).join(" ")}
        onInput={(event) => bound.move(event.currentTarget.value)}
        onChange={bound.settle}
        onBlur={bound.settle}
      />
    </Field>
  );
}
