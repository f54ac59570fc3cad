/**
 * What is measured: one row per task, and per format the settings that make the engines' results comparable. All of them
 * resample with Lanczos-3 and write 4:2:0 where the format knows it; further settings stand under a name of their own.
 */
import { EFFECTS } from "./effects.mjs";

/** Per format: engine to { label: options }; the first label of each engine is the like-for-like one. */
export const SETTINGS = {
  jpeg: {
    opalens: { opalens: {}, "opalens, effort small": { effort: "small" } },
    sharp: {
      sharp: { chromaSubsampling: "4:2:0" },
      "sharp, mozjpeg": { chromaSubsampling: "4:2:0", mozjpeg: true },
    },
    "sharp-wasm32": { "sharp-wasm32": { chromaSubsampling: "4:2:0" } },
    "wasm-vips": { "wasm-vips": { subsample_mode: "on", optimize_coding: true } },
  },
  webp: {
    opalens: { opalens: {} },
    sharp: { "sharp, effort 4": { effort: 4 } },
    "sharp-wasm32": { "sharp-wasm32, effort 4": { effort: 4 } },
    "wasm-vips": { "wasm-vips, effort 4": { effort: 4 } },
  },
  png: {
    opalens: { opalens: {} },
    sharp: {
      "sharp, level 6": { compressionLevel: 6 },
      "sharp, level 6, adaptive filters": { compressionLevel: 6, adaptiveFiltering: true },
    },
    "sharp-wasm32": { "sharp-wasm32, level 6": { compressionLevel: 6 } },
    "wasm-vips": { "wasm-vips, level 6": { compression: 6 } },
  },
  // sharp's default is effort 4. libvips: speed of libaom = 9 - effort, so 4 is speed 5; opalens writes with speed 8
  avif: {
    opalens: { opalens: {} },
    sharp: {
      "sharp, effort 4": { effort: 4, chromaSubsampling: "4:2:0" },
      "sharp, effort 2": { effort: 2, chromaSubsampling: "4:2:0" },
      "sharp, effort 0": { effort: 0, chromaSubsampling: "4:2:0" },
    },
    "sharp-wasm32": { "sharp-wasm32, effort 0": { effort: 0, chromaSubsampling: "4:2:0" } },
    "wasm-vips": { "wasm-vips, effort 0": { effort: 0, subsample_mode: "on" } },
  },
};
export const FORMAT_NAMES = { jpeg: "JPEG", webp: "WebP", png: "PNG", avif: "AVIF" };
const TITLES = {
  baseline: "JPEG",
  progressive: "progressive JPEG",
  large: "JPEG ≥ 24 MP",
  huge: "JPEG ≥ 100 MP",
  alpha: "PNG 2048×1536 with alpha",
  webp: "WebP",
  effects: "JPEG 1600×1200",
};

/**
 * source: a name of SOURCES; width: of the result in px; quality: absent where the format has none; targets: label to the
 * ratio opalens ÷ it that is to be reached at most; fidelity: the label whose PSNR opalens' must not be below; quick: also under
 * --quick. `all`: every setting of SETTINGS, else the first of each engine alone.
 */
// biome-ignore format: one row per task
export const TASKS = [
  { source: "baseline",    width: 720,  format: "jpeg", quality: 80, targets: { sharp: 0.6, "sharp-wasm32": 0.3 }, fidelity: "sharp", all: true, quick: true },
  { source: "progressive", width: 720,  format: "jpeg", quality: 80, targets: { sharp: 0.7 }, quick: true },
  { source: "large",       width: 720,  format: "jpeg", quality: 80, targets: { sharp: 0.75 }, quick: true },
  { source: "large",       width: 1600, format: "jpeg", quality: 80, targets: { sharp: 0.75 } },
  { source: "baseline",    width: 320,  format: "jpeg", quality: 80, targets: { sharp: 0.7 }, quick: true },
  { source: "baseline",    width: 160,  format: "jpeg", quality: 80, targets: { sharp: 0.7 } },
  { source: "baseline",    width: 720,  format: "webp", quality: 80, targets: { "sharp, effort 4": 1 }, all: true, quick: true },
  { source: "baseline",    width: 720,  format: "png",               targets: { "sharp, level 6": 1 }, all: true, quick: true },
  { source: "alpha",       width: 720,  format: "png",               targets: { "sharp, level 6": 0.8 }, all: true, quick: true },
  { source: "webp",        width: 720,  format: "webp", quality: 80, targets: { "sharp, effort 4": 1.1 }, quick: true },
  { source: "baseline",    width: 720,  format: "avif", quality: 50, targets: { "sharp, effort 4": 1 }, all: true, quick: true },
  { source: "effects", effects: true,   format: "jpeg", quality: 80, targets: { sharp: 0.7 }, quick: true },
  { source: "effects", effects: true,   format: "png",               targets: { sharp: 0.7 } },
].map(withContenders);

/**
 * Those that are measured in fresh processes. targets as above, of the time from the spawn to the first answer; maxBytes:
 * peak memory that opalens must not pass; engines: these alone; repeat: further answers of the process.
 */
// biome-ignore format: one row per task
export const FRESH_TASKS = [
  { source: "baseline",    width: 720,  format: "jpeg", quality: 80, targets: { sharp: 0.8 }, quick: true },
  { source: "baseline",    width: 720,  format: "webp", quality: 80 },
  { source: "baseline",    width: 720,  format: "png" },
  { source: "baseline",    width: 720,  format: "avif", quality: 50, repeat: 1 },
  { source: "progressive", width: 720,  format: "jpeg", quality: 80 },
  { source: "large",       width: 720,  format: "jpeg", quality: 80, maxBytes: 110e6, quick: true },
  { source: "large",       width: 1600, format: "jpeg", quality: 80, maxBytes: 110e6 },
  { source: "huge",        width: 800,  format: "jpeg", quality: 80, maxBytes: 256e6, engines: ["opalens", "sharp"], repeat: 1, quick: true },
].map(withContenders);

/** Adds a title and the contenders: { engine, label, options } each, the one that the others are compared with first. */
function withContenders(task) {
  const { source, width, format, quality, effects, all, engines, targets = {} } = task;
  const work = effects ? "blur, watermark, rounded corners" : String(width);
  const q = quality === undefined ? "" : ` q${quality}`;
  const title = `${TITLES[source]} → ${work} → ${FORMAT_NAMES[format]}${q}`;
  const contenders = Object.entries(effects ? EFFECTS : SETTINGS[format])
    .filter(([engine]) => engines === undefined || engines.includes(engine))
    .flatMap(([engine, settings]) =>
      Object.entries(settings)
        .slice(0, all || effects ? undefined : 1)
        .map(([label, value]) => (effects ? { engine, label, run: value } : { engine, label, options: value })),
    );
  return { title, targets, contenders, ...task };
}
