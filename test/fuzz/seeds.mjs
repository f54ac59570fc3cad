/**
 * Whole files to be damaged, of every format: made by libvips, made by the writers here, the fixtures, and a corpus where
 * there is one. Most are tiny, so that many can be tried.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import sharp from "sharp";
import { join, le16, le32 } from "./bytes.mjs";
import { writeJpeg } from "./jpeg-writer.mjs";
import { KINDS, writePng } from "./png-writer.mjs";
import { randomOf } from "./random.mjs";

export const FORMATS = ["jpeg", "png", "webp", "avif", "tiff", "bmp"];
/** Larger files of a corpus take too long; AVIF takes longest. */
const MOST_PIXELS = { jpeg: 300_000, png: 300_000, webp: 120_000, avif: 60_000, tiff: 300_000, bmp: 300_000 };
const MOST_BYTES = 90_000;

/** { jpeg: { small: [{ name, bytes }], large: [...] }, … }: `large` are files as found, `small` the ones made here. */
export async function loadSeeds({ formats, folders, probe }) {
  const seeds = Object.fromEntries(formats.map((format) => [format, { small: [], large: [] }]));
  for (const format of formats) seeds[format].small.push(...(await MAKERS[format](await pictures())));
  for (const file of folders.flatMap(filesBelow).sort()) {
    const bytes = new Uint8Array(readFileSync(file));
    if (bytes.length < 20 || bytes.length > MOST_BYTES) continue;
    const found = await probe(bytes).catch(() => undefined);
    const format = found?.format ?? byName(file);
    if (seeds[format] === undefined) continue;
    if (found !== undefined && found.width * found.height > MOST_PIXELS[format]) continue;
    seeds[format].large.push({ name: file.split("/").slice(-2).join("/"), bytes });
  }
  return seeds;
}
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => joinPath(entry.parentPath ?? entry.path, entry.name));
}
/** A file whose header is broken already is a seed of what it is named after. */
function byName(file) {
  const end = file.split(".").pop();
  return { jpg: "jpeg", tif: "tiff" }[end] ?? end;
}

/** Sizes around blocks and MCUs. */
const SIZES = [
  [48, 36],
  [37, 53],
  [16, 16],
  [17, 9],
  [8, 8],
  [1, 1],
  [131, 70],
];

async function pictures() {
  const photo = readFileSync(new URL("../../fixtures/images/owl.jpg", import.meta.url));
  const clear = readFileSync(new URL("../../fixtures/images/dice.png", import.meta.url));
  return {
    photo: (w, h) => sharp(photo).resize(w, h, { fit: "fill" }),
    clear: (w, h) => sharp(clear).resize(w, h, { fit: "fill" }),
  };
}
/** Every size by every variant. */
function each(variants, make) {
  const pairs = SIZES.flatMap(([w, h]) => Object.entries(variants).map(([name, variant]) => [w, h, name, variant]));
  return Promise.all(
    pairs.map(async ([w, h, name, variant]) => ({
      name: `${name} ${w}x${h}`,
      bytes: new Uint8Array(await make(variant, w, h).toBuffer()),
    })),
  );
}

const MAKERS = {
  async jpeg({ photo }) {
    const variants = {
      "4:2:0": (image) => image.jpeg({ quality: 85 }),
      "4:4:4": (image) => image.jpeg({ chromaSubsampling: "4:4:4", quality: 60 }),
      "own tables": (image) => image.jpeg({ optimizeCoding: false }),
      progressive: (image) => image.jpeg({ progressive: true }),
      "progressive 4:4:4": (image) => image.jpeg({ progressive: true, chromaSubsampling: "4:4:4" }),
      mozjpeg: (image) => image.jpeg({ mozjpeg: true }),
      gray: (image) => image.toColourspace("b-w").jpeg(),
      "gray progressive": (image) => image.toColourspace("b-w").jpeg({ progressive: true }),
      cmyk: (image) => image.toColourspace("cmyk").jpeg(),
      "cmyk progressive": (image) => image.toColourspace("cmyk").jpeg({ progressive: true }),
    };
    return [...(await each(variants, (variant, w, h) => variant(photo(w, h)))), ...writtenJpegs()];
  },
  async png({ photo, clear }) {
    const variants = {
      rgb: (w, h) => photo(w, h).png(),
      "rgb, filters": (w, h) => photo(w, h).png({ adaptiveFiltering: true, compressionLevel: 3 }),
      rgba: (w, h) => clear(w, h).png({ adaptiveFiltering: true }),
      Adam7: (w, h) => clear(w, h).png({ progressive: true }),
      palette: (w, h) => clear(w, h).png({ palette: true, colors: 60 }),
      "16 bits": (w, h) => clear(w, h).toColourspace("rgb16").png(),
    };
    return [...(await each(variants, (variant, w, h) => variant(w, h))), ...writtenPngs()];
  },
  async webp({ photo, clear }) {
    const variants = {
      lossy: (w, h) => photo(w, h).webp({ effort: 2 }),
      "lossy with alpha": (w, h) => clear(w, h).webp({ quality: 60, effort: 2 }),
      lossless: (w, h) => clear(w, h).webp({ lossless: true, effort: 3 }),
      "lossless photo": (w, h) => photo(w, h).webp({ lossless: true, effort: 6 }),
    };
    return each(variants, (variant, w, h) => variant(w, h));
  },
  async avif({ photo, clear }) {
    const variants = {
      "4:2:0": (w, h) => photo(w, h).avif({ effort: 0, chromaSubsampling: "4:2:0" }),
      alpha: (w, h) => clear(w, h).avif({ effort: 0 }),
      lossless: (w, h) => photo(w, h).avif({ effort: 0, lossless: true }),
    };
    return each(variants, (variant, w, h) => variant(w, h));
  },
  async tiff({ photo, clear }) {
    const variants = {
      plain: (w, h) => photo(w, h).tiff({ compression: "none" }),
      LZW: (w, h) => clear(w, h).tiff({ compression: "lzw", predictor: "horizontal" }),
      Deflate: (w, h) => photo(w, h).tiff({ compression: "deflate", predictor: "horizontal" }),
      PackBits: (w, h) => photo(w, h).tiff({ compression: "packbits" }),
      tiles: (w, h) => clear(w, h).tiff({ compression: "lzw", tile: true, tileWidth: 16, tileHeight: 16 }),
      "1 bit": (w, h) => photo(w, h).tiff({ compression: "none", bitdepth: 1 }),
      JPEG: (w, h) => photo(w, h).tiff({ compression: "jpeg" }),
      "16 bits": (w, h) => photo(w, h).toColourspace("rgb16").tiff({ compression: "deflate" }),
    };
    return each(variants, (variant, w, h) => variant(w, h));
  },
  bmp: async () => writtenBmps(),
};

/** Component lists that T.81 A.2 allows: an MCU of several components has at most ten blocks. */
export const SAMPLINGS = [
  [[1, 1]],
  [[2, 2]],
  ...[
    [2, 2],
    [2, 1],
    [1, 2],
    [4, 1],
    [1, 4],
    [4, 2],
    [2, 4],
    [3, 1],
    [3, 2],
    [1, 3],
  ].map((luma) => [luma, [1, 1], [1, 1]]),
  [
    [1, 1],
    [1, 1],
    [1, 1],
  ],
  [
    [2, 2],
    [2, 1],
    [2, 1],
  ],
  [
    [2, 2],
    [1, 2],
    [1, 2],
  ],
  [
    [1, 1],
    [2, 2],
    [1, 1],
  ],
  [
    [2, 1],
    [1, 2],
    [1, 1],
  ],
  [
    [3, 2],
    [1, 1],
    [2, 1],
  ],
  [
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ],
  [
    [2, 2],
    [1, 1],
    [1, 1],
    [2, 2],
  ],
  [
    [1, 1],
    [1, 1],
  ],
];
export function writtenJpegs() {
  return SAMPLINGS.flatMap((sampling, i) =>
    [0, 1, 2, 3].map((kind) => {
      const random = randomOf(4, i * 4 + kind);
      const [width, height] = [random.between(1, 70), random.between(1, 70)];
      const options = {
        ...{ width, height, sampling, progressive: kind > 1, apart: sampling.length === 2 || random.chance(0.3) },
        ...{ restart: random.pick([0, 0, 1, 2, 5]), deep: random.chance(0.2) },
        ...(random.chance(0.4) ? { adobe: random.chance(0.5) ? 0 : sampling.length - 2 } : {}), // 1 is YCbCr, 2 is YCCK
      };
      const name = `${options.progressive ? "progressive " : ""}${sampling.map((factors) => factors.join("x")).join(" ")} ${width}x${height}`;
      return { name, bytes: writeJpeg(random, options) };
    }),
  );
}
export function writtenPngs() {
  return KINDS.flatMap(([type, depth], i) =>
    [false, true].map((interlace) => {
      const random = randomOf(5, i * 2 + Number(interlace));
      const [width, height] = [random.between(1, 70), random.between(1, 40)];
      const name = `type ${type}, ${depth} bits${interlace ? ", Adam7" : ""}, ${width}x${height}`;
      return { name, bytes: writePng(random, { width, height, type, depth, interlace }) };
    }),
  );
}

/** BITMAPINFOHEADER over rows without compression, 16-bit masks and run lengths. */
function writtenBmps() {
  const random = randomOf(6, 0);
  const file = (head, palette, data) =>
    join(
      "BM",
      le32(14 + head.length + palette.length + data.length),
      le32(0),
      le32(14 + head.length + palette.length),
      head,
      palette,
      data,
    );
  const header = (width, height, bits, compression, colors) =>
    join(
      le32(40),
      le32(width),
      le32(height),
      le16(1),
      le16(bits),
      le32(compression),
      le32(0),
      le32(0),
      le32(0),
      le32(colors),
      le32(0),
    );
  const rows = (width, height, bits) => random.bytes(Math.ceil((width * bits) / 32) * 4 * height);
  const plain = [1, 4, 8, 16, 24, 32].flatMap((bits) =>
    [
      [21, 13],
      [40, -9],
      [1, 1],
    ].map(([w, h]) => {
      const colors = bits <= 8 ? 1 << bits : 0;
      return {
        name: `${bits} bits ${w}x${h}`,
        bytes: file(header(w, h, bits, 0, colors), random.bytes(colors * 4), rows(w, Math.abs(h), bits)),
      };
    }),
  );
  const masks = join(le32(0xf800), le32(0x7e0), le32(0x1f));
  const lines = Array.from({ length: 20 }, (_, y) => [10, y, 0, 4, 1, 2, 3, y, 0, 2, 3, 0, 9, 63 - y, 0, 0]);
  return [
    ...plain,
    { name: "masks", bytes: file(header(24, 17, 16, 3, 0), masks, rows(24, 17, 16)) },
    { name: "run lengths", bytes: file(header(30, 20, 8, 1, 64), random.bytes(256), join(lines, 0, 1)) },
    { name: "run lengths of 4 bits", bytes: file(header(30, 20, 4, 2, 16), random.bytes(64), join(lines, 0, 1)) },
  ];
}
