import type { ColorMeaning, Probe } from "../core/probe.ts";
import { checkSize, colorOfProfile, corrupt, densityPerMeter, iccColor, STILL } from "./common.ts";
import { iccMeaning } from "./icc.ts";
import { Reader } from "./reader.ts";

/** Sizes of the known headers: OS/2 1.x; OS/2 2.x short and full; Windows 3.x, its 52 and 56 byte kin, V4 and V5. */
const HEADER_SIZES = new Set([12, 16, 64, 40, 52, 56, 108, 124]);
const BIT_COUNTS = new Set([1, 2, 4, 8, 16, 24, 32]);
const FILE_HEADER = 14;

/** "BM" alone opens many a text, so a known header size must follow the file header. */
export function isBmp(bytes: Uint8Array): boolean {
  const reader = new Reader(bytes, true);
  return reader.spells(0, "BM") && reader.has(FILE_HEADER, 4) && HEADER_SIZES.has(reader.u32(FILE_HEADER));
}

/** Windows and OS/2 bitmaps (BITMAPCOREHEADER, BITMAPINFOHEADER, V4 and V5). A negative height means top-down rows. */
export function probeBmp(bytes: Uint8Array): Probe {
  const reader = new Reader(bytes, true);
  const headerSize = reader.u32(FILE_HEADER);
  const core = headerSize === 12;
  const width = core ? reader.u16(18) : reader.i32(18);
  const height = Math.abs(core ? reader.u16(20) : reader.i32(22));
  checkSize(width, height);
  const bitCount = reader.u16(core ? 24 : 28);
  if (!BIT_COUNTS.has(bitCount)) throw corrupt(`a BMP of ${bitCount} bits a pixel`);
  const density = headerSize >= 40 ? densityPerMeter(reader.i32(38), reader.i32(42)) : undefined;
  const profile = embeddedProfile(reader);
  return {
    ...STILL,
    format: "bmp",
    width,
    height,
    alpha: hasAlphaMask(reader, headerSize, bitCount),
    ...colorOfProfile(profile === undefined ? "none" : iccMeaning(profile, "rgb")),
    ...(density === undefined ? {} : { density }),
  };
}

/** The alpha mask of 56 byte, V4 and V5 headers, or BI_ALPHABITFIELDS (6); plain 32-bit bitmaps leave the fourth byte undefined. */
function hasAlphaMask(reader: Reader, headerSize: number, bitCount: number): boolean {
  const masked = headerSize === 40 ? reader.u32(30) === 6 : headerSize >= 56 && headerSize !== 64;
  return masked && bitCount >= 16 && reader.u32(66) !== 0;
}

export function bmpColor(bytes: Uint8Array): ColorMeaning | undefined {
  return iccColor(embeddedProfile(new Reader(bytes, true)));
}

/** BITMAPV5HEADER: bV5CSType PROFILE_EMBEDDED, offset counted from the header, size. */
function embeddedProfile(reader: Reader): Uint8Array | undefined {
  if (reader.u32(FILE_HEADER) !== 124 || !reader.has(FILE_HEADER, 124) || reader.u32(70) !== 0x4d424544) return undefined;
  const start = FILE_HEADER + reader.u32(126);
  const size = reader.u32(130);
  return reader.has(start, size) ? reader.slice(start, size) : undefined;
}
