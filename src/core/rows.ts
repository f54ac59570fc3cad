import { TransformError } from "./errors.ts";
import type { Rect } from "./geometry.ts";
import { createRgba, type Raster } from "./raster.ts";

/** What a decoder delivered: `covers` of the source, at the raster's size. */
export interface Decoded {
  readonly raster: Raster;
  readonly covers: Rect;
}

/** Where a decoder leaves its rows: a whole raster at once, or bands of rgba8 from top to bottom as they come. */
export interface RowSink {
  whole(raster: Raster, covers: Rect): Decoded;
  begin(width: number, height: number, covers: Rect, alpha: boolean): RowWriter;
}
export interface RowWriter {
  /** Appends whole rows; the bytes are copied, so the caller may reuse them. */
  write(rows: Uint8Array): void;
  /** CORRUPT_IMAGE where rows are missing. */
  end(): Decoded;
}

/** Collects rows into one raster. `checkpoint` runs before each band and may throw to stop the decoder. */
export function collectRows(checkpoint: () => void): RowSink {
  return {
    whole: (raster, covers) => ({ raster, covers }),
    begin(width, height, covers, alpha) {
      const raster = createRgba(width, height, alpha);
      let filled = 0;
      return {
        write(rows) {
          checkpoint();
          if (rows.length % (width * 4) !== 0 || filled + rows.length > raster.data.length) {
            throw new TransformError("INTERNAL", "a decoder wrote more than its picture");
          }
          raster.data.set(rows, filled);
          filled += rows.length;
        },
        end() {
          if (filled < raster.data.length) throw new TransformError("CORRUPT_IMAGE", "the picture ends early");
          return { raster, covers };
        },
      };
    },
  };
}
