import { deflateSync } from "node:zlib";

/** A PNG of any kind, written here bit by bit: no encoder at hand writes all of them. */
export interface PngRecipe {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly interlaced?: boolean;
  /** Sample `channel` of a pixel, 0..2^bitDepth - 1. */
  readonly sample: (x: number, y: number, channel: number) => number;
  /** Filter of a row of a pass; 0 by default. */
  readonly filter?: (row: number) => number;
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
  readonly level?: number;
  /** Bytes of each IDAT chunk; one chunk by default. */
  readonly split?: number;
}

export const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** PNG 3rd edition section 8.2. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function writePng(recipe: PngRecipe): Uint8Array {
  const { palette, transparency, level = 6, split } = recipe;
  const data = deflateSync(filteredRows(recipe), { level });
  const size = split ?? data.length;
  const parts = Array.from({ length: Math.ceil(data.length / size) }, (_, i) => data.subarray(i * size, (i + 1) * size));
  const chunks = [header(recipe)];
  if (palette !== undefined) chunks.push(chunk("PLTE", palette));
  if (transparency !== undefined) chunks.push(chunk("tRNS", transparency));
  for (const part of parts) chunks.push(chunk("IDAT", part)); // may be too many for arguments
  chunks.push(END);
  return joinPng(Buffer.concat(chunks));
}

export function filteredRows(recipe: PngRecipe): Uint8Array {
  const { width, height, interlaced = false } = recipe;
  const passes = interlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  const rows: Uint8Array[] = [];
  for (const [left, top, stepX, stepY] of passes) {
    const columns = Math.ceil((width - left) / stepX);
    if (columns <= 0) continue;
    let above: readonly number[] | undefined;
    for (let y = top, row = 0; y < height; y += stepY, row++) {
      const packed = packRow(recipe, columns, (i) => left + i * stepX, y);
      const step = Math.max(1, (CHANNELS[recipe.colorType]! * recipe.bitDepth) >> 3);
      const type = recipe.filter?.(row) ?? 0;
      rows.push(Uint8Array.of(type), Uint8Array.from(filterRow(type, packed, above ?? packed.map(() => 0), step)));
      above = packed;
    }
  }
  return new Uint8Array(Buffer.concat(rows));
}

function packRow({ bitDepth, colorType, sample }: PngRecipe, columns: number, xOf: (i: number) => number, y: number): number[] {
  const bits: number[] = [];
  for (let i = 0; i < columns; i++) {
    for (let channel = 0; channel < CHANNELS[colorType]!; channel++) {
      const value = sample(xOf(i), y, channel);
      for (let bit = bitDepth - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
    }
  }
  const bytes: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte = byte * 2 + (bits[i + bit] ?? 0);
    bytes.push(byte);
  }
  return bytes;
}

/** PNG 3rd edition section 9. */
function filterRow(type: number, row: readonly number[], above: readonly number[], step: number): number[] {
  return row.map((value, i) => {
    const [a, b, c] = [row[i - step] ?? 0, above[i]!, i < step ? 0 : above[i - step]!];
    const predicted = [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)][type]!;
    return (value - predicted) & 255;
  });
}
function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

export function header({ width, height, bitDepth, colorType, interlaced = false }: Omit<PngRecipe, "sample">): Uint8Array {
  return chunk("IHDR", [...u32(width), ...u32(height), bitDepth, colorType, 0, 0, interlaced ? 1 : 0]);
}
export function chunk(name: string, data: ArrayLike<number>): Uint8Array {
  const body = Buffer.concat([Buffer.from(name, "latin1"), Uint8Array.from(data)]);
  return Buffer.concat([Uint8Array.from(u32(data.length)), body, Uint8Array.from(u32(crc32(body)))]);
}
export function joinPng(...chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...chunks]));
}
export const END = chunk("IEND", []);

export function u32(value: number): number[] {
  return [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}
/** PNG 3rd edition annex D. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
