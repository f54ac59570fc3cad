import type { Size } from "./geometry.ts";
import type { RgbaRaster } from "./raster.ts";

/** A line of text to draw, independent of any picture. */
export interface TextSpec {
  /** UTF-8 text of one line, not empty. */
  readonly text: string;
  /** Name of a font, as OSS spells them (OSS IMG reference, section 10.3). */
  readonly font: FontName;
  /** Font size in px, 1..1000. */
  readonly size: number;
  /** RRGGBB. */
  readonly color: string;
  /** Opacity of the shadow in percent, 0 for none. */
  readonly shadow: number;
  /** Clockwise, 0..359. */
  readonly rotateDeg: number;
}

/** Font names of the watermark operation (OSS IMG reference, section 10.3). */
export const FONT_NAMES = [
  "wqy-zenhei",
  "wqy-microhei",
  "fangzhengshusong",
  "fangzhengkaiti",
  "fangzhengheiti",
  "fangzhengfangsong",
  "droidsansfallback",
] as const;
export type FontName = (typeof FONT_NAMES)[number];

/** Measures and draws text; loads its shaper and fonts on first use. */
export interface TextEngine {
  /** Size of the raster that `draw` gives, at least 1×1. */
  measure(spec: TextSpec): Promise<Size>;
  /** Straight-alpha picture of the text and its shadow, turned, on a transparent ground. */
  draw(spec: TextSpec): Promise<RgbaRaster>;
}
