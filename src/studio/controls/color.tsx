import { useState } from "preact/hooks";
import { Icon } from "../components/icon.tsx";
import type { Scale } from "../presentation/scale.ts";
import { colorParts, colorText, typedColor } from "../presentation/values.ts";
import { text } from "../text/index.ts";
import { type Bound, effectiveText } from "./bound.ts";
import { Field, faultAttributes } from "./field.tsx";
import { Slider } from "./slider.tsx";

const OPACITY: Scale = { min: 0, max: 100, from: 0, to: 100, digits: 0, power: 1 };

/** A color: the browser's picker, its hex digits, and how opaque it is where it may shine through. */
export function ColorControl({ bound }: { readonly bound: Bound }) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const { arg, label, reset } = bound;
  const says = text.value.chain;
  const parts = colorParts(effectiveText(bound) ?? "");
  const canClear = arg.initial === undefined && bound.text !== undefined && bound.text !== "" && reset !== undefined;
  const hasAlpha = arg.domain.kind === "color" && arg.domain.alpha;
  return (
    <Field bound={canClear ? { ...bound, isReset: true } : bound} typed={typed === undefined ? undefined : typedColor(typed)}>
      <div class="color-row">
        <Swatch bound={bound} />
        <HexField bound={bound} typed={typed} setTyped={setTyped} />
        {canClear && (
          <button
            type="button"
            class="button button-quiet button-icon"
            aria-label={says.clearColor(label)}
            title={says.clearColor(label)}
            onClick={reset}
          >
            <Icon name="close" size={16} />
          </button>
        )}
      </div>
      {hasAlpha && parts !== undefined && (
        <div class="color-opacity">
          <span class="label" aria-hidden="true">
            {says.opacity}
          </span>
          <Slider
            label={says.opacityOf(label)}
            scale={OPACITY}
            value={parts.opacity}
            spoken={`${parts.opacity} %`}
            move={(opacity) => bound.move(colorText({ ...parts, opacity }))}
            settle={bound.settle}
          />
          <span class="number small">{parts.opacity} %</span>
        </div>
      )}
    </Field>
  );
}

/** The picker lies, invisible, over the color that it sets: its own look differs from browser to browser. */
function Swatch({ bound }: { readonly bound: Bound }) {
  const parts = colorParts(effectiveText(bound) ?? "");
  return (
    <span class="swatch checker">
      <span
        class="swatch-color"
        data-none={parts === undefined ? "" : undefined}
        style={parts === undefined ? {} : { background: `#${parts.rgb}`, opacity: parts.opacity / 100 }}
      />
      <input
        type="color"
        aria-label={text.value.chain.pickColor(bound.label)}
        value={`#${(parts?.rgb ?? "FFFFFF").toLowerCase()}`}
        onInput={(event) => {
          const rgb = event.currentTarget.value.slice(1);
          bound.move(colorText({ rgb, opacity: parts?.opacity === 0 ? 100 : (parts?.opacity ?? 100) }));
        }}
        onChange={bound.settle}
        onBlur={bound.settle}
      />
    </span>
  );
}

interface HexProps {
  readonly bound: Bound;
  readonly typed: string | undefined;
  readonly setTyped: (typed: string | undefined) => void;
}
function HexField({ bound, typed, setTyped }: HexProps) {
  const commit = () => {
    if (typed === undefined) return;
    setTyped(undefined);
    const color = typedColor(typed);
    if (color !== (bound.text ?? "")) bound.change(color);
  };
  return (
    <span class="hex-field">
      <span class="hex-sign soft mono" aria-hidden="true">
        #
      </span>
      <input
        id={bound.id}
        class="input mono"
        type="text"
        autocomplete="off"
        spellcheck={false}
        maxLength={9}
        placeholder={bound.placeholder ?? text.value.chain.none}
        value={typed ?? bound.text ?? ""}
        {...faultAttributes(bound, typed === undefined ? undefined : typedColor(typed))}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && commit()}
        onBlur={commit}
      />
    </span>
  );
}
