/**
 * What is measured: one row per task, and per format the settings that make the engines' results comparable. All of them
 * resample with Lanczos-3 and write 4:2:0 where the format knows it; a peer's further settings stand under a name of their own.
 */

/** Per format: engine to { label: options }; the first label of each engine is the like-for-like one. */
export const SETTINGS = {
  jpeg: {
    opalens: { opalens: {} },
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
  // libvips: speed of libaom = 9 - effort. Effort 0 is the speed that opalens writes with, 4 is sharp's default
  avif: {
    opalens: { opalens: {} },
    sharp: {
      "sharp, effort 0": { effort: 0, chromaSubsampling: "4:2:0" },
      "sharp, effort 4": { effort: 4, chromaSubsampling: "4:2:0" },
    },
    "sharp-wasm32": { "sharp-wasm32, effort 0": { effort: 0, chromaSubsampling: "4:2:0" } },
    "wasm-vips": { "wasm-vips, effort 0": { effort: 0, subsample_mode: "on" } },
  },
};
/** Too slow to be run in every task; measured with the baseline source alone. */
const SLOW = ["sharp, effort 4"];

export const FORMAT_NAMES = { jpeg: "JPEG", webp: "WebP", png: "PNG", avif: "AVIF" };
const TITLES = { baseline: "baseline", progressive: "progressive", large: "≥ 24 MP" };

/** source: a name of SOURCES; width: of the result in px; quality: absent where the format has none; quick: also under --quick. */
// biome-ignore format: one row per task
export const TASKS = [
  { source: "baseline",    width: 720, format: "jpeg", quality: 80, quick: true },
  { source: "baseline",    width: 720, format: "webp", quality: 80, quick: true },
  { source: "baseline",    width: 720, format: "png",               quick: true },
  { source: "baseline",    width: 720, format: "avif", quality: 50, quick: true },
  { source: "progressive", width: 720, format: "jpeg", quality: 80, quick: true },
  { source: "progressive", width: 720, format: "webp", quality: 80 },
  { source: "progressive", width: 720, format: "png" },
  { source: "progressive", width: 720, format: "avif", quality: 50 },
  { source: "large",       width: 720, format: "jpeg", quality: 80, quick: true },
  { source: "large",       width: 720, format: "webp", quality: 80 },
  { source: "large",       width: 720, format: "png" },
  { source: "large",       width: 720, format: "avif", quality: 50 },
].map(withContenders);

/** Those that are measured in fresh processes. */
// biome-ignore format: one row per task
export const FRESH_TASKS = [
  { source: "baseline",    width: 720, format: "jpeg", quality: 80, quick: true },
  { source: "baseline",    width: 720, format: "webp", quality: 80 },
  { source: "baseline",    width: 720, format: "png" },
  { source: "baseline",    width: 720, format: "avif", quality: 50 },
  { source: "progressive", width: 720, format: "jpeg", quality: 80 },
  { source: "large",       width: 720, format: "jpeg", quality: 80, quick: true },
].map(withContenders);

/**
 * Adds a title and the contenders: { engine, label, options } each, the one that the others are compared with first. A row
 * may bring its own, with run(source, peer) giving { data } for what is more than a resize.
 */
function withContenders(task) {
  const q = task.quality === undefined ? "" : ` q${task.quality}`;
  const title = `${TITLES[task.source]} → ${task.width} → ${FORMAT_NAMES[task.format]}${q}`;
  const contenders = Object.entries(SETTINGS[task.format]).flatMap(([engine, settings]) =>
    Object.entries(settings).map(([label, options]) => ({ engine, label, options })),
  );
  const slow = ({ label }) => task.format === "avif" && SLOW.includes(label);
  return { title, contenders: contenders.filter((one) => task.source === "baseline" || !slow(one)), ...task };
}
