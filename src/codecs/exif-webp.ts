import type { Size } from "../core/geometry.ts";
import { ascii, joinBytes, viewOf } from "./bytes.ts";

// RFC 9649 section 2.7.1, flags of VP8X
const EXIF_FLAG = 0x08;
const ALPHA_FLAG = 0x10;
const RIFF_BYTES = 12;

/**
 * A WebP with a TIFF stream in an EXIF chunk behind its picture. A simple file (one VP8 or VP8L chunk) becomes an
 * extended one, as only that has room for metadata (RFC 9649 section 2.7).
 */
export function withWebpExif(webp: Uint8Array, exif: Uint8Array, size: Size): Uint8Array {
  const chunks = webp.slice(RIFF_BYTES);
  const isExtended = chunks[3] === 0x58; // the X of VP8X
  if (isExtended) chunks[8] = chunks[8]! | EXIF_FLAG;
  const header = isExtended ? new Uint8Array(0) : chunk("VP8X", extendedHeader(chunks, size));
  const body = joinBytes(ascii("WEBP"), header, chunks, chunk("EXIF", exif));
  return joinBytes(ascii("RIFF"), littleEndian(body.length, 4), body);
}

/** Flags, 24 reserved bits, then both sides less one in 24 bits. */
function extendedHeader(chunks: Uint8Array, { width, height }: Size): Uint8Array {
  const flags = littleEndian(EXIF_FLAG | (hasAlpha(chunks) ? ALPHA_FLAG : 0), 4);
  return joinBytes(flags, littleEndian(width - 1, 3), littleEndian(height - 1, 3));
}

/** Of a simple file: VP8 has no alpha, VP8L says so in bit 28 behind its signature byte (RFC 9649 section 3.4). */
function hasAlpha(chunks: Uint8Array): boolean {
  return chunks[3] === 0x4c && (viewOf(chunks).getUint32(9, true) & 0x10000000) !== 0;
}

/** RFC 9649 section 2.3: name, size without padding, content, a zero where the size is odd. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  return joinBytes(ascii(name), littleEndian(content.length, 4), content, new Uint8Array(content.length % 2));
}

function littleEndian(value: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (value >>> (8 * i)) & 0xff);
}
