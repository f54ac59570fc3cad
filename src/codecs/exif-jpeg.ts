import { ascii, joinBytes, u16, viewOf } from "./bytes.ts";

const PREFIX = ascii("Exif\0\0");
const MAX_EXIF_BYTES = 65_535 - 2 - PREFIX.length; // a segment's length counts itself (ITU-T T.81 section B.1.1.4)

/**
 * A JPEG with a TIFF stream in an APP1 segment (EXIF 2.32 section 4.7.2.1). EXIF and JFIF (T.871 section 10.1) both want to
 * come first; JFIF does, as in every file libjpeg writes. A stream that no segment holds is left out: the picture matters more.
 */
export function withJpegExif(jpeg: Uint8Array, exif: Uint8Array): Uint8Array {
  if (exif.length > MAX_EXIF_BYTES) return jpeg;
  const view = viewOf(jpeg);
  const at = view.getUint16(2) === 0xffe0 ? 4 + view.getUint16(4) : 2;
  const segment = [u16(0xffe1), u16(2 + PREFIX.length + exif.length), PREFIX, exif];
  return joinBytes(jpeg.subarray(0, at), ...segment, jpeg.subarray(at));
}
