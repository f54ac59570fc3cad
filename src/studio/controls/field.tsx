import type { ComponentChildren } from "preact";
import { Icon } from "../components/icon.tsx";
import { expectedText } from "../presentation/faults.ts";
import { text } from "../text/index.ts";
import { type Bound, isValid } from "./bound.ts";
import "./controls.css";

interface FieldProps {
  readonly bound: Bound;
  /** Controls of several elements are named by the label's text (its id), single ones by the label itself. */
  readonly isGroup?: boolean;
  /** Beside the label. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  /** Typed, but not yet in the document. */
  readonly typed?: string | undefined;
}

/** Label, way back, control, and what is wrong with it. */
export function Field({ bound, isGroup = false, aside, children, typed }: FieldProps) {
  const { id, label, hint } = bound;
  const fault = faultOf(bound, typed);
  return (
    <div class="field">
      <div class="field-head">
        {isGroup ? (
          <span class="label field-label" id={`${id}-label`}>
            {label}
          </span>
        ) : (
          <label class="label field-label" for={id}>
            {label}
          </label>
        )}
        {aside}
        <ResetButton bound={bound} />
      </div>
      {children}
      {hint !== undefined && <p class="small soft">{hint}</p>}
      {fault !== undefined && (
        <p class="error" id={`${id}-error`}>
          {fault}
        </p>
      )}
    </div>
  );
}

export function ResetButton({ bound: { label, reset, isReset } }: { readonly bound: Bound }) {
  if (reset === undefined || isReset) return undefined;
  const name = text.value.chain.reset(label);
  return (
    <button type="button" class="button button-quiet button-icon field-reset" aria-label={name} title={name} onClick={reset}>
      <Icon name="reset" size={14} />
    </button>
  );
}

/** What is wrong with a text, in the language of the page. */
export function faultOf(bound: Bound, typed: string | undefined): string | undefined {
  const isRight = isValid({ arg: bound.arg, text: typed ?? bound.text });
  return isRight ? undefined : expectedText(bound.arg.domain, text.value.chain);
}

/** Attributes of the element that holds a value. */
export function faultAttributes(bound: Bound, typed?: string): { "aria-invalid"?: "true"; "aria-describedby"?: string } {
  if (faultOf(bound, typed) === undefined) return {};
  return { "aria-invalid": "true", "aria-describedby": `${bound.id}-error` };
}
