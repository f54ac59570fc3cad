import type { Codec } from "../core/codec.ts";
import { TransformError } from "../core/errors.ts";
import type { Probe } from "../core/probe.ts";
import { rgbaOf } from "../core/raster.ts";
import { asBytes, asClamped, createEmscripten } from "./emscripten.ts";
import { withJpegExif } from "./exif-jpeg.ts";
import { createJpegDecoder } from "./mozjpeg.ts";
import { wholePicture } from "./picture.ts";

interface Encoder {
  encode(data: Uint8ClampedArray, width: number, height: number, options: object): Uint8Array;
}
const encoder = createEmscripten<Encoder>(() => import("@jsquash/jpeg/codec/enc/mozjpeg_enc.js"));

/**
 * Baseline, 4:2:0, optimized Huffman tables, as OSS writes JPEG (OSS IMG reference, section 13). quant_table 0 are the
 * tables of ITU-T T.81 annex K under IJG scaling, so that a quality means here what it means in libjpeg; mozjpeg's own
 * default tables would make the estimated quality of our results differ from the one that was asked for.
 */
const ENCODER_OPTIONS = {
  baseline: true, // 8-bit tables, as every baseline decoder expects
  arithmetic: false,
  progressive: false,
  optimize_coding: true,
  smoothing: 0,
  color_space: 3, // YCbCr
  quant_table: 0,
  trellis_multipass: false,
  trellis_opt_zero: false,
  trellis_opt_table: false,
  trellis_loops: 1,
  auto_subsample: false,
  chroma_subsample: 2,
  separate_chroma_quality: false,
  chroma_quality: 75,
};

/**
 * The encoder clamps its tables to 8 bits only in baseline files (`baseline: true`), and only `baseline: false` gives a progressive
 * one. Below this quality tables of annex K need 16 bits, which T.81 section B.2.4.1 rules out for 8-bit samples and not every
 * decoder reads (IJG's usage.txt, -baseline): such coarse pictures are written baseline.
 */
const MIN_PROGRESSIVE_QUALITY = 24;

/** JPEG via mozjpeg. Signature: ITU-T T.81 section B.1.1.3 (SOI, then a marker). */
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
    scaledDecode: false,
    ijgQuality: true,
    containerOrientation: false,
    layouts: ["rgba8"],
  },
  defaultQuality: 80,
  maxSide: 65_500, // libjpeg's JPEG_MAX_DIMENSION
  modules: { decode: ["mozjpeg_dec"], encode: ["mozjpeg_enc"] },
  checkProbe({ colorSpace, coding, bitDepth }: Probe) {
    if (colorSpace === "cmyk" || colorSpace === "ycck") throw unsupported("a CMYK JPEG cannot be read yet");
    if (coding === "lossless" || coding === "arithmetic") throw unsupported(`a JPEG of ${coding} coding cannot be read`);
    if (bitDepth !== 8) throw unsupported(`a JPEG of ${bitDepth} bits a sample cannot be read`);
  },
  // The file twice, RGBA in wasm memory and its copy; a progressive picture keeps all coefficients, 2 bytes each
  decodeBytes: ({ width, height, coding }, byteLength) =>
    2 * byteLength + width * height * (8 + (coding === "progressive" ? 6 : 0)) + 16 * 1024 * 1024,
  // Input copied into wasm, coefficients of the optimizing passes and the result: 16 to 17 bytes a px were measured at 3 to 24 MP,
  // and up to 19 with the scans of a progressive one; 23 on noise at quality 80
  encodeBytes: ({ width, height }, _alpha, options) => width * height * (options.progressive ? 24 : 18) + 16 * 1024 * 1024,
  async decode(bytes, probe, _needs, { lease, rows }) {
    const failure = { code: "CORRUPT_IMAGE", message: "not a decodable JPEG image" } as const;
    return lease("mozjpeg_dec", createJpegDecoder, failure, (instance) => {
      const image = instance.decode(bytes, false); // pixels as stored: orientation is a step of the plan
      return wholePicture(image, probe, rows, asBytes, false);
    });
  },
  async encode(raster, { quality, progressive, exif }, { lease }) {
    const { data, width, height } = rgbaOf(raster);
    const failure = { code: "INTERNAL", message: "the JPEG encoder failed" } as const;
    const scans = progressive && quality >= MIN_PROGRESSIVE_QUALITY ? { baseline: false, progressive: true } : {};
    const bytes = await lease("mozjpeg_enc", encoder, failure, (instance) =>
      instance.encode(asClamped(data), width, height, { ...ENCODER_OPTIONS, ...scans, quality }),
    );
    return exif === undefined ? bytes : withJpegExif(bytes, exif);
  },
};

function unsupported(message: string): TransformError {
  return new TransformError("UNSUPPORTED_FORMAT", message);
}
