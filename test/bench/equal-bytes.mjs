/**
 * Quality at equal bytes. A quality number means something else in every encoder; so each setting is swept over its numbers,
 * and its curve of quality over bytes is read where sharp's usual result lies. Rows named "alone" encode the reference's own
 * pixels, so that encoders are compared without decoders and resamplers before them; the others are whole transforms.
 */
import { performance } from "node:perf_hooks";
import sharp from "sharp";
import { atBytes, bytesAt, median } from "./arithmetic.mjs";
import { ENGINE_SETTINGS, engineEncoder, stockEncoder } from "./encoders.mjs";
import { compare } from "./quality.mjs";
import { toRgb } from "./sources.mjs";
import { SETTINGS } from "./tasks.mjs";

const SWEEPS = {
  jpeg: [50, 60, 70, 75, 80, 85, 90, 95],
  webp: [40, 55, 70, 80, 85, 90, 95],
  avif: [20, 30, 40, 50, 60, 70, 80],
};
const QUICK_SWEEPS = { jpeg: [65, 80, 90], webp: [65, 80, 90], avif: [35, 50, 65] };
/** The label whose result sets the bytes, and its quality. */
const MARKS = { jpeg: ["sharp", 80], webp: ["sharp, effort 4", 80], avif: ["sharp, effort 4", 50] };
export const ALONE = "alone: ";

/**
 * Settings of the engine's encoders besides the ones it uses (no changes), which stand first; a quick run takes three of each.
 * Those of JPEG are names of the plain query, as it is our own encoder; the others are the stock encoders'.
 */
const ALONE_SETTINGS = {
  jpeg: {
    opalens: {},
    "opalens, effort small": { effort: "small" },
    "opalens, 4:4:4": { chroma: "444" },
    "opalens, progressive": { progressive: 1 },
    "opalens, effort small, progressive": { effort: "small", progressive: 1 },
    "opalens, effort small, 4:4:4": { effort: "small", chroma: "444" },
  },
  webp: {
    [`opalens (method ${ENGINE_SETTINGS.webp.method})`]: {},
    ...others("method", [2, 3, 6], ENGINE_SETTINGS.webp.method),
    "sharp YUV": { use_sharp_yuv: 1 },
  },
  avif: {
    [`opalens (speed ${ENGINE_SETTINGS.avif.speed})`]: {},
    ...others("speed", [6, 7, 8, 9], ENGINE_SETTINGS.avif.speed),
    "4:4:4": { subsample: 3 },
  },
};
function others(name, values, own) {
  return Object.fromEntries(values.filter((value) => value !== own).map((value) => [`${name} ${value}`, { [name]: value }]));
}

/**
 * { mark: { label, quality, bytes, … }, rows: [{ label, ms?, psnrY, psnrRgb, ssim, bytesAtEqualSsim, bytesAtEqualPsnr, points }] } of one
 * format: at the mark's bytes, and the bytes at the mark's SSIM and PSNR Y.
 */
export async function measureEqualBytes(format, { opalens, native, source, reference, width, quick }) {
  const qualities = quick ? QUICK_SWEEPS[format] : SWEEPS[format];
  const encode = format === "jpeg" ? engineEncoder(opalens, format) : await stockEncoder(format);
  const whole = (peer, settings) =>
    Object.entries(settings).map(([label, options]) => ({
      label,
      run: async (quality) => ({ data: await peer.run(source, { width, format, quality, options }) }),
    }));
  const subjects = [
    ...whole(opalens, SETTINGS[format].opalens),
    ...whole(native, SETTINGS[format].sharp),
    ...Object.entries(SETTINGS[format].sharp).map(([label, options]) => ({
      label: ALONE + label,
      run: (quality) => encodeBySharp(reference, format, { quality, ...options }),
    })),
    ...Object.entries(ALONE_SETTINGS[format])
      .slice(0, quick ? 3 : undefined)
      .map(([label, changes]) => ({ label: ALONE + label, run: (quality) => encode(reference, quality, changes) })),
  ];
  const sweeps = [];
  for (const subject of subjects) sweeps.push({ ...(await sweep(subject, qualities, reference)), label: subject.label });
  const [label, quality] = MARKS[format];
  const mark = sweeps.find((entry) => entry.label === label).points.find((point) => point.quality === quality);
  return { format, mark: { label, ...mark }, rows: sweeps.map((entry) => ({ ...entry, ...against(mark, entry.points) })) };
}
/** A sweep beside one point of another: its quality at that point's bytes, its bytes at that point's quality. */
export function against(mark, points) {
  return {
    psnrY: atBytes(points, "psnrY", mark.bytes),
    psnrRgb: atBytes(points, "psnrRgb", mark.bytes),
    ssim: atBytes(points, "ssim", mark.bytes),
    bytesAtEqualSsim: bytesAt(points, "ssim", mark.ssim),
    bytesAtEqualPsnr: bytesAt(points, "psnrY", mark.psnrY),
  };
}

/** Points of one subject over the qualities; `ms` is the median over them, where the subject is an encoder alone. */
async function sweep({ run, label }, qualities, reference) {
  const alone = label.startsWith(ALONE);
  if (alone) await run(qualities[0]);
  const times = [];
  const points = [];
  for (const quality of qualities) {
    const { data, ms } = await run(quality);
    times.push(ms);
    points.push({ quality, bytes: data.length, ...(await score(data, reference)) });
  }
  return { ms: alone ? median(times) : undefined, points };
}

/** A result against its reference, decoded by an independent decoder. */
export async function score(bytes, reference) {
  return compare(await toRgb(bytes), reference);
}
export async function encodeBySharp({ data, width, height }, format, options) {
  const from = performance.now();
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .toFormat(format, options)
    .toBuffer();
  return { data: bytes, ms: performance.now() - from };
}
