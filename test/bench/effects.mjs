/**
 * The task beyond a resize: a 1600×1200 picture is blurred (Gaussian, sigma 2), covered with tiles of a translucent picture and
 * gets rounded corners of 60 px; the JPEG shows black there, as libvips flattens. Each engine does it in its own words and in
 * this order, which is the only one that one sharp pipeline has; `effectsReference` does it in floating point.
 */
import { loadMark, toRgb, toRgba } from "./sources.mjs";

const SIGMA = 2;
const RADIUS = 60;
const KEY = "tile.png";

/**
 * Engine to { label: run(source, peer, task) }, which gives { data, timings? }. opalens decodes the mark and makes the mask anew
 * each time; sharp decodes the mark anew and draws the mask from SVG, as its documentation shows, or takes it as ready pixels.
 */
export const EFFECTS = {
  opalens: {
    opalens: async (source, { transform }, { format, quality }) => {
      const encoding = quality === undefined ? `format,${format}` : `background,000000/format,${format}/quality,a_${quality}`;
      const tiles = `watermark,image_${Buffer.from(KEY).toString("base64url")},fill_1`;
      const mark = await loadMark();
      const request = `image/blur,sigma_${SIGMA}/${tiles}/rounded-corners,r_${RADIUS}/${encoding}`;
      const { data, timings } = await transform(source, request, { fetchObject: async () => mark });
      return { data, timings };
    },
  },
  sharp: {
    sharp: (source, peer, task) => bySharp(source, peer, task, { input: Buffer.from(svgMask(1600, 1200)) }),
    "sharp, mask as pixels": async (source, peer, task) => bySharp(source, peer, task, await rawMask(peer.sharp)),
  },
  "sharp-wasm32": {
    "sharp-wasm32": (source, peer, task) => bySharp(source, peer, task, { input: Buffer.from(svgMask(1600, 1200)) }),
  },
};

async function bySharp(source, { sharp }, { format, quality }, mask) {
  const data = await sharp(source)
    .blur(SIGMA)
    .composite([
      { input: await loadMark(), tile: true, gravity: "northwest" },
      { ...mask, blend: "dest-in" },
    ])
    .toFormat(format, quality === undefined ? {} : { quality, chromaSubsampling: "4:2:0" })
    .toBuffer();
  return { data };
}
function svgMask(width, height) {
  return `<svg width="${width}" height="${height}"><rect width="${width}" height="${height}" rx="${RADIUS}" ry="${RADIUS}"/></svg>`;
}
let pixels;
function rawMask(sharp) {
  pixels =
    pixels ??
    sharp(Buffer.from(svgMask(1600, 1200)))
      .ensureAlpha()
      .raw()
      .toBuffer();
  return pixels.then((input) => ({ input, raw: { width: 1600, height: 1200, channels: 4 } }));
}

/**
 * What a faultless engine would make of it: sampled Gaussian to 4 sigma with edge pixels repeated, source-over, coverage of
 * the corners' pixels by 8×8 samples, over black for a JPEG and over white, as toRgb shows it, for a PNG. RGB.
 */
export async function effectsReference(source, { format }) {
  const picture = await toRgb(source);
  const { width, height } = picture;
  const mark = await toRgba(await loadMark());
  const blurred = blurColumns(blurRows(picture.data, width, height), width, height);
  const behind = format === "jpeg" ? 0 : 255;
  const data = new Uint8Array(blurred.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const from = ((y % mark.height) * mark.width + (x % mark.width)) * 4;
      const opacity = mark.data[from + 3] / 255;
      const covered = coverage(x, y, width, height);
      for (let c = 0; c < 3; c++) {
        const drawn = blurred[at + c] * (1 - opacity) + mark.data[from + c] * opacity;
        data[at + c] = Math.min(255, Math.max(0, Math.round(drawn * covered + behind * (1 - covered))));
      }
    }
  }
  return { data, width, height };
}
function weightsOf(sigma) {
  const reach = Math.ceil(4 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { reach, weights: weights.map((weight) => weight / sum) };
}
function blurRows(data, width, height) {
  return blurAlong(data, { lines: height, lineStep: width * 3, count: width, step: 3 });
}
function blurColumns(data, width, height) {
  return blurAlong(data, { lines: width, lineStep: 3, count: height, step: width * 3 });
}
function blurAlong(data, { lines, lineStep, count, step }) {
  const { reach, weights } = weightsOf(SIGMA);
  const result = new Float64Array(data.length);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          const at = Math.min(count - 1, Math.max(0, i + k));
          sum += weights[k + reach] * data[line * lineStep + at * step + c];
        }
        result[line * lineStep + i * step + c] = sum;
      }
    }
  }
  return result;
}
/** Share of a pixel inside the rounded rectangle. */
function coverage(x, y, width, height) {
  const [fromX, fromY] = [Math.min(x, width - 1 - x), Math.min(y, height - 1 - y)];
  if (fromX >= RADIUS || fromY >= RADIUS) return 1;
  let inside = 0;
  for (let j = 0; j < 8; j++) {
    for (let i = 0; i < 8; i++) {
      const [dx, dy] = [RADIUS - fromX - (i + 0.5) / 8, RADIUS - fromY - (j + 0.5) / 8];
      if (dx * dx + dy * dy <= RADIUS * RADIUS) inside++;
    }
  }
  return inside / 64;
}
