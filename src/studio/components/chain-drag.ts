import { useRef, useState } from "preact/hooks";

/** A card that is being dragged, and where it would go, counted without it. */
export interface Drag {
  readonly id: string;
  readonly to: number;
}

/** px before a press becomes a drag. */
const THRESHOLD = 4;
/** px from an edge where scrolling begins, and how far it goes at a time. */
const EDGE = 48;
const SCROLL = 12;

/** Reordering with a pointer: handlers for the handle of each card, and the drag while there is one. */
export function useDrag(drop: (id: string, to: number) => void) {
  const [drag, setDrag] = useState<Drag | undefined>(undefined);
  const start = useRef<{ readonly id: string; readonly pageY: number } | undefined>(undefined);
  const end = () => {
    start.current = undefined;
    setDrag(undefined);
  };
  const handlersOf = (id: string) => ({
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = { id, pageY: event.pageY };
    },
    onPointerMove(event: PointerEvent) {
      const from = start.current;
      if (from === undefined || !(event.currentTarget instanceof HTMLElement)) return;
      if (drag === undefined && Math.abs(event.pageY - from.pageY) < THRESHOLD) return;
      scrollAt(event.clientY, event.currentTarget);
      setDrag({ id, to: placeAt(event.clientY, event.currentTarget) });
    },
    onPointerUp() {
      const done = drag;
      end();
      if (done !== undefined) drop(done.id, done.to);
    },
    onPointerCancel: end,
    onLostPointerCapture: end,
  });
  return { drag, handlersOf, cancel: end };
}

/** How many of the other cards lie above a height of the window. */
function placeAt(clientY: number, handle: HTMLElement): number {
  const card = handle.closest("li");
  const cards = [...(card?.parentElement?.children ?? [])];
  return cards.filter((other) => {
    const { top, height } = other.getBoundingClientRect();
    return other !== card && top + height / 2 < clientY;
  }).length;
}

/** Near an edge of what is in view the panel scrolls, or the page where the panel does not. */
function scrollAt(clientY: number, handle: HTMLElement): void {
  const panel = scrollerOf(handle);
  const top = Math.max(0, panel?.getBoundingClientRect().top ?? 0);
  const bottom = Math.min(window.innerHeight, panel?.getBoundingClientRect().bottom ?? window.innerHeight);
  const by = clientY < top + EDGE ? -SCROLL : clientY > bottom - EDGE ? SCROLL : 0;
  if (by !== 0) (panel ?? window).scrollBy(0, by);
}

function scrollerOf({ parentElement }: HTMLElement): HTMLElement | undefined {
  if (parentElement === null) return undefined;
  const scrolls = parentElement.scrollHeight > parentElement.clientHeight && isScroller(parentElement);
  return scrolls ? parentElement : scrollerOf(parentElement);
}
function isScroller(element: HTMLElement): boolean {
  const { overflowY } = getComputedStyle(element);
  return overflowY === "auto" || overflowY === "scroll";
}
