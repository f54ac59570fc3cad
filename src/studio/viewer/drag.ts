/** A handle that is dragged: it keeps the pointer until it is let go. */
import type { Point } from "./camera.ts";

export interface Drag {
  /** CSS px from where it began. */
  moved(by: Point): void;
  ended(): void;
}

/** Starts with the main button or a finger on a handle; a second finger is ignored. */
export function startDrag(event: PointerEvent, { moved, ended }: Drag): void {
  const handle = event.currentTarget;
  if (!(handle instanceof HTMLElement) || event.button !== 0 || !event.isPrimary) return;
  event.stopPropagation(); // the stage would pan
  event.preventDefault(); // neither text nor picture is selected
  handle.focus({ preventScroll: true });
  handle.setPointerCapture(event.pointerId);
  const listening = new AbortController();
  const { signal } = listening;
  const isSame = (other: PointerEvent) => other.pointerId === event.pointerId;
  const end = (other: PointerEvent) => {
    if (!isSame(other)) return;
    listening.abort();
    ended();
  };
  const follow = (other: PointerEvent) => {
    if (isSame(other)) moved({ x: other.clientX - event.clientX, y: other.clientY - event.clientY });
  };
  handle.addEventListener("pointermove", follow, { signal });
  // Lost without an end where the handle goes from the page
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    handle.addEventListener(kind, end, { signal });
  }
}

/** Steps of an arrow key, ten with Shift; undefined for other keys. */
export function arrowStep({ key, shiftKey }: KeyboardEvent): Point | undefined {
  const step = shiftKey ? 10 : 1;
  switch (key) {
    case "ArrowLeft":
      return { x: -step, y: 0 };
    case "ArrowRight":
      return { x: step, y: 0 };
    case "ArrowUp":
      return { x: 0, y: -step };
    case "ArrowDown":
      return { x: 0, y: step };
    default:
      return undefined;
  }
}
