/** The rectangle of a crop while a person drags it: whole px inside the picture that is cut. */
import type { Rect, Size } from "../../core/geometry.ts";
import type { Point } from "./camera.ts";

export const GRIPS = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;
export type Grip = (typeof GRIPS)[number];

/** Moves a rectangle, as far as the picture goes. */
export function movedRect(rect: Rect, by: Point, bounds: Size): Rect {
  return {
    ...rect,
    x: clamped(Math.round(rect.x + by.x), 0, bounds.width - rect.width),
    y: clamped(Math.round(rect.y + by.y), 0, bounds.height - rect.height),
  };
}

/** A rectangle whose grip is dragged: the opposite edge or corner stays. With a ratio (width : height) it is kept, to the px. */
export function grippedRect(rect: Rect, grip: Grip, by: Point, bounds: Size, ratio?: number): Rect {
  const horizontal = axis(rect.x, rect.width, by.x, bounds.width, side(grip, "w", "e"));
  const vertical = axis(rect.y, rect.height, by.y, bounds.height, side(grip, "n", "s"));
  if (ratio === undefined) return rectOf(horizontal, vertical);
  return keptRatio(rect, grip, rectOf(horizontal, vertical), bounds, ratio);
}

/** -1: the start of an axis is dragged, 1: its end, 0: neither. */
type Side = -1 | 0 | 1;
function side(grip: Grip, start: string, end: string): Side {
  if (grip.includes(start)) return -1;
  return grip.includes(end) ? 1 : 0;
}

interface Span {
  readonly start: number;
  readonly length: number;
}
function axis(start: number, length: number, by: number, bound: number, dragged: Side): Span {
  const end = start + length;
  if (dragged === -1) {
    const next = clamped(Math.round(start + by), 0, end - 1);
    return { start: next, length: end - next };
  }
  return dragged === 0 ? { start, length } : { start, length: clamped(Math.round(end + by), start + 1, bound) - start };
}
function rectOf(horizontal: Span, vertical: Span): Rect {
  return { x: horizontal.start, y: vertical.start, width: horizontal.length, height: vertical.length };
}

function keptRatio(rect: Rect, grip: Grip, wanted: Rect, bounds: Size, ratio: number): Rect {
  const [h, v] = [side(grip, "w", "e"), side(grip, "n", "s")];
  // A corner follows the pointer's larger pull; an edge says the size by itself
  const width = h === 0 ? wanted.height * ratio : v === 0 ? wanted.width : Math.max(wanted.width, wanted.height * ratio);
  const most = { width: roomFor(rect.x, rect.width, bounds.width, h), height: roomFor(rect.y, rect.height, bounds.height, v) };
  const size = sized(width, ratio, most);
  return {
    ...size,
    x: anchored(rect.x, rect.width, size.width, bounds.width, h),
    y: anchored(rect.y, rect.height, size.height, bounds.height, v),
  };
}
function roomFor(start: number, length: number, bound: number, dragged: Side): number {
  if (dragged === -1) return start + length;
  return dragged === 1 ? bound - start : bound;
}
/** Start of an axis whose other end stays, or whose middle stays where it can. */
function anchored(start: number, length: number, next: number, bound: number, dragged: Side): number {
  if (dragged === -1) return start + length - next;
  return dragged === 1 ? start : clamped(Math.round(start + (length - next) / 2), 0, bound - next);
}
function sized(width: number, ratio: number, most: Size): Size {
  const limited = Math.max(1, Math.min(width, most.width, most.height * ratio));
  return {
    width: clamped(Math.round(limited), 1, most.width),
    height: clamped(Math.round(limited / ratio), 1, most.height),
  };
}

/** A rectangle of a ratio around the middle of another, of about its area, as large as the picture allows. */
export function withRatio(rect: Rect, ratio: number, bounds: Size): Rect {
  const size = sized(Math.sqrt(rect.width * rect.height * ratio), ratio, bounds);
  const by = { x: (rect.width - size.width) / 2, y: (rect.height - size.height) / 2 };
  return movedRect({ ...rect, ...size }, by, bounds);
}

/** Ratios that are offered, lying or standing as the picture does. */
export const RATIOS = ["free", "1:1", "4:3", "3:2", "16:9", "original"] as const;
export type RatioName = (typeof RATIOS)[number];

/** Width : height of a name for a picture; undefined is free. */
export function ratioOf(name: RatioName, picture: Size): number | undefined {
  if (name === "free") return undefined;
  if (name === "original") return picture.width / picture.height;
  const [long = 1, short = 1] = name.split(":").map(Number);
  return isStanding(picture) ? short / long : long / short;
}
/** As it is written on the button: 4:3, on a standing picture 3:4. */
export function ratioLabel(name: RatioName, picture: Size): string {
  return isStanding(picture) ? name.split(":").reverse().join(":") : name;
}
function isStanding({ width, height }: Size): boolean {
  return height > width;
}

export function clamped(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
