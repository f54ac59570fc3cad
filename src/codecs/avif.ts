import type { Codec } from "../core/codec.ts";
import { TransformError } from "../core/errors.ts";
import { asBytes, createEmscripten, type DecodedImage } from "./emscripten.ts";
import { wholePicture } from "./picture.ts";

interface Decoder {
  decode(bytes: Uint8Array, bitDepth: number): DecodedImage | null;
}
interface Encoder {
  encode(data: Uint8Array, width: number, height: number, options: object): Uint8Array | null;
}
const decoder = createEmscripten<Decoder>(() => import("@jsquash/avif/codec/dec/avif_dec.js"));
const encoder = createEmscripten<Encoder>(() => import("@jsquash/avif/codec/enc/avif_enc.js"));

/**
 * Speed 9: at 720x588 and quality 50 the encoder takes 64 ms and 24.2 KB, against 211 ms and 23.0 KB at speed 8 and
 * 1308 ms and 24.5 KB at speed 6 (docs/decisions.md). 4:2:0, as every camera picture is.
 */
const ENCODER_OPTIONS = {
  qualityAlpha: -1,
  denoiseLevel: 0,
  tileColsLog2: 0,
  tileRowsLog2: 0,
  speed: 9,
  subsample: 1,
  chromaDeltaQ: false,
  sharpness: 0,
  tune: 0,
  enableSharpYUV: false,
  bitDepth: 8,
  lossless: false,
};

/** AVIF via libavif (dav1d-free libaom build). Signature: ISO/IEC 14496-12 section 4.3 with the brands of the AVIF specification. */
export const avif: Codec = {
  format: "avif",
  mimeType: "image/avif",
  supports: {
    alpha: true,
    animation: false,
    quality: true,
    scaledDecode: false,
    ijgQuality: false,
    containerOrientation: true,
    layouts: ["rgba8"],
  },
  defaultQuality: 50,
  maxSide: 16_384, // libavif's default dimension limit
  modules: { decode: ["avif_dec"], encode: ["avif_enc"] },
  checkProbe: () => undefined,
  // YUV planes of up to 16 bits, frame buffers of the decoder, RGBA and its copy
  decodeBytes: ({ width, height, bitDepth }, byteLength) =>
    2 * byteLength + width * height * (bitDepth > 8 ? 36 : 24) + 24 * 1024 * 1024,
  // libaom keeps several frames even for a still: 29 to 33 bytes a px were measured at 3 to 24 MP, alpha or not
  encodeBytes: ({ width, height }) => width * height * 33 + 24 * 1024 * 1024,
  async decode(bytes, probe, _needs, { lease, rows }) {
    const failure = { code: "CORRUPT_IMAGE", message: "not a decodable AVIF image" } as const;
    return lease("avif_dec", decoder, failure, (instance) =>
      wholePicture(instance.decode(bytes, 8), probe, rows, asBytes, probe.alpha),
    );
  },
  async encode(raster, { quality }, { lease }) {
    if (raster.layout !== "rgba8") throw new TransformError("INTERNAL", `the AVIF encoder takes no ${raster.layout}`);
    const failure = { code: "INTERNAL", message: "the AVIF encoder failed" } as const;
    return lease("avif_enc", encoder, failure, (instance) => {
      const bytes = instance.encode(raster.data, raster.width, raster.height, { ...ENCODER_OPTIONS, quality });
      if (!bytes) throw new TransformError("INTERNAL", "the AVIF encoder gave nothing");
      return bytes;
    });
  },
};
