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

/** Name to { title, make }. `make` gets the picture's bytes and gives the source's. */
export const SOURCES = {
  baseline: { title: "the picture as it is", make: undefined },
  progressive: {
    title: "the picture again as progressive JPEG, quality 85, 4:2:0",
    make: (bytes) => sharp(bytes).jpeg({ quality: 85, chromaSubsampling: "4:2:0", progressive: true }).toBuffer(),
  },
  large: {
    title: "copies of the picture, every second one mirrored, to 24 MP or more; baseline JPEG, quality 85, 4:2:0",
    make: async (bytes) => {
      const { data, width, height } = mirrorTiles(await toRgb(bytes), LARGE_PIXELS);
      return sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality: 85, chromaSubsampling: "4:2:0" })
        .toBuffer();
    },
  },
};

/** Bytes of a source, made on first use. */
export async function sourceOf(name, picture) {
  if (name === "baseline") return picture;
  return kept(`${name}.jpg`, picture, () => SOURCES[name].make(picture));
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
