/** EXIF 2.32 section 4.6.4, tag 0x0112. 1 is upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface Size {
  readonly width: number;
  readonly height: number;
}
/** Whole px; x and y from the top left. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** The nine named positions, as OSS IMG spells them. */
export const GRAVITIES = ["nw", "north", "ne", "west", "center", "east", "sw", "south", "se"] as const;
export type Gravity = (typeof GRAVITIES)[number];
/** A gravity or a focal point in fractions (0..1) of the picture. */
export type Anchor = Gravity | { readonly fx: number; readonly fy: number };

/**
 * R(edge · numerator / denominator) in exact integer arithmetic, so that no engine rounds 133.5 differently.
 * All arguments are integers below 2^20, so the products stay below 2^53.
 */
export function scaleEdge(edge: number, numerator: number, denominator: number): number {
  return Math.max(1, Math.floor((2 * edge * numerator + denominator) / (2 * denominator)));
}

/** Part of `rect` inside `bounds`, or undefined where they do not meet. */
export function intersect(rect: Rect, bounds: Size): Rect | undefined {
  const x = Math.max(0, rect.x);
  const y = Math.max(0, rect.y);
  const width = Math.min(rect.x + rect.width, bounds.width) - x;
  const height = Math.min(rect.y + rect.height, bounds.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

export function isWhole(rect: Rect, size: Size): boolean {
  return rect.x === 0 && rect.y === 0 && rect.width === size.width && rect.height === size.height;
}

/**
 * Top left of a `box` held by `outer` at an anchor. Halves are floored (OSS IMG reference, sections 5.1, 5.2 and 10.1).
 * A focal point is centered as far as the edges allow; the box may be larger than `outer`, then offsets are negative.
 */
export function place(box: Size, outer: Size, anchor: Anchor): { readonly x: number; readonly y: number } {
  const freeX = outer.width - box.width;
  const freeY = outer.height - box.height;
  if (typeof anchor !== "string") {
    return { x: centerOn(anchor.fx, box.width, outer.width), y: centerOn(anchor.fy, box.height, outer.height) };
  }
  const index = GRAVITIES.indexOf(anchor);
  return { x: alongAxis(index % 3, freeX), y: alongAxis(Math.floor(index / 3), freeY) };
}

function alongAxis(position: number, free: number): number {
  if (position === 0) return 0;
  return position === 1 ? Math.floor(free / 2) : free;
}

function centerOn(fraction: number, box: number, outer: number): number {
  const free = outer - box;
  const start = Math.floor(fraction * outer - box / 2 + 0.5);
  return Math.min(Math.max(start, Math.min(0, free)), Math.max(0, free));
}

/** True where turning upright swaps width and height. */
export function swapsAxes(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** Size after turning upright. */
export function oriented(size: Size, orientation: Orientation): Size {
  return swapsAxes(orientation) ? { width: size.height, height: size.width } : { width: size.width, height: size.height };
}

/**
 * An orientation as the affine map from stored to upright coordinates of a unit square: swap axes first, then mirror.
 * Order of EXIF: 1 upright, 2 mirrored, 3 half turn, 4 flipped, 5 transposed, 6 needs 90° clockwise, 7 transversed, 8 needs 270°.
 */
interface Turn {
  readonly swap: boolean;
  readonly mirrorX: boolean;
  readonly mirrorY: boolean;
}
const TURNS: Readonly<Record<Orientation, Turn>> = {
  1: { swap: false, mirrorX: false, mirrorY: false },
  2: { swap: false, mirrorX: true, mirrorY: false },
  3: { swap: false, mirrorX: true, mirrorY: true },
  4: { swap: false, mirrorX: false, mirrorY: true },
  5: { swap: true, mirrorX: false, mirrorY: false },
  6: { swap: true, mirrorX: true, mirrorY: false },
  7: { swap: true, mirrorX: true, mirrorY: true },
  8: { swap: true, mirrorX: false, mirrorY: true },
};
export function turnOf(orientation: Orientation): Turn {
  return TURNS[orientation];
}

/** The orientation that quarter turns clockwise amount to. */
export function orientationOfAngle(angleDeg: 0 | 90 | 180 | 270): Orientation {
  return angleDeg === 0 ? 1 : angleDeg === 90 ? 6 : angleDeg === 180 ? 3 : 8;
}

/** The rectangle of the stored picture that `rect` of the upright one shows. `stored` is the stored size. */
export function toStored(rect: Rect, stored: Size, orientation: Orientation): Rect {
  const turn = TURNS[orientation];
  const upright = oriented(stored, orientation);
  const x = turn.mirrorX ? upright.width - rect.x - rect.width : rect.x;
  const y = turn.mirrorY ? upright.height - rect.y - rect.height : rect.y;
  return turn.swap ? { x: y, y: x, width: rect.height, height: rect.width } : { x, y, width: rect.width, height: rect.height };
}
