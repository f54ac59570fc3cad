import { useState } from "preact/hooks";
import { stepped } from "../presentation/scale.ts";
import { text } from "../text/index.ts";
import { type Bound, effectiveText, isValid } from "./bound.ts";
import { Field, faultAttributes } from "./field.tsx";
import { Slider } from "./slider.tsx";

/** A number: a field for all of its range, and a slider for what makes sense on this picture. */
export function NumberControl({ bound }: { readonly bound: Bound }) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const { scale, isCompact, arg } = bound;
  const word = arg.domain.kind === "integer" ? arg.domain.word : undefined;
  const isWord = isInWord(bound);
  return (
    <Field bound={bound} typed={typed} aside={word !== undefined && <WordToggle bound={bound} word={word} />}>
      <div class="number-row">
        {!isCompact && scale !== undefined && (
          <Slider
            label={bound.label}
            scale={scale}
            value={numberOf(bound)}
            {...(isWord ? { rest: scale.to } : restOf(bound))}
            spoken={`${effectiveText(bound) ?? text.value.chain.auto} ${isWord ? "" : (bound.unit ?? "")}`.trim()}
            move={(value) => bound.move(String(value))}
            settle={bound.settle}
          />
        )}
        <NumberField bound={bound} typed={typed} setTyped={setTyped} />
      </div>
    </Field>
  );
}

interface NumberFieldProps {
  readonly bound: Bound;
  /** undefined: what the document says is shown. */
  readonly typed: string | undefined;
  readonly setTyped: (typed: string | undefined) => void;
}

/** Takes over what was typed when it is left or Enter is pressed; arrow keys count at once. */
function NumberField({ bound, typed, setTyped }: NumberFieldProps) {
  const { id, unit, scale } = bound;
  const commit = () => {
    if (typed === undefined) return;
    setTyped(undefined);
    if (typed.trim() !== (bound.text ?? "")) bound.change(typed.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") commit();
    if (event.key === "Escape" && typed !== undefined) {
      event.stopPropagation();
      setTyped(undefined);
    }
    const direction = event.altKey ? undefined : event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : undefined;
    if (direction === undefined || scale === undefined) return;
    event.preventDefault();
    const from = Number(typed ?? effectiveText(bound) ?? bound.placeholder ?? scale.min);
    setTyped(undefined);
    bound.move(String(stepped(Number.isFinite(from) ? from : scale.min, direction, event.shiftKey, scale)));
  };
  const fault = faultAttributes(bound, typed);
  const unitId = unit === undefined || unit === "" || isInWord(bound) ? undefined : `${id}-unit`;
  return (
    <span class="unit-field">
      <input
        id={id}
        class="input number"
        type="text"
        role="spinbutton"
        inputMode={scale !== undefined && scale.digits > 0 ? "decimal" : "numeric"}
        autocomplete="off"
        spellcheck={false}
        placeholder={bound.placeholder ?? ""}
        value={typed ?? bound.text ?? ""}
        data-unit={unitId === undefined ? undefined : ""}
        aria-valuenow={numberOf(bound)}
        aria-valuemin={scale?.min}
        aria-valuemax={scale?.max}
        {...fault}
        aria-describedby={[fault["aria-describedby"], unitId].filter(Boolean).join(" ") || undefined}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onKeyUp={bound.settle}
        onBlur={() => {
          commit();
          bound.settle();
        }}
      />
      {unitId !== undefined && (
        <span class="unit soft small" id={unitId}>
          {unit}
        </span>
      )}
    </span>
  );
}

/** The word stands in the number's place. */
function isInWord({ arg: { domain }, text: given }: Bound): boolean {
  return domain.kind === "integer" && domain.word !== undefined && domain.word === given;
}

/** The word that a number may be replaced by, e.g. "max". */
function WordToggle({ bound, word }: { readonly bound: Bound; readonly word: string }) {
  const isWord = isInWord(bound);
  const label = bound.words?.find((candidate) => candidate.word === word)?.label ?? word;
  const back = bound.scale === undefined ? "" : String(Math.max(bound.scale.min, Math.round(bound.scale.to / 10)));
  return (
    <button
      type="button"
      class="button button-quiet small field-toggle"
      aria-pressed={isWord}
      onClick={() => bound.change(isWord ? back : word)}
    >
      {label}
    </button>
  );
}

function numberOf(bound: Bound): number | undefined {
  const { text: given } = bound;
  if (given === undefined || given === "" || !isValid(bound)) return undefined;
  const value = Number(given);
  return Number.isFinite(value) ? value : undefined;
}
/** Where a slider stands that nothing is said about. */
function restOf({ rest, silence, placeholder }: Bound): { readonly rest?: number } {
  const at = rest ?? Number(silence ?? placeholder ?? Number.NaN);
  return Number.isFinite(at) ? { rest: at } : {};
}
