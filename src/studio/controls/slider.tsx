import { POSITIONS, positionOf, type Scale, stepped, valueAt } from "../presentation/scale.ts";

interface SliderProps {
  readonly label: string;
  readonly scale: Scale;
  /** undefined: nothing is said, so it stands where `rest` says. */
  readonly value: number | undefined;
  readonly rest?: number;
  /** As read aloud. */
  readonly spoken: string;
  readonly move: (value: number) => void;
  readonly settle: () => void;
}

/** A slider whose positions may be closer at one end; keys move by one of what is counted, with Shift or a page key by ten. */
export function Slider({ label, scale, value, rest, spoken, move, settle }: SliderProps) {
  const shown = value ?? rest ?? scale.from;
  const position = positionOf(shown, scale);
  // Without numbers below zero the colored part begins at the very edge, a thumb's half before the first position
  const zero = scale.from < 0 ? positionOf(0, scale) : -POSITIONS;
  const onKeyDown = (event: KeyboardEvent) => {
    const next = byKey(event, shown, scale);
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  };
  return (
    <input
      type="range"
      class="range"
      aria-label={label}
      aria-valuetext={spoken}
      min={0}
      max={POSITIONS}
      step={1}
      value={position}
      data-rest={value === undefined ? "" : undefined}
      style={{ "--from": Math.min(zero, position) / POSITIONS, "--to": Math.max(zero, position) / POSITIONS }}
      onInput={(event) => move(valueAt(Number(event.currentTarget.value), scale))}
      onChange={settle}
      onPointerUp={settle}
      onKeyDown={onKeyDown}
      onKeyUp={settle}
      onBlur={settle}
    />
  );
}

const DIRECTIONS: Readonly<Record<string, 1 | -1>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  PageUp: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageDown: -1,
};
function byKey({ key, shiftKey, altKey }: KeyboardEvent, value: number, scale: Scale): number | undefined {
  if (altKey) return undefined; // moves the step
  if (key === "Home") return scale.from;
  if (key === "End") return scale.to;
  const direction = DIRECTIONS[key];
  return direction === undefined ? undefined : stepped(value, direction, shiftKey || key.startsWith("Page"), scale);
}
