/** Input number `index` of a run: a file of some format, damaged, and what is asked of it. */
import { mutate } from "./mutate.mjs";
import { randomOf } from "./random.mjs";

/** How often each format is tried; the ones that are decoded by our own kernels most. */
const WEIGHTS = { jpeg: 12, png: 9, webp: 3, avif: 1, tiff: 3, bmp: 2 };

/** Whole decodes, the scales of a scaled decode, regions, all outputs; BMP costs least, so that decoders get the time. */
export const PLANS = [
  ...new Array(5).fill("image/format,bmp"),
  ...[50, 37, 25, 13, 7, 80].map((percent) => `image/resize,p_${percent}/format,bmp`),
  "image/resize,w_160/format,bmp",
  "image/resize,m_fixed,w_37,h_53,limit_0/format,bmp",
  "image/resize,m_fill,w_24,h_16/format,png",
  "image/crop,x_9,y_7,w_13,h_11/format,bmp",
  "image/crop,x_17,y_3,w_300,h_5/resize,p_50/format,bmp",
  "image/crop,g_se,w_20,h_20/format,jpg",
  "image/indexcrop,x_16,i_1/format,bmp",
  "image/auto-orient,1/resize,p_50/format,bmp",
  "image/auto-orient,0/format,png",
  "image/rotate,90/format,bmp",
  "image/format,jpg",
  "image/resize,p_40/format,jpg",
  "image/resize,p_60/quality,q_50/format,jpg/interlace,1",
  "image/format,png",
  "image/resize,p_45/format,png",
  "image/resize,p_30/format,webp",
  "image/rounded-corners,r_9/format,bmp",
  "image/circle,r_12/format,png",
  "image/average-hue",
  "image/info",
];
/** A plan now and then whose encoder takes longer. */
const RARE = [
  "image/resize,p_20/format,avif",
  "image/blur,r_3,s_2/format,tiff",
  "image/trim,10/format,png",
  "image/resize,p_30/format,webp/lossless,1",
];

/** Small, so that a damaged size costs little. */
export const LIMITS = { maxPixels: 1_500_000, maxOutputPixels: 1_500_000, maxMemoryBytes: 512 * 1024 * 1024 };

/** { format, name, bytes, plan }, a function of the seed, the index and the files alone. */
export function inputOf(seeds, seed, index) {
  const random = randomOf(seed, index);
  const format = random.pick(Object.keys(seeds).flatMap((name) => new Array(WEIGHTS[name]).fill(name)));
  const { small, large } = seeds[format];
  const file = () => random.pick(large.length > 0 && random.chance(0.08) ? large : small);
  const [chosen, other] = [file(), file()];
  const bytes = mutate(random, format, chosen.bytes, other.bytes);
  return { format, name: chosen.name, bytes, plan: random.pick(random.chance(0.04) ? RARE : PLANS) };
}
