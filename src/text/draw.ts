import { cosine, rotatedSize, sine } from "../core/angle.ts";
import { parseColor } from "../core/color.ts";
import type { Rect, Size } from "../core/geometry.ts";
import { allocate, createRgba, type RgbaRaster } from "../core/raster.ts";
import type { TextSpec } from "../core/text.ts";
import { cover } from "./coverage.ts";
import type { Layout, Piece } from "./layout.ts";
import { type Affine, flatten } from "./outline.ts";

type Rgb = readonly [number, number, number, ...number[]];
const BLACK: Rgb = [0, 0, 0];

/** The turned box, so no ink leaves it. */
export function sizeOf(layout: Layout, rotateDeg: number): Size {
  return rotatedSize(layout.box, rotateDeg);
}

/**
 * The shadow, then the text over it, then emoji in their colors. The label is turned as a whole, so its shadow turns with it.
 */
export function drawLayout(layout: Layout, spec: TextSpec): RgbaRaster {
  const size = sizeOf(layout, spec.rotateDeg);
  const raster = createRgba(size.width, size.height, true);
  const plane = allocate(size.width * size.height);
  const turn = turnAbout(layout.box, size, spec.rotateDeg);
  if (spec.shadow > 0) {
    const aside = (map: Affine): Affine => turn({ ...map, e: map.e + layout.shadowOffset, f: map.f + layout.shadowOffset });
    for (const piece of layout.pieces) addToPlane(plane, size, piece, aside);
    paintPlane(raster, plane, BLACK, spec.shadow);
    plane.fill(0);
  }
  for (const piece of layout.pieces) if (piece.color === undefined) addToPlane(plane, size, piece, turn);
  paintPlane(raster, plane, parseColor(spec.color), 100);
  for (const piece of layout.pieces) if (piece.color !== undefined) paintPiece(raster, piece, piece.color, turn);
  return raster;
}

/** Joined letters meet in a pixel with coverages that add up, so they are added and not laid over each other. */
function addToPlane(plane: Uint8Array, size: Size, piece: Piece, turn: (map: Affine) => Affine): void {
  cover(flatten(piece.outline, turn(piece.map)), size, (x, y, row, count) => {
    const start = y * size.width + x;
    for (let i = 0; i < count; i++) plane[start + i] = Math.min(255, (plane[start + i] as number) + (row[i] as number));
  });
}

function paintPlane(raster: RgbaRaster, plane: Uint8Array, color: Rgb, percent: number): void {
  const { data } = raster;
  const alphas = Uint8Array.from({ length: 256 }, (_, coverage) => Math.floor((coverage * percent) / 100 + 0.5));
  for (let i = 0; i < plane.length; i++) {
    const coverage = plane[i] as number;
    if (coverage === 0) continue; // most of it
    const alpha = alphas[coverage] as number;
    if (alpha > 0) over(data, i * 4, color, alpha);
  }
}

function paintPiece(
  raster: RgbaRaster,
  piece: Piece,
  [r, g, b, a]: NonNullable<Piece["color"]>,
  turn: (map: Affine) => Affine,
): void {
  const color: Rgb = [r, g, b];
  cover(flatten(piece.outline, turn(piece.map)), raster, (x, y, row, count) => {
    const start = (y * raster.width + x) * 4;
    for (let i = 0; i < count; i++) {
      const alpha = Math.floor(((row[i] as number) * a) / 255 + 0.5);
      if (alpha > 0) over(raster.data, start + i * 4, color, alpha);
    }
  });
}

/** A color of alpha 1..255 over a pixel, both straight: the formula and rounding of wasm/kernels/composite.ts. */
function over(data: Uint8Array, at: number, color: Rgb, alpha: number): void {
  if (alpha === 255 || data[at + 3] === 0) {
    // What the formula below gives, for the two cases that nearly all pixels are
    data[at] = color[0];
    data[at + 1] = color[1];
    data[at + 2] = color[2];
    data[at + 3] = alpha;
    return;
  }
  const below = (data[at + 3] as number) * (255 - alpha); // times 255, as is `above`
  const above = alpha * 255;
  const sum = above + below;
  for (let channel = 0; channel < 3; channel++) {
    const mixed = (color[channel] as number) * above + (data[at + channel] as number) * below;
    data[at + channel] = Math.floor(mixed / sum + 0.5);
  }
  data[at + 3] = Math.floor(sum / 255 + 0.5);
}

/** Places a map about the baseline's start into the raster: the box's center comes to the raster's, turned clockwise. */
function turnAbout(box: Rect, size: Size, angleDeg: number): (map: Affine) => Affine {
  const c = cosine(angleDeg);
  const s = sine(angleDeg);
  const centerX = box.x + box.width / 2;
  const centerY = box.y + box.height / 2;
  return (map) => {
    const x = map.e - centerX;
    const y = map.f - centerY;
    return {
      a: c * map.a - s * map.b,
      b: s * map.a + c * map.b,
      c: c * map.c - s * map.d,
      d: s * map.c + c * map.d,
      e: c * x - s * y + size.width / 2,
      f: s * x + c * y + size.height / 2,
    };
  };
}
