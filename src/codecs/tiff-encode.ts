import type { RgbaRaster } from "../core/raster.ts";
import { lzwBound } from "./tiff-bytes.ts";
import { packLzw } from "./tiff-compression.ts";

/** About 64 KiB of pixels a strip: LZW clears its table more often than that, so larger ones are no smaller packed. */
const STRIP_BYTES = 65_536;

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
type Field = readonly [tag: number, type: number, values: readonly number[]];

/**
 * A little-endian TIFF 6.0 file of one page: RGB, or RGB with unassociated alpha, 8 bits a sample, LZW with horizontal
 * prediction. LZW and not Deflate: at 6 MP of photograph it gives 10.4 MB against 9.6 MB (zlib, level 3) in about the same
 * time, at 1 MP of screenshot 1.70 MB against 1.52 MB, and needs neither a library nor a deflater of our own.
 */
export function encodeTiff({ width, height, data, alpha }: RgbaRaster): Uint8Array {
  const samples = alpha ? 4 : 3;
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP_BYTES / (width * samples))));
  const strips = packStrips(data, width, height, samples, rows);
  const directory: Field[] = [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, new Array<number>(samples).fill(8)], // BitsPerSample
    [259, SHORT, [5]], // Compression: LZW
    [262, SHORT, [2]], // PhotometricInterpretation: RGB
    [273, LONG, offsets(strips)],
    [277, SHORT, [samples]],
    [278, LONG, [rows]],
    [279, LONG, strips.map((strip) => strip.length)],
    [282, RATIONAL, [1, 1]], // XResolution, YResolution: square pixels of no absolute size
    [283, RATIONAL, [1, 1]],
    [284, SHORT, [1]], // PlanarConfiguration: samples of a pixel together
    [296, SHORT, [1]], // ResolutionUnit: none
    [317, SHORT, [2]], // Predictor: horizontal differences
    ...(alpha ? [[338, SHORT, [2]] as Field] : []), // ExtraSamples: unassociated alpha
  ];
  return assemble(strips, directory);
}

const HEADER_BYTES = 8;

function offsets(strips: readonly Uint8Array[]): number[] {
  let at = HEADER_BYTES;
  return strips.map((strip) => {
    at += strip.length;
    return at - strip.length;
  });
}

function packStrips(data: Uint8Array, width: number, height: number, samples: number, rows: number): Uint8Array[] {
  const pixels = new Uint8Array(width * samples * rows);
  const packed = new Uint8Array(lzwBound(pixels.length));
  const strips: Uint8Array[] = [];
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    for (let row = 0; row < count; row++)
      predictRow(data, (y + row) * width * 4, width, pixels, row * width * samples, samples);
    strips.push(packed.slice(0, packLzw(pixels.subarray(0, count * width * samples), packed)));
  }
  return strips;
}

/** TIFF 6.0 section 14: each sample as the difference to the one of its kind to the left. */
function predictRow(data: Uint8Array, from: number, width: number, out: Uint8Array, to: number, samples: number): void {
  for (let k = 0; k < samples; k++) out[to + k] = data[from + k]!;
  for (let x = 1; x < width; x++) {
    from += 4;
    to += samples;
    for (let k = 0; k < samples; k++) out[to + k] = data[from + k]! - data[from + k - 4]!;
  }
}

/** Header, strips, then the directory and the values that do not fit into its entries; all on even offsets (section 2). */
function assemble(strips: readonly Uint8Array[], fields: readonly Field[]): Uint8Array {
  const end = strips.reduce((sum, strip) => sum + strip.length, HEADER_BYTES);
  const directory = end + (end & 1);
  const outside = directory + 2 + fields.length * 12 + 4;
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + (fieldBytes(field) > 4 ? fieldBytes(field) : 0), outside));
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]); // "II", version
  view.setUint32(4, directory, true);
  let at = HEADER_BYTES;
  for (const strip of strips) {
    bytes.set(strip, at);
    at += strip.length;
  }
  view.setUint16(directory, fields.length, true);
  at = outside;
  fields.forEach((field, i) => {
    const [tag, type, values] = field;
    const entry = directory + 2 + i * 12;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, type, true);
    view.setUint32(entry + 4, type === RATIONAL ? values.length / 2 : values.length, true);
    const inside = fieldBytes(field) <= 4;
    if (!inside) view.setUint32(entry + 8, at, true);
    const first = inside ? entry + 8 : at;
    values.forEach((value, k) => {
      if (type === SHORT) view.setUint16(first + k * 2, value, true);
      else view.setUint32(first + k * 4, value, true);
    });
    if (!inside) at += fieldBytes(field);
  });
  return bytes;
}

function fieldBytes([, type, values]: Field): number {
  return values.length * (type === SHORT ? 2 : 4);
}
