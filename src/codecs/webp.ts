import type { Codec, DecodeNeeds } from "../core/codec.ts";
import { TransformError } from "../core/errors.ts";
import type { Probe } from "../core/probe.ts";
import { rgbaOf } from "../core/raster.ts";
import type { RowWriter } from "../core/rows.ts";
import { hasSimd, kernelModule } from "../core/wasm.ts";
import { createVp8Decoder, vp8DecodeBytes } from "../kernels/vp8/decoder.ts";
import { asBytes, asClamped, createEmscripten, type DecodedImage } from "./emscripten.ts";
import { withWebpExif } from "./exif-webp.ts";
import { madeOpaque, wholePicture } from "./picture.ts";

interface Decoder {
  decode(bytes: Uint8Array): DecodedImage | null;
}
interface Encoder {
  encode(data: Uint8ClampedArray, width: number, height: number, options: object): Uint8Array | null;
}
const decoder = createEmscripten<Decoder>(() => import("@jsquash/webp/codec/dec/webp_dec.js"));
const encoder = createEmscripten<Encoder>(() => import("@jsquash/webp/codec/enc/webp_enc.js"));
const simdEncoder = createEmscripten<Encoder>(() => import("@jsquash/webp/codec/enc/webp_enc_simd.js"));

function encoderModule(): "webp_enc_simd" | "webp_enc" {
  return hasSimd() ? "webp_enc_simd" : "webp_enc";
}

/** libwebp's defaults (WebPConfigInit of its encode.h), method 4. */
const ENCODER_OPTIONS = {
  target_size: 0,
  target_PSNR: 0,
  method: 4,
  sns_strength: 50,
  filter_strength: 60,
  filter_sharpness: 0,
  filter_type: 1,
  partitions: 0,
  segments: 4,
  pass: 1,
  show_compressed: 0,
  preprocessing: 0,
  autofilter: 0,
  partition_limit: 0,
  alpha_compression: 1,
  alpha_filtering: 1,
  alpha_quality: 100,
  lossless: 0,
  exact: 0,
  image_hint: 0,
  emulate_jpeg_size: 0,
  thread_level: 0,
  low_memory: 0,
  near_lossless: 100,
  use_delta_palette: 0,
  use_sharp_yuv: 0,
};

/**
 * `quality` is the effort here: 2.5 MP of photograph take 2.56 MB and 1.1 s at 20, 2.52 MB and 1.5 s at 50, 2.51 MB and 2.5 s at 75.
 * `exact` keeps the color under full transparency, which costs 0.4 % on a picture that has some.
 */
const LOSSLESS_OPTIONS = { lossless: 1, exact: 1, quality: 50 };

/**
 * Histograms of the lossless encoder: two sets of 7 kB each for squares of 8 px or more, as many as there are but not more than
 * 2600 (GetHistoBits of libwebp): 58 MiB were measured at 440x376, where this term counts 35.
 */
function histogramBytes(width: number, height: number): number {
  return Math.min(2600, Math.ceil(width / 8) * Math.ceil(height / 8)) * 14_336;
}

/**
 * Whether our own decoder leaves rows of planes: of lossy pictures without alpha that are reduced. Else chroma has to be
 * enlarged, which libwebp does as everybody expects it.
 */
function comesInRows({ lossy, alpha }: Probe, { region, size }: DecodeNeeds): boolean {
  const enlarged = size.width > region.width || size.height > region.height;
  const same = size.width === region.width && size.height === region.height;
  return lossy === true && !alpha && !enlarged && !same;
}

/** WebP via libwebp, still images; lossy ones that are reduced are decoded by our own kernels. Signature: RFC 9649 section 2.4 ("RIFF", size, "WEBP"). */
export const webp: Codec = {
  format: "webp",
  mimeType: "image/webp",
  supports: {
    alpha: true,
    animation: false,
    quality: true,
    progressive: false,
    lossless: true,
    exif: true,
    chroma: false,
    ijgQuality: false,
    containerOrientation: false,
    layouts: ["rgba8"],
  },
  // SSIM of JPEG at 80, on the mean of five pictures (docs/benchmarks.md)
  defaultQuality: 75,
  maxSide: 16_383, // RFC 9649 section 2.5: 14 bits
  modules: {
    get decode() {
      return ["webp_dec", kernelModule("vp8")] as const;
    },
    get encode() {
      return [encoderModule()];
    },
  },
  checkProbe({ frames }) {
    if (frames > 1) throw new TransformError("UNSUPPORTED_FORMAT", "an animated WebP cannot be read yet");
  },
  rowsOf(probe, needs) {
    const { width, height } = probe;
    return comesInRows(probe, needs) ? { width, height, bytes: 3 } : undefined;
  },
  decodeBytes(probe, byteLength, needs) {
    if (comesInRows(probe, needs)) return vp8DecodeBytes(probe, byteLength);
    return 2 * byteLength + probe.width * probe.height * 12 + 16 * 1024 * 1024;
  },
  // Input copied and imported as YUV, and the coefficients' tokens: 14 bytes a px were measured at 3 to 12 MP. An alpha plane
  // is coded losslessly, with hash chains over all of it: up to 38. A lossless picture takes 37 to 39, one of noise 48 and a result of 4
  encodeBytes: ({ width, height }, alpha, options) =>
    width * height * (options.lossless ? 53 : alpha ? 40 : 15) +
    (options.lossless ? histogramBytes(width, height) : 0) +
    16 * 1024 * 1024,
  async decode(bytes, probe, needs, { lease, rows, checkpoint }) {
    const failure = { code: "CORRUPT_IMAGE", message: "not a decodable WebP image" } as const;
    if (comesInRows(probe, needs)) {
      return lease(kernelModule("vp8"), createVp8Decoder, failure, (instance) => {
        let writer: RowWriter | undefined;
        instance.decode(bytes, probe, "full", (shape) => (writer = rows.begin(shape)), checkpoint);
        if (writer === undefined) throw new TransformError("CORRUPT_IMAGE", "a WebP without a picture");
        return writer.end();
      });
    }
    // libwebp decodes alpha whatever the flags of VP8X and VP8L say
    const toBytes = probe.alpha ? asBytes : (data: Uint8ClampedArray) => madeOpaque(asBytes(data));
    return lease("webp_dec", decoder, failure, (instance) =>
      wholePicture(instance.decode(bytes), probe, rows, toBytes, probe.alpha),
    );
  },
  async encode(raster, { quality, lossless, effort, exif }, { lease }) {
    const { data, width, height } = rgbaOf(raster);
    const failure = { code: "INTERNAL", message: "the WebP encoder failed" } as const;
    const options = {
      ...ENCODER_OPTIONS,
      ...(lossless ? LOSSLESS_OPTIONS : { quality }),
      ...(effort === "small" ? { method: 6 } : {}),
    };
    const bytes = await lease(encoderModule(), hasSimd() ? simdEncoder : encoder, failure, (instance) => {
      const result = instance.encode(asClamped(data), width, height, options);
      if (!result) throw new TransformError("INTERNAL", "the WebP encoder gave nothing");
      return result;
    });
    return exif === undefined ? bytes : withWebpExif(bytes, exif, raster);
  },
};
