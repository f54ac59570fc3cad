import type { Box } from "./boxes.ts";
import { boxesIn, findBox } from "./boxes.ts";
import type { Properties } from "./heif-properties.ts";
import { readProperties } from "./heif-properties.ts";
import type { Reader } from "./reader.ts";

/** What the tracks of an image sequence say. */
export interface Sequence {
  readonly frames: number;
  /** An auxiliary track exists; in still-picture brands that is alpha (AV1 image file format section 4.1). */
  readonly alpha: boolean;
  /** Four-character code of the samples, e.g. av01. */
  readonly codec: string;
  readonly properties: Properties;
}

const FULL_BOX = 4;
const VISUAL_ENTRY = 78; // ISO 14496-12 section 12.1.3: fields of VisualSampleEntry before its boxes

/** ISO 14496-12 section 8.3 and ISO 23008-12 section 7: the first picture track; undefined without one. */
export function readSequence(reader: Reader, movie: Box): Sequence | undefined {
  let main: Box | undefined;
  let alpha = false;
  for (const track of boxesIn(reader, movie.at, movie.end)) {
    if (track.type !== "trak") continue;
    const media = findBox(reader, track, "mdia");
    const handler = findBox(reader, media, "hdlr");
    if (media === undefined || handler === undefined) continue;
    const kind = reader.ascii(handler.at + 8, 4);
    if (kind === "auxv") alpha = true;
    else if (kind === "pict" || kind === "vide") main = main ?? media;
  }
  const table = findBox(reader, findBox(reader, main, "minf"), "stbl");
  const entry = firstSampleEntry(reader, findBox(reader, table, "stsd"));
  if (entry === undefined) return undefined;
  const size = { width: reader.u16(entry.at + 24), height: reader.u16(entry.at + 26) };
  const properties = readProperties(reader, boxesIn(reader, entry.at + VISUAL_ENTRY, entry.end), size);
  return { frames: sampleCount(reader, findBox(reader, table, "stsz")), alpha, codec: entry.type, properties };
}

/** Section 8.5.2. */
function firstSampleEntry(reader: Reader, descriptions: Box | undefined): Box | undefined {
  if (descriptions === undefined) return undefined;
  for (const entry of boxesIn(reader, descriptions.at + FULL_BOX + 4, descriptions.end)) return entry;
  return undefined;
}

/**
 * Section 8.7.3.2: samples of one size, or a table of sizes. The claimed count is held against the table's length, or
 * against the bytes that many samples would need.
 */
function sampleCount(reader: Reader, sizes: Box | undefined): number {
  if (sizes === undefined) return 1;
  const common = reader.u32(sizes.at + 4);
  const claimed = reader.u32(sizes.at + 8);
  const possible = common === 0 ? (sizes.end - sizes.at - 12) / 4 : reader.length / common;
  return Math.max(1, Math.min(claimed, Math.floor(possible)));
}
