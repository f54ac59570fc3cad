import { TransformError } from "../core/errors.ts";
import type { Probe } from "../core/probe.ts";
import type { Decoded, RowSink } from "../core/rows.ts";

interface Image<D> {
  readonly width: number;
  readonly height: number;
  readonly data: D;
}

/**
 * Checks what a stock decoder returned against the header before it is believed, and hands it on whole.
 * A decoder that disagrees with the prober on the size must not be trusted with the steps planned for that size.
 */
export function wholePicture<D>(
  image: Image<D> | null | undefined,
  probe: Probe,
  rows: RowSink,
  toBytes: (data: D) => Uint8Array,
  alpha: boolean,
): Decoded {
  if (!image) throw new TransformError("CORRUPT_IMAGE", `not a decodable ${probe.format.toUpperCase()} image`);
  const { width, height } = image;
  const data = toBytes(image.data);
  if (width !== probe.width || height !== probe.height || data.length !== width * height * 4) {
    throw new TransformError(
      "CORRUPT_IMAGE",
      `the picture is ${width}x${height}, its header says ${probe.width}x${probe.height}`,
    );
  }
  return rows.whole({ layout: "rgba8", width, height, data, alpha }, { x: 0, y: 0, width, height });
}

/**
 * Every A of `data`, RGBA, as 255, in place. For decoders that look for alpha themselves: what a header denies, libvips does not
 * show either, and a raster without the alpha flag promises it.
 */
export function madeOpaque(data: Uint8Array): Uint8Array {
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return data;
}
