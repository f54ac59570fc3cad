import { ascii, joinBytes, u32 } from "./bytes.ts";

const HEADER_END = 33; // signature of 8 bytes, IHDR of 13 and its frame of 12 (PNG 3rd edition sections 5.2, 11.2.1)

/** A PNG with a TIFF stream in an eXIf chunk (PNG 3rd edition section 11.3.4.5) right behind its header chunk. */
export function withPngExif(png: Uint8Array, exif: Uint8Array): Uint8Array {
  const body = joinBytes(ascii("eXIf"), exif);
  return joinBytes(png.subarray(0, HEADER_END), u32(exif.length), body, u32(crc32(body)), png.subarray(HEADER_END));
}

/** PNG 3rd edition annex D. Bit by bit: at most 64 KiB are summed, about 1 ms. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
