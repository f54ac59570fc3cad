import { TransformError } from "../core/errors.ts";
import { type Box, boxesIn } from "./boxes.ts";
import { ascii, joinBytes, u16, u32, viewOf } from "./bytes.ts";

/**
 * An AVIF with a TIFF stream as an Exif item that describes the primary one (ISO 23008-12 annex A.2). The item lies in an mdat
 * box of its own at the end, so that of what is there only the offsets behind the meta box move, all by its growth.
 * Reads what libavif writes: boxes of 32-bit sizes, 16-bit ids, iloc of version 0 with absolute offsets. INTERNAL for other files.
 */
export function withAvifExif(avif: Uint8Array, exif: Uint8Array): Uint8Array {
  const boxes = filling(avif, 0, avif.length);
  const meta = boxes.find(({ type }) => type === "meta");
  if (meta === undefined) throw unexpected("no meta box");
  const children = filling(avif, meta.at + 4, meta.end);
  const primary = viewOf(bytesOf(avif, children, "pitm")).getUint16(12);
  const item = 1 + Math.max(...itemIds(bytesOf(avif, children, "iloc")));
  // The new box's length does not depend on the offsets in it: written once to learn it, then again with them
  const trial = writeMeta(avif, meta, children, { item, primary, growth: 0, at: 0, length: 0 });
  const growth = trial.length - (meta.end - meta.start);
  const content = joinBytes(u32(0), exif); // annex A.2.1: offset of the TIFF header behind this number
  const at = avif.length + growth + 8;
  const whole = writeMeta(avif, meta, children, { item, primary, growth, at, length: content.length });
  return joinBytes(avif.subarray(0, meta.start), whole, avif.subarray(meta.end), box("mdat", content));
}

interface NewItem {
  readonly item: number;
  readonly primary: number;
  /** Bytes by which what lies behind the meta box moves. */
  readonly growth: number;
  /** Offset and length of the item's content in the new file. */
  readonly at: number;
  readonly length: number;
}

/** The boxes that fill what lies between two offsets. */
function filling(bytes: Uint8Array, start: number, end: number): readonly Box[] {
  const view = viewOf(bytes);
  const boxes = [...boxesIn(view, start, end)];
  const isWhole = boxes.every((each) => view.getUint32(each.start) === each.end - each.start);
  if (!isWhole || (boxes[boxes.length - 1]?.end ?? start) !== end) throw unexpected("a box of unknown size");
  return boxes;
}

function bytesOf(bytes: Uint8Array, boxes: readonly Box[], type: string): Uint8Array {
  const found = boxes.find((each) => each.type === type);
  if (found === undefined) throw unexpected(`no ${type} box`);
  if (bytes[found.at] !== 0) throw unexpected(`a ${type} box of another version`);
  return bytes.subarray(found.start, found.end);
}

function writeMeta(avif: Uint8Array, meta: Box, children: readonly Box[], item: NewItem): Uint8Array {
  const reference = box("cdsc", joinBytes(u16(item.item), u16(1), u16(item.primary)));
  const hasReferences = children.some(({ type }) => type === "iref");
  const parts = children.map((child) => {
    const bytes = avif.subarray(child.start, child.end);
    if (child.type === "iloc") return box("iloc", withLocation(bytes, item));
    if (child.type === "iref") return box("iref", joinBytes(bytes.subarray(8), reference));
    if (child.type !== "iinf") return bytes;
    const infos = box("iinf", withInfo(bytes, item));
    return hasReferences ? infos : joinBytes(infos, box("iref", joinBytes(u32(0), reference)));
  });
  return box("meta", joinBytes(avif.subarray(meta.at, meta.at + 4), ...parts));
}

/** ISO 14496-12 section 8.11.6: one more entry of version 2, of type Exif and without a name. */
function withInfo(iinf: Uint8Array, { item }: NewItem): Uint8Array {
  const count = viewOf(iinf).getUint16(12);
  const entry = box("infe", joinBytes(u32(0x02000000), u16(item), u16(0), ascii("Exif\0")));
  return joinBytes(iinf.subarray(8, 12), u16(count + 1), iinf.subarray(14), entry);
}

/** Section 8.11.3: every offset moved, and one more item of one extent. */
function withLocation(iloc: Uint8Array, { item, growth, at, length }: NewItem): Uint8Array {
  const moved = iloc.slice(8);
  const view = viewOf(moved);
  const ids = itemIds(iloc, (extent) => {
    view.setUint32(extent - 8, view.getUint32(extent - 8) + growth);
  });
  view.setUint16(6, ids.length + 1);
  return joinBytes(moved, u16(item), u16(0), u16(1), u32(at), u32(length));
}

/** Ids of all items of an iloc box; `visit` is given the place of each offset in it. */
function itemIds(iloc: Uint8Array, visit: (extent: number) => void = () => undefined): readonly number[] {
  const view = viewOf(iloc);
  if (view.getUint16(12) !== 0x4400) throw unexpected("item offsets of another size"); // 4 bytes each, no base
  const ids: number[] = [];
  let at = 16;
  for (let left = view.getUint16(14); left > 0; left--) {
    ids.push(view.getUint16(at));
    const extents = view.getUint16(at + 4);
    at += 6;
    for (let i = 0; i < extents; i++, at += 8) visit(at);
  }
  return ids;
}

function box(type: string, content: Uint8Array): Uint8Array {
  return joinBytes(u32(8 + content.length), ascii(type), content);
}

function unexpected(what: string): TransformError {
  return new TransformError("INTERNAL", `the AVIF encoder wrote ${what}`);
}
