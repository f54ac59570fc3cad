import type { FontFile } from "../core/fonts.ts";
import type { Rect } from "../core/geometry.ts";
import type { TextSpec } from "../core/text.ts";
import type { Layer } from "./harfbuzz.ts";
import { type Affine, type Bounds, boundsOf, type Outline } from "./outline.ts";
import { type FontAccess, type Run, splitRuns } from "./runs.ts";

/**
 * Line box about the baseline, in font sizes: the ascender and descender of Droid Sans, for every font name and script, so
 * that the place of a text depends neither on its letters nor on the fonts that serve it.
 */
const ASCENT = 0.928;
const DESCENT = 0.236;
/** By eye at 12 to 200 px: a twentieth is seen at 40 px and does not yet read as a second line. */
const SHADOW_PARTS = 20;

/** A part of a glyph in one color. */
export interface Piece {
  readonly outline: Outline;
  /** From font units to px; the origin is the start of the baseline, y down. */
  readonly map: Affine;
  /** The text's where absent. */
  readonly color?: Layer["color"];
}

export interface PlacedGlyph {
  readonly file: FontFile;
  readonly id: number;
  /** px along the baseline. */
  readonly x: number;
}

/** A line of text before it is turned. */
export interface Layout {
  /** Whole px about the start of the baseline: the line box, the ink that leaves it, and room for the shadow. */
  readonly box: Rect;
  /** In drawing order. */
  readonly pieces: readonly Piece[];
  readonly glyphs: readonly PlacedGlyph[];
  readonly runs: readonly Run[];
  /** px by which the shadow lies to the right of and below the text; 0 without one. */
  readonly shadowOffset: number;
}

export async function layOut(spec: TextSpec, fonts: FontAccess): Promise<Layout> {
  const runs = await splitRuns(spec.text, spec.font, fonts);
  const pieces: Piece[] = [];
  const glyphs: PlacedGlyph[] = [];
  let pen = 0;
  for (const run of runs) {
    const scale = spec.size / fonts.shaper.unitsPerEm(run.file);
    for (const glyph of fonts.shaper.shape(run.file, run.text, run.level % 2 === 1, run.script)) {
      if (glyph.id === 0) continue; // a mark that its base's font lacks
      const x = pen + glyph.offsetX * scale;
      const map = { a: scale, b: 0, c: 0, d: -scale, e: x, f: -glyph.offsetY * scale };
      pieces.push(...piecesOf(fonts, run.file, glyph.id, map));
      glyphs.push({ file: run.file, id: glyph.id, x });
      pen += glyph.advance * scale;
    }
  }
  const shadowOffset = spec.shadow > 0 ? Math.max(1, Math.floor(spec.size / SHADOW_PARTS + 0.5)) : 0;
  return { box: boxOf(pieces, pen, spec.size, shadowOffset), pieces, glyphs, runs, shadowOffset };
}

function piecesOf({ shaper }: FontAccess, file: FontFile, id: number, map: Affine): Piece[] {
  const layers: readonly Layer[] = shaper.layers(file, id);
  if (layers.length === 0) return [{ outline: shaper.outline(file, id), map }];
  return layers.map((layer) => {
    const outline = shaper.outline(file, layer.id);
    return layer.color === undefined ? { outline, map } : { outline, map, color: layer.color };
  });
}

function boxOf(pieces: readonly Piece[], advance: number, size: number, shadowOffset: number): Rect {
  let box: Bounds = { left: 0, top: -size * ASCENT, right: advance, bottom: size * DESCENT };
  for (const { outline, map } of pieces) {
    const ink = boundsOf(outline, map);
    if (ink !== undefined) box = union(box, ink);
  }
  const x = Math.floor(box.left);
  const y = Math.floor(box.top);
  const width = Math.max(1, Math.ceil(box.right) - x);
  return { x, y, width: width + shadowOffset, height: Math.ceil(box.bottom) - y + shadowOffset };
}

function union(a: Bounds, b: Bounds): Bounds {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
