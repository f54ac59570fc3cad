import { deflateSync } from "node:zlib";

/** Builders of tiny headers, so that the tests need no files. Numbers are written big-endian unless a name says otherwise. */

type Part = number | string | Uint8Array | readonly Part[];

/** Numbers as bytes, strings as Latin-1, anything nested. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  const flat = parts.map((part) => {
    if (typeof part === "number") return Uint8Array.of(part & 255);
    if (typeof part === "string") return Uint8Array.from(part, (c) => c.charCodeAt(0) & 255);
    return part instanceof Uint8Array ? part : bytes(...part);
  });
  return new Uint8Array(Buffer.concat(flat));
}
export const u16 = (v: number) => bytes(v >> 8, v);
export const u32 = (v: number) => bytes(v >>> 24, v >> 16, v >> 8, v);
export const le16 = (v: number) => u16(v).reverse();
export const le24 = (v: number) => bytes(v, v >> 8, v >> 16);
export const le32 = (v: number) => u32(v).reverse();
export const zeros = (count: number) => new Uint8Array(count);

// ---- JPEG (ITU-T T.81)
export const segment = (marker: number, ...content: Part[]) => {
  const data = bytes(...content);
  return bytes(0xff, marker, u16(data.length + 2), data);
};
export interface FrameOptions {
  readonly marker?: number;
  readonly precision?: number;
  readonly width?: number;
  readonly height?: number;
  /** Identifier, sampling factors as one byte, table. */
  readonly components?: readonly (readonly [number, number, number])[];
}
export const YCC = [
  [1, 0x22, 0],
  [2, 0x11, 1],
  [3, 0x11, 1],
] as const;
export const frame = ({ marker = 0xc0, precision = 8, width = 31, height = 17, components = YCC }: FrameOptions = {}) =>
  segment(marker, precision, u16(height), u16(width), components.length, ...components.map((each) => [...each]));
export const SCAN = bytes(segment(0xda, 1, 1, 0, 0, 63, 0), 1, 2, 3, 0xff, 0xd9);
export const jpeg = (...segments: Part[]) => bytes(0xff, 0xd8, ...segments, SCAN);

// ---- EXIF and TIFF
/** Tag, type, count, value: the inline bytes, or longer ones that are put behind the directory. */
export type Field = readonly [tag: number, type: number, count: number, value: Uint8Array];
export const short = (tag: number, value: number): Field => [tag, 3, 1, u16(value)];
export const long = (tag: number, value: number): Field => [tag, 4, 1, u32(value)];
export const text = (tag: number, value: string): Field => [tag, 2, value.length + 1, bytes(value, 0)];
export const rational = (tag: number, ...pairs: readonly (readonly [number, number])[]): Field => [
  tag,
  5,
  pairs.length,
  bytes(...pairs.map(([n, d]) => [u32(n), u32(d)])),
];
/** One directory at `offset` of its file, followed by its long values; `next` is the offset of the following one. */
export function directory(offset: number, fields: readonly Field[], next = 0): Uint8Array {
  let valueAt = offset + 2 + fields.length * 12 + 4;
  const entries: Part[] = [];
  const values: Part[] = [];
  for (const [tag, type, count, value] of fields) {
    const inline = value.length <= 4;
    entries.push([u16(tag), u16(type), u32(count), inline ? bytes(value, zeros(4 - value.length)) : u32(valueAt)]);
    if (!inline) {
      values.push(value);
      valueAt += value.length;
    }
  }
  return bytes(u16(fields.length), entries, u32(next), values);
}
export const tiff = (fields: readonly Field[], next = 0) => bytes("MM", u16(42), u32(8), directory(8, fields, next));

// ---- PNG
export const PNG_SIGNATURE = bytes(0x89, "PNG\r\n", 0x1a, "\n");
export const chunk = (name: string, ...content: Part[]) => {
  const data = bytes(...content);
  return bytes(u32(data.length), name, data, 0, 0, 0, 0); // the prober does not look at checksums
};
export const ihdr = (width: number, height: number, depth: number, colorType: number, interlace = 0) =>
  chunk("IHDR", u32(width), u32(height), depth, colorType, 0, 0, interlace);
export const IDAT_IEND = bytes(chunk("IDAT", 1, 2, 3), chunk("IEND"));
export const png = (header: Uint8Array, ...chunks: Part[]) => bytes(PNG_SIGNATURE, header, ...chunks, IDAT_IEND);
export const iccp = (profile: Uint8Array) => chunk("iCCP", "icc", 0, 0, new Uint8Array(deflateSync(profile)));

// ---- WebP
export const riffChunk = (name: string, ...content: Part[]) => {
  const data = bytes(...content);
  return bytes(name, le32(data.length), data, zeros(data.length % 2));
};
export const webp = (...chunks: Part[]) => {
  const data = bytes(...chunks);
  return bytes("RIFF", le32(data.length + 4), "WEBP", data);
};
export const vp8 = (width: number, height: number) => riffChunk("VP8 ", 0, 0, 0, 0x9d, 1, 0x2a, le16(width), le16(height), 0);
export const vp8l = (width: number, height: number, alpha: boolean) =>
  riffChunk("VP8L", 0x2f, le32((width - 1) | ((height - 1) << 14) | (alpha ? 1 << 28 : 0)), 0);
export const vp8x = (flags: number, width: number, height: number) =>
  riffChunk("VP8X", flags, 0, 0, 0, le24(width - 1), le24(height - 1));

// ---- GIF
export const gif = (width: number, height: number, ...blocks: Part[]) =>
  bytes("GIF89a", le16(width), le16(height), 0x80, 0, 0, zeros(6), ...blocks, 0x3b);
export const GIF_FRAME = bytes(0x2c, zeros(8), 0, 2, 3, 1, 2, 3, 0);
export const graphicControl = (flags: number) => bytes(0x21, 0xf9, 4, flags, 0, 0, 0, 0);

// ---- BMP
export const bmp = (headerSize: number, width: number, height: number, bitCount: number, rest: Uint8Array = zeros(0)) => {
  const fields = bytes(le32(width), le32(height), le16(1), le16(bitCount), rest);
  return bytes("BM", zeros(12), le32(headerSize), fields, zeros(Math.max(0, headerSize - 4 - fields.length)));
};

// ---- ISO base media
export const box = (type: string, ...content: Part[]) => {
  const data = bytes(...content);
  return bytes(u32(data.length + 8), type, data);
};
export const fullBox = (type: string, version: number, flags: number, ...content: Part[]) =>
  box(type, version, 0, u16(flags), ...content);
export const ftyp = (major: string, ...compatible: string[]) => box("ftyp", major, u32(0), ...compatible);
export interface Item {
  readonly id: number;
  readonly type: string;
  /** Indexes of properties, from 1. */
  readonly properties: readonly number[];
}
export const ispe = (width: number, height: number) => fullBox("ispe", 0, 0, u32(width), u32(height));
export const av1C = (flags: number) => box("av1C", 0x81, 0, flags, 0);
export function meta(primary: number, items: readonly Item[], properties: readonly Uint8Array[], ...more: Part[]): Uint8Array {
  const infos = items.map(({ id, type }) => fullBox("infe", 2, 0, u16(id), u16(0), type, 0));
  const owners = items.map(({ id, properties: own }) => bytes(u16(id), own.length, [...own]));
  return fullBox(
    "meta",
    0,
    0,
    fullBox("pitm", 0, 0, u16(primary)),
    fullBox("iinf", 0, 0, u16(items.length), ...infos),
    box("iprp", box("ipco", ...properties), fullBox("ipma", 0, 0, u32(items.length), ...owners)),
    ...more,
  );
}
export const references = (...entries: readonly (readonly [type: string, from: number, ...to: number[]])[]) =>
  fullBox("iref", 0, 0, ...entries.map(([type, from, ...to]) => box(type, u16(from), u16(to.length), ...to.map(u16))));
export const avif = (width: number, height: number, ...more: readonly Uint8Array[]) =>
  bytes(
    ftyp("avif", "mif1"),
    meta(
      1,
      [{ id: 1, type: "av01", properties: [1, 2, ...more.map((_, i) => i + 3)] }],
      [ispe(width, height), av1C(0), ...more],
    ),
  );

// ---- ICC
const fixed = (v: number) => u32(Math.round(v * 65536));
export const SRGB_PARA = bytes(
  "para",
  zeros(4),
  u16(3),
  zeros(2),
  ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed),
);
export const gamma = (g: number) => bytes("curv", zeros(4), u32(1), u16(Math.round(g * 256)));
export const sampled = (count: number, curve: (x: number) => number) =>
  bytes(
    "curv",
    zeros(4),
    u32(count),
    ...Array.from({ length: count }, (_, i) => u16(Math.round(curve(i / (count - 1)) * 65535))),
  );
export const srgbCurve = (x: number) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
export const SRGB_PRIMARIES = [
  [0.436, 0.2225, 0.0139],
  [0.3851, 0.7169, 0.0971],
  [0.1431, 0.0606, 0.7141],
] as const;
export const P3_PRIMARIES = [
  [0.5151, 0.2412, -0.0011],
  [0.292, 0.6922, 0.0419],
  [0.1571, 0.0666, 0.7841],
] as const;
const colorant = (xyz: readonly number[]) => bytes("XYZ ", zeros(4), ...xyz.map(fixed));
export function profile(space: string, tags: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  let at = 132 + tags.length * 12;
  const table: Part[] = [];
  for (const [name, data] of tags) {
    table.push([name, u32(at), u32(data.length)]);
    at += data.length;
  }
  const header = bytes(u32(at), zeros(8), "mntr", space, "XYZ ", zeros(12), "acsp", zeros(88));
  return bytes(header, u32(tags.length), table, ...tags.map(([, data]) => data));
}
export const rgbProfile = (primaries: readonly (readonly number[])[], curve: Uint8Array) =>
  profile("RGB ", [
    ...["rXYZ", "gXYZ", "bXYZ"].map((name, i) => [name, colorant(primaries[i] ?? [])] as const),
    ...["rTRC", "gTRC", "bTRC"].map((name) => [name, curve] as const),
  ]);
