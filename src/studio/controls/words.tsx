import { type Bound, effectiveText } from "./bound.ts";
import { Choice } from "./choice.tsx";
import { Field, faultAttributes } from "./field.tsx";
import { SelectBox } from "./select.tsx";

/** More than these do not fit side by side. */
const MOST_SIDE_BY_SIDE = 4;

/** One of a closed list: side by side where there are few, else a list to choose from. */
export function WordsControl({ bound }: { readonly bound: Bound }) {
  const { words = [], isList } = bound;
  const chosen = effectiveText(bound);
  if (!isList && words.length <= MOST_SIDE_BY_SIDE) {
    return (
      <Field bound={bound} isGroup>
        <Choice words={words} chosen={chosen} choose={bound.change} labelledBy={`${bound.id}-label`} />
      </Field>
    );
  }
  return (
    <Field bound={bound}>
      <SelectBox>
        <select
          id={bound.id}
          class="input"
          value={chosen ?? ""}
          onChange={(event) => bound.change(event.currentTarget.value)}
          {...faultAttributes(bound)}
        >
          {chosen === undefined && <option value="" />}
          {words.map(({ word, label }) => (
            <option key={word} value={word}>
              {label}
            </option>
          ))}
        </select>
      </SelectBox>
    </Field>
  );
}
