import type { EncodeOptions } from "../core/codec.ts";
import type { LeaseWasm } from "../core/lease.ts";
import type { RgbaRaster } from "../core/raster.ts";
import { asClamped, createEmscripten } from "./emscripten.ts";

interface Encoder {
  encode(data: Uint8ClampedArray, width: number, height: number, options: object): Uint8Array;
}
const encoder = createEmscripten<Encoder>(() => import("@jsquash/jpeg/codec/enc/mozjpeg_enc.js"));

/**
 * Optimized Huffman tables and trellis quantization. quant_table 0 are the tables of ITU-T T.81 annex K under IJG scaling, so
 * that a quality means here what it means in libjpeg and in our own encoder.
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
  separate_chroma_quality: false,
  chroma_quality: 75,
};

/**
 * The encoder clamps its tables to 8 bits only in baseline files (`baseline: true`), and only `baseline: false` gives a progressive
 * one. Below this quality tables of annex K need 16 bits, which T.81 section B.2.4.1 rules out for 8-bit samples and not every
 * decoder reads (IJG's usage.txt, -baseline): such coarse pictures are written baseline.
 */
const MIN_PROGRESSIVE_QUALITY = 24;

/**
 * The smallest JPEG at a quality: mozjpeg's trellis, and always progressive, which is where most of its gain lies: 1 to 10 %
 * fewer bytes at equal SSIM than our own baseline files, for some 50 times the time.
 */
export function encodeSmall(
  { data, width, height }: RgbaRaster,
  { quality, chroma }: Pick<EncodeOptions, "quality" | "chroma">,
  lease: LeaseWasm,
): Promise<Uint8Array> {
  const failure = { code: "INTERNAL", message: "the JPEG encoder failed" } as const;
  const scans = quality >= MIN_PROGRESSIVE_QUALITY ? { baseline: false, progressive: true } : {};
  const options = { ...ENCODER_OPTIONS, ...scans, chroma_subsample: chroma === "420" ? 2 : 1, quality };
  return lease("mozjpeg_enc", encoder, failure, (instance) => instance.encode(asClamped(data), width, height, options));
}

/**
 * Input copied into wasm, coefficients of the optimizing passes and the result: up to 19 bytes a px were measured at 3 to
 * 24 MP, 23 on noise at quality 80. Full chroma doubles the coefficients.
 */
export function smallEncodeBytes(pixels: number, chroma: EncodeOptions["chroma"]): number {
  return pixels * (chroma === "444" ? 32 : 24) + 16 * 1024 * 1024;
}
