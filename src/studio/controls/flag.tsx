import { type Bound, effectiveText } from "./bound.ts";
import { faultOf } from "./field.tsx";
import "./controls.css";

/** On or off; an inverted one says the opposite of its flag. */
export function FlagControl({ bound }: { readonly bound: Bound }) {
  const { id, label, hint, isInverted = false } = bound;
  const isOne = effectiveText(bound) === "1";
  const fault = faultOf(bound, undefined);
  return (
    <div class="field">
      <Switch
        id={id}
        label={label}
        isOn={isOne !== isInverted}
        change={(isOn) => bound.change(isOn !== isInverted ? "1" : "0")}
        {...(hint === undefined ? {} : { hint })}
      />
      {fault !== undefined && <p class="error">{fault}</p>}
    </div>
  );
}

interface SwitchProps {
  readonly id: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly change: (isOn: boolean) => void;
  readonly hint?: string;
}

/** A line with a switch at its end; all of it can be pressed. */
export function Switch({ id, label, isOn, change, hint }: SwitchProps) {
  return (
    <div class="switch-row">
      <label for={id} class="switch-label">
        {label}
      </label>
      <input
        id={id}
        class="switch"
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      {hint !== undefined && (
        <p class="small soft switch-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
