import type { SourceFormat } from "../core/probe.ts";
import type { Box } from "./boxes.ts";
import { findBox } from "./boxes.ts";
import { optional } from "./common.ts";
import { openTiff } from "./exif.ts";
import { exifData, primaryItem } from "./heif-items.ts";
import { isStandalone, nextMarker } from "./jpeg.ts";
import { Reader } from "./reader.ts";

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
const MAX_STEPS = 20_000; // segments or chunks; the prober passes no file with more before its picture

/**
 * The EXIF block of a picture, opened in its own byte order at its TIFF header; a view of the file, not a copy. It is the one
 * that `probe` reads, and for a TIFF file the file itself. Undefined without one (also in BigTIFF, whose directories
 * differ) and where the file is damaged. Time is linear in the bytes.
 */
export function findExifBlock(bytes: Uint8Array, format: SourceFormat): Reader | undefined {
  return optional(() => FINDERS[format]?.(bytes));
}

const FINDERS: Readonly<Partial<Record<SourceFormat, (bytes: Uint8Array) => Reader | undefined>>> = {
  jpeg: inJpeg,
  png: inPng,
  webp: inWebp,
  avif: inHeif,
  heic: inHeif,
  tiff: openTiff,
};

/** EXIF 2.32 section 4.7.2. */
function inJpeg(bytes: Uint8Array): Reader | undefined {
  const reader = new Reader(bytes);
  let at = nextMarker(reader, 2);
  for (let steps = 0; at !== undefined && steps < MAX_STEPS; steps++) {
    const marker = reader.u8(at);
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return undefined;
    const length = isStandalone(marker) ? 0 : reader.u16(at + 1);
    if (marker === APP1 && length > 8 && reader.spells(at + 3, "Exif\0")) {
      const block = openTiff(reader.slice(at + 3, length - 2));
      if (block !== undefined) return block;
    }
    at = nextMarker(reader, at + 1 + length);
  }
  return undefined;
}

/** PNG 3rd edition section 11.3.4.5; eXIf may also follow the image data. */
function inPng(bytes: Uint8Array): Reader | undefined {
  const reader = new Reader(bytes);
  for (let at = 8; reader.has(at, 8); ) {
    const length = reader.u32(at);
    if (reader.spells(at + 4, "IEND")) return undefined;
    if (reader.spells(at + 4, "eXIf")) return openTiff(reader.slice(at + 8, length));
    at += 12 + length;
  }
  return undefined;
}

/** RFC 9649 section 2.7.1.5; only extended files have it. */
function inWebp(bytes: Uint8Array): Reader | undefined {
  const reader = new Reader(bytes, true);
  if (!reader.spells(12, "VP8X")) return undefined;
  for (let at = 12; reader.has(at, 8); ) {
    const size = reader.u32(at + 4);
    if (reader.spells(at, "EXIF")) return openTiff(reader.slice(at + 8, size));
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function inHeif(bytes: Uint8Array): Reader | undefined {
  const reader = new Reader(bytes);
  const file: Box = { type: "", at: 0, end: reader.length };
  const meta = findBox(reader, file, "meta");
  const primary = meta === undefined ? undefined : primaryItem(reader, meta);
  if (meta === undefined || primary === undefined) return undefined;
  const data = exifData(reader, meta, primary);
  return data === undefined ? undefined : openTiff(data);
}
