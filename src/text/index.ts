import { TransformError } from "../core/errors.ts";
import { type FontFile, type LoadFont, OPTIONAL_FONTS } from "../core/fonts.ts";
import type { LeaseWasm } from "../core/lease.ts";
import type { TextEngine, TextSpec } from "../core/text.ts";
import { drawLayout, sizeOf } from "./draw.ts";
import { createShaper, type Shaper } from "./harfbuzz.ts";
import { type Layout, layOut } from "./layout.ts";
import type { FontAccess } from "./runs.ts";

const FAILURE = { code: "INTERNAL", message: "the text could not be drawn" } as const;

/**
 * Text by HarfBuzz and the fonts of src/text/fonts. Nothing is loaded before a text asks for it, and of the fonts only those
 * that the text needs; they stay in the leased instance, at most about 20 MiB with all nine.
 *
 * The raster is the line box (advance × 1.164 sizes, whatever the letters), wider where ink leaves it, plus the room of the
 * shadow, turned about its center. Fails with NOT_SUPPORTED where a font that the text needs is not deployed, INTERNAL where one or the
 * shaper does not load, SOURCE_TOO_LARGE and OUTPUT_TOO_LARGE for a lack of memory.
 */
export function createTextEngine(parts: { readonly lease: LeaseWasm; readonly loadFont: LoadFont }): TextEngine {
  const { lease, loadFont } = parts;
  const layOutLeased = (spec: TextSpec): Promise<Layout> => {
    return lease("harfbuzz", createShaper, FAILURE, (shaper) => layOut(spec, createAccess(shaper, loadFont)));
  };
  return {
    async measure(spec) {
      return sizeOf(await layOutLeased(spec), spec.rotateDeg);
    },
    async draw(spec) {
      return drawLayout(await layOutLeased(spec), spec);
    },
  };
}

/** Fonts for one layout; an absent optional file is asked for once. */
export function createAccess(shaper: Shaper, loadFont: LoadFont): FontAccess {
  const absent = new Set<FontFile>();
  return {
    shaper,
    async open(file) {
      if (shaper.has(file)) return true;
      if (absent.has(file)) return false;
      const bytes = await loadFont(file).catch((cause: unknown) => {
        throw new TransformError("INTERNAL", `the font ${file} could not be loaded`, { cause });
      });
      if (bytes !== undefined) {
        shaper.add(file, bytes);
        return true;
      }
      // Text with replacement characters would be cached as if it were right
      if (!OPTIONAL_FONTS.has(file))
        throw new TransformError("NOT_SUPPORTED", `this text needs ${file}, which is not deployed`);
      absent.add(file);
      return false;
    },
  };
}
