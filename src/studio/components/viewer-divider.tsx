import type { Rect } from "../../core/geometry.ts";
import { text } from "../text/index.ts";
import { startDrag } from "../viewer/drag.ts";
import { clamped } from "../viewer/rectangle.ts";
import { divider } from "../viewer/state.ts";
import { printPercent } from "../viewer/units.ts";

/** The line between original and result. `over` is the part of the picture that can be seen. */
export function Divider({ over }: { readonly over: Rect }) {
  const at = divider.value;
  const words = text.value.viewer;

  const drag = (event: PointerEvent) => {
    const from = divider.value;
    startDrag(event, {
      moved: ({ x }) => set(from + x / over.width),
      ended: () => undefined,
    });
  };
  const press = (event: KeyboardEvent) => {
    const next = positionByKey(event, divider.value);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(next);
  };

  return (
    <div
      class="viewer-divider"
      style={{ left: `${over.x + at * over.width}px`, top: `${over.y}px`, height: `${over.height}px` }}
    >
      <div
        class="viewer-divider-handle"
        role="slider"
        tabIndex={0}
        aria-label={words.divider}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(at * 100)}
        aria-valuetext={words.dividerValue(printPercent(Math.round(at * 100) / 100))}
        onPointerDown={drag}
        onKeyDown={press}
      >
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M7.5 6L3.5 10l4 4M12.5 6l4 4-4 4" fill="none" stroke="currentColor" stroke-width="1.5" />
        </svg>
      </div>
    </div>
  );
}

function set(position: number): void {
  divider.value = clamped(position, 0, 1);
}

/** 1 %, with Shift 10 %. */
function positionByKey({ key, shiftKey }: KeyboardEvent, at: number): number | undefined {
  const step = shiftKey ? 0.1 : 0.01;
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return at - step;
    case "ArrowRight":
    case "ArrowUp":
      return at + step;
    case "PageDown":
      return at - 0.1;
    case "PageUp":
      return at + 0.1;
    case "Home":
      return 0;
    case "End":
      return 1;
    default:
      return undefined;
  }
}
