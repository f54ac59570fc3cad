import type { Codec } from "../core/codec.ts";
import { TransformError } from "../core/errors.ts";
import type { Size } from "../core/geometry.ts";
import { rgbaOf } from "../core/raster.ts";
import { mendAvif } from "./avif-mend.ts";
import { asBytes, createEmscripten, type DecodedImage } from "./emscripten.ts";
import { withAvifExif } from "./exif-avif.ts";
import { madeOpaque, wholePicture } from "./picture.ts";

interface Decoder {
  decode(bytes: Uint8Array, bitDepth: number): DecodedImage | null;
}
interface Encoder {
  encode(data: Uint8Array, width: number, height: number, options: object): Uint8Array | null;
}
const decoder = createEmscripten<Decoder>(() => import("@jsquash/avif/codec/dec/avif_dec.js"));
const encoder = createEmscripten<Encoder>(() => import("@jsquash/avif/codec/enc/avif_enc.js"));

/**
 * Speed 8 takes 3 times as long as 9 and needs 6 to 15 % fewer bytes at equal SSIM, a third fewer for flat graphics;
 * 7 takes 1.65 times as long again for 1 % on photographs (docs/benchmarks.md). Beyond 2 MP it would take seconds, so 9 it is there.
 */
const SLOW_UP_TO_PIXELS = 2_097_152;
function speedFor({ width, height }: Size): number {
  return width * height <= SLOW_UP_TO_PIXELS ? 8 : 9;
}

const SMALL_SPEED = 6;

/** 4:2:0, as every camera picture is: 4:4:4 takes 17 % more bytes at equal SSIM of luma. */
const ENCODER_OPTIONS = {
  qualityAlpha: -1,
  denoiseLevel: 0,
  tileColsLog2: 0,
  tileRowsLog2: 0,
  subsample: 1,
  chromaDeltaQ: false,
  sharpness: 0,
  tune: 0,
  enableSharpYUV: false,
  bitDepth: 8,
  lossless: false,
};

/** 4:4:4 under the identity matrix (ITU-T H.273, MatrixCoefficients 0) and AV1's lossless mode: every sample as given. */
const LOSSLESS_OPTIONS = { lossless: true, quality: 100, subsample: 3, speed: 9 };

/** AVIF via libavif, with libaom for both directions. Signature: ISO/IEC 14496-12 section 4.3 with the brands of the AVIF specification. */
export const avif: Codec = {
  format: "avif",
  mimeType: "image/avif",
  supports: {
    alpha: true,
    animation: false,
    quality: true,
    progressive: false,
    lossless: true,
    exif: true,
    chroma: true,
    ijgQuality: false,
    containerOrientation: true,
    layouts: ["rgba8"],
  },
  // SSIM of JPEG at 80, on the mean of five pictures (docs/benchmarks.md)
  defaultQuality: 60,
  maxSide: 16_384, // libavif's default dimension limit
  modules: { decode: ["avif_dec"], encode: ["avif_enc"] },
  checkProbe: () => undefined,
  // The file, perhaps mended, and its copy in wasm; YUV planes of up to 16 bits, frame buffers of the decoder, RGBA and its copy
  decodeBytes: ({ width, height, bitDepth }, byteLength) =>
    3 * byteLength + width * height * (bitDepth > 8 ? 36 : 24) + 24 * 1024 * 1024,
  // libaom keeps several frames even for a still: 29 to 33 bytes a px were measured at 3 to 24 MP, alpha or not.
  // Lossless ones of full chroma: 51 on photographs, 63 and a result of 6 on noise with alpha
  encodeBytes: ({ width, height }, _alpha, options) => width * height * (options.lossless ? 70 : 33) + 24 * 1024 * 1024,
  async decode(bytes, probe, _needs, { lease, rows }) {
    const failure = { code: "CORRUPT_IMAGE", message: "not a decodable AVIF image" } as const;
    const toBytes = probe.alpha ? asBytes : (data: Uint8ClampedArray) => madeOpaque(asBytes(data));
    return lease("avif_dec", decoder, failure, (instance) =>
      wholePicture(instance.decode(mendAvif(bytes, probe), 8), probe, rows, toBytes, probe.alpha),
    );
  },
  async encode(raster, { quality, lossless, effort, chroma, exif }, { lease }) {
    const { data, width, height } = rgbaOf(raster);
    const failure = { code: "INTERNAL", message: "the AVIF encoder failed" } as const;
    const lossy = { speed: effort === "small" ? SMALL_SPEED : speedFor(raster), subsample: chroma === "420" ? 1 : 3 };
    const options = { ...ENCODER_OPTIONS, quality, ...(lossless ? LOSSLESS_OPTIONS : lossy) };
    const bytes = await lease("avif_enc", encoder, failure, (instance) => {
      const result = instance.encode(data, width, height, options);
      if (!result) throw new TransformError("INTERNAL", "the AVIF encoder gave nothing");
      return result;
    });
    return exif === undefined ? bytes : withAvifExif(bytes, exif);
  },
};
