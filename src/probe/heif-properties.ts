import type { Orientation, Rect, Size } from "../core/geometry.ts";
import { isWhole, orientationOfAngle, oriented, toStored, turnOf } from "../core/geometry.ts";
import type { Box } from "./boxes.ts";
import type { Reader } from "./reader.ts";

/** What the property boxes of one item or the boxes of one sample entry say. */
export interface Properties {
  size?: Size;
  /** All irot and imir together. */
  orientation: Orientation;
  cleanAperture?: Rect;
  /** Bits per sample of the coded planes; the codec's own record (av1C, hvcC) wins over pixi. */
  bitDepth?: number;
  monochrome?: boolean;
  profile?: Uint8Array;
  /** Of an nclx box. */
  codePoints?: { readonly primaries: number; readonly transfer: number };
  auxiliaryType?: string;
}

const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * Reads property boxes in the order they apply (MIAF section 7.3.6.7 fixes it: clap, irot, imir); unknown ones are passed
 * over. The size comes first wherever it stands: an aperture cannot be read without it, and cavif writes it behind.
 */
export function readProperties(reader: Reader, boxes: Iterable<Box>, size?: Size): Properties {
  const properties: Properties = size === undefined ? { orientation: 1 } : { size, orientation: 1 };
  const others: Box[] = [];
  for (const box of boxes) {
    if (box.type === "ispe") readSize(reader, box, properties);
    else others.push(box);
  }
  for (const box of others) READERS[box.type]?.(reader, box, properties);
  return properties;
}

/** ISO 23008-12 section 6.5.3: FullBox, then the size before any transform. */
function readSize(reader: Reader, { at }: Box, properties: Properties): void {
  properties.size = { width: reader.u32(at + 4), height: reader.u32(at + 8) };
}

type PropertyReader = (reader: Reader, box: Box, properties: Properties) => void;
const READERS: Readonly<Record<string, PropertyReader>> = {
  /** Section 6.5.10: quarter turns counterclockwise. */
  irot(reader, { at }, properties) {
    const clockwise = ((4 - (reader.u8(at) & 3)) % 4) as 0 | 1 | 2 | 3;
    properties.orientation = compose(properties.orientation, orientationOfAngle(([0, 90, 180, 270] as const)[clockwise]));
  },
  /** Section 6.5.12 (2022): 0 exchanges top and bottom as orientation 4 does, 1 left and right as orientation 2 does. */
  imir(reader, { at }, properties) {
    properties.orientation = compose(properties.orientation, (reader.u8(at) & 1) === 0 ? 4 : 2);
  },
  clap(reader, { at }, properties) {
    const { size, orientation } = properties;
    if (size === undefined || properties.cleanAperture !== undefined) return;
    const rect = readAperture(reader, at, oriented(size, orientation));
    if (rect !== undefined) properties.cleanAperture = toStored(rect, size, orientation);
  },
  /** Section 6.5.6: FullBox, number of channels, bits of each. */
  pixi(reader, { at }, properties) {
    properties.bitDepth = properties.bitDepth ?? reader.u8(at + 5);
  },
  /** AV1 in ISOBMFF section 2.3.3: tier, high_bitdepth, twelve_bit, monochrome, … */
  av1C(reader, { at }, properties) {
    const flags = reader.u8(at + 2);
    properties.bitDepth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
    properties.monochrome = (flags & 0x10) !== 0;
  },
  /** ISO 14496-15 section 8.3.3.1.2: chroma_format_idc, then bit_depth_luma_minus8. */
  hvcC(reader, { at }, properties) {
    properties.monochrome = (reader.u8(at + 16) & 3) === 0;
    properties.bitDepth = 8 + (reader.u8(at + 17) & 7);
  },
  /** ISO 14496-12 section 12.1.5: prof and rICC hold an ICC profile; nclx names primaries and transfer by number. */
  colr(reader, { at, end }, properties) {
    const isProfile = end - at > 4 && (reader.spells(at, "prof") || reader.spells(at, "rICC"));
    if (isProfile) properties.profile = reader.slice(at + 4, end - at - 4);
    if (reader.spells(at, "nclx")) properties.codePoints = { primaries: reader.u16(at + 4), transfer: reader.u16(at + 6) };
  },
  /** ISO 23008-12 section 6.5.8: FullBox, then a URN ending in NUL. */
  auxC(reader, { at, end }, properties) {
    properties.auxiliaryType = reader.ascii(at + 4, Math.min(Math.max(0, end - at - 4), 64)).split("\0")[0] ?? "";
  },
};

/** AV1 image file format section 4.1, and ISO 23008-12 annex B for HEVC. */
export function isAlpha({ auxiliaryType }: Properties): boolean {
  return auxiliaryType === "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" || auxiliaryType === "urn:mpeg:hevc:2015:auxid:1";
}

/** The one orientation that equals `first` and then `second`. */
function compose(first: Orientation, second: Orientation): Orientation {
  const a = turnOf(first);
  const b = turnOf(second);
  // The axes `second` swaps are those `first` mirrored
  const mirrorX = (b.swap ? a.mirrorY : a.mirrorX) !== b.mirrorX;
  const mirrorY = (b.swap ? a.mirrorX : a.mirrorY) !== b.mirrorY;
  const swap = a.swap !== b.swap;
  const found = ORIENTATIONS.find((each) => {
    const turn = turnOf(each);
    return turn.swap === swap && turn.mirrorX === mirrorX && turn.mirrorY === mirrorY;
  });
  return found ?? 1;
}

/**
 * ISO 14496-12 section 12.1.4: width, height and offset of the centers as fractions. Undefined where the size is not in
 * whole pixels, the rectangle is not inside the picture, or nothing is cut off. An edge on half a pixel, which MIAF
 * section 7.3.6.7 forbids, moves to the left or up, as in libheif.
 */
function readAperture(reader: Reader, at: number, size: Size): Rect | undefined {
  const width = wholeQuotient(reader.u32(at), reader.u32(at + 4));
  const height = wholeQuotient(reader.u32(at + 8), reader.u32(at + 12));
  // Twice the offset, because centers of odd sizes lie on half pixels
  const twiceX = wholeQuotient(2 * reader.i32(at + 16), reader.u32(at + 20));
  const twiceY = wholeQuotient(2 * reader.i32(at + 24), reader.u32(at + 28));
  if (width === undefined || height === undefined || twiceX === undefined || twiceY === undefined) return undefined;
  const x = Math.floor((twiceX + size.width - width) / 2);
  const y = Math.floor((twiceY + size.height - height) / 2);
  const rect = { x, y, width, height };
  const inside = rect.x >= 0 && rect.y >= 0 && rect.x + width <= size.width && rect.y + height <= size.height;
  return width > 0 && height > 0 && inside && !isWhole(rect, size) ? rect : undefined;
}

function wholeQuotient(numerator: number, denominator: number): number | undefined {
  return denominator > 0 && numerator % denominator === 0 ? numerator / denominator : undefined;
}
