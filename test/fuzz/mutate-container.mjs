/** Damage to the fields that WebP, AVIF, TIFF and BMP are held together by: lengths, offsets, counts and sizes. */
import { be16, be32, join, le16, le32, view } from "./bytes.mjs";

const VALUES = [
  0, 1, 2, 3, 4, 7, 8, 12, 16, 24, 32, 100, 255, 256, 1000, 1200, 65535, 65536, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

export function mutateContainer(random, bytes, other) {
  const fields = fieldsOf(bytes);
  if (fields.length === 0) return bytes;
  const field = random.pick(fields);
  if (field.part !== undefined && random.chance(0.3)) return mutateParts(random, bytes, field, other);
  const copy = bytes.slice();
  for (let count = random.pick([1, 1, 2, 4]); count > 0; count--) setField(random, copy, random.pick(fields));
  return copy;
}
function setField(random, copy, { at, size, big }) {
  if (at + size > copy.length) return;
  const now = size === 2 ? view(copy).getUint16(at, !big) : size === 4 ? view(copy).getUint32(at, !big) : copy[at];
  const value = random.chance(0.4)
    ? now + random.between(-9, 9)
    : random.chance(0.2)
      ? random.below(65536)
      : random.pick(VALUES);
  const words = size === 2 ? (big ? be16 : le16) : size === 4 ? (big ? be32 : le32) : (byte) => [byte & 255];
  copy.set(words(value >>> 0), at);
}
/** A chunk or box left out, doubled, or replaced by the same stretch of another file. */
function mutateParts(random, bytes, { part: [from, to] }, other) {
  const [before, own, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  return random.pick([
    () => join(before, after),
    () => join(before, own, own, after),
    () => join(before, other.subarray(from, to), after),
  ])();
}

/** { at, size, big, part }: where a number stands, and the stretch that it describes. */
function fieldsOf(bytes) {
  const text = (at, length) => Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
  if (text(0, 4) === "RIFF") return riffFields(bytes, text);
  if (text(0, 2) === "BM") return bmpFields();
  if (text(0, 2) === "II" || text(0, 2) === "MM") return tiffFields(bytes, text(0, 2) === "MM");
  return text(4, 4) === "ftyp" ? boxFields(bytes, 0, bytes.length, text, 0) : [];
}
/** RFC 9649 section 2.3, and the headers of VP8 (RFC 6386 section 9.1), VP8L and VP8X. */
function riffFields(bytes, text) {
  const fields = [{ at: 4, size: 4, big: false }];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view(bytes).getUint32(at + 4, true);
    fields.push({ at: at + 4, size: 4, big: false, part: [at, Math.min(bytes.length, at + 8 + length)] });
    const inside = { "VP8 ": 30, VP8L: 12, VP8X: 10, ALPH: 6 }[text(at, 4)] ?? 0;
    for (let i = 0; i < inside; i++) fields.push({ at: at + 8 + i, size: 1, big: false });
    at += 8 + length + (length & 1);
  }
  return fields;
}
/** BITMAPFILEHEADER, BITMAPV5HEADER and what of a palette follows. */
function bmpFields() {
  const longs = [10, 14, 18, 22, 30, 34, 46, 50, 54, 58, 62, 66].map((at) => ({ at, size: 4, big: false }));
  return [...longs, { at: 26, size: 2, big: false }, { at: 28, size: 2, big: false }];
}
/** TIFF 6.0 section 2: every part of every entry of the directories. */
function tiffFields(bytes, big) {
  const fields = [{ at: 4, size: 4, big }];
  const seen = new Set();
  for (let at = bytes.length < 8 ? 0 : view(bytes).getUint32(4, !big); at > 0 && at + 2 <= bytes.length && !seen.has(at); ) {
    seen.add(at);
    const count = Math.min(view(bytes).getUint16(at, !big), 60);
    fields.push({ at, size: 2, big });
    for (let entry = at + 2; entry < at + 2 + 12 * count; entry += 12) {
      fields.push({ at: entry, size: 2, big }, { at: entry + 2, size: 2, big });
      fields.push({ at: entry + 4, size: 4, big }, { at: entry + 8, size: 4, big }, { at: entry + 8, size: 2, big });
    }
    const next = at + 2 + 12 * count;
    at = next + 4 <= bytes.length ? view(bytes).getUint32(next, !big) : 0;
  }
  return fields;
}
/** ISO/IEC 14496-12 section 4.2: boxes in boxes, and the first bytes of those that hold numbers. */
const HOLDERS = { meta: 12, iprp: 8, ipco: 8, iinf: 14, dinf: 8, moov: 8 };
function boxFields(bytes, from, to, text, depth) {
  const fields = [];
  for (let at = from; at + 8 <= to && depth < 6; ) {
    const length = view(bytes).getUint32(at);
    const end = length < 8 ? to : Math.min(to, at + length);
    fields.push({ at, size: 4, big: true, part: [at, end] });
    const name = text(at + 4, 4);
    if (HOLDERS[name] !== undefined) fields.push(...boxFields(bytes, at + HOLDERS[name], end, text, depth + 1));
    else if (name !== "mdat") for (let i = at + 8; i < Math.min(end, at + 60); i++) fields.push({ at: i, size: 1, big: true });
    at = end;
  }
  return fields;
}
