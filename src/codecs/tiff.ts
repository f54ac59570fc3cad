import type { Codec } from "../core/codec.ts";
import { TransformError } from "../core/errors.ts";
import { rgbaOf } from "../core/raster.ts";
import { wholePicture } from "./picture.ts";
import { encodedBytes, scratchLimit } from "./tiff-bytes.ts";

/**
 * TIFF 6.0, first page (OSS IMG reference, section 9). Read are strips and tiles of gray, RGB and palette pictures with or
 * without alpha, 1 to 16 bits, stored plainly or as PackBits, LZW or Deflate, and of gray and color as JPEG data; other
 * variants are UNSUPPORTED_FORMAT.
 * Signature: section 2 ("II*\0" or "MM\0*").
 */
export const tiff: Codec = {
  format: "tiff",
  mimeType: "image/tiff",
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
  maxSide: 16_384, // of OSS (OSS IMG reference, section 2); the format has 32 bits
  modules: { decode: [], encode: [] }, // mozjpeg_dec is compiled for the files that need it: most hold no JPEG data
  checkProbe({ colorSpace }) {
    if (colorSpace === "cmyk") throw new TransformError("UNSUPPORTED_FORMAT", "a CMYK TIFF cannot be read yet");
  },
  // The picture, one strip or tile of it, and the bits of a strip turned around; or JPEG data twice, and a decoder
  decodeBytes: ({ width, height, bitDepth }, byteLength) =>
    width * height * 4 + scratchLimit(width, height, bitDepth) + 2 * byteLength + 16 * 1024 * 1024,
  encodeBytes: ({ width, height }, alpha) => encodedBytes(width, height, alpha),
  async decode(bytes, probe, _needs, { lease, rows }) {
    const { decodeTiff } = await import("./tiff-decode.ts");
    const raster = await decodeTiff(bytes, probe, lease);
    return wholePicture(raster, probe, rows, (data) => data, raster.alpha);
  },
  async encode(raster) {
    const { encodeTiff } = await import("./tiff-encode.ts");
    return encodeTiff(rgbaOf(raster));
  },
};
