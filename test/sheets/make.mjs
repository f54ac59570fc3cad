import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { fixture, SHEETS, sourceOf } from "./sheets.mjs";

/**
 * Draws docs/sheets from the built library: `npm run sheets`, names of sheets behind `--` for a few of them. A request that
 * fails shows its error in its tile; with --strict it fails the run.
 */
const OUT = process.env.OPALENS_SHEETS_OUT ?? fileURLToPath(new URL("../../docs/sheets/", import.meta.url));
const LIBRARY = new URL("../../dist/lib/index-node.js", import.meta.url);
const WIDTH = 1200;
const GAP = 12;
const LABEL = 34;
const MAX_BYTES = 300_000;

const asked = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const strict = process.argv.includes("--strict");
const { transform } = await import(LIBRARY.href);
const failures = [];

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** The whole request of a tile, as a caller would write it. */
const requestOf = ({ ask, format = "png" }) =>
  ask.includes("=") ? `${ask}&format=${format}` : `image/${ask}/format,${format}`;

/** By libvips; sharp leaves 16-bit pictures with a profile in Display P3 unless an output profile is named. */
async function peerOf(source) {
  const { depth, hasProfile } = await sharp(source).metadata();
  const image = sharp(source).autoOrient().resize({ width: 280 }).toColorspace("srgb");
  const converted = depth === "ushort" && hasProfile ? image.withIccProfile("srgb", { attach: false }) : image;
  const { data, info } = await converted.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: info }).png().toBuffer();
}

async function pictureOf(tile) {
  const source = await sourceOf(tile.source);
  if (tile.peer) return peerOf(source);
  return (await transform(source, requestOf(tile), { fetchObject: fixture })).data;
}

/** Picture of a tile within a cell, on a checkerboard, with its label; or the error it ends with. */
async function draw(tile, cell) {
  try {
    const image = sharp(await pictureOf(tile), { limitInputPixels: 20_000_000 });
    const { data, info } = await image
      .resize({ ...cell, fit: "inside", withoutEnlargement: true })
      .png()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (thrown) {
    failures.push(`${tile.source} ${requestOf(tile)}: ${thrown.code ?? ""} ${thrown.message}`);
    return { ...cell, height: 120, data: await note(`${thrown.code ?? "error"}: ${thrown.message}`, { ...cell, height: 120 }) };
  }
}

function note(words, { width, height }) {
  const lines = words.match(/.{1,36}(\s|$)|.{1,36}/g) ?? [];
  const spans = lines
    .slice(0, 6)
    .map((line, i) => `<text x="8" y="${20 + i * 17}" font-size="13" fill="#a00">${escaped(line)}</text>`);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif">
      <rect width="100%" height="100%" fill="#fee"/>${spans.join("")}</svg>`,
  );
}

const checkerboard = (width, height) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <defs><pattern id="c" width="16" height="16" patternUnits="userSpaceOnUse">
        <rect width="16" height="16" fill="#fff"/><rect width="8" height="8" fill="#ccc"/><rect x="8" y="8" width="8" height="8" fill="#ccc"/>
      </pattern></defs><rect width="100%" height="100%" fill="url(#c)"/></svg>`,
  );
const label = (words, width) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${LABEL}">
      <text x="0" y="15" font-family="sans-serif" font-size="${Math.min(13, Math.floor((width * 1.75) / words.length))}" fill="#222">${escaped(words)}</text></svg>`,
  );
const frame = (width, height) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" fill="none" stroke="#f0f"/></svg>`,
  );

async function sheet({ columns, tiles }) {
  const width = Math.floor((WIDTH - GAP) / columns) - GAP;
  const layers = [];
  let top = GAP;
  for (let start = 0; start < tiles.length; start += columns) {
    const row = tiles.slice(start, start + columns);
    const drawn = [];
    for (const tile of row) drawn.push(await draw(tile, { width, height: 300 }));
    const height = Math.max(...drawn.map((picture) => picture.height));
    for (const [i, picture] of drawn.entries()) {
      const left = GAP + i * (width + GAP);
      const at = { left, top: top + LABEL - 12 };
      layers.push({ input: label(row[i].label, width), left, top });
      layers.push({ input: checkerboard(picture.width, picture.height), ...at }, { input: picture.data, ...at });
      if (row[i].frame) layers.push({ input: frame(picture.width, picture.height), ...at });
    }
    top += LABEL - 12 + height + GAP;
  }
  const canvas = sharp({ create: { width: WIDTH, height: top, channels: 3, background: "#f4f4f4" } }).composite(layers);
  return sharp(await canvas.png().toBuffer());
}

/** The best JPEG that fits. */
async function fitting(image) {
  for (const quality of [90, 86, 82, 78, 74, 70, 65, 60, 50, 40]) {
    const data = await image.clone().jpeg({ quality, mozjpeg: true, chromaSubsampling: "4:4:4" }).toBuffer();
    if (data.length <= MAX_BYTES) return data;
  }
  throw new Error(`no quality gives a sheet of at most ${MAX_BYTES} bytes`);
}

function described({ name, about, tiles }) {
  const lines = tiles
    .filter(({ peer }) => !peer)
    .map((tile) => `- \`${tile.source}\`: \`${requestOf(tile)}\`${tile.words === undefined ? "" : ` (${tile.words})`}`);
  return [`## ${name}`, "", about, "", `![${name}](${name}.jpg)`, "", ...lines, ""].join("\n");
}
const INTRODUCTION = `# Contact sheets

What the operations look like, to be judged by eye: drawn by \`npm run sheets\` from the built library and the pictures in
\`fixtures/images\`. Transparency is shown on a checkerboard; tiles called libvips are drawn by sharp. Sources without a file of
that name are made from those pictures in \`test/sheets/sheets.mjs\`.

`;

await mkdir(OUT, { recursive: true });
for (const one of SHEETS.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const data = await fitting(await sheet(one));
  await writeFile(join(OUT, `${one.name}.jpg`), data);
  console.log(`${one.name}.jpg ${data.length} bytes`);
}
if (asked.length === 0) {
  const known = new Set(SHEETS.map(({ name }) => `${name}.jpg`));
  for (const file of await readdir(OUT)) if (file.endsWith(".jpg") && !known.has(file)) await rm(join(OUT, file));
}
await writeFile(join(OUT, "README.md"), INTRODUCTION + SHEETS.map(described).join("\n"));
for (const failure of failures) console.error(failure);
if (strict && failures.length > 0) process.exitCode = 1;
