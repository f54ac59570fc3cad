import { TransformError } from "../core/errors.ts";
import type { Probe } from "../core/probe.ts";
import { createRgba, type RgbaRaster } from "../core/raster.ts";
import { viewOf } from "./bytes.ts";

/**
 * Windows and OS/2 bitmaps ([MS-WMF] section 2.2.2, BITMAPCOREHEADER to BITMAPV5HEADER): palettes of 1, 2, 4 and 8 bits, RLE4
 * and RLE8, 16 and 32 bits with or without masks, 24 bits; rows from the bottom up or from the top down. Alpha is what a mask
 * says; the fourth byte of plain 32-bit pixels means nothing. Pixels that RLE leaves out have the first color of the palette.
 * UNSUPPORTED_FORMAT for JPEG, PNG, Huffman and RLE24 data, CORRUPT_IMAGE where pixels are missing.
 */
export function decodeBmp(bytes: Uint8Array, probe: Pick<Probe, "width" | "height" | "alpha">): RgbaRaster {
  const header = readHeader(bytes);
  if (header.width !== probe.width || header.height !== probe.height) throw corrupt("its header gives two sizes");
  const { coding, bits } = header;
  const run = coding === RLE8 ? 8 : coding === RLE4 ? 4 : 0;
  if (run !== 0) {
    if (bits !== run) throw corrupt(`run lengths for ${bits} bits`);
    return unpackRuns(bytes, header, readPalette(bytes, header));
  }
  const first = header.pixelsAt;
  if (first + header.stride * (header.height - 1) + Math.ceil((header.width * bits) / 8) > bytes.length) {
    throw corrupt("it ends early");
  }
  if (bits <= 8) return fromPalette(bytes, header, readPalette(bytes, header));
  return bits === 24 ? fromBgr(bytes, header) : fromMasks(bytes, header, probe.alpha);
}

const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

const FILE_HEADER = 14;
/** Masks of red, green, blue and alpha follow the shortest Windows header, and are part of all longer ones: here in both cases. */
const MASKS_AT = FILE_HEADER + 40;

interface Header {
  readonly view: DataView;
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly coding: number;
  readonly palette: { readonly at: number; readonly entryBytes: 3 | 4; readonly count: number };
  readonly pixelsAt: number;
  /** Bytes of a row, a multiple of four. */
  readonly stride: number;
}

function corrupt(why: string): TransformError {
  return new TransformError("CORRUPT_IMAGE", `not a decodable BMP image: ${why}`);
}

function readHeader(bytes: Uint8Array): Header {
  const view = viewOf(bytes);
  const size = bytes.length < FILE_HEADER + 12 ? 0 : view.getUint32(FILE_HEADER, true);
  if (size < 12 || FILE_HEADER + size > bytes.length) throw corrupt("it ends early");
  const core = size === 12;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(core ? 24 : 28, true);
  const coding = size < 40 ? RGB : codingOf(view.getUint32(30, true), size, bits);
  const masks = size !== 40 ? 0 : coding === BITFIELDS ? 12 : coding === ALPHA_BITFIELDS ? 16 : 0;
  const used = size < 40 ? 0 : view.getUint32(46, true);
  const pixelsAt = view.getUint32(10, true);
  if (pixelsAt < FILE_HEADER + size + masks) throw corrupt("its pixels would lie in the header");
  if (pixelsAt > bytes.length) throw corrupt("it ends early");
  return {
    ...{ view, width, height: Math.abs(height), topDown: height < 0, bits, coding, pixelsAt },
    palette: {
      at: FILE_HEADER + size + masks,
      entryBytes: core ? 3 : 4,
      count: Math.min(1 << Math.min(bits, 8), used === 0 ? 256 : used),
    },
    stride: Math.floor((width * bits + 31) / 32) * 4,
  };
}

/** Codes 3 and 4 mean other things in the 64 bytes of OS/2 2.x. */
function codingOf(code: number, size: number, bits: number): number {
  const os2 = size === 64;
  const name = os2 ? { 3: "Huffman", 4: "RLE24" }[code] : { 4: "JPEG", 5: "PNG", 11: "CMYK", 12: "CMYK", 13: "CMYK" }[code];
  if (name !== undefined) throw new TransformError("UNSUPPORTED_FORMAT", `a BMP of ${name} data cannot be read`);
  const masked = code === BITFIELDS || code === ALPHA_BITFIELDS;
  if (masked ? os2 || (bits !== 16 && bits !== 32) : code > RLE4) throw corrupt(`compression ${code} for ${bits} bits`);
  return code;
}

/** 256 colors of R, G, B and 255; black where the file has none, as Windows shows indices past the palette. */
function readPalette(bytes: Uint8Array, { palette, pixelsAt }: Header): Uint8Array {
  const colors = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    const at = palette.at + i * palette.entryBytes;
    const known = i < palette.count && at + 3 <= pixelsAt;
    colors.set(known ? [bytes[at + 2]!, bytes[at + 1]!, bytes[at]!, 255] : [0, 0, 0, 255], i * 4);
  }
  return colors;
}

/** Where a stored row, counted as it comes in the file, belongs in the raster. */
function rowStart({ topDown, width, height }: Header, row: number): number {
  return (topDown ? row : height - 1 - row) * width * 4;
}

function fromPalette(bytes: Uint8Array, header: Header, colors: Uint8Array): RgbaRaster {
  const { width, height, bits, stride, pixelsAt } = header;
  const raster = createRgba(width, height, false);
  const mask = (1 << bits) - 1;
  for (let row = 0; row < height; row++) {
    const from = pixelsAt + row * stride;
    for (let x = 0, to = rowStart(header, row); x < width; x++, to += 4) {
      const bit = x * bits;
      const index = (bytes[from + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
      putColor(raster.data, to, colors, index);
    }
  }
  return raster;
}

function putColor(data: Uint8Array, to: number, colors: Uint8Array, index: number): void {
  data[to] = colors[index * 4]!;
  data[to + 1] = colors[index * 4 + 1]!;
  data[to + 2] = colors[index * 4 + 2]!;
  data[to + 3] = 255;
}

function fromBgr(bytes: Uint8Array, header: Header): RgbaRaster {
  const { width, height, stride, pixelsAt } = header;
  const raster = createRgba(width, height, false);
  const { data } = raster;
  for (let row = 0; row < height; row++) {
    let from = pixelsAt + row * stride;
    for (let x = 0, to = rowStart(header, row); x < width; x++, from += 3, to += 4) {
      data[to] = bytes[from + 2]!;
      data[to + 1] = bytes[from + 1]!;
      data[to + 2] = bytes[from]!;
      data[to + 3] = 255;
    }
  }
  return raster;
}

/** One channel of a masked pixel: its place, and the 8-bit value of each that it can have. */
interface Channel {
  readonly shift: number;
  readonly mask: number;
  readonly values: Uint8Array;
}

/** An absent channel (mask 0) has the value `missing`. Of more than 8 bits the lowest are left out. */
function channelOf(mask: number, missing: number): Channel {
  if (mask === 0) return { shift: 0, mask: 0, values: Uint8Array.of(missing) };
  let shift = 0;
  while (((mask >>> shift) & 1) === 0) shift++;
  let max = mask >>> shift;
  if ((max & (max + 1)) !== 0) throw corrupt("a color mask has gaps");
  for (; max > 255; max >>>= 1) shift++;
  return { shift, mask: max, values: Uint8Array.from({ length: max + 1 }, (_, value) => Math.round((value * 255) / max)) };
}

function fromMasks(bytes: Uint8Array, header: Header, alpha: boolean): RgbaRaster {
  const { view, width, height, bits, stride, pixelsAt } = header;
  const masks = masksOf(header);
  const [r, g, b] = masks.slice(0, 3).map((mask) => channelOf(mask, 0)) as [Channel, Channel, Channel];
  const a = channelOf(alpha ? masks[3] : 0, 255);
  const raster = createRgba(width, height, alpha && masks[3] !== 0);
  const { data } = raster;
  const bytesEach = bits / 8;
  for (let row = 0; row < height; row++) {
    let from = pixelsAt + row * stride;
    for (let x = 0, to = rowStart(header, row); x < width; x++, from += bytesEach, to += 4) {
      const pixel = bytesEach === 2 ? bytes[from]! | (bytes[from + 1]! << 8) : view.getInt32(from, true);
      data[to] = r.values[(pixel >>> r.shift) & r.mask]!;
      data[to + 1] = g.values[(pixel >>> g.shift) & g.mask]!;
      data[to + 2] = b.values[(pixel >>> b.shift) & b.mask]!;
      data[to + 3] = a.values[(pixel >>> a.shift) & a.mask]!;
    }
  }
  return raster;
}

/** Without masks: 5 bits a color of 16, 8 bits of 32. An alpha mask counts in headers that have one, or when it is announced. */
function masksOf({ view, coding, bits }: Header): readonly [number, number, number, number] {
  if (coding === RGB) return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const size = view.getUint32(FILE_HEADER, true);
  const mask = (i: number) => view.getUint32(MASKS_AT + i * 4, true);
  return [mask(0), mask(1), mask(2), coding === ALPHA_BITFIELDS || size >= 56 ? mask(3) : 0];
}

/**
 * RLE4 and RLE8. Pairs of a count and an index (two of 4 bits, taken in turn); a count of 0 announces the end of a row (0), of
 * the picture (1), a move by two bytes (2), or that many indices as they are, padded to an even length. Runs are cut at the
 * end of their row. Each pair costs two bytes and writes at most 255 px of a row, so the work is bounded by the file.
 */
function unpackRuns(bytes: Uint8Array, header: Header, colors: Uint8Array): RgbaRaster {
  const { width, height, pixelsAt, coding } = header;
  // A run is at most 255 px in two bytes; only an empty or nearly empty picture has fewer, and a few bytes must not cost gigabytes
  if (width * height > 128 * (bytes.length - pixelsAt) + 65_536) throw corrupt("it ends early");
  const raster = createRgba(width, height, false);
  for (let to = 0; to < raster.data.length; to += 4) putColor(raster.data, to, colors, 0);
  const nibbles = coding === RLE4;
  const indexAt = (at: number, i: number) => (nibbles ? (bytes[at + (i >> 1)]! >> (i & 1 ? 0 : 4)) & 15 : bytes[at + i]!);
  let [x, y, at] = [0, 0, pixelsAt];
  while (y < height) {
    if (at + 2 > bytes.length) throw corrupt("it ends early");
    const count = bytes[at]!;
    const code = bytes[at + 1]!;
    at += 2;
    if (count > 0) {
      const stop = Math.min(x + count, width);
      for (let i = 0, to = rowStart(header, y) + x * 4; x + i < stop; i++, to += 4) {
        putColor(raster.data, to, colors, nibbles ? (code >> (i & 1 ? 0 : 4)) & 15 : code);
      }
      x += count;
    } else if (code === 0) {
      x = 0;
      y++;
    } else if (code === 1) {
      break;
    } else if (code === 2) {
      if (at + 2 > bytes.length) throw corrupt("it ends early");
      x += bytes[at]!;
      y += bytes[at + 1]!;
      at += 2;
    } else {
      const length = nibbles ? (code + 1) >> 1 : code;
      if (at + length > bytes.length) throw corrupt("it ends early");
      const stop = Math.min(x + code, width);
      for (let i = 0, to = rowStart(header, y) + x * 4; x + i < stop; i++, to += 4)
        putColor(raster.data, to, colors, indexAt(at, i));
      x += code;
      at += length + (length & 1);
    }
  }
  return raster;
}
