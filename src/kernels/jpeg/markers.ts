import { TransformError } from "../../core/errors.ts";
import { STANDARD_AC, STANDARD_DC } from "./standard-tables.ts";

/** One component of a frame, ITU-T T.81 section B.2.2. */
export interface JpegComponent {
  readonly id: number;
  /** Sampling factors, 1..4. */
  readonly across: number;
  readonly down: number;
  readonly quantizer: number;
}
export interface JpegFrame {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
}
/** Section B.2.3. Components by their index in the frame. */
export interface JpegScan {
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximationHigh: number;
  readonly approximationLow: number;
  /** Where its entropy-coded data begins. */
  readonly dataAt: number;
}

/** What segments have said so far. Later ones replace earlier ones. */
export interface JpegHeaders {
  frame?: JpegFrame;
  /** By their number, 64 values in zigzag order. */
  readonly quantizers: (Uint16Array | undefined)[];
  /** By their number, 16 counts and the symbols; views into the file. */
  readonly dcTables: (Uint8Array | undefined)[];
  readonly acTables: (Uint8Array | undefined)[];
  /** In MCUs, 0 for none. */
  restartInterval: number;
  jfif: boolean;
  adobeTransform?: number;
  /** The end of the image was read. */
  ended: boolean;
}

export function emptyHeaders(): JpegHeaders {
  return { quantizers: [], dcTables: [], acTables: [], restartInterval: 0, jfif: false, ended: false };
}

/**
 * Reads segments from `at` on up to the next scan; undefined at the end of the image or the file. CORRUPT_IMAGE and
 * UNSUPPORTED_FORMAT as decoding has them.
 */
export function readToScan(bytes: Uint8Array, at: number, headers: JpegHeaders): JpegScan | undefined {
  for (let marker = findMarker(bytes, at); marker !== undefined; ) {
    const code = bytes[marker]!;
    if (code === 0xd9) {
      headers.ended = true;
      return undefined;
    }
    if (code === 0x01 || (code >= 0xd0 && code <= 0xd8)) {
      if (code === 0xd8) throw corrupt("a JPEG starts twice");
      marker = findMarker(bytes, marker + 1);
      continue;
    }
    const length = u16(bytes, marker + 1);
    if (length < 2 || marker + 1 + length > bytes.length) return undefined;
    const segment = bytes.subarray(marker + 3, marker + 1 + length);
    if (code === 0xda) return readScan(segment, headers, marker + 1 + length);
    readSegment(code, segment, headers);
    marker = findMarker(bytes, marker + 1 + length);
  }
  return undefined;
}

/** Index of the code of the next marker, past anything else. Any number of 0xff may precede a code (section B.1.1.2). */
export function findMarker(bytes: Uint8Array, at: number): number | undefined {
  for (let ff = bytes.indexOf(0xff, at); ff >= 0; ff = bytes.indexOf(0xff, ff + 1)) {
    const code = bytes[ff + 1];
    if (code !== undefined && code !== 0xff && code >= 0xc0) return ff + 1;
  }
  return undefined;
}

function readSegment(code: number, segment: Uint8Array, headers: JpegHeaders): void {
  if (code === 0xdb) readQuantizers(segment, headers);
  else if (code === 0xc4) readHuffman(segment, headers);
  else if (code === 0xdd) headers.restartInterval = u16(segment, 0);
  else if (code === 0xdc) throw corrupt("a JPEG whose height is told after its image data");
  else if (code === 0xe0) headers.jfif = headers.jfif || spells(segment, "JFIF\0");
  else if (code === 0xee) {
    // Adobe technical note 5116: version, two flags, then the transform
    if (segment.length >= 12 && spells(segment, "Adobe")) headers.adobeTransform = segment[11]!;
  } else if ((code >= 0xc0 && code <= 0xcf && code !== 0xc8) || code === 0xf7) readFrame(code, segment, headers);
}

/** Section B.2.4.1. */
function readQuantizers(segment: Uint8Array, headers: JpegHeaders): void {
  for (let at = 0; at < segment.length; ) {
    const wide = segment[at]! >> 4;
    const number = segment[at]! & 15;
    const size = wide === 0 ? 64 : 128;
    if (wide > 1 || number > 3 || at + 1 + size > segment.length) throw corrupt("a bad quantization table");
    const table = new Uint16Array(64);
    for (let i = 0; i < 64; i++) table[i] = wide === 0 ? segment[at + 1 + i]! : u16(segment, at + 1 + 2 * i);
    headers.quantizers[number] = table;
    at += 1 + size;
  }
}

/** Section B.2.4.2. */
function readHuffman(segment: Uint8Array, headers: JpegHeaders): void {
  for (let at = 0; at + 17 <= segment.length; ) {
    const kind = segment[at]! >> 4;
    const number = segment[at]! & 15;
    let symbols = 0;
    for (let i = 1; i <= 16; i++) symbols += segment[at + i]!;
    const end = at + 17 + symbols;
    if (kind > 1 || number > 3 || symbols > 256 || end > segment.length) throw corrupt("a bad Huffman table");
    (kind === 0 ? headers.dcTables : headers.acTables)[number] = segment.subarray(at + 1, end);
    at = end;
  }
}

function readFrame(code: number, segment: Uint8Array, headers: JpegHeaders): void {
  if (headers.frame !== undefined) throw corrupt("a JPEG with two frames");
  if (code > 0xc2)
    throw unsupported(code >= 0xc9 && code !== 0xf7 && code !== 0xcb && code !== 0xcf ? "arithmetic" : "lossless");
  if (segment.length < 6) throw corrupt("a JPEG frame header that ends early");
  const bits = segment[0]!;
  if (bits !== 8) throw new TransformError("UNSUPPORTED_FORMAT", `a JPEG of ${bits} bits a sample cannot be read`);
  const height = u16(segment, 1);
  const width = u16(segment, 3);
  const count = segment[5]!;
  if (width === 0 || height === 0) throw corrupt("a JPEG without a size");
  if ((count !== 1 && count !== 3 && count !== 4) || segment.length < 6 + 3 * count)
    throw corrupt(`a JPEG of ${count} components`);
  const components: JpegComponent[] = [];
  for (let i = 0; i < count; i++) {
    const at = 6 + 3 * i;
    const across = segment[at + 1]! >> 4;
    const down = segment[at + 1]! & 15;
    if (across < 1 || across > 4 || down < 1 || down > 4) throw corrupt("a JPEG with bad sampling factors");
    // Sampling factors are relative: a single component has its own, which say nothing
    const alone = count === 1;
    components.push({ id: segment[at]!, across: alone ? 1 : across, down: alone ? 1 : down, quantizer: segment[at + 2]! & 3 });
  }
  headers.frame = { progressive: code === 0xc2, width, height, components };
}

function readScan(segment: Uint8Array, { frame }: JpegHeaders, dataAt: number): JpegScan {
  if (frame === undefined) throw corrupt("a JPEG without a frame header");
  const count = segment[0] ?? 0;
  if (count < 1 || count > frame.components.length || segment.length < 4 + 2 * count) throw corrupt("a bad JPEG scan header");
  const components: { index: number; dc: number; ac: number }[] = [];
  for (let i = 0; i < count; i++) {
    const index = frame.components.findIndex(
      ({ id }, j) => id === segment[1 + 2 * i] && !components.some((c) => c.index === j),
    );
    const tables = segment[2 + 2 * i]!;
    if (index < 0 || tables >> 4 > 3 || (tables & 15) > 3) throw corrupt("a bad JPEG scan header");
    components.push({ index, dc: tables >> 4, ac: tables & 15 });
  }
  const [spectralStart = 0, spectralEnd = 0, approximation = 0] = segment.subarray(1 + 2 * count);
  const approximationHigh = approximation >> 4;
  return { components, spectralStart, spectralEnd, approximationHigh, approximationLow: approximation & 15, dataAt };
}

/**
 * Tables of annex K where a sequential file has none at its first scan, as frames of Motion JPEG do; libjpeg-turbo takes
 * them too.
 */
export function addStandardTables({ dcTables, acTables }: JpegHeaders): void {
  for (const i of [0, 1]) {
    dcTables[i] = dcTables[i] ?? STANDARD_DC[i];
    acTables[i] = acTables[i] ?? STANDARD_AC[i];
  }
}

/** What the samples of a file mean, by the rules of libjpeg (jdapimin.c, default_decompress_parms). */
export function colorKind({ frame, jfif, adobeTransform }: JpegHeaders): "gray" | "ycbcr" | "rgb" | "cmyk" | "ycck" {
  const ids = (frame?.components ?? []).map(({ id }) => id);
  if (ids.length === 1) return "gray";
  if (ids.length === 4) return adobeTransform === undefined || adobeTransform === 0 ? "cmyk" : "ycck";
  if (jfif) return "ycbcr";
  if (adobeTransform !== undefined) return adobeTransform === 0 ? "rgb" : "ycbcr";
  return ids[0] === 0x52 && ids[1] === 0x47 && ids[2] === 0x42 ? "rgb" : "ycbcr"; // "R", "G", "B"
}

export function corrupt(message: string): TransformError {
  return new TransformError("CORRUPT_IMAGE", message);
}

function unsupported(coding: string): TransformError {
  return new TransformError("UNSUPPORTED_FORMAT", `a JPEG of ${coding} coding cannot be read`);
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function spells(segment: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (segment[i] !== text.charCodeAt(i)) return false;
  return true;
}
