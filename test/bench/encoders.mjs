/**
 * Encoders by themselves, behind encode(picture, quality, changes): { data, ms } of an opaque RGB picture. Those of our own are
 * the engine on a PNG of the picture, timed by its `encode` stage. The stock ones are the jSquash modules as src/codecs/*.ts
 * calls them, so that settings the engine does not offer can be tried; `checkSettings` proves that what stands here is what it uses.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { loadPng } from "./sources.mjs";

const require = createRequire(import.meta.url);

/** What the engine calls the stock encoders with. mozjpeg writes its JPEG of effort "small". */
export const ENGINE_SETTINGS = {
  mozjpeg: {
    baseline: false,
    arithmetic: false,
    progressive: true,
    optimize_coding: true,
    smoothing: 0,
    color_space: 3,
    quant_table: 0,
    trellis_multipass: false,
    trellis_opt_zero: false,
    trellis_opt_table: false,
    trellis_loops: 1,
    auto_subsample: false,
    chroma_subsample: 2,
    separate_chroma_quality: false,
    chroma_quality: 75,
  },
  webp: {
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
  },
  avif: {
    qualityAlpha: -1,
    denoiseLevel: 0,
    tileColsLog2: 0,
    tileRowsLog2: 0,
    speed: 8, // up to 2 MP
    subsample: 1,
    chromaDeltaQ: false,
    sharpness: 0,
    tune: 0,
    enableSharpYUV: false,
    bitDepth: 8,
    lossless: false,
  },
};
const MODULES = {
  mozjpeg: "@jsquash/jpeg/codec/enc/mozjpeg_enc",
  webp: "@jsquash/webp/codec/enc/webp_enc_simd",
  avif: "@jsquash/avif/codec/enc/avif_enc",
};
/** How the engine is asked for what a stock encoder writes. */
const REQUESTS = {
  mozjpeg: { format: "jpeg", effort: "small" },
  webp: { format: "webp" },
  avif: { format: "avif" },
};

/** The engine's own encoder of a format; `changes` are names of the plain query. */
export function engineEncoder(opalens, format) {
  return async (picture, quality, changes = {}) => {
    const { data, timings } = await opalens.timed(await loadPng(picture), { format, quality, options: changes });
    return { data, ms: timings.encode };
  };
}

/** A stock encoder with the engine's settings and `changes` upon them. */
export async function stockEncoder(name) {
  const module = new WebAssembly.Module(readFileSync(require.resolve(`${MODULES[name]}.wasm`)));
  const { default: create } = await import(pathToFileURL(require.resolve(`${MODULES[name]}.js`)).href);
  const instance = await create({
    noInitialRun: true,
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm(imports, done) {
      const made = new WebAssembly.Instance(module, imports);
      done(made);
      return made.exports;
    },
  });
  return async ({ data, width, height }, quality, changes = {}) => {
    const options = { ...ENGINE_SETTINGS[name], quality, ...changes };
    const rgba = rgbaOf(data);
    const from = performance.now();
    const bytes = instance.encode(rgba, width, height, options);
    if (!bytes) throw new Error(`the ${name} encoder gave nothing for ${JSON.stringify(changes)}`);
    return { data: bytes, ms: performance.now() - from };
  };
}

/** Throws where the engine's result is not, byte for byte, what its settings as listed here give for the same pixels. */
export async function checkSettings(opalens, source, width) {
  const png = await opalens.run(source, { width, format: "png" });
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  for (const [name, { format, ...options }] of Object.entries(REQUESTS)) {
    const encode = await stockEncoder(name);
    const own = await opalens.run(png, { format, quality: 60, options });
    const here = await encode({ data, width: info.width, height: info.height }, 60);
    if (Buffer.compare(Buffer.from(own), Buffer.from(here.data)) !== 0) {
      throw new Error(`test/bench/encoders.mjs no longer has the ${name} settings of src/codecs`);
    }
  }
}

function rgbaOf(rgb) {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from];
    rgba[to + 1] = rgb[from + 1];
    rgba[to + 2] = rgb[from + 2];
  }
  return rgba;
}
