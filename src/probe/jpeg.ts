import type { ColorMeaning, Probe } from "../core/probe.ts";
import { checkSize, colorOfProfile, corrupt, iccColor, STILL } from "./common.ts";
import type { Exif } from "./exif.ts";
import { NO_EXIF, readExif } from "./exif.ts";
import { iccMeaning } from "./icc.ts";
import { estimateQuality } from "./jpeg-quality.ts";
import { Reader } from "./reader.ts";

/**
 * Start of image, ITU-T T.81 table B.1. A third byte 0xff is not asked for: decoders pass over garbage between
 * segments, and no other format or text encoding begins like this.
 */
export function isJpeg(head: Reader): boolean {
  return head.spells(0, "\xff\xd8");
}

/**
 * ITU-T T.81 (and the frame header of T.87, which is alike): markers up to the first scan.
 * A file that ends early is read as far as it goes once its frame header is known; without one it is CORRUPT_IMAGE,
 * as are a height left to a DNL segment and the component counts no decoder reads (2 and more than 4).
 */
export function probeJpeg(bytes: Uint8Array): Probe {
  const found = walkSegments(new Reader(bytes));
  const { frame } = found;
  if (frame === undefined) throw corrupt("a JPEG without a frame header");
  const colorSpace = colorSpaceOf(frame, found.adobeTransform);
  const exif = found.exif ?? NO_EXIF;
  const table = found.tables.get(frame.components[0]?.table ?? 0);
  const chroma = chromaOf(frame.components);
  return {
    ...STILL,
    format: "jpeg",
    width: frame.width,
    height: frame.height,
    orientation: exif.orientation ?? 1,
    bitDepth: frame.precision,
    colorSpace,
    ...colorOfProfile(iccMeaning(joinProfile(found), colorSpace)),
    ...(table === undefined ? {} : { quality: estimateQuality(tableValues(table)) }),
    coding: frame.coding,
    ...(found.firstScan === undefined ? {} : { interleaved: found.firstScan === frame.components.length }),
    ...(chroma === undefined ? {} : { chroma }),
    ...(found.density === undefined ? {} : { density: found.density }),
    exif: exif.tags,
  };
}

/**
 * The profile of APP2 segments. The EXIF tag ColorSpace is not asked: it can say "uncalibrated" at most, which browsers
 * and libvips show as sRGB.
 */
export function jpegColor(bytes: Uint8Array, maxBytes: number): ColorMeaning | undefined {
  return iccColor(joinProfile(walkSegments(new Reader(bytes)), maxBytes));
}

type Coding = NonNullable<Probe["coding"]>;
interface Component {
  readonly across: number;
  readonly down: number;
  readonly table: number;
}
interface Frame {
  readonly coding: Coding;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
}
interface Found {
  frame?: Frame;
  exif?: Exif;
  density?: Probe["density"];
  adobeTransform?: number;
  /** Components of the first scan. */
  firstScan?: number;
  /** Parts of the ICC profile by their number, views into the file. */
  readonly profile: Map<number, Uint8Array>;
  profileParts: number;
  /** Quantization tables by their number 0..3, 64 or 128 bytes in the file; a later one replaces an earlier one. */
  readonly tables: Map<number, Uint8Array>;
}

// ITU-T T.81 table B.1
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const QUANTIZATION = 0xdb;
const MAX_SEGMENTS = 20_000; // full ones would be 1.3 GB; empty ones cost more than their bytes

/**
 * Frame types. Hierarchical frames (0xc5..0xc7) and JPEG-LS (0xf7, T.87) are called lossless: no decoder here reads
 * any of the three.
 */
const FRAMES: Readonly<Record<number, Coding>> = {
  192: "baseline",
  193: "extended",
  194: "progressive",
  195: "lossless",
  197: "lossless",
  198: "lossless",
  199: "lossless",
  201: "arithmetic",
  202: "arithmetic",
  203: "arithmetic",
  205: "arithmetic",
  206: "arithmetic",
  207: "arithmetic",
  247: "lossless",
};

function walkSegments(reader: Reader): Found {
  const found: Found = { profile: new Map(), profileParts: 0, tables: new Map() };
  let segments = 0;
  for (let at = nextMarker(reader, 2); at !== undefined; ) {
    const marker = reader.u8(at);
    if (marker === START_OF_SCAN && reader.has(at + 3, 1)) found.firstScan = reader.u8(at + 3); // section B.2.3, Ns
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) break;
    if (marker === START_OF_IMAGE) throw corrupt("a JPEG starts twice");
    if (isStandalone(marker)) {
      at = nextMarker(reader, at + 1);
      continue;
    }
    const length = reader.has(at + 1, 2) ? reader.u16(at + 1) : 0;
    if (length < 2 || !reader.has(at + 1, length)) break;
    if (++segments > MAX_SEGMENTS) throw corrupt("a JPEG with too many segments before its image data");
    readSegment(marker, new Reader(reader.slice(at + 3, length - 2)), found);
    at = nextMarker(reader, at + 1 + length);
  }
  return found;
}

/**
 * Offset of the next marker's second byte. Bytes that are no marker, fill bytes and stuffed zeros are passed over,
 * as libjpeg does (jdmarker.c, next_marker).
 */
export function nextMarker(reader: Reader, start: number): number | undefined {
  let wasPrefix = false;
  for (let at = start; at < reader.length; at++) {
    const byte = reader.u8(at);
    if (wasPrefix && byte !== 0xff && byte !== 0) return at;
    wasPrefix = byte === 0xff;
  }
  return undefined;
}

/** TEM and RST0..7 have no length (section B.1.1.4). */
export function isStandalone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

function readSegment(marker: number, segment: Reader, found: Found): void {
  const coding = FRAMES[marker];
  if (coding !== undefined) {
    if (found.frame !== undefined) throw corrupt("a JPEG with two frame headers");
    found.frame = readFrame(segment, coding);
  } else if (marker === QUANTIZATION) {
    readTables(segment, found);
  } else if (marker === 0xe0 && segment.spells(0, "JFIF\0") && segment.has(0, 12)) {
    found.density = found.density ?? readDensity(segment);
  } else if (marker === 0xe1 && found.exif === undefined && segment.spells(0, "Exif\0")) {
    const exif = readExif(segment.bytes); // the first sound one counts
    if (exif !== undefined) found.exif = exif;
  } else if (marker === 0xe2 && segment.spells(0, "ICC_PROFILE\0") && segment.has(0, 14)) {
    collectProfile(segment, found);
  } else if (marker === 0xee && segment.spells(0, "Adobe") && segment.has(0, 12)) {
    found.adobeTransform = segment.u8(11); // T.872 section 6.5.3
  }
}

/** Section B.2.2: precision, height, width, then identifier, sampling factors and table of each component. */
function readFrame(segment: Reader, coding: Coding): Frame {
  const precision = segment.u8(0);
  const height = segment.u16(1);
  const width = segment.u16(3);
  const count = segment.u8(5);
  checkSize(width, height);
  if (precision < 2 || precision > 16) throw corrupt(`a JPEG of ${precision} bits a sample`);
  if (count !== 1 && count !== 3 && count !== 4) throw corrupt(`a JPEG of ${count} components`);
  const components: Component[] = [];
  for (let at = 6; at < 6 + count * 3; at += 3) {
    const factors = segment.u8(at + 1);
    const component = { across: factors >> 4, down: factors & 15, table: segment.u8(at + 2) };
    if (component.across < 1 || component.across > 4 || component.down < 1 || component.down > 4) {
      throw corrupt(`a JPEG with sampling factors ${component.across}x${component.down}`);
    }
    components.push(component);
  }
  return { coding, precision, width, height, components };
}

/** Section B.2.4.1: any number of tables of 8-bit (high nibble 0) or 16-bit values. A cut one is left out. */
function readTables(segment: Reader, found: Found): void {
  for (let at = 0; at < segment.length; ) {
    const wide = segment.u8(at) >> 4 !== 0;
    const start = at + 1;
    const size = wide ? 128 : 64;
    if (!segment.has(start, size)) return;
    found.tables.set(segment.u8(at) & 15, segment.slice(start, size));
    at = start + size;
  }
}

function tableValues(table: Uint8Array): number[] {
  const reader = new Reader(table);
  return Array.from({ length: 64 }, (_, i) => (table.length === 128 ? reader.u16(i * 2) : reader.u8(i)));
}

/** T.871 section 10.1: units 0 none, 1 inch, 2 cm; EXIF counts them from 1. */
function readDensity(segment: Reader): Probe["density"] {
  const unit = segment.u8(7) + 1;
  const x = segment.u16(8);
  const y = segment.u16(10);
  if ((unit !== 1 && unit !== 2 && unit !== 3) || x === 0 || y === 0) return undefined;
  return { unit, x: `${x}/1`, y: `${y}/1` };
}

/** ICC.1:2022 annex B.4: part number from 1 and number of parts follow the signature. */
function collectProfile(segment: Reader, found: Found): void {
  const part = segment.u8(12);
  if (!found.profile.has(part)) found.profile.set(part, segment.slice(14, segment.length - 14));
  found.profileParts = Math.max(found.profileParts, segment.u8(13));
}

/** The whole profile, or what of it fits; empty when there is none or a part is missing. At most 16 MiB, 255 parts of a segment each. */
function joinProfile({ profile, profileParts }: Found, maxBytes = Infinity): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let i = 1; i <= profileParts; i++) {
    const part = profile.get(i);
    if (part === undefined) return new Uint8Array(0);
    parts.push(part);
  }
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(Math.min(total, maxBytes));
  let at = 0;
  for (const part of parts) {
    whole.set(part.subarray(0, whole.length - at), at);
    at = Math.min(at + part.length, whole.length);
  }
  return whole;
}

/**
 * As libjpeg's default_decompress_parms: three components decode to RGB whatever they are stored as; four are YCCK
 * under an Adobe segment with any transform but 0, else CMYK.
 */
function colorSpaceOf(frame: Frame, adobeTransform: number | undefined): Probe["colorSpace"] {
  if (frame.components.length === 1) return "gray";
  if (frame.components.length === 3) return "rgb";
  return (adobeTransform ?? 0) === 0 ? "cmyk" : "ycck";
}

/** J:a:b of common use by how often luminance is sampled per chroma sample, across and down. */
const CHROMA: Readonly<Record<string, string>> = {
  "1x1": "4:4:4",
  "2x1": "4:2:2",
  "2x2": "4:2:0",
  "1x2": "4:4:0",
  "4x1": "4:1:1",
  "4x2": "4:1:0",
};

function chromaOf([luma, first, second]: readonly Component[]): string | undefined {
  if (luma === undefined || first === undefined || second === undefined) return undefined;
  if (first.across !== second.across || first.down !== second.down) return undefined;
  return CHROMA[`${luma.across / first.across}x${luma.down / first.down}`];
}
