/**
 * The pictures that are measured: the given one and what recipes make of it. Results of recipes are kept in
 * node_modules/.cache/opalens/bench under the given picture's hash.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { shrunk, tilesFor } from "./arithmetic.mjs";
import { lanczos } from "./quality.mjs";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/opalens/bench/", import.meta.url));
/** Part of every kept file's name; to be raised with a change of a recipe or of `lanczos`. */
const RECIPES = 1;
const LARGE_PIXELS = 24_000_000;
const HUGE_PIXELS = 100_000_000;

/** Name to { title, extension, make }. `make` gets the picture's bytes and gives the source's; absent: the picture itself. */
export const SOURCES = {
  baseline: { title: "the picture as it is", extension: "jpg" },
  progressive: {
    title: "the picture again as progressive JPEG, quality 85, 4:2:0",
    extension: "jpg",
    make: (bytes) => sharp(bytes).jpeg({ quality: 85, chromaSubsampling: "4:2:0", progressive: true }).toBuffer(),
  },
  large: {
    title: "copies of the picture, every second one mirrored, to 24 MP or more; baseline JPEG, quality 85, 4:2:0",
    extension: "jpg",
    make: async (bytes) => {
      const { data, width, height } = mirrorTiles(await toRgb(bytes), LARGE_PIXELS);
      return sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: 85, chromaSubsampling: "4:2:0" })
        .toBuffer();
    },
  },
  huge: {
    title: "likewise to 100 MP or more, in one stream through libvips",
    extension: "jpg",
    make: async (bytes) => {
      const { width, height } = await sharp(bytes).metadata();
      const { columns, rows } = tilesFor({ width, height }, HUGE_PIXELS, 16_384);
      return sharp(bytes)
        .extend({ right: width * (columns - 1), bottom: height * (rows - 1), extendWith: "mirror" })
        .jpeg({ quality: 85, chromaSubsampling: "4:2:0" })
        .toBuffer();
    },
  },
  webp: {
    title: "the picture again as lossy WebP, quality 85, effort 4",
    extension: "webp",
    make: (bytes) => sharp(bytes).webp({ quality: 85, effort: 4 }).toBuffer(),
  },
  alpha: {
    title: "the picture at 2048×1536 (cover) as 8-bit RGBA PNG, level 6, adaptive filters: a disc that fades to nothing",
    extension: "png",
    make: (bytes) =>
      sharp(bytes)
        .resize(2048, 1536)
        .composite([{ input: Buffer.from(DISC), blend: "dest-in" }])
        .png({ compressionLevel: 6, adaptiveFiltering: true })
        .toBuffer(),
  },
  effects: {
    title: "the picture at 1600×1200 (cover), baseline JPEG, quality 90, 4:2:0",
    extension: "jpg",
    make: (bytes) => sharp(bytes).resize(1600, 1200).jpeg({ quality: 90, chromaSubsampling: "4:2:0" }).toBuffer(),
  },
};
const DISC = `<svg width="2048" height="1536"><defs><radialGradient id="g"><stop offset="0.75" stop-color="#fff"/>
  <stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>
  <ellipse cx="1000" cy="790" rx="980" ry="720" fill="url(#g)"/></svg>`;

/** Bytes of a source, made on first use. */
export async function sourceOf(name, picture) {
  const { make, extension } = SOURCES[name];
  return make === undefined ? picture : kept(`${name}.${extension}`, picture, () => make(picture));
}

/** A tile that is drawn all over a picture: 240×160 px, a translucent ring beside an opaque bar, transparent around them. */
const TILE = `<svg width="240" height="160"><circle cx="70" cy="80" r="40" fill="none" stroke="#fff" stroke-opacity="0.5" stroke-width="14"/>
  <rect x="140" y="62" width="70" height="30" fill="#e05020"/></svg>`;
let mark;
/** PNG of the tile, with alpha. */
export function loadMark() {
  mark = mark ?? sharp(Buffer.from(TILE)).ensureAlpha().png().toBuffer();
  return mark;
}
/** PNG of a picture of packed RGB, made once. */
export function loadPng(picture) {
  const { data, width, height } = picture;
  const made =
    pngs.get(picture) ??
    sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
  pngs.set(picture, made);
  return made;
}
const pngs = new WeakMap();
/** Any picture as { data, width, height } of packed 8-bit sRGB with straight alpha. */
export async function toRgba(bytes) {
  const { data, info } = await sharp(bytes).toColorspace("srgb").ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** What a faultless engine would make of a source: decoded in full, Lanczos-3 in double precision, not encoded. RGB. */
export async function referenceOf(source, wanted) {
  const { width, height } = shrunk(await sharp(source).metadata(), wanted);
  const data = await kept(`reference-${width}.rgb`, source, async () => lanczos(await toRgb(source), { width, height }).data);
  return { data, width, height };
}

/** Any picture as { data, width, height } of packed 8-bit sRGB, translucent parts over white. Turned upright never. */
export async function toRgb(bytes) {
  const { data, info } = await sharp(bytes)
    .flatten({ background: "#fff" })
    .toColorspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels where 3 were expected`);
  return { data, width: info.width, height: info.height };
}

/** Copies side by side; odd columns mirrored left to right, odd rows top to bottom, so that no seam adds an edge. */
export function mirrorTiles({ data, width, height }, minPixels) {
  const { columns, rows } = tilesFor({ width, height }, minPixels);
  const stride = width * columns * 3;
  const result = Buffer.alloc(stride * height * rows);
  const mirrored = Buffer.alloc(width * 3);
  for (let y = 0; y < height * rows; y++) {
    const within = y % height;
    const from = (Math.floor(y / height) % 2 === 0 ? within : height - 1 - within) * width * 3;
    const row = data.subarray(from, from + width * 3);
    for (let x = 0; x < width; x++) mirrored.set(row.subarray(x * 3, x * 3 + 3), (width - 1 - x) * 3);
    for (let column = 0; column < columns; column++) {
      result.set(column % 2 === 0 ? row : mirrored, y * stride + column * width * 3);
    }
  }
  return { data: result, width: width * columns, height: height * rows };
}

async function kept(name, origin, make) {
  const hash = createHash("sha256").update(origin).digest("hex").slice(0, 16);
  const path = join(CACHE, `${RECIPES}-${hash}-${name}`);
  if (existsSync(path)) return readFileSync(path);
  const made = await make();
  mkdirSync(CACHE, { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, made);
  renameSync(temporary, path); // a half-written one is never found
  return made;
}
