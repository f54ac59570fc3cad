/** Where a picture lies on the stage: zoom and pan. Points and sizes of a pane are CSS px, those of a picture its own px. */
import type { Rect, Size } from "../../core/geometry.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is looked at. The center is kept in fractions of the picture, so that it survives another size of either. */
export interface Camera {
  /** CSS px per picture px; "fit" shows the whole picture, never enlarged. */
  readonly zoom: number | "fit";
  readonly center: Point;
}
export const FIT: Camera = { zoom: "fit", center: { x: 0.5, y: 0.5 } };

const LEAST_ZOOM = 0.02;
const MOST_ZOOM = 32;
/** Stops of the zoom buttons. */
const STOPS = [0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 16, 32];
/** From here on a person looks at single px, which smoothing would hide. */
export const PIXELATED_FROM = 2;

/** Zoom at which a picture lies within a pane. */
export function fitZoom(picture: Size, pane: Size): number {
  return Math.min(1, Math.max(1, pane.width) / picture.width, Math.max(1, pane.height) / picture.height);
}
export function zoomOf(camera: Camera, picture: Size, pane: Size): number {
  return camera.zoom === "fit" ? fitZoom(picture, pane) : camera.zoom;
}

/** The picture's rectangle on the pane, in whole px so that its edges are sharp. Centered along a side that is shorter than the pane. */
export function placed(camera: Camera, picture: Size, pane: Size): Rect {
  const zoom = zoomOf(camera, picture, pane);
  const width = Math.max(1, Math.round(picture.width * zoom));
  const height = Math.max(1, Math.round(picture.height * zoom));
  return {
    x: Math.round(along(camera.center.x, width, pane.width)),
    y: Math.round(along(camera.center.y, height, pane.height)),
    width,
    height,
  };
}
function along(center: number, length: number, room: number): number {
  if (length <= room) return (room - length) / 2;
  return Math.min(0, Math.max(room - length, room / 2 - center * length));
}

/** Whether there is something to pan to. */
export function isLarger(picture: Rect, pane: Size): boolean {
  return picture.width > pane.width || picture.height > pane.height;
}

/** Another zoom, with the px under a point of the pane kept there. */
export function zoomTo(camera: Camera, zoom: number, at: Point, picture: Size, pane: Size): Camera {
  const next = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));
  const from = placed(camera, picture, pane);
  const fraction = { x: (at.x - from.x) / from.width, y: (at.y - from.y) / from.height };
  const center = {
    x: fraction.x + (pane.width / 2 - at.x) / (picture.width * next),
    y: fraction.y + (pane.height / 2 - at.y) / (picture.height * next),
  };
  return limited({ zoom: next, center }, picture, pane);
}

/** Moves the picture with a pointer. */
export function panBy(camera: Camera, by: Point, picture: Size, pane: Size): Camera {
  const now = limited(camera, picture, pane);
  const { width, height } = placed(now, picture, pane);
  const center = { x: now.center.x - by.x / width, y: now.center.y - by.y / height };
  return limited({ ...now, center }, picture, pane);
}

/** A center that can be shown, so that panning back answers at once. */
function limited(camera: Camera, picture: Size, pane: Size): Camera {
  const { width, height } = placed(camera, picture, pane);
  const center = {
    x: limitedCenter(camera.center.x, width, pane.width),
    y: limitedCenter(camera.center.y, height, pane.height),
  };
  return { ...camera, center };
}
function limitedCenter(center: number, length: number, room: number): number {
  const margin = room / 2 / length;
  return margin >= 0.5 ? 0.5 : Math.min(1 - margin, Math.max(margin, center));
}

/** The next stop of the zoom buttons above or below a zoom. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const stops = direction === 1 ? STOPS : [...STOPS].reverse();
  return stops.find((stop) => (direction === 1 ? stop > zoom * 1.01 : stop < zoom / 1.01)) ?? zoom;
}

/** How much larger or smaller a turn of the wheel makes the picture; lines and pages of `deltaMode` 1 and 2 are made px. */
export function wheelFactor(deltaY: number, deltaMode: number, isPinch: boolean): number {
  const px = deltaY * ([1, 16, 100][deltaMode] ?? 1);
  // A pinch on a touchpad comes as a wheel of a few px with Ctrl; a notch of a mouse is about 100 px
  return Math.exp(-Math.max(-200, Math.min(200, px)) * (isPinch ? 0.01 : 0.002));
}

/** A camera for a picture of another size in another pane that shows the same part, as far over or under its fit. */
export function alike(camera: Camera, picture: Size, pane: Size, other: Size, otherPane: Size): Camera {
  if (camera.zoom === "fit") return camera;
  return { ...camera, zoom: (camera.zoom / fitZoom(picture, pane)) * fitZoom(other, otherPane) };
}

/** Point of the picture under a point of the pane, in fractions of the picture; outside it beyond 0 and 1. */
export function toFraction(at: Point, picture: Rect): Point {
  return { x: (at.x - picture.x) / picture.width, y: (at.y - picture.y) / picture.height };
}
