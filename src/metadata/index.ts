import type { Orientation } from "../core/geometry.ts";
import type { MetaRule } from "../core/plan.ts";
import type { Probe } from "../core/probe.ts";
import { optional } from "../probe/common.ts";
import { findExifBlock } from "../probe/exif-block.ts";
import { ASCII, type Entry, integerOf, readDirectory, valueBytes } from "../probe/ifd.ts";
import type { Reader } from "../probe/reader.ts";
import * as tags from "./tags.ts";
import { directoryBytes, type Field, longField, shortField, writeStream } from "./write.ts";

const MAX_ENTRIES = 1000; // read of each directory; cameras write up to 100
/** What one APP1 segment of JPEG holds behind "Exif\0\0": the same for all formats, so that a result's tags do not depend on its format. */
const MAX_STREAM_BYTES = 65_527;

/**
 * The TIFF stream of EXIF tags (EXIF 2.32 section 4.5) that a result carries of its source, at most 65,527 bytes; undefined
 * where there is nothing to carry and under `strip`. Never throws: damaged metadata counts as none.
 *
 * copyright: Artist and Copyright. keep: what IFD0 and the Exif and GPS directories say about the picture's origin, values as
 * they are, offsets written anew. Orientation becomes `orientation` and ColorSpace sRGB, as the result's pixels are; left out are thumbnail,
 * maker note, interoperability directory, sizes and positions in px, and unknown tags. XMP and IPTC are not carried.
 */
export function metadataFor(bytes: Uint8Array, probe: Probe, rule: MetaRule, orientation: Orientation): Uint8Array | undefined {
  if (rule === "strip") return undefined;
  const block = findExifBlock(bytes, probe.format);
  if (block === undefined) return undefined;
  return optional(() => (rule === "copyright" ? copyrightOf(block) : keptOf(block, orientation)));
}

function copyrightOf(block: Reader): Uint8Array | undefined {
  const fields = readFields(block, block.u32(4), (entry) =>
    (entry.tag === tags.ARTIST || entry.tag === tags.COPYRIGHT) && entry.type === ASCII ? toField(block, entry) : undefined,
  );
  const said = fit(fields.filter(({ value }) => value.some(isVisible))); // cameras fill in blanks where nothing is set
  return said.length === 0 ? undefined : writeStream([said], block.littleEndian);
}
function isVisible(byte: number): boolean {
  return byte > 0x20;
}

function keptOf(block: Reader, orientation: Orientation): Uint8Array | undefined {
  const { littleEndian } = block;
  const pointers = new Map<number, number>();
  const image = readFields(block, block.u32(4), (entry) => {
    const value = integerOf(block, entry);
    if (value !== undefined && !pointers.has(entry.tag)) pointers.set(entry.tag, value);
    if (entry.tag === tags.ORIENTATION) return shortField(tags.ORIENTATION, orientation, littleEndian);
    return tags.IMAGE_KEPT.has(entry.tag) ? toField(block, entry) : undefined;
  });
  const photo = readFields(block, pointers.get(tags.EXIF_POINTER), (entry) => {
    if (entry.tag === tags.COLOR_SPACE) return shortField(tags.COLOR_SPACE, 1, littleEndian); // EXIF 2.32 section 4.6.5: sRGB
    return tags.PHOTO_KEPT.has(entry.tag) ? toField(block, entry) : undefined;
  });
  const gps = readFields(block, pointers.get(tags.GPS_POINTER), (entry) =>
    tags.GPS_KEPT.has(entry.tag) ? toField(block, entry) : undefined,
  );
  return writeLinked(image, photo, gps, littleEndian);
}

/** The fields that `choose` makes of one directory, the first of each tag. */
function readFields(block: Reader, offset: number | undefined, choose: (entry: Entry) => Field | undefined): readonly Field[] {
  const fields = new Map<number, Field>();
  readDirectory(block, offset ?? 0, MAX_ENTRIES, false, (entry) => {
    const field = fields.has(entry.tag) ? undefined : choose(entry);
    if (field !== undefined) fields.set(entry.tag, field);
  });
  return [...fields.values()];
}
function toField(block: Reader, entry: Entry): Field {
  return { tag: entry.tag, type: entry.type, count: entry.count, value: valueBytes(block, entry) };
}

/** IFD0 with pointers to the directories behind it that are not empty. */
function writeLinked(
  image: readonly Field[],
  photo: readonly Field[],
  gps: readonly Field[],
  littleEndian: boolean,
): Uint8Array | undefined {
  const all = new Set(fit([...image, ...photo, ...gps]));
  const [first, ...rest] = [image, photo, gps].map((fields) => fields.filter((field) => all.has(field)));
  if (first === undefined || all.size === 0) return undefined;
  const linked = [tags.EXIF_POINTER, tags.GPS_POINTER]
    .map((tag, i) => ({ tag, fields: rest[i] ?? [] }))
    .filter(({ fields }) => fields.length > 0);
  const pointerTo = (tag: number, offset: number) => longField(tag, offset, littleEndian);
  let at = 8 + directoryBytes([...first, ...linked.map(({ tag }) => pointerTo(tag, 0))]);
  const pointers = linked.map(({ tag, fields }) => {
    const field = pointerTo(tag, at);
    at += directoryBytes(fields);
    return field;
  });
  return writeStream([[...first, ...pointers], ...linked.map(({ fields }) => fields)], littleEndian);
}

/** The fields without the largest ones where all together would be too long. */
function fit(fields: readonly Field[]): readonly Field[] {
  const overhead = 8 + 3 * directoryBytes([]) + 2 * 12; // header, three directories, two pointers
  let left = MAX_STREAM_BYTES - overhead;
  const bySize = [...fields].sort((a, b) => a.value.length - b.value.length);
  return bySize.filter((field) => {
    left -= directoryBytes([field]) - directoryBytes([]);
    return left >= 0;
  });
}
