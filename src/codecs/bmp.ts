import type { Codec } from "../core/codec.ts";
import { allocate, type RgbaRaster, rgbaOf } from "../core/raster.ts";
import { viewOf } from "./bytes.ts";
import { wholePicture } from "./picture.ts";

/** BMP, all common kinds read. Signature: "BM" and the size of a known header ([MS-WMF] section 2.2.2). */
export const bmp: Codec = {
  format: "bmp",
  mimeType: "image/bmp",
  supports: {
    alpha: true,
    animation: false,
    quality: false,
    progressive: false,
    lossless: true,
    exif: false,
    chroma: false,
    ijgQuality: false,
    containerOrientation: false,
    layouts: ["rgba8"],
  },
  defaultQuality: 100,
  maxSide: 30_000, // of OSS (OSS IMG reference, section 2); the format has 31 bits
  modules: { decode: [], encode: [] },
  checkProbe: () => undefined,
  decodeBytes: ({ width, height }) => width * height * 4 + 64 * 1024,
  encodeBytes: ({ width, height }, alpha) => fileBytes(width, height, alpha),
  async decode(bytes, probe, _needs, { rows }) {
    const { decodeBmp } = await import("./bmp-decode.ts");
    const raster = decodeBmp(bytes, probe);
    return wholePicture(raster, probe, rows, (data) => data, raster.alpha);
  },
  async encode(raster) {
    return encodeBmp(rgbaOf(raster));
  },
};

const FILE_HEADER = 14;
const INFO_HEADER = 40;
const V5_HEADER = 124;

function strideOf(width: number, alpha: boolean): number {
  return alpha ? width * 4 : (width * 3 + 3) & ~3;
}
function fileBytes(width: number, height: number, alpha: boolean): number {
  return FILE_HEADER + (alpha ? V5_HEADER : INFO_HEADER) + strideOf(width, alpha) * height;
}

/** 24 bits under the header that every reader knows; with alpha 32 bits under BITMAPV5HEADER, the only way to say that it counts. */
function encodeBmp(raster: RgbaRaster): Uint8Array {
  const { width, height, data, alpha } = raster;
  const bytes = allocate(fileBytes(width, height, alpha));
  writeHeader(viewOf(bytes), raster, bytes.length);
  const stride = strideOf(width, alpha);
  const step = alpha ? 4 : 3;
  for (let y = 0, from = 0; y < height; y++) {
    let to = bytes.length - (y + 1) * stride; // from the bottom up
    for (let x = 0; x < width; x++, from += 4, to += step) {
      bytes[to] = data[from + 2]!;
      bytes[to + 1] = data[from + 1]!;
      bytes[to + 2] = data[from]!;
      if (alpha) bytes[to + 3] = data[from + 3]!;
    }
  }
  return bytes;
}

function writeHeader(view: DataView, { width, height, alpha }: RgbaRaster, length: number): void {
  const size = alpha ? V5_HEADER : INFO_HEADER;
  view.setUint16(0, 0x4d42, true); // "BM"
  view.setUint32(2, length, true);
  view.setUint32(10, FILE_HEADER + size, true);
  view.setUint32(14, size, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true); // planes
  view.setUint16(28, alpha ? 32 : 24, true);
  view.setUint32(30, alpha ? 3 : 0, true); // BI_BITFIELDS, BI_RGB
  view.setUint32(34, length - FILE_HEADER - size, true);
  if (!alpha) return;
  [0xff0000, 0xff00, 0xff, 0xff000000].forEach((mask, i) => {
    view.setUint32(54 + i * 4, mask, true);
  });
  view.setUint32(70, 0x73524742, true); // LCS_sRGB
  view.setUint32(122, 4, true); // LCS_GM_IMAGES: perceptual intent
}
