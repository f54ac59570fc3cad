import type { Orientation } from "../core/geometry.ts";
import { GPS_TAGS, GPS_WORDS, IMAGE_TAGS, PHOTO_TAGS } from "./exif-names.ts";
import type { Entry } from "./ifd.ts";
import { ASCII, integerOf, rationalOf, readDirectory, UNDEFINED } from "./ifd.ts";
import { Reader } from "./reader.ts";

export interface Exif {
  readonly orientation?: Orientation;
  /** Printed values by EXIF name; the first of several equal names counts. */
  readonly tags: Readonly<Record<string, string>>;
}
export const NO_EXIF: Exif = { tags: {} };

const MAX_ENTRIES = 200; // over all directories; the fullest picture of the test corpus prints 61
const MAX_VALUES = 64; // numbers printed of one tag; the longest useful ones are ReferenceBlackWhite and CFAPattern
const MAX_CHARACTERS = 256;

/**
 * Reads an EXIF block: a TIFF stream, with or without the "Exif" prefix that JPEG needs and others sometimes copy.
 * Damage is met with what could be read until then; undefined when there is no TIFF header at all. Exactly four directories are
 * looked at (IFD0, Exif, GPS, and IFD1 unless `thumbnail` is false), each once, so no chain of offsets can loop.
 */
export function readExif(bytes: Uint8Array, thumbnail = true): Exif | undefined {
  const reader = openTiff(bytes);
  if (reader === undefined) return undefined;
  const walk: Walk = { reader, left: MAX_ENTRIES, tags: {}, pointers: {} };
  const next = readTags(walk, reader.u32(4), IMAGE_TAGS);
  const { exif, gps, orientation } = walk.pointers;
  if (exif !== undefined) readTags(walk, exif, PHOTO_TAGS);
  if (gps !== undefined) readTags(walk, gps, GPS_TAGS);
  if (thumbnail && next !== 0) readTags(walk, next, IMAGE_TAGS);
  return isOrientation(orientation) ? { orientation, tags: walk.tags } : { tags: walk.tags };
}

/** EXIF 2.32 section 4.6.4, tag 0x0112; other values are reserved and mean nothing. */
export function isOrientation(value: number | undefined): value is Orientation {
  return value !== undefined && value >= 1 && value <= 8;
}

interface Walk {
  readonly reader: Reader;
  /** Entries that may still be read over all directories. */
  left: number;
  readonly tags: Record<string, string>;
  /** Values of IFD0 that steer the walk; later directories may not change them. */
  readonly pointers: { exif?: number; gps?: number; orientation?: number };
}

/** EXIF 2.32 section 4.5.2: byte order, 42, offset of IFD0. */
export function openTiff(bytes: Uint8Array): Reader | undefined {
  const prefixed = new Reader(bytes).spells(0, "Exif\0");
  const tiff = prefixed ? bytes.subarray(6) : bytes;
  const mark = new Reader(tiff);
  const littleEndian = mark.spells(0, "II*\0");
  if (!mark.has(0, 8) || !(littleEndian || mark.spells(0, "MM\0*"))) return undefined;
  return new Reader(tiff, littleEndian);
}

/** Adds the known tags of one directory and returns the offset of the next. */
function readTags(walk: Walk, offset: number, names: Readonly<Record<number, string>>): number {
  const { reader, tags, pointers } = walk;
  const isFirst = walk.left === MAX_ENTRIES;
  return readDirectory(reader, offset, walk.left, false, (entry) => {
    walk.left--;
    if (isFirst) notePointer(reader, entry, pointers);
    const name = names[entry.tag];
    if (name === undefined || tags[name] !== undefined) return;
    const printed = printValue(reader, entry, name);
    if (printed !== undefined) tags[name] = printed;
  });
}

function notePointer(reader: Reader, entry: Entry, pointers: Walk["pointers"]): void {
  const value = integerOf(reader, entry);
  if (value === undefined) return;
  if (entry.tag === 0x0112) pointers.orientation = value;
  if (entry.tag === 0x8769) pointers.exif = value;
  if (entry.tag === 0x8825) pointers.gps = value;
}

/**
 * The forms OSS prints (OSS IMG reference, section 7.4), which are Exiv2's raw values: text as it is, numbers joined
 * by blanks, rationals as n/d, undefined bytes as decimal numbers. Interpreted are only GPS positions and references.
 */
function printValue(reader: Reader, entry: Entry, name: string): string | undefined {
  if (name === "GPSLatitude" || name === "GPSLongitude") return printDegrees(reader, entry) ?? printNumbers(reader, entry);
  if (name === "UserComment") return printComment(reader, entry);
  const printed = entry.type === ASCII ? printText(reader, entry.at, entry.count) : printNumbers(reader, entry);
  return printed === undefined ? undefined : (GPS_WORDS[name]?.get(printed) ?? printed);
}

/** Text up to its NUL as UTF-8 (EXIF says ASCII, cameras and editors write more); control characters become blanks. */
function printText(reader: Reader, at: number, count: number): string {
  const bytes = reader.slice(at, Math.min(count, MAX_CHARACTERS));
  const nul = bytes.indexOf(0);
  const printable = Uint8Array.from(nul < 0 ? bytes : bytes.subarray(0, nul), (byte) =>
    byte < 32 || byte === 127 ? 32 : byte,
  );
  return new TextDecoder().decode(printable);
}

/** EXIF 2.32 section 4.6.5, tag 0x9286: eight bytes name the character set; only ASCII and undefined ones are printed. */
function printComment(reader: Reader, entry: Entry): string | undefined {
  if (entry.type !== UNDEFINED || entry.count <= 8) return undefined;
  const readable = reader.spells(entry.at, "ASCII\0\0\0") || reader.spells(entry.at, "\0\0\0\0\0\0\0\0");
  const text = readable ? printText(reader, entry.at + 8, entry.count - 8).trim() : "";
  return text === "" ? undefined : text;
}

function printNumbers(reader: Reader, entry: Entry): string | undefined {
  const parts: string[] = [];
  for (let i = 0; i < Math.min(entry.count, MAX_VALUES); i++) {
    const rational = rationalOf(reader, entry, i);
    const part = rational === undefined ? integerOf(reader, entry, i) : rational.join("/");
    if (part === undefined) return undefined; // floating point: no tag named here holds any
    parts.push(String(part));
  }
  return parts.join(" ").slice(0, MAX_CHARACTERS);
}

/**
 * Degrees, minutes and seconds as Exiv2 prints them: trailing zero parts left out, every part followed by a blank
 * ("0deg ", "43deg 28' 2.814\" "), fractions with 7, 5 and 3 places. Undefined when it is not three sound rationals.
 */
function printDegrees(reader: Reader, entry: Entry): string | undefined {
  if (entry.count !== 3) return undefined;
  const parts = [0, 1, 2].map((i) => rationalOf(reader, entry, i) ?? ([0, 0] as const));
  if (parts.some(([, denominator]) => denominator === 0)) return undefined;
  let shown = 3;
  while (shown > 1 && parts[shown - 1]?.[0] === 0) shown--;
  const units = [
    ["deg", 7],
    ["'", 5],
    ['"', 3],
  ] as const;
  return units
    .slice(0, shown)
    .map(([unit, places], i) => {
      const [numerator, denominator] = parts[i] ?? [0, 1];
      return `${(numerator / denominator).toFixed(numerator % denominator === 0 ? 0 : places)}${unit} `;
    })
    .join("");
}
