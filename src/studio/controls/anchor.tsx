import { useRef } from "preact/hooks";
import { decimal } from "../../core/args.ts";
import { GRAVITIES } from "../../core/geometry.ts";
import { anchorLabel } from "../presentation/labels.ts";
import type { Scale } from "../presentation/scale.ts";
import { focalPoint, focalText } from "../presentation/values.ts";
import { text } from "../text/index.ts";
import { type Bound, effectiveText } from "./bound.ts";
import { Choice } from "./choice.tsx";
import { Field } from "./field.tsx";
import { NumberControl } from "./number.tsx";

/** Texts of a document may be any. */
const NAMES: readonly string[] = GRAVITIES;

/** Where something is held: one of nine points or, where it may be, any point. */
export function AnchorControl({ bound }: { readonly bound: Bound }) {
  const says = text.value.chain;
  const chosen = effectiveText(bound) ?? "";
  const isFocal = chosen.startsWith("fp:");
  const canBeFocal = bound.arg.domain.kind === "anchor" && bound.arg.domain.focal;
  const words = [
    { word: "nine", label: says.nine },
    { word: "focal", label: says.focal },
  ];
  const choose = (way: string) => {
    if (way !== (isFocal ? "focal" : "nine")) bound.change(way === "focal" ? pointOf(chosen) : nearest(chosen));
  };
  return (
    <Field bound={bound} isGroup>
      {canBeFocal && <Choice words={words} chosen={isFocal ? "focal" : "nine"} choose={choose} label={bound.label} />}
      {isFocal ? <FocalFields bound={bound} chosen={chosen} /> : <NinePoints bound={bound} chosen={chosen} />}
    </Field>
  );
}

const MOVES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** Nine radio buttons in their places; arrow keys go where they point. */
function NinePoints({ bound, chosen }: { readonly bound: Bound; readonly chosen: string }) {
  const grid = useRef<HTMLDivElement>(null);
  const says = text.value.chain;
  const at = NAMES.indexOf(chosen);
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const by = event.altKey ? undefined : MOVES[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const x = Math.min(2, Math.max(0, (index % 3) + by[0]));
    const y = Math.min(2, Math.max(0, Math.floor(index / 3) + by[1]));
    const next = GRAVITIES[y * 3 + x];
    if (next !== undefined && next !== chosen) bound.change(next);
    grid.current?.querySelectorAll("button")[y * 3 + x]?.focus();
  };
  return (
    <div class="nine-row">
      <div ref={grid} class="nine" role="radiogroup" aria-labelledby={`${bound.id}-label`}>
        {GRAVITIES.map((gravity, index) => (
          // biome-ignore lint/a11y/useSemanticElements: a radio button with the look of a point
          <button
            key={gravity}
            type="button"
            role="radio"
            class="nine-point"
            aria-checked={gravity === chosen}
            aria-label={anchorLabel(says, gravity)}
            title={anchorLabel(says, gravity)}
            tabIndex={index === Math.max(0, at) ? 0 : -1}
            onClick={() => bound.change(gravity)}
            onKeyDown={(event) => onKeyDown(event, index)}
          />
        ))}
      </div>
      <span class="small soft" aria-hidden="true">
        {anchorLabel(says, chosen)}
      </span>
    </div>
  );
}

const PERCENT = decimal({ min: 0, max: 100, digits: 2, unit: "percent" });
const SCALE: Scale = { min: 0, max: 100, from: 0, to: 100, digits: 2, power: 1 };

function FocalFields({ bound, chosen }: { readonly bound: Bound; readonly chosen: string }) {
  const says = text.value.chain;
  const point = focalPoint(chosen) ?? { x: 50, y: 50 };
  const field = (axis: "x" | "y", label: string): Bound => {
    const set = (change: (text: string) => void) => (typed: string) => {
      // A point with half a number is none: what cannot be read leaves the point where it is
      const value = PERCENT.parse(typed);
      if (value !== undefined) change(focalText({ ...point, [axis]: value }));
    };
    const { move, change, settle } = bound;
    return {
      ...{ id: `${bound.id}-${axis}`, label, arg: PERCENT, text: String(point[axis]), unit: says.units.percent, scale: SCALE },
      ...{ isReset: true, move: set(move), change: set(change), settle },
    };
  };
  return (
    <>
      <NumberControl bound={field("x", says.focalX)} />
      <NumberControl bound={field("y", says.focalY)} />
    </>
  );
}

/** The focal point that one of the nine stands for, a third inside at the edges, where a subject may be. */
function pointOf(gravity: string): string {
  const at = NAMES.indexOf(gravity);
  const index = at < 0 ? 4 : at;
  const along = [25, 50, 75] as const;
  return focalText({ x: along[index % 3] ?? 50, y: along[Math.floor(index / 3)] ?? 50 });
}
/** The one of the nine points that lies nearest. */
function nearest(chosen: string): string {
  const { x, y } = focalPoint(chosen) ?? { x: 50, y: 50 };
  const third = (percent: number) => Math.min(2, Math.floor(percent / 33.34));
  return GRAVITIES[third(y) * 3 + third(x)] ?? "center";
}
