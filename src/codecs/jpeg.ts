import type { Codec, DecodeNeeds } from "../core/codec.ts";
import { TransformError } from "../core/errors.ts";
import type { Probe } from "../core/probe.ts";
import { rgbaOf } from "../core/raster.ts";
import type { RowWriter } from "../core/rows.ts";
import { kernelModule } from "../core/wasm.ts";
import { createJpegDecoder, jpegDecodeBytes } from "../kernels/jpeg/decoder.ts";
import { createJpegEncoder, jpegEncodeBytes } from "../kernels/jpeg/encoder.ts";
import { withJpegExif } from "./exif-jpeg.ts";
import { encodeSmall, smallEncodeBytes } from "./jpeg-small.ts";

/** Factors of reduction while decoding, in eighths. */
const KEPT = [1, 2, 3, 4] as const;
/**
 * What is left for the resampling behind a reduction, at least: at 3.8 in all, 4/8 loses nothing measurable against 8/8, and
 * reducing so far that the resampling has to enlarge costs 0.7 dB. Less than 1.75 would enlarge halved chroma by more than 8/7,
 * where the result has all of it.
 */
const MIN_RESIDUAL = 1.75;
const MIN_RESIDUAL_HALVED = 1.5;

/** Samples kept of the 8 along a block's side. */
function keptFor({ region, size, halvedChroma }: DecodeNeeds): number {
  const least = halvedChroma === true ? MIN_RESIDUAL_HALVED : MIN_RESIDUAL;
  const ratio = Math.min(region.width / size.width, region.height / size.height);
  return KEPT.find((kept) => (ratio * kept) / 8 >= least) ?? 8;
}

/** Sides of the largest MCU, T.81 section A.2.3: the region is rounded to whole ones. */
const MAX_MCU = 32;

/** JPEG by our own kernels; mozjpeg writes the smallest files. Signature: ITU-T T.81 section B.1.1.3 (SOI, then a marker). */
export const jpeg: Codec = {
  format: "jpeg",
  mimeType: "image/jpeg",
  supports: {
    alpha: false,
    animation: false,
    quality: true,
    progressive: true,
    lossless: false,
    exif: true,
    chroma: true,
    ijgQuality: true,
    containerOrientation: false,
    layouts: ["ycbcr8", "gray8", "rgba8"],
    smallLayouts: ["rgba8"],
  },
  defaultQuality: 80,
  maxSide: 65_500, // libjpeg's JPEG_MAX_DIMENSION
  modules: {
    get decode() {
      return [kernelModule("jpeg_dec")];
    },
    get encode() {
      return [kernelModule("jpeg_enc")];
    },
    small: ["mozjpeg_enc"],
  },
  checkProbe({ coding, bitDepth }: Probe) {
    if (coding === "lossless" || coding === "arithmetic") throw unsupported(`a JPEG of ${coding} coding cannot be read`);
    if (bitDepth !== 8) throw unsupported(`a JPEG of ${bitDepth} bits a sample cannot be read`);
  },
  rowsOf({ width, height, colorSpace }, needs) {
    const kept = keptFor(needs);
    const side = (whole: number, part: number) => Math.ceil((Math.min(whole, part + 2 * MAX_MCU) * kept) / 8);
    const bytes = colorSpace === "gray" ? 1 : colorSpace === "rgb" ? 3 : 4;
    return { width: side(width, needs.region.width), height: side(height, needs.region.height), bytes };
  },
  decodeBytes: (probe, byteLength, needs) => jpegDecodeBytes(probe, byteLength, keptFor(needs)),
  encodeBytes({ width, height }, _alpha, { effort, progressive, chroma }) {
    if (effort === "small") return smallEncodeBytes(width * height, chroma);
    return jpegEncodeBytes(width, height, chroma, progressive);
  },
  async decode(bytes, _probe, needs, { lease, rows, checkpoint }) {
    const failure = { code: "CORRUPT_IMAGE", message: "not a decodable JPEG image" } as const;
    return lease(kernelModule("jpeg_dec"), createJpegDecoder, failure, (decoder) => {
      let writer: RowWriter | undefined;
      const request = { region: needs.region, kept: keptFor(needs) };
      const damage = decoder.decode(bytes, request, (shape) => (writer = rows.begin(shape)), checkpoint);
      if (writer === undefined) throw new TransformError("CORRUPT_IMAGE", "a JPEG without a picture");
      return writer.end(damage);
    });
  },
  async encode(raster, { quality, progressive, chroma, effort, exif }, { lease, checkpoint }) {
    const failure = { code: "INTERNAL", message: "the JPEG encoder failed" } as const;
    const options = { quality, chroma, progressive };
    const bytes =
      effort === "small"
        ? await encodeSmall(rgbaOf(raster), options, lease)
        : await lease(kernelModule("jpeg_enc"), createJpegEncoder, failure, (encoder) =>
            encoder.encode(raster, options, checkpoint),
          );
    return exif === undefined ? bytes : withJpegExif(bytes, exif);
  },
};

function unsupported(message: string): TransformError {
  return new TransformError("UNSUPPORTED_FORMAT", message);
}
