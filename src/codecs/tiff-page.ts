import { TransformError } from "../core/errors.ts";
import { viewOf } from "./bytes.ts";

/** How the pixels of the first page are stored; everything a decoder needs, checked against what this one can read. */
export interface Page {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly width: number;
  readonly height: number;
  /** Bits per sample, the same for all: 1, 2, 4, 8 or 16. */
  readonly bits: number;
  /** Samples per pixel: colors (1 or 3), then extra ones. */
  readonly samples: number;
  readonly colors: 1 | 3;
  /** Index of the alpha sample, and whether color is multiplied by it; absent for opaque pictures. */
  readonly alpha?: { readonly at: number; readonly associated: boolean };
  /** RGB of each index, 3 bytes apiece; absent for other than palette pictures. */
  readonly palette?: Uint8Array;
  readonly whiteIsZero: boolean;
  readonly compression: "none" | "packbits" | "lzw" | "deflate" | "jpeg";
  /** Where strips and tiles are JPEG data: the stream of tables they share, which may be empty, and what their color is. */
  readonly jpeg?: { readonly tables: Uint8Array; readonly ycbcr: boolean };
  readonly predictor: boolean;
  /** Each sample has strips or tiles of its own. */
  readonly planar: boolean;
  /** The lowest bit of each byte comes first. */
  readonly lowBitFirst: boolean;
  /** Size in px of a strip or tile, and how many make the picture. */
  readonly segment: { readonly width: number; readonly height: number; readonly across: number; readonly down: number };
  /** The stored bytes of a strip or tile, at most `limit` of them; CORRUPT_IMAGE where the file does not hold any. */
  segmentBytes(index: number, limit: number): Uint8Array;
}

/** TIFF 6.0 sections 2 and 8, the first page. UNSUPPORTED_FORMAT names what cannot be read. */
export function readPage(bytes: Uint8Array): Page {
  const directory = readDirectory(bytes);
  const number = (tag: number, initial: number) => directory.value(tag, 0) ?? initial;
  const width = number(256, 0);
  const height = number(257, 0);
  if (width < 1 || height < 1) throw corrupt("it has no size");
  const samples = number(277, 1);
  const compression = compressionOf(number(259, 1));
  const photometric = number(262, samples >= 3 ? 2 : 1);
  const colors = colorsOf(photometric, compression);
  const bits = bitsOf(directory, samples);
  const predictor = predictorOf(number(317, 1), compression, bits);
  if (samples < colors || samples > MAX_SAMPLES) throw unsupported(`of ${samples} samples a pixel`);
  const planar = number(284, 1) === 2 && samples > 1;
  const segment = segmentOf(directory, width, height);
  const alpha = alphaOf(directory, colors, samples);
  if (compression === "jpeg") checkJpeg(photometric, bits, samples - colors, planar);
  return {
    bytes,
    littleEndian: directory.littleEndian,
    ...{ width, height, bits, samples, colors, compression, predictor, planar, segment },
    ...(alpha === undefined ? {} : { alpha }),
    ...(photometric === 3 ? { palette: paletteOf(directory, bits) } : {}),
    ...(compression === "jpeg" ? { jpeg: { tables: directory.bytesOf(347), ycbcr: photometric === 6 } } : {}),
    whiteIsZero: photometric === 0,
    lowBitFirst: number(266, 1) === 2,
    segmentBytes: (index, limit) => segmentBytes(directory, index, limit),
  };
}

/** Color and a few extra samples; separations of more inks are no pictures for the web. */
const MAX_SAMPLES = 8;

export function unsupported(what: string): TransformError {
  return new TransformError("UNSUPPORTED_FORMAT", `a TIFF ${what} cannot be read`);
}
export function corrupt(why: string): TransformError {
  return new TransformError("CORRUPT_IMAGE", `not a decodable TIFF image: ${why}`);
}

interface Directory {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  /** The integer at `index` of a tag; undefined where there is none. */
  value(tag: number, index: number): number | undefined;
  count(tag: number): number;
  /** The bytes of a tag, none where it is not there. */
  bytesOf(tag: number): Uint8Array;
}

/** Entries read of the page, as the prober reads. */
const MAX_ENTRIES = 1000;
/** TIFF 6.0 section 2: bytes of BYTE, SHORT, LONG, UNDEFINED and (TIFF Technical Note 1) IFD, the types of all tags read here. */
const TYPE_BYTES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4, 7: 1, 13: 4 };

/** Values stay where they are and are read one by one, so that a count costs no memory. The first of equal tags counts. */
function readDirectory(bytes: Uint8Array): Directory {
  const view = viewOf(bytes);
  if (bytes.length < 8) throw corrupt("it ends early");
  const littleEndian = bytes[0] === 0x49;
  if (view.getUint16(2, littleEndian) === 43) throw unsupported("of the BigTIFF kind");
  const start = view.getUint32(4, littleEndian);
  if (start + 2 > bytes.length) throw corrupt("its directory is outside");
  const entries = new Map<number, { readonly size: 1 | 2 | 4; readonly count: number; readonly at: number }>();
  const count = Math.min(view.getUint16(start, littleEndian), MAX_ENTRIES);
  for (let entry = start + 2; entry < start + 2 + count * 12 && entry + 12 <= bytes.length; entry += 12) {
    const tag = view.getUint16(entry, littleEndian);
    const size = TYPE_BYTES[view.getUint16(entry + 2, littleEndian)];
    const values = view.getUint32(entry + 4, littleEndian);
    if (size === undefined || values === 0 || entries.has(tag)) continue;
    const at = size * values <= 4 ? entry + 8 : view.getUint32(entry + 8, littleEndian);
    if (at + size * values <= bytes.length) entries.set(tag, { size, count: values, at });
  }
  return {
    bytes,
    littleEndian,
    count: (tag) => entries.get(tag)?.count ?? 0,
    bytesOf(tag) {
      const { at, size, count } = entries.get(tag) ?? { at: 0, size: 1, count: 0 };
      return bytes.subarray(at, at + size * count);
    },
    value(tag, index) {
      const entry = entries.get(tag);
      if (entry === undefined || index >= entry.count) return undefined;
      const at = entry.at + index * entry.size;
      if (entry.size === 1) return view.getUint8(at);
      return entry.size === 2 ? view.getUint16(at, littleEndian) : view.getUint32(at, littleEndian);
    },
  };
}

/** TIFF 6.0 sections 8 and 16 to 23, and what libtiff adds. */
const UNREAD_COLORS: Readonly<Record<number, string>> = {
  4: "that is a transparency mask",
  5: "of CMYK", // without a conversion through profiles its colors would be wrong
  6: "of YCbCr",
  8: "of L*a*b*",
  9: "of L*a*b*",
  10: "of L*a*b*",
  32803: "of raw sensor data",
  32844: "of LogLuv",
  32845: "of LogLuv",
  34892: "of raw sensor data",
};

/** PhotometricInterpretation: 0 white is zero, 1 black is zero, 2 RGB, 3 palette; 6 YCbCr, which a JPEG decoder converts. */
function colorsOf(photometric: number, compression: Page["compression"]): 1 | 3 {
  if (photometric === 2 || (photometric === 6 && compression === "jpeg")) return 3;
  if (photometric === 0 || photometric === 1 || photometric === 3) return 1;
  throw unsupported(UNREAD_COLORS[photometric] ?? `of color kind ${photometric}`);
}

/** BitsPerSample and SampleFormat (1 unsigned, 4 undefined), one value for each sample or one for all. */
function bitsOf(directory: Directory, samples: number): number {
  const bits = directory.value(258, 0) ?? 1;
  for (let i = 1; i < Math.min(samples, directory.count(258)); i++) {
    if (directory.value(258, i) !== bits) throw unsupported("whose samples differ in size");
  }
  for (let i = 0; i < Math.min(samples, directory.count(339)); i++) {
    const kind = directory.value(339, i);
    if (kind !== 1 && kind !== 4) throw unsupported(kind === 3 ? "of floating-point samples" : "of signed or complex samples");
  }
  if (![1, 2, 4, 8, 16].includes(bits)) throw unsupported(`of ${bits} bits a sample`);
  return bits;
}

const UNREAD_COMPRESSION: Readonly<Record<number, string>> = {
  ...{ 2: "CCITT fax", 3: "CCITT fax", 4: "CCITT fax", 6: "old-style JPEG", 32771: "CCITT fax", 32809: "ThunderScan" },
  ...{ 34661: "JBIG", 34712: "JPEG 2000", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL" },
};

function compressionOf(code: number): Page["compression"] {
  if (code === 1) return "none";
  if (code === 5) return "lzw";
  if (code === 7) return "jpeg";
  if (code === 8 || code === 32946) return "deflate";
  if (code === 32773) return "packbits";
  const name = UNREAD_COMPRESSION[code];
  throw unsupported(name === undefined ? `of compression ${code}` : `of ${name} data`);
}

/** Of what TIFF Technical Note 2 allows, what a JPEG decoder makes RGB or gray of. */
function checkJpeg(photometric: number, bits: number, extraSamples: number, planar: boolean): void {
  if (bits !== 8) throw unsupported(`of JPEG data with ${bits} bits a sample`);
  if (photometric === 3) throw unsupported("of JPEG data with a palette");
  if (extraSamples > 0) throw unsupported("of JPEG data with extra samples");
  if (planar) throw unsupported("of JPEG data with planes apart");
}

/** TIFF 6.0 section 14. Only LZW and Deflate have a predictor; for others the tag means nothing, as in libtiff. */
function predictorOf(code: number, compression: Page["compression"], bits: number): boolean {
  if (code === 1 || (compression !== "lzw" && compression !== "deflate")) return false;
  if (code === 3) throw unsupported("of floating-point prediction");
  if (code !== 2) throw unsupported(`of prediction ${code}`);
  if (bits < 8) throw unsupported(`of prediction with ${bits} bits a sample`);
  return true;
}

/** TIFF 6.0 section 18, ExtraSamples: 1 associated, 2 unassociated. The first four are looked at, as the prober does. */
function alphaOf(directory: Directory, colors: number, samples: number): Page["alpha"] {
  for (let i = 0; i < Math.min(4, samples - colors); i++) {
    const kind = directory.value(338, i);
    if (kind === 1 || kind === 2) return { at: colors + i, associated: kind === 1 };
  }
  return undefined;
}

/** TIFF 6.0 section 5: all reds, all greens, all blues, in 16 bits; some old writers left them at 8, as libtiff knows. */
function paletteOf(directory: Directory, bits: number): Uint8Array {
  const count = 1 << bits;
  if (bits > 8) throw unsupported(`of a palette of ${bits} bits`);
  if (directory.count(320) < 3 * count) throw corrupt("its palette is missing");
  const wide = Uint16Array.from(
    { length: 3 * count },
    (_, i) => directory.value(320, (i % 3) * count + Math.floor(i / 3)) ?? 0,
  );
  const shift = wide.some((value) => value > 255) ? 8 : 0;
  const palette = new Uint8Array(256 * 3);
  wide.forEach((value, i) => {
    palette[i] = value >> shift;
  });
  return palette;
}

/** Tiles (TIFF 6.0 section 15) where the file has any, else strips, one where RowsPerStrip is missing. */
function segmentOf(directory: Directory, width: number, height: number): Page["segment"] {
  const tiled = directory.count(324) > 0;
  const segmentWidth = tiled ? (directory.value(322, 0) ?? 0) : width;
  const segmentHeight = tiled ? (directory.value(323, 0) ?? 0) : Math.min(height, directory.value(278, 0) ?? height);
  if (segmentWidth < 1 || segmentHeight < 1) throw corrupt("its parts have no size");
  const across = Math.ceil(width / segmentWidth);
  return { width: segmentWidth, height: segmentHeight, across, down: Math.ceil(height / segmentHeight) };
}

/** A byte count that is missing or runs past the end is met with what is there; what is too little shows when it is decoded. */
function segmentBytes(directory: Directory, index: number, limit: number): Uint8Array {
  const tiled = directory.count(324) > 0;
  const at = directory.value(tiled ? 324 : 273, index);
  const count = directory.value(tiled ? 325 : 279, index) ?? directory.bytes.length;
  if (at === undefined || at >= directory.bytes.length) throw corrupt("a part of it is missing");
  return directory.bytes.subarray(at, at + Math.min(count, limit));
}
