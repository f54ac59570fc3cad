import type { Codec } from "../core/codec.ts";
import { rgbaOf } from "../core/raster.ts";
import { call, createBindgen } from "./bindgen.ts";
import { withPngExif } from "./exif-png.ts";
import { wholePicture } from "./picture.ts";

/**
 * PNG via the png crate. Signature: PNG (third edition) section 5.2. 16-bit samples are reduced to 8
 * by their high byte, as libvips and libpng's strip_16 do (all 16-bit files of the test corpus come out equal). Rounding
 * v / 257 instead would change 18 % of a photograph's samples by one level, for a mean error of 0.25 in place of 0.30
 * levels, at twice the memory and another pass.
 */
export const png: Codec = {
  format: "png",
  mimeType: "image/png",
  supports: {
    alpha: true,
    animation: false,
    quality: false,
    progressive: false,
    lossless: true,
    exif: true,
    scaledDecode: false,
    ijgQuality: false,
    containerOrientation: false,
    layouts: ["rgba8"],
  },
  defaultQuality: 100,
  maxSide: 1_000_000,
  modules: { decode: ["squoosh_png_bg"], encode: ["squoosh_png_bg"] },
  checkProbe: () => undefined,
  // The file, raw rows of up to 8 bytes a px, RGBA in wasm and its copy
  decodeBytes: ({ width, height, bitDepth }, byteLength) =>
    2 * byteLength + width * height * (8 + (bitDepth === 16 ? 8 : 4)) + 4 * 1024 * 1024,
  // Input copied, filtered rows, and a result that grows by doubling to little less than the pixels, then its copy
  encodeBytes: ({ width, height }) => width * height * 22 + 4 * 1024 * 1024,
  async decode(bytes, probe, _needs, { lease, rows }) {
    const failure = { code: "CORRUPT_IMAGE", message: "not a decodable PNG image" } as const;
    return lease("squoosh_png_bg", createBindgen, failure, (instance) => {
      call(instance.exports, "decode", instance.pass(bytes), bytes.length);
      return wholePicture(instance.takeImage(), probe, rows, (data: Uint8Array) => data, probe.alpha);
    });
  },
  async encode(raster, { exif }, { lease }) {
    const { data, width, height } = rgbaOf(raster);
    const failure = { code: "INTERNAL", message: "the PNG encoder failed" } as const;
    const bytes = await lease("squoosh_png_bg", createBindgen, failure, (instance) =>
      instance.callForBytes("encode", instance.pass(data), data.length, width, height, 8),
    );
    return exif === undefined ? bytes : withPngExif(bytes, exif);
  },
};
