import { codePointsMean } from "../core/cicp.ts";
import type { ColorMeaning, Probe, SourceFormat } from "../core/probe.ts";
import type { Box } from "./boxes.ts";
import { boxesIn } from "./boxes.ts";
import { checkSize, colorOfProfile, corrupt, iccColor, optional, STILL } from "./common.ts";
import type { Exif } from "./exif.ts";
import { readExif } from "./exif.ts";
import { exifData, firstReference, itemProperties, itemType, primaryItem, referrers } from "./heif-items.ts";
import type { Properties } from "./heif-properties.ts";
import { isAlpha, readProperties } from "./heif-properties.ts";
import type { Sequence } from "./heif-sequence.ts";
import { readSequence } from "./heif-sequence.ts";
import { iccMeaning } from "./icc.ts";
import { Reader } from "./reader.ts";

const AVIF_BRANDS = ["avif", "avis"]; // AV1 image file format sections 6.2 and 6.3
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]; // ISO 23008-12 annex B.4
const OPEN_BRANDS = ["mif1", "mif2", "msf1", "miaf"]; // ISO 23008-12 section 10: any codec
const MAX_DERIVATIONS = 4; // a grid of tiles is one, a cropped grid two

/**
 * By the brands of ftyp (ISO 14496-12 section 4.3): the major one decides, then the compatible ones within the first
 * 64 bytes. Video brands (isom, mp42, qt, …) are no pictures unless they also claim a picture brand.
 */
export function sniffIsobmff(head: Reader): SourceFormat | undefined {
  if (!head.spells(4, "ftyp") || !head.has(0, 12)) return undefined;
  const brands = [head.ascii(8, 4)];
  const end = Math.min(head.u32(0), head.length, 64);
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.ascii(at, 4));
  for (const brand of brands) {
    if (AVIF_BRANDS.includes(brand)) return "avif";
    if (HEIC_BRANDS.includes(brand)) return "heic";
  }
  return brands.some((brand) => OPEN_BRANDS.includes(brand)) ? "heic" : undefined;
}

/**
 * AVIF and HEIC: the primary item of the meta box, or the first picture track of a sequence without one.
 * The format is that of the coded picture: AV1 is "avif", everything else of the HEIF family "heic".
 * CORRUPT_IMAGE without a primary item that has a size.
 */
export function probeIsobmff(bytes: Uint8Array): Probe {
  const { picture, sequence } = readPicture(bytes);
  return toProbe(picture, sequence);
}

/** The profile, or else the code points: a file may have both, and the profile says more (MIAF section 7.3.6.4). */
export function isobmffColor(bytes: Uint8Array): ColorMeaning | undefined {
  const { profile, codePoints, monochrome } = readPicture(bytes).picture.properties;
  if (profile !== undefined && judgeProfile(profile, monochrome === true) !== "none") return iccColor(profile);
  return codePoints === undefined ? undefined : { kind: "cicp", ...codePoints };
}

/** A picture as its item or its track describes it. */
interface Picture {
  readonly codec: string;
  readonly properties: Properties;
  readonly alpha: boolean;
  readonly exif: Exif | undefined;
}

function readPicture(bytes: Uint8Array): { readonly picture: Picture; readonly sequence: Sequence | undefined } {
  const reader = new Reader(bytes);
  let meta: Box | undefined;
  let movie: Box | undefined;
  for (const box of boxesIn(reader, 0, reader.length)) {
    if (box.type === "meta") meta = meta ?? box;
    if (box.type === "moov") movie = movie ?? box;
  }
  const tracks = movie;
  const sequence = tracks === undefined ? undefined : optional(() => readSequence(reader, tracks));
  const still = meta === undefined ? undefined : readStill(reader, meta);
  const picture = still ?? (sequence === undefined ? undefined : { ...sequence, exif: undefined });
  if (picture === undefined) throw corrupt("a HEIF file without a primary picture");
  return { picture, sequence };
}

function toProbe({ codec, properties, alpha, exif }: Picture, sequence: Sequence | undefined): Probe {
  const { size, orientation, cleanAperture, bitDepth, monochrome } = properties;
  if (size === undefined) throw corrupt("a HEIF picture without a size");
  checkSize(size.width, size.height);
  const colorSpace = monochrome === true ? "gray" : "rgb";
  return {
    ...STILL,
    format: codec === "av01" ? "avif" : "heic",
    width: size.width,
    height: size.height,
    orientation,
    ...(cleanAperture === undefined ? {} : { cleanAperture }),
    alpha: alpha || sequence?.alpha === true,
    frames: sequence?.frames ?? 1,
    bitDepth: bitDepth ?? STILL.bitDepth,
    colorSpace,
    ...colorOf(properties),
    exif: exif?.tags ?? {}, // its orientation is informative only (MIAF section 7.3.6)
  };
}

function colorOf({ profile, codePoints, monochrome }: Properties): Pick<Probe, "icc" | "colorimetry"> {
  const icc = profile === undefined ? "none" : iccMeaning(profile, monochrome === true ? "gray" : "rgb");
  const used = profile === undefined ? "none" : judgeProfile(profile, monochrome === true);
  if (used !== "none" || codePoints === undefined) return { ...colorOfProfile(used), icc };
  return { icc, colorimetry: codePointsMean(codePoints.primaries, codePoints.transfer) ?? "srgb" };
}

/** Monochrome pictures decode to RGB, so a profile of either space can be theirs. */
function judgeProfile(profile: Uint8Array, monochrome: boolean): Probe["icc"] {
  const asGray = monochrome ? iccMeaning(profile, "gray") : "none";
  return asGray === "none" ? iccMeaning(profile, "rgb") : asGray;
}

function readStill(reader: Reader, meta: Box): Picture | undefined {
  const primary = primaryItem(reader, meta);
  if (primary === undefined) return undefined;
  const own = readProperties(reader, itemProperties(reader, meta, primary));
  const coded = codedItem(reader, meta, primary);
  // A grid has no codec record: depth and monochrome come from its first tile, which may carry the profile too
  const tile = coded === primary ? own : readProperties(reader, itemProperties(reader, meta, coded));
  const { bitDepth = own.bitDepth, monochrome, profile, codePoints } = tile;
  return {
    codec: itemType(reader, meta, coded) ?? "",
    properties: {
      ...(profile === undefined ? {} : { profile }),
      ...(codePoints === undefined ? {} : { codePoints }),
      ...own,
      ...(bitDepth === undefined ? {} : { bitDepth }),
      ...(monochrome === undefined ? {} : { monochrome }),
    },
    // A grid without an alpha plane of its own takes those of its tiles, as libavif reads it
    alpha: optional(() => hasAlpha(reader, meta, primary) || (coded !== primary && hasAlpha(reader, meta, coded))) ?? false,
    exif: optional(() => itemExif(reader, meta, primary)),
  };
}

/** The item itself, or the first picture a derived one (grid, iovl, iden: ISO 23008-12 section 6.6) is made from. */
function codedItem(reader: Reader, meta: Box, primary: number): number {
  let item = primary;
  for (let i = 0; i < MAX_DERIVATIONS; i++) {
    const source = firstReference(reader, meta, "dimg", item);
    if (source === undefined) break;
    item = source;
  }
  return item;
}

function hasAlpha(reader: Reader, meta: Box, primary: number): boolean {
  return referrers(reader, meta, "auxl", primary).some((item) =>
    isAlpha(readProperties(reader, itemProperties(reader, meta, item))),
  );
}

function itemExif(reader: Reader, meta: Box, primary: number): Exif | undefined {
  const data = exifData(reader, meta, primary);
  return data === undefined ? undefined : readExif(data);
}
