import type { Box } from "./boxes.ts";
import { boxesIn, findBox, MAX_BOXES } from "./boxes.ts";
import { Reader } from "./reader.ts";

/**
 * Look-ups in a meta box (ISO 14496-12 section 8.11, ISO 23008-12 section 9). Each scans its box anew and keeps nothing, so that
 * a file of a million items costs no memory. Ids are 16 or 32 bits wide by the version of the box they stand in.
 */

const FULL_BOX = 4;
const MAX_PROPERTIES = 32767; // ipma indexes have 15 bits
const MAX_REFERRERS = 16; // a picture has one alpha, one depth map, a few gain maps and mattes, one Exif and one XMP item

/** Section 8.11.4: the item to show. */
export function primaryItem(reader: Reader, meta: Box): number | undefined {
  const box = findBox(reader, meta, "pitm", FULL_BOX);
  if (box === undefined) return undefined;
  return readId(reader, box.at + FULL_BOX, reader.u8(box.at) > 0);
}

/** Section 8.11.6: the four-character type of an item. */
export function itemType(reader: Reader, meta: Box, id: number): string | undefined {
  const infos = findBox(reader, meta, "iinf", FULL_BOX);
  if (infos === undefined) return undefined;
  const start = infos.at + FULL_BOX + (reader.u8(infos.at) === 0 ? 2 : 4);
  for (const box of boxesIn(reader, start, infos.end)) {
    const version = box.type === "infe" ? reader.u8(box.at) : 0;
    if (version < 2) continue; // older entries have no type and are no image items
    const wide = version > 2;
    if (readId(reader, box.at + 4, wide) === id) return reader.ascii(box.at + (wide ? 10 : 8), 4);
  }
  return undefined;
}

/** ISO 23008-12 section 9.3: the property boxes of an item in the order they apply. */
export function itemProperties(reader: Reader, meta: Box, id: number): readonly Box[] {
  const properties = findBox(reader, meta, "iprp", FULL_BOX);
  const container = findBox(reader, properties, "ipco");
  if (properties === undefined || container === undefined) return [];
  const indexes = propertyIndexes(reader, properties, id);
  const wanted = new Map<number, Box>();
  let index = 1;
  for (const box of boxesIn(reader, container.at, container.end)) {
    if (indexes.includes(index)) wanted.set(index, box);
    if (++index > MAX_PROPERTIES) break;
  }
  return indexes.map((each) => wanted.get(each)).filter((box): box is Box => box !== undefined);
}

/** At most 255 indexes, counted from 1. */
function propertyIndexes(reader: Reader, properties: Box, id: number): number[] {
  for (const box of boxesIn(reader, properties.at, properties.end)) {
    if (box.type !== "ipma") continue;
    const wideIds = reader.u8(box.at) > 0;
    const wideIndexes = (reader.u8(box.at + 3) & 1) === 1;
    let left = Math.min(reader.u32(box.at + 4), MAX_BOXES);
    for (let at = box.at + 8; left > 0 && at < box.end; left--) {
      const owner = readId(reader, at, wideIds);
      at += wideIds ? 4 : 2;
      const count = reader.u8(at++);
      if (owner === id) {
        return Array.from({ length: count }, (_, i) =>
          wideIndexes ? reader.u16(at + i * 2) & 0x7fff : reader.u8(at + i) & 0x7f,
        );
      }
      at += count * (wideIndexes ? 2 : 1);
    }
  }
  return [];
}

/** Section 8.11.12: the first item `from` refers to, e.g. by "dimg" the first tile of a grid. */
export function firstReference(reader: Reader, meta: Box, type: string, from: number): number | undefined {
  for (const reference of references(reader, meta, type)) if (reference.from === from) return reference.to;
  return undefined;
}

/** The items that refer to `to`, e.g. by "auxl" its alpha plane; the first few only. */
export function referrers(reader: Reader, meta: Box, type: string, to: number): readonly number[] {
  const found: number[] = [];
  for (const reference of references(reader, meta, type)) {
    if (reference.to === to && found.push(reference.from) === MAX_REFERRERS) break;
  }
  return found;
}

function* references(reader: Reader, meta: Box, type: string): Generator<{ readonly from: number; readonly to: number }> {
  const all = findBox(reader, meta, "iref", FULL_BOX);
  if (all === undefined) return;
  const wide = reader.u8(all.at) > 0;
  const idBytes = wide ? 4 : 2;
  let left = MAX_BOXES; // over all boxes, as each may name 65535 items
  for (const box of boxesIn(reader, all.at + FULL_BOX, all.end)) {
    if (box.type !== type) continue;
    const from = readId(reader, box.at, wide);
    const count = reader.u16(box.at + idBytes);
    const first = box.at + idBytes + 2;
    for (let i = 0; i < count && left > 0; i++, left--) yield { from, to: readId(reader, first + i * idBytes, wide) };
  }
}

/**
 * Section 8.11.3: the bytes of an item that lies in one piece in the file or in idat; undefined for any other.
 * Entries are passed over by arithmetic: their extents may be empty, and counting 65535 of those per 6 bytes is slow.
 */
export function itemData(reader: Reader, meta: Box, id: number): Uint8Array | undefined {
  const box = findBox(reader, meta, "iloc", FULL_BOX);
  if (box === undefined) return undefined;
  const version = reader.u8(box.at);
  const [offsetBytes, lengthBytes] = nibbles(reader.u8(box.at + 4));
  const [baseBytes, indexNibble] = nibbles(reader.u8(box.at + 5));
  const indexBytes = version === 0 ? 0 : indexNibble;
  const wide = version > 1;
  let at = box.at + (wide ? 10 : 8);
  for (let count = 0; at < box.end && count < MAX_BOXES; count++) {
    const owner = readId(reader, at, wide);
    at += wide ? 4 : 2;
    const method = version === 0 ? 0 : reader.u16(at) & 15;
    at += version === 0 ? 2 : 4; // data_reference_index follows
    const base = readSized(reader, at, baseBytes);
    const extents = reader.u16(at + baseBytes);
    at += baseBytes + 2;
    if (owner === id) {
      const container = method === 0 ? { at: 0 } : method === 1 ? findBox(reader, meta, "idat", FULL_BOX) : undefined;
      if (container === undefined || extents !== 1) return undefined;
      const start = container.at + base + readSized(reader, at + indexBytes, offsetBytes);
      const length = readSized(reader, at + indexBytes + offsetBytes, lengthBytes);
      return reader.has(start, length) ? reader.slice(start, length) : undefined;
    }
    at += extents * (indexBytes + offsetBytes + lengthBytes);
  }
  return undefined;
}

/** ISO 23008-12 annex A.2.1: the TIFF stream of the Exif item that describes a picture; 4 bytes before it give its offset. */
export function exifData(reader: Reader, meta: Box, primary: number): Uint8Array | undefined {
  const item = referrers(reader, meta, "cdsc", primary).find((each) => itemType(reader, meta, each) === "Exif");
  const data = item === undefined ? undefined : itemData(reader, meta, item);
  if (data === undefined) return undefined;
  const block = new Reader(data);
  const start = 4 + block.u32(0);
  return block.has(start, 0) ? block.slice(start, data.length - start) : undefined;
}

function nibbles(byte: number): readonly [number, number] {
  return [byte >> 4, byte & 15];
}

function readId(reader: Reader, at: number, wide: boolean): number {
  return wide ? reader.u32(at) : reader.u16(at);
}

/** Sizes are 0, 4 or 8 bytes; 0 stands for the value 0. */
function readSized(reader: Reader, at: number, size: number): number {
  return size === 8 ? reader.u64(at) : size === 4 ? reader.u32(at) : 0;
}
