/**
 * Quality at equal bytes. A quality number means something else in every encoder; so each setting is swept over its numbers,
 * and its curve of quality over bytes is read where sharp's usual result lies. Rows named "alone" encode the reference's own
 * pixels, so that encoders are compared without decoders and resamplers before them; the others are whole transforms.
 */
import sharp from "sharp";
import { atBytes, bytesAt, median } from "./arithmetic.mjs";
import { ENGINE_SETTINGS, loadEncoder } from "./encoders.mjs";
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

/** Settings of the engine's encoders besides the ones it uses (no changes), which stand first; a quick run takes three of each. */
const ALONE = {
  jpeg: {
    "as opalens writes": {},
    progressive: { progressive: true },
    "Huffman tables of annex K": { optimize_coding: false },
    "4:4:4": { chroma_subsample: 1 },
    "trellis (multipass)": { trellis_multipass: true },
    "trellis (multipass), progressive": { trellis_multipass: true, progressive: true },
    "mozjpeg's own tables": { quant_table: 3 },
    "mozjpeg's own tables, trellis, progressive": { quant_table: 3, trellis_multipass: true, progressive: true },
  },
  webp: {
    [`as opalens writes (method ${ENGINE_SETTINGS.webp.method})`]: {},
    ...others("method", [2, 4, 6], ENGINE_SETTINGS.webp.method),
    "sharp YUV": { use_sharp_yuv: 1 },
  },
  avif: {
    [`as opalens writes (speed ${ENGINE_SETTINGS.avif.speed})`]: {},
    ...others("speed", [9, 8, 7, 6], ENGINE_SETTINGS.avif.speed),
    "4:4:4": { subsample: 3 },
  },
};
function others(name, values, own) {
  return Object.fromEntries(values.filter((value) => value !== own).map((value) => [`${name} ${value}`, { [name]: value }]));
}

/** { mark: { label, quality, bytes, … }, rows: [{ label, ms?, psnrY, psnrRgb, ssim, bytesAtEqualSsim }] } of one format. */
export async function measureEqualBytes(format, { opalens, native, source, reference, width, quick }) {
  const qualities = quick ? QUICK_SWEEPS[format] : SWEEPS[format];
  const encode = await loadEncoder(format);
  const subjects = [
    { label: "opalens", run: (quality) => opalens.run(source, { width, format, quality }) },
    ...Object.entries(SETTINGS[format].sharp).map(([label, options]) => ({
      label,
      run: (quality) => native.run(source, { width, format, quality, options }),
    })),
    ...Object.entries(SETTINGS[format].sharp).map(([label, options]) => ({
      label: `alone: ${label}`,
      timed: true,
      run: (quality) => encodeBySharp(reference, format, { quality, ...options }),
    })),
    ...Object.entries(ALONE[format])
      .slice(0, quick ? 3 : undefined)
      .map(([label, changes]) => ({
        label: `alone: ${label}`,
        timed: true,
        run: async (quality) => encode(reference, quality, changes),
      })),
  ];
  const sweeps = [];
  for (const subject of subjects) sweeps.push({ ...(await sweep(subject, qualities, reference)), label: subject.label });
  const [label, quality] = MARKS[format];
  const mark = sweeps.find((entry) => entry.label === label).points.find((point) => point.quality === quality);
  const rows = sweeps.map(({ label, ms, points }) => ({
    label,
    ms,
    psnrY: atBytes(points, "psnrY", mark.bytes),
    psnrRgb: atBytes(points, "psnrRgb", mark.bytes),
    ssim: atBytes(points, "ssim", mark.bytes),
    bytesAtEqualSsim: bytesAt(points, "ssim", mark.ssim),
    points,
  }));
  return { format, mark: { label, ...mark }, rows };
}

/** Points of one subject over the qualities; `ms` is the median CPU time over them, where the subject is an encoder alone. */
async function sweep({ run, timed }, qualities, reference) {
  if (timed) await run(qualities[0]);
  const times = [];
  const points = [];
  for (const quality of qualities) {
    const { result, cpuMs } = await timedByCpu(() => run(quality));
    times.push(cpuMs);
    points.push({ quality, bytes: result.length, ...(await score(result, reference)) });
  }
  return { ms: timed ? median(times) : undefined, points };
}
/** CPU time of all threads of this process: for work on one thread, what a clock shows on an idle machine. */
export async function timedByCpu(work) {
  const from = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(from);
  return { result, cpuMs: (user + system) / 1000 };
}

/** A result against its reference, decoded by an independent decoder. */
export async function score(bytes, reference) {
  return compare(await toRgb(bytes), reference);
}
export function encodeBySharp({ data, width, height }, format, options) {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .toFormat(format, options)
    .toBuffer();
}
