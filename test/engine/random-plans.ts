/** Pictures and plans at random, from a seed: what a property of all plans is tried on. */
import sharp, { type Sharp } from "sharp";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { pick } from "./hostile-sources.ts";

export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Random = () => number;
/** An integer from `least` to `most`. */
function between(least: number, most: number, random: Random): number {
  return least + Math.floor(random() * (most - least + 1));
}

const KINDS: readonly [name: string, alpha: boolean, encode: (image: Sharp) => Sharp][] = [
  ["jpeg", false, (image) => image.jpeg({ quality: 90 })],
  ["progressive jpeg", false, (image) => image.jpeg({ quality: 90, progressive: true, chromaSubsampling: "4:4:4" })],
  ["jpeg in P3", false, (image) => image.withIccProfile("p3").jpeg()],
  ["gray jpeg", false, (image) => image.toColourspace("b-w").jpeg()],
  ["png", false, (image) => image.png({ compressionLevel: 1 })],
  ["png with alpha", true, (image) => image.png({ compressionLevel: 1 })],
  ["png of 16 bits", true, (image) => image.toColourspace("rgb16").png({ compressionLevel: 1, progressive: true })],
  ["palette", true, (image) => image.png({ palette: true, effort: 1 })],
  ["webp", false, (image) => image.webp({ effort: 0 })],
  ["webp with alpha", true, (image) => image.webp({ effort: 0, lossless: true })],
  ["avif", true, (image) => image.avif({ effort: 0 })],
  ["avif of 10 bits", false, (image) => image.toColourspace("rgb16").avif({ effort: 0, bitdepth: 10 })],
  ["tiff, LZW", true, (image) => image.tiff({ compression: "lzw", predictor: "horizontal" })],
  ["tiff, Deflate, 16 bits", false, (image) => image.toColourspace("rgb16").tiff({ compression: "deflate" })],
  ["tiff in tiles", false, (image) => image.tiff({ compression: "none", tile: true, tileWidth: 256, tileHeight: 256 })],
];

/** A photograph or a graphic, perhaps under noise, of any kind that is read; up to `mostPixels`, some of them very long. */
export async function randomSource(random: Random, mostPixels: number): Promise<Source> {
  const [name, alpha, encode] = pick(KINDS, random);
  const pixels = mostPixels ** (0.5 + 0.5 * random());
  const ratio = pick([0.05, 0.6, 1, 1.5, 1.5, 2, 12], random);
  const width = Math.max(1, Math.round(Math.sqrt(pixels * ratio)));
  const height = Math.max(1, Math.round(pixels / width));
  const file = await fixture(alpha ? "dice.png" : "road.jpg");
  const resized = await sharp(file).resize({ width, height, fit: "fill" }).png({ compressionLevel: 0 }).toBuffer();
  const noise = sharp(resized).composite([{ input: await noiseOf(width, height), blend: "soft-light" }]);
  const drawn = random() < 0.4 ? sharp(await noise.png({ compressionLevel: 0 }).toBuffer()) : sharp(resized);
  const bytes = new Uint8Array(await encode(alpha ? drawn : drawn.removeAlpha()).toBuffer());
  const label = `${name} ${width}x${height}`;
  if (name !== "tiff in tiles" || random() < 0.5) return { name: label, bytes };
  return { name: `bmp ${width}x${height}`, bytes: (await testLibrary().transform(bytes, "image/format,bmp")).data };
}
function noiseOf(width: number, height: number): Promise<Buffer> {
  const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
  return sharp({ create: { width, height, channels: 3, background: "gray", noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

const TEXTS = ["Hello", "日本語のテキスト", "שלום עולם", "مرحبا بالعالم", "Ωμέγα ½ 😀🎉", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"];
/** A process text of up to five operations; `mark` is the key of a picture. */
export function randomPlan(random: Random, mostSide: number): string {
  const n = (least: number, most: number) => between(least, most, random);
  const side = () => Math.max(1, Math.round(mostSide ** (0.4 + 0.6 * random())));
  const text = () =>
    `text_${encodeBase64Url(pick(TEXTS, random))},size_${n(8, 220)},shadow_${pick([0, 60], random)},rotate_${n(0, 360)}`;
  const image = () =>
    `image_${encodeBase64Url(`mark${pick(["", `?x-oss-process=image/resize,P_${n(2, 100)}`, "?x-oss-process=image/rotate,33/rounded-corners,r_9"], random)}`)}`;
  const place = () => (random() < 0.4 ? `fill_1,padx_${n(0, 40)},pady_${n(0, 40)},t_60` : `g_center,voffset_${n(-50, 50)}`);
  const operations = [
    () => `resize,m_${pick(["lfit", "mfit", "fill", "pad", "fixed"], random)},w_${side()},h_${side()},limit_${n(0, 1)}`,
    () => `crop,w_${side()},h_${side()},g_center`,
    () => `blur,sigma_${pick([0.3, 1, 4, 20, 90, 250], random)}`,
    () => `sharpen,${n(50, 399)}`,
    () => `sharpen,sigma_${pick([0.3, 2, 10], random)}`,
    () => `rotate,${n(0, 360)}`,
    () => `rounded-corners,r_${pick(["max", 7, 100], random)}`,
    () => `circle,r_${side()}`,
    () => `pixelate,${n(2, 256)}`,
    () => `bright,${n(-100, 100)}/contrast,${n(-100, 100)}`,
    () => `saturate,${n(-100, 100)}/gray,1`,
    () => `trim,${n(0, 255)}`,
    () => `flip,${pick(["h", "v", "hv"], random)}`,
    () => `watermark,${text()},${place()}`,
    () => `watermark,${image()},${place()}`,
    () => `watermark,${image()},${text()},order_1,interval_9,${place()}`,
  ];
  const settings = [
    "format,jpg",
    `format,jpg/quality,q_${n(1, 100)}/interlace,1`,
    "format,jpg/maxbytes,30000/meta,keep",
    "format,png",
    "format,webp",
    "format,webp/lossless,1",
    `format,webp/quality,q_${n(1, 100)}/background,20406080`,
    "format,avif",
    "format,avif/lossless,1",
    "format,bmp",
    "format,tiff",
    "average-hue",
  ];
  const chain = Array.from({ length: n(0, 4) }, () => pick(operations, random)());
  return ["image", ...chain, pick(settings, random)].join("/");
}
