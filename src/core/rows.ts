import type { Rect, Size } from "./geometry.ts";
import type { Raster } from "./raster.ts";

/** What a decoder delivered. */
export interface Decoded {
  readonly raster: Raster;
  /** Of the source, in stored px. */
  readonly covers: Rect;
  /** The raster is what the leading resampling, and a crop right behind it, leave: rows were resampled as they came. */
  readonly resampled?: boolean;
  /** A damaged picture of which this is what could be decoded: a sentence. */
  readonly damage?: string;
}

/** A positive fraction of integers. */
export interface Ratio {
  readonly of: number;
  readonly by: number;
}

/** One plane of a picture that comes in rows. */
export interface PlaneShape extends Size {
  /** Source px that one sample spans, of / by: 2 / 1 for halved chroma, 8 / 4 for a plane decoded at half size. The first begins where `covers` does. */
  readonly spanX: Ratio;
  readonly spanY: Ratio;
}

/**
 * What samples mean. `rgba`: one plane, packed, 4 bytes a sample. Others have a plane for each letter, samples of a byte;
 * `cmyk` is 0 for no ink, `ycck` is YCbCr of 255 − C, M, Y and that K.
 */
export type SampleKind = "rgba" | "gray" | "ycbcr" | "rgb" | "cmyk" | "ycck";

/** A picture that comes in rows. */
export interface RowShape {
  readonly kind: SampleKind;
  /** Of rgba alone; false promises that every A is 255. */
  readonly alpha: boolean;
  /** Rectangle of the source that the planes show, in stored px; their last samples may span beyond it. */
  readonly covers: Rect;
  readonly planes: readonly PlaneShape[];
}

/** Where a decoder leaves its pixels: a whole raster at once, or rows from top to bottom as they come. */
export interface RowSink {
  whole(raster: Raster, covers: Rect): Decoded;
  begin(shape: RowShape): RowWriter;
}
export interface RowWriter {
  /** Appends whole rows to a plane. The bytes are copied before it returns; it may throw to stop the decoder. */
  write(plane: number, rows: Uint8Array): void;
  /** CORRUPT_IMAGE where rows are missing. `damage`: see Decoded. */
  end(damage?: string): Promise<Decoded>;
}
