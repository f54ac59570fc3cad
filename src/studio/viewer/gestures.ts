/** Mouse, fingers and wheel on the stage. */
import { FIT, isLarger, type Point, panBy, wheelFactor, zoomOf, zoomTo } from "./camera.ts";
import { camera, changeCamera, laid, mainTarget, nextTo, type Target, zoom } from "./state.ts";

/** A notch of the wheel, a double click and two fingers zoom; a pointer drags what is larger than its pane. */
export function attachGestures(root: HTMLElement, surface: HTMLElement): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const pointers = new Map<number, Point>();

  const pointOf = (event: MouseEvent): Point => {
    const { left, top } = root.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const release = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    surface.dataset["dragging"] = "false";
  };

  root.addEventListener("wheel", (event) => turnWheel(event, pointOf(event)), { signal, passive: false });
  surface.addEventListener("dblclick", (event) => toggleZoom(pointOf(event)), { signal });
  // Two fingers are ours; one scrolls the page where there is nothing to pan
  surface.addEventListener(
    "touchstart",
    (event) => {
      if (event.touches.length > 1 && event.cancelable) event.preventDefault();
    },
    { signal, passive: false },
  );
  surface.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || pointers.size === 2) return;
      pointers.set(event.pointerId, pointOf(event));
      surface.setPointerCapture(event.pointerId);
      surface.dataset["dragging"] = String(canPan());
    },
    { signal },
  );
  surface.addEventListener("pointermove", (event) => follow(pointers, event.pointerId, pointOf(event)), { signal });
  surface.addEventListener("pointerup", release, { signal });
  surface.addEventListener("pointercancel", release, { signal });
  return () => listening.abort();
}

function follow(pointers: Map<number, Point>, id: number, to: Point): void {
  const from = pointers.get(id);
  if (from === undefined) return;
  const other = [...pointers].find(([candidate]) => candidate !== id)?.[1];
  pointers.set(id, to);
  if (other === undefined) {
    const target = nextTo(from);
    if (isLarger(laid(target), target.pane)) {
      changeCamera(target, (now, picture, pane) => panBy(now, { x: to.x - from.x, y: to.y - from.y }, picture, pane));
    }
    return;
  }
  pinch([from, other], [to, other]);
}

/** What lay between the fingers stays there. */
function pinch([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): void {
  const [from, to] = [middle(a, b), middle(c, d)];
  const factor = distance(c, d) / Math.max(1, distance(a, b));
  const target = nextTo(from);
  changeCamera(target, (now, picture, pane) => {
    const zoomed = zoomTo(now, zoomOf(now, picture, pane) * factor, inPane(from, target), picture, pane);
    return panBy(zoomed, { x: to.x - from.x, y: to.y - from.y }, picture, pane);
  });
}
function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function turnWheel(event: WheelEvent, at: Point): void {
  event.preventDefault();
  const factor = wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey);
  const target = nextTo(at);
  changeCamera(target, (now, picture, pane) =>
    zoomTo(now, zoomOf(now, picture, pane) * factor, inPane(at, target), picture, pane),
  );
}

/** The whole picture, or its own px under the pointer; a small one that is whole at 100 % is doubled. */
export function toggleZoom(at?: Point): void {
  if (camera.value.zoom !== "fit") {
    camera.value = FIT;
    return;
  }
  const target = at === undefined ? mainTarget() : nextTo(at);
  const isWhole = zoom.value >= 1;
  changeCamera(target, (now, picture, pane) => {
    const center = { x: pane.width / 2, y: pane.height / 2 };
    return zoomTo(now, isWhole ? 2 : 1, at === undefined ? center : inPane(at, target), picture, pane);
  });
}

/** Zooms by the middle of the pane, as buttons and keys do. */
export function zoomBy(next: (zoom: number) => number): void {
  changeCamera(mainTarget(), (now, picture, pane) =>
    zoomTo(now, next(zoomOf(now, picture, pane)), { x: pane.width / 2, y: pane.height / 2 }, picture, pane),
  );
}
export function panStage(by: Point): void {
  changeCamera(mainTarget(), (now, picture, pane) => panBy(now, by, picture, pane));
}
export function canPan(): boolean {
  const target = mainTarget();
  return isLarger(laid(target), target.pane);
}
function inPane(at: Point, { pane }: Target): Point {
  return { x: at.x - pane.x, y: at.y - pane.y };
}
