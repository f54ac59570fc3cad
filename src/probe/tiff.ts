import type { ColorMeaning, Probe } from "../core/probe.ts";
import { checkSize, colorOfProfile, corrupt, iccColor, STILL } from "./common.ts";
import { isOrientation, NO_EXIF, readExif } from "./exif.ts";
import { iccMeaning } from "./icc.ts";
import type { Entry } from "./ifd.ts";
import { integerOf, rationalOf, readDirectory } from "./ifd.ts";
import { Reader } from "./reader.ts";

/** Entries read of the first page; baseline files have 12 to 30. */
const MAX_ENTRIES = 1000;

/** TIFF 6.0 section 2 (version 42) and BigTIFF (version 43), in either byte order. */
export function isTiff(head: Reader): boolean {
  return ["II*\0", "MM\0*", "II+\0", "MM\0+"].some((mark) => head.spells(0, mark));
}

/** TIFF 6.0 and BigTIFF: the first page alone; pages are not frames of an animation, so `frames` is 1. */
export function probeTiff(bytes: Uint8Array): Probe {
  const page = readPage(bytes);
  const width = integer(page, 256);
  const height = integer(page, 257);
  if (width === undefined || height === undefined) throw corrupt("a TIFF without a size");
  checkSize(width, height);
  const orientation = integer(page, 274);
  const colorSpace = colorSpaceOf(page);
  const density = densityOf(page);
  const profile = profileOf(page);
  return {
    ...STILL,
    format: "tiff",
    width,
    height,
    orientation: isOrientation(orientation) ? orientation : 1,
    alpha: hasAlpha(page),
    bitDepth: integer(page, 262) === 3 ? 8 : (integer(page, 258) ?? 1), // palette entries are colors of 8 bits or more
    colorSpace,
    ...colorOfProfile(profile === undefined ? "none" : iccMeaning(profile, colorSpace)),
    ...(density === undefined ? {} : { density }),
    exif: (page.big ? NO_EXIF : (readExif(bytes, false) ?? NO_EXIF)).tags, // a TIFF file is an EXIF block whose IFD1 is page 2
  };
}

export function tiffColor(bytes: Uint8Array): ColorMeaning | undefined {
  return iccColor(profileOf(readPage(bytes)));
}

interface Page {
  readonly big: boolean;
  readonly reader: Reader;
  readonly entries: Map<number, Entry>;
}

function readPage(bytes: Uint8Array): Page {
  const reader = new Reader(bytes, bytes[0] === 0x49);
  const big = reader.u16(2) === 43;
  const page: Page = { big, reader, entries: new Map() };
  readDirectory(reader, big ? reader.u64(8) : reader.u32(4), MAX_ENTRIES, big, (entry) => {
    if (!page.entries.has(entry.tag)) page.entries.set(entry.tag, entry);
  });
  return page;
}

function integer(page: Page, tag: number, index = 0): number | undefined {
  const entry = page.entries.get(tag);
  return entry === undefined ? undefined : integerOf(page.reader, entry, index);
}

/** TIFF 6.0 section 8, PhotometricInterpretation; YCbCr, palette and Lab decode to RGB. */
function colorSpaceOf(page: Page): Probe["colorSpace"] {
  const photometric = integer(page, 262);
  if (photometric === 5) return "cmyk";
  if (photometric === undefined) return (integer(page, 277) ?? 1) >= 3 ? "rgb" : "gray";
  return photometric <= 1 || photometric === 4 ? "gray" : "rgb";
}

/** TIFF 6.0 section 18, ExtraSamples: 1 associated, 2 unassociated alpha, 0 something else. */
function hasAlpha(page: Page): boolean {
  return [0, 1, 2, 3].some((index) => {
    const kind = integer(page, 338, index);
    return kind === 1 || kind === 2;
  });
}

/** TIFF 6.0 section 8: rationals per ResolutionUnit, which is inch when absent. */
function densityOf({ reader, entries }: Page): Probe["density"] {
  const x = entries.get(282);
  const y = entries.get(283);
  const unitEntry = entries.get(296);
  if (x === undefined || y === undefined) return undefined;
  const across = rationalOf(reader, x);
  const down = rationalOf(reader, y);
  const unit = unitEntry === undefined ? 2 : integerOf(reader, unitEntry);
  if (unit !== 1 && unit !== 2 && unit !== 3) return undefined;
  if (across === undefined || down === undefined || [...across, ...down].some((part) => part <= 0)) return undefined;
  return { unit, x: across.join("/"), y: down.join("/") };
}

/** ICC.1:2022 annex B.4: the profile as the bytes of tag 34675. */
function profileOf({ reader, entries }: Page): Uint8Array | undefined {
  const entry = entries.get(34675);
  if (entry === undefined || (entry.type !== 7 && entry.type !== 1)) return undefined;
  return reader.slice(entry.at, entry.count);
}
