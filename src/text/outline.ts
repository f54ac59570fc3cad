/**
 * A glyph's contours in font units, y up, as one flat list: a verb, then its points. Every contour is closed.
 * Verbs: MOVE x y, LINE x y, QUAD cx cy x y, CUBIC ax ay bx by x y.
 */
export type Outline = readonly number[];

export const MOVE = 0;
export const LINE = 1;
export const QUAD = 2;
export const CUBIC = 3;
/** Coordinates behind each verb. */
const LENGTHS = [2, 2, 4, 6] as const;

/** Maps (x, y) to (a·x + c·y + e, b·x + d·y + f). */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Bounds of all points, those off the curve too, so never smaller than the ink; undefined without any. */
export function boundsOf(outline: Outline, map: Affine): Bounds | undefined {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let at = 0; at < outline.length; ) {
    const end = at + 1 + pointsOf(outline, at);
    for (at++; at < end; at += 2) {
      const x = mapX(map, outline[at] as number, outline[at + 1] as number);
      const y = mapY(map, outline[at] as number, outline[at + 1] as number);
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return left > right ? undefined : { left, top, right, bottom };
}

/** Edges of the mapped outline as x0 y0 x1 y1 …, curves cut into lines that leave them by at most a thirtieth of a px. */
export function flatten(outline: Outline, map: Affine): number[] {
  const edges: number[] = [];
  let startX = 0;
  let startY = 0;
  let x = 0;
  let y = 0;
  const lineTo = (toX: number, toY: number): void => {
    if (y !== toY) edges.push(x, y, toX, toY); // level edges bound no area
    x = toX;
    y = toY;
  };
  for (let at = 0; at < outline.length; ) {
    const verb = outline[at] as number;
    const points = mapPoints(outline, at, map);
    at += 1 + points.length;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = points;
    if (verb === MOVE) {
      lineTo(startX, startY);
      startX = x1;
      startY = y1;
      x = x1;
      y = y1;
    } else if (verb === LINE) lineTo(x1, y1);
    else if (verb === QUAD) quadTo(x, y, x1, y1, x2, y2, lineTo);
    else cubicTo(x, y, x1, y1, x2, y2, x3, y3, lineTo);
  }
  lineTo(startX, startY);
  return edges;
}

/**
 * Parts that keep a curve within 1/32 px of its chords. A parabola leaves its chord by a quarter of its second difference,
 * and by 1/n² of that when it is cut into n. At most 64: at 1000 px, curves of the shipped fonts need fewer.
 */
function partsFor(secondDifferenceX: number, secondDifferenceY: number): number {
  const bend = Math.abs(secondDifferenceX) + Math.abs(secondDifferenceY);
  return Math.max(1, Math.min(64, Math.ceil(Math.sqrt(bend * 8))));
}

type LineTo = (x: number, y: number) => void;

// biome-ignore format: one curve, one signature
function quadTo(x0: number, y0: number, x1: number, y1: number, x2: number, y2: number, lineTo: LineTo): void {
  const parts = partsFor(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2);
  for (let part = 1; part < parts; part++) {
    const t = part / parts;
    const u = 1 - t;
    lineTo(u * u * x0 + 2 * u * t * x1 + t * t * x2, u * u * y0 + 2 * u * t * y1 + t * t * y2);
  }
  lineTo(x2, y2); // exactly the end, so that contours close
}

// biome-ignore format: one curve, one signature
function cubicTo(
  x0: number, y0: number, x1: number, y1: number, x2: number, y2: number, x3: number, y3: number, lineTo: LineTo,
): void {
  // The second differences of a cubic weigh three times those of a parabola (Wang's formula)
  const bendX = 3 * Math.max(Math.abs(x0 - 2 * x1 + x2), Math.abs(x1 - 2 * x2 + x3));
  const bendY = 3 * Math.max(Math.abs(y0 - 2 * y1 + y2), Math.abs(y1 - 2 * y2 + y3));
  const parts = partsFor(bendX, bendY);
  for (let part = 1; part < parts; part++) {
    const t = part / parts;
    const u = 1 - t;
    const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    lineTo(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3);
  }
  lineTo(x3, y3);
}

function pointsOf(outline: Outline, at: number): number {
  return LENGTHS[outline[at] as 0 | 1 | 2 | 3];
}

function mapPoints(outline: Outline, at: number, map: Affine): number[] {
  const mapped: number[] = [];
  const end = at + 1 + pointsOf(outline, at);
  for (let i = at + 1; i < end; i += 2) {
    const x = outline[i] as number;
    const y = outline[i + 1] as number;
    mapped.push(mapX(map, x, y), mapY(map, x, y));
  }
  return mapped;
}

function mapX(map: Affine, x: number, y: number): number {
  return map.a * x + map.c * y + map.e;
}
function mapY(map: Affine, x: number, y: number): number {
  return map.b * x + map.d * y + map.f;
}
